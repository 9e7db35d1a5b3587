// The pages of rules.

import type { Answer } from './answers'
import type { Standards } from './report'
import type { Rule, Severity } from './words'

export interface RulePageJson {
  id: Rule
  title: string
  /** Why it matters. */
  why: string
  /** What to do. */
  fix: string
  example: string
  severity: Severity
  /** Why the severity is not one step lower. */
  severity_reason: string
  standards: Standards
  items: StandardItem[]
}

/** An item of a published standard. */
export interface StandardItem {
  /** The name of the standard. */
  standard: string
  id: string
  /** Of an item of the Cybersecurity Framework 1.1 what it became in 2.0. */
  title: string
}

/** The page of one rule: what it finds, why that matters, how to mend it, and what it answers to. */
export class RulePage implements Answer<RulePageJson> {
  private constructor()
  toJson(): string
  toJSON(): RulePageJson
  /** The page as Markdown, byte for byte as the command writes it. */
  toMarkdown(): string
  /** The page for a person. */
  toText(): string
  readonly id: Rule
  readonly title: string
  readonly why: string
  readonly fix: string
  readonly example: string
  readonly severity: Severity
  readonly severityReason: string
  readonly standards: Standards
  readonly items: StandardItem[]
}

/** The page of the rule of an id. Throws a `TenantGraphError` (`invalid_option`) with the nearest ids where there is none. */
export function explain(rule: Rule): RulePage

/** The page of every rule, in the order in which findings of one severity stand. */
export function rules(): RulePage[]
