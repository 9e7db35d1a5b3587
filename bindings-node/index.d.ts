// The public face of tenantgraph in Node.

export * from './types/answers'
export * from './types/boundaries'
export * from './types/differences'
export type * from './types/document'
export * from './types/error'
export * from './types/estate'
export type * from './types/inputs'
export * from './types/policy'
export type * from './types/reading'
export * from './types/report'
export * from './types/standing'
export type * from './types/words'
