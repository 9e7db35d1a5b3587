// Compiled, never run: what a caller may write, and what the declarations refuse. A `@ts-expect-error` without an error is one.

import tenantgraph = require('tenantgraph')
import { Estate, Policy, TenantGraphError, explain, read, words } from 'tenantgraph'
import type { BlastRadius, Changes, Diff, ErrorCode, EstateDocument, MatrixCell, Reach, RelationKind, Right } from 'tenantgraph'

const document: EstateDocument = {
  format: 'tenantgraph/1',
  tenants: [{ id: 'acme', environment: 'production', controls: { mfa_required: true } }],
  relations: [{ from: 'acme', kind: 'trusted_by', to: 'globex', also: [{ entity: 'initech', right: 'read' }] }],
}

export async function inputs(signal: AbortSignal): Promise<Estate> {
  await read('exports/', { labels: 'labels.csv', asOf: '2026-05-01', signal, onProgress: ({ done, total }) => console.log(done / total) })
  await read(['exports/', new URL('file:///export.json'), Buffer.from('{}'), document, { name: 'a', content: '{}', format: 'tenantgraph' }])
  await read({ path: 'export.json', format: 'tenantgraph' }, { labels: [{ content: 'id,owner\n' }], fingerprintKey: new Uint8Array(32) })
  // @ts-expect-error an unknown option
  await read('exports/', { lables: 'labels.csv' })
  // @ts-expect-error no input
  await read()
  // @ts-expect-error a format that no reader has
  await read({ content: '', format: 'carrier-pigeon' })
  // @ts-expect-error an unknown field of a document
  await read({ format: 'tenantgraph/1', tenants: [{ id: 'acme', colour: 'red' }] })
  // @ts-expect-error an environment that is none
  await Estate.fromDocument({ tenants: [{ id: 'acme', environment: 'prod' }] })
  // @ts-expect-error estates are made by reading
  new Estate()
  return tenantgraph.read(document)
}

export async function questions(estate: Estate): Promise<[Reach, MatrixCell | undefined, BlastRadius]> {
  const target = ['class=production', { kind: 'database' }] as const
  const reach = await estate.reach({ source: { class: 'non_production' }, target, ignoreGuards: 'all' })
  const right: Right | undefined = reach.reached[0]?.right
  const kind: RelationKind | undefined = reach.paths[0]?.steps[0]?.kind
  console.log(right, kind, reach.toJSON().as_of, estate.reading.skipped[0]?.place.line)
  // @ts-expect-error a class that is none
  await estate.reach({ source: { class: 'prod' } })
  // @ts-expect-error a guard that is none
  await estate.reach({ ignoreGuards: ['moat'] })
  // @ts-expect-error the matrix is proven only
  await estate.tenantMatrix({ provenOnly: false })
  // @ts-expect-error what was lost must be said
  await estate.blastRadius({ asOf: new Date() })
  // @ts-expect-error an estate does not change
  estate.length = 7
  // @ts-expect-error rights are words
  reach.reached[0]?.right === 'admin'
  const report = await estate.assess({ policy: { limits: { api_key: { age_days: 30 } } } })
  for (const finding of report.findings) {
    if (finding.severity !== 'critical') continue
    for (const evidence of finding.evidence) {
      if (evidence.type === 'path') console.log(evidence.steps.length)
      // @ts-expect-error only a path has steps
      else console.log(evidence.steps)
    }
  }
  // @ts-expect-error a kind of secret that is none
  await estate.rotation({ policy: { limits: { apikey: { age_days: 30 } } } })
  // @ts-expect-error a rule that is none
  await estate.assess({ policy: { severities: { 'no-such-rule': 'low' } } })
  // @ts-expect-error policies are made by `Policy.from` and its like
  new Policy()
  for (const shared of await estate.sharing()) console.log(shared.category === 'vault', shared.ties.production, shared.evidence[0]?.relation?.kind)
  const { broaderThanProduction, summary } = await estate.privilege({ policy: { dormancy_days: { grants: 30 } } })
  const held: Right | null | undefined = broaderThanProduction[0]?.broader[0]?.held
  const reason: 'expired' | 'without_end' | undefined = (await estate.lifecycle()).offboarding[0]?.reason
  const { tenants, controlDrift } = await estate.classification({ ignoreGuards: 'all' })
  console.log(held, reason, summary.granted, tenants[0]?.verdict === 'coupled', controlDrift[0]?.expected)
  // @ts-expect-error a verdict that is none
  tenants[0]?.verdict === 'fine'
  // @ts-expect-error what is shared follows no relation, so that there is nothing to guard
  await estate.sharing({ ignoreGuards: 'mfa' })
  const cuts = await estate.cuts({ source: 'class=non_production', includePossible: true, chokePoints: 3 })
  const cost: number | null = cuts.cost
  console.log(cost, cuts.cut[0]?.action, cuts.chokePoints[0]?.alone_lead_to, (await estate.isolation({ paths: 1 })).verdict === 'possible')
  await estate.verify(await estate.isolation(), { policy: null })
  // @ts-expect-error a verdict that is none
  ;(await estate.isolation()).verdict === 'fine'
  // @ts-expect-error cuts are of proven relations unless told otherwise
  await estate.cuts({ provenOnly: true })
  // @ts-expect-error a certificate is none
  await estate.verify(7)
  const [cell] = await estate.tenantMatrix({ asOf: new Date('2026-05-01') })
  return [reach, cell, await estate.blastRadius(['key', 'robot'], { provenOnly: true })]
}

