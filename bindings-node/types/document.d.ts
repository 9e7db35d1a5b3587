// Written by scripts/generated.js from the JSON Schema of the estate document. Do not edit.

import type { Authentication, Certainty, DataKind, Environment, Guard, IdentityKind, ResourceKind, Right, SecretKind, Storage, TenantKind } from './words'

export interface EstateDocument {
  /** When the facts were collected. */
  collected_at?: string | null
  /** The name and version of the format. */
  format?: 'tenantgraph/1'
  identities?: IdentityRecord[]
  relations?: RelationRecord[]
  resources?: ResourceRecord[]
  secrets?: SecretRecord[]
  /** Where the document came from; free text. */
  source?: string | null
  tenants?: TenantRecord[]
}

export interface IdentityRecord {
  /** How it proves itself. */
  authentication?: Authentication[]
  /** When it was made. */
  created_at?: string | null
  /** Whether it may sign in. */
  enabled?: boolean | null
  /** The declared environment; `unknown` says nothing. */
  environment?: Environment | null
  /** When it ends. */
  expires_at?: string | null
  /** Unique across the estate. */
  id: string
  /** What it is; `other` where absent. */
  kind?: IdentityKind
  /** Labels; some keys tell the environment. */
  labels?: Record<string, string>
  /** When it was last used. */
  last_used_at?: string | null
  /** What people call it; the id where absent. */
  name?: string | null
  /** Who answers for it. */
  owner?: string | null
  /** The id of the tenant it belongs to. */
  tenant?: string | null
  /** The supplier who runs it. */
  vendor?: string | null
}

export interface RelationRecord {
  /** What must be held besides `from`. */
  also?: ({
    /** The id of the entity. */
    entity: string
    /** The right over it. */
    right: Right
  })[]
  /** `possible` where a condition of the input could not be evaluated. */
  certainty?: Certainty
  /** The id of the entity that must be held. */
  from: string
  /** When it was granted. */
  granted_at?: string | null
  /** The right over `to`, where it is not the kind's own. */
  grants?: Right | null
  /** The conditions that stop a holder. */
  guards?: Guard[]
  /** What is required and granted, unless the relation says otherwise. */
  kind: 'contains' | 'authenticates_as' | 'uses' | 'stores' | 'assumes' | 'federates_to' | 'member_of' | 'instantiates' | 'manages' | 'reads' | 'writes' | 'administers' | 'deploys_to' | 'runs_on' | 'runs_as' | 'copy_of' | 'trusted_by' | 'custom' | 'unmapped'
  /** When it was last used. */
  last_used_at?: string | null
  /** The provider's own name of the right. */
  permission?: string | null
  /** The right over `from`, where it is not the kind's own. */
  requires?: Right | null
  /** A regular expression over the federated subject. */
  subject?: string | null
  /** The id of the entity that is gained. */
  to: string
  /** From when it holds, this instant included. */
  valid_from?: string | null
  /** Until when it holds, this instant excluded. */
  valid_until?: string | null
}

export interface ResourceRecord {
  /** Whether its loss would hurt most. */
  critical?: boolean | null
  /** What data it holds. */
  data?: DataKind | null
  /** The declared environment; `unknown` says nothing. */
  environment?: Environment | null
  /** Unique across the estate. */
  id: string
  /** What it is; `other` where absent. */
  kind?: ResourceKind
  /** Labels; some keys tell the environment. */
  labels?: Record<string, string>
  /** What people call it; the id where absent. */
  name?: string | null
  /** Who answers for it. */
  owner?: string | null
  /** The id of the tenant it belongs to. */
  tenant?: string | null
}

export interface SecretRecord {
  /** When it was made. */
  created_at?: string | null
  /** Whether it is issued on request for a short life. */
  dynamic?: boolean | null
  /** The declared environment; `unknown` says nothing. */
  environment?: Environment | null
  /** When it stops working; `9999-12-31T23:59:59Z` states that it never does, absent states nothing. */
  expires_at?: string | null
  /** Where scanners found it. */
  exposures?: ({
    /** The detector that found it. */
    detector?: string | null
    /** When it was found. */
    found_at?: string | null
    /** Where it was found. */
    location?: string | null
    /** Whether the scanner proved that it still works. */
    verified?: boolean | null
  })[]
  /** A keyed hash of the value, never the value; equal ones are one secret. */
  fingerprint?: string | null
  /** Unique across the estate. */
  id: string
  /** What it is; `generic` where absent. */
  kind?: SecretKind
  /** Labels; some keys tell the environment. */
  labels?: Record<string, string>
  /** When it was last used. */
  last_used_at?: string | null
  /** What people call it; the id where absent. */
  name?: string | null
  /** Who answers for it. */
  owner?: string | null
  /** Whether it was revoked. */
  revoked?: boolean | null
  /** When its value was last replaced. */
  rotated_at?: string | null
  /** Where it is kept. */
  storage?: Storage | null
  /** The id of the tenant it belongs to. */
  tenant?: string | null
}

export interface TenantRecord {
  /** The controls in force; what is absent is not known. */
  controls?: {
    /** Whether actions are logged. */
    audit_logging?: boolean | null
    /** The oldest a secret may be. */
    max_secret_age_days?: number | null
    /** Whether people must use a second factor. */
    mfa_required?: boolean | null
    /** Whether somebody watches. */
    monitored?: boolean | null
  }
  /** When it was made. */
  created_at?: string | null
  /** The declared environment; `unknown` says nothing. */
  environment?: Environment | null
  /** When it should be gone; an expired tenant still conducts. */
  expires_at?: string | null
  /** Unique across the estate. */
  id: string
  /** What draws the boundary; `other` where absent. */
  kind?: TenantKind
  /** Labels; some keys tell the environment. */
  labels?: Record<string, string>
  /** What people call it; the id where absent. */
  name?: string | null
  /** Who answers for it. */
  owner?: string | null
  /** The id of the tenant that contains it. */
  parent?: string | null
}
