// The same declarations, seen from an ES module.

import { type Estate, TenantGraphError, read } from 'tenantgraph'

const estate: Estate = await read('exports/')
console.log(estate.length, TenantGraphError.name)
// @ts-expect-error there is no such export
import { write } from 'tenantgraph'