export async function changes(estate: Estate, before: Estate): Promise<Diff> {
  const changes: Changes = {
    add: { relations: [{ from: 'a', kind: 'reads', to: 'b' }] },
    remove: { entities: ['key'], relations: [{ from: 'a', kind: 'uses', to: 'c' }] },
    alter: { identities: [{ id: 'robot', enabled: false, owner: null }] },
  }
  const { opened, findingsAdded } = await estate.whatIf({ changes, asOf: '2026-05-01' })
  console.log(opened[0]?.kind, findingsAdded[0]?.severity)
  // @ts-expect-error what is changed must be said
  await estate.whatIf({})
  // @ts-expect-error an altered record says which it is
  await estate.whatIf({ changes: { alter: { identities: [{ enabled: false }] } } })
  // @ts-expect-error the earlier estate is read first
  await estate.diff('april.json')
  return estate.diff(before, { policy: 'policy.toml' })
}

export function pages(): string {
  const { severity, severityReason, items } = explain('rotation-overdue')
  console.log(severity === 'low', severityReason, items[0]?.title)
  // @ts-expect-error a rule that is none
  return explain('rotation').toMarkdown()
}

export function code(error: unknown): ErrorCode | undefined {
  if (!(error instanceof TenantGraphError)) return undefined
  switch (error.code) {
    case 'unknown_format':
      console.log(error.place?.source)
      break
    // @ts-expect-error a code that is none
    case 'ENOENT':
      break
  }
  const name: 'TenantGraphError' = error.name
  const rights: readonly Right[] = words.right
  console.log(name, rights)
  // @ts-expect-error word lists do not change
  words.right.push('control')
  return error.code
}

export async function tables(estate: Estate): Promise<number> {
  const rotation = await estate.rotation()
  const secrets = await rotation.table('secrets', { signal: new AbortController().signal })
  const status: string | null | undefined = secrets.at(0)?.status
  const ages: Float64Array | Uint8Array | Uint32Array | undefined = secrets.column('age_days').values
  for (const row of await estate.table('relations')) console.log(row.from, row.guards.length, status, ages)
  const whole: Uint8Array = await estate.toIpc({ stream: true })
  await read(whole, { mapping: { table: [{ input: '*', record: 'secret', fields: { id: 'key', kind: { value: 'token' } } }] } })
  await read('keys.csv', { mapping: ['mapping.toml', new URL('file:///mapping.json')] })
  // @ts-expect-error a table that is none
  await rotation.table('colours')
  // @ts-expect-error a column that is none
  secrets.column('colour')
  // @ts-expect-error a record that is none
  await read('keys.csv', { mapping: { table: [{ input: '*', record: 'key', fields: {} }] } })
  return (await estate.toParquet()).length
}
