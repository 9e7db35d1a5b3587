// Written by scripts/generated.js from the word lists of the crate. Do not edit.

export type EntityType =
  | 'tenant'
  | 'identity'
  | 'secret'
  | 'resource'
  | 'unknown'

export type TenantKind =
  | 'entra_tenant'
  | 'aws_organization'
  | 'aws_organizational_unit'
  | 'aws_account'
  | 'gcp_organization'
  | 'gcp_folder'
  | 'gcp_project'
  | 'azure_management_group'
  | 'azure_subscription'
  | 'azure_resource_group'
  | 'github_organization'
  | 'gitlab_group'
  | 'kubernetes_cluster'
  | 'kubernetes_namespace'
  | 'vault_namespace'
  | 'spiffe_trust_domain'
  | 'okta_organization'
  | 'active_directory_domain'
  | 'saas_organization'
  | 'vendor'
  | 'other'

export type IdentityKind =
  | 'service_account'
  | 'service_principal'
  | 'application'
  | 'managed_identity'
  | 'role'
  | 'group'
  | 'workload'
  | 'pipeline'
  | 'api_client'
  | 'ai_agent'
  | 'third_party_integration'
  | 'human'
  | 'other'

export type SecretKind =
  | 'api_key'
  | 'access_key'
  | 'client_secret'
  | 'certificate'
  | 'password'
  | 'token'
  | 'ssh_key'
  | 'signing_key'
  | 'generic'

export type ResourceKind =
  | 'vault'
  | 'repository'
  | 'runner'
  | 'compute'
  | 'function'
  | 'database'
  | 'object_store'
  | 'cluster'
  | 'mailbox_store'
  | 'artifact_registry'
  | 'key_management_key'
  | 'queue'
  | 'saas'
  | 'other'

export type RelationKind =
  | 'contains'
  | 'authenticates_as'
  | 'uses'
  | 'stores'
  | 'assumes'
  | 'federates_to'
  | 'member_of'
  | 'instantiates'
  | 'manages'
  | 'reads'
  | 'writes'
  | 'administers'
  | 'deploys_to'
  | 'runs_on'
  | 'runs_as'
  | 'copy_of'
  | 'trusted_by'
  | 'custom'
  | 'unmapped'
  | 'same_secret'

export type Right =
  | 'control'
  | 'read'
  | 'write'

export type Certainty =
  | 'proven'
  | 'possible'

export type Guard =
  | 'mfa'
  | 'approval'
  | 'network'
  | 'device'
  | 'just_in_time'
  | 'subject'

export type Environment =
  | 'production'
  | 'staging'
  | 'testing'
  | 'development'
  | 'integration'
  | 'sandbox'
  | 'preview'
  | 'demo'
  | 'nonproduction'
  | 'shared'
  | 'unknown'

export type EnvironmentClass =
  | 'production'
  | 'shared'
  | 'unknown'
  | 'non_production'

export type EnvironmentSource =
  | 'explicit'
  | 'label'
  | 'name'
  | 'parent'
  | 'tenant'
  | 'none'

export type Authentication =
  | 'password'
  | 'static_secret'
  | 'certificate'
  | 'federated'
  | 'mfa'

export type Storage =
  | 'secret_manager'
  | 'kubernetes_secret'
  | 'ci_variable'
  | 'source_code'
  | 'config_file'
  | 'container_image'
  | 'chat_or_ticket'
  | 'device'
  | 'unknown'

export type DataKind =
  | 'production'
  | 'masked'
  | 'synthetic'

export type Verdict =
  | 'proven'
  | 'possible'
  | 'not_reached'

export type IsolationVerdict =
  | 'isolated'
  | 'possible'
  | 'broken'

export type PrivilegeReason =
  | 'administrator'
  | 'wildcard'
  | 'privileged_permission'

export type SharingCategory =
  | 'secret'
  | 'identity'
  | 'vendor_credential'
  | 'vault'
  | 'runner'
  | 'store'
  | 'compute'
  | 'tenant'
  | 'other'

export type SharingRole =
  | 'belongs'
  | 'contains'
  | 'serves'
  | 'used_from'

export type RotationStatus =
  | 'within'
  | 'due_soon'
  | 'overdue'
  | 'unknown_age'
  | 'never_expires'
  | 'expired'
  | 'dynamic'
  | 'revoked'

export type PermissionScope =
  | 'anything'
  | 'container'

export type OffboardingReason =
  | 'expired'
  | 'without_end'

export type OwnerProblem =
  | 'missing'
  | 'left'

export type TrustProblem =
  | 'unused'
  | 'not_reviewed'

export type LabelVerdict =
  | 'consistent'
  | 'coupled'
  | 'mislabelled'
  | 'unlabelled'
  | 'contradictory'

export type Control =
  | 'mfa_required'
  | 'audit_logging'
  | 'monitored'
  | 'max_secret_age_days'

export type DriftAgainst =
  | 'baseline'
  | 'twin'

export type CouplingKind =
  | 'production_data'
  | 'production_credential'
  | 'production_trust'
  | 'production_content'
  | 'production_path'

export type Severity =
  | 'info'
  | 'low'
  | 'medium'
  | 'high'
  | 'critical'

export type ErrorCode =
  | 'invalid_input'
  | 'unknown_format'
  | 'invalid_document'
  | 'invalid_labels'
  | 'invalid_policy'
  | 'invalid_selector'
  | 'invalid_option'
  | 'invalid_instant'
  | 'unknown_entity'
  | 'cancelled'
  | 'limit_exceeded'
  | 'io'
  | 'internal'

export type Rule =
  | 'cross-environment-path'
  | 'identity-spans-environments'
  | 'secret-spans-environments'
  | 'pipeline-spans-environments'
  | 'shared-boundary'
  | 'production-data-outside-production'
  | 'production-coupled-tenant'
  | 'leaked-secret'
  | 'secret-outside-manager'
  | 'rotation-overdue'
  | 'secret-lives-too-long'
  | 'secret-never-expires'
  | 'secret-age-unknown'
  | 'expired-secret-kept'
  | 'unused-secret'
  | 'static-secret-in-pipeline'
  | 'unscoped-federation'
  | 'weak-authentication'
  | 'over-privileged-identity'
  | 'unused-grant'
  | 'broader-than-production'
  | 'orphaned-identity'
  | 'dormant-identity'
  | 'tenant-not-offboarded'
  | 'legacy-trust'
  | 'third-party-over-scoped'
  | 'control-drift'
  | 'unmonitored-tenant'
  | 'human-uses-machine-identity'
  | 'contradictory-label'
  | 'unlabelled-tenant'
  | 'exception-expired'
  | 'exception-without-end'

export type Question =
  | 'assess'
  | 'reach'
  | 'matrix'
  | 'blast-radius'
  | 'rotation'
  | 'sharing'
  | 'privilege'
  | 'lifecycle'
  | 'classification'
  | 'cuts'
  | 'isolation'
  | 'what-if'
  | 'diff'

export type Format =
  | 'tenantgraph'
  | 'google-cloud-asset-inventory'
  | 'kubernetes'
  | 'aws'
  | 'entra'
  | 'leaks'
  | 'openai'
  | 'anthropic'
  | 'spire'
  | 'vault'
  | 'okta'
  | 'github'
  | 'gitlab'
  | 'table'
  | 'terraform'
  | 'bloodhound'
  | 'modernisation-platform'

/** Every word list, at run time. */
export interface Words {
  readonly entityType: readonly EntityType[]
  readonly tenantKind: readonly TenantKind[]
  readonly identityKind: readonly IdentityKind[]
  readonly secretKind: readonly SecretKind[]
  readonly resourceKind: readonly ResourceKind[]
  readonly relationKind: readonly RelationKind[]
  readonly right: readonly Right[]
  readonly certainty: readonly Certainty[]
  readonly guard: readonly Guard[]
  readonly environment: readonly Environment[]
  readonly environmentClass: readonly EnvironmentClass[]
  readonly environmentSource: readonly EnvironmentSource[]
  readonly authentication: readonly Authentication[]
  readonly storage: readonly Storage[]
  readonly dataKind: readonly DataKind[]
  readonly verdict: readonly Verdict[]
  readonly isolationVerdict: readonly IsolationVerdict[]
  readonly privilegeReason: readonly PrivilegeReason[]
  readonly sharingCategory: readonly SharingCategory[]
  readonly sharingRole: readonly SharingRole[]
  readonly rotationStatus: readonly RotationStatus[]
  readonly permissionScope: readonly PermissionScope[]
  readonly offboardingReason: readonly OffboardingReason[]
  readonly ownerProblem: readonly OwnerProblem[]
  readonly trustProblem: readonly TrustProblem[]
  readonly labelVerdict: readonly LabelVerdict[]
  readonly control: readonly Control[]
  readonly driftAgainst: readonly DriftAgainst[]
  readonly couplingKind: readonly CouplingKind[]
  readonly severity: readonly Severity[]
  readonly errorCode: readonly ErrorCode[]
  readonly rule: readonly Rule[]
  readonly question: readonly Question[]
  readonly format: readonly Format[]
}
