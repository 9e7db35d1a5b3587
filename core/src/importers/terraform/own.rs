//! Resources of AWS that no export of IAM describes: buckets, functions, databases, keys.

use super::resource::Resource;
use crate::estate::EstateBuilder;
use crate::model::{Relation, RelationKind, Resource as Entity, ResourceKind};

/// Types of resources with an ARN, and what they are.
const KINDS: [(&str, ResourceKind); 9] = [
    ("aws_db_instance", ResourceKind::Database),
    ("aws_dynamodb_table", ResourceKind::Database),
    ("aws_ecr_repository", ResourceKind::ArtifactRegistry),
    ("aws_eks_cluster", ResourceKind::Cluster),
    ("aws_instance", ResourceKind::Compute),
    ("aws_kms_key", ResourceKind::KeyManagementKey),
    ("aws_lambda_function", ResourceKind::Function),
    ("aws_s3_bucket", ResourceKind::ObjectStore),
    ("aws_sqs_queue", ResourceKind::Queue),
];

/// Whether a type is read here.
pub(super) fn is_read(kind: &str) -> bool {
    KINDS.iter().any(|(known, _)| *known == kind)
}

/// Adds a resource, and the role that code on it acts as.
pub(super) fn add(resource: &Resource, builder: &mut EstateBuilder) {
    let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == resource.kind) else { return };
    let Some(arn) = resource.text("arn") else { return };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let tenant = match parts[..] {
        ["arn", partition, _, _, account, _] if account.len() == 12 => Some(format!("arn:{partition}:iam::{account}:root")),
        _ => None,
    };
    let name = resource.first(&["bucket", "function_name", "identifier", "name", "id"]).map(str::to_owned);
    // A key has no name but its id.
    let name = name.filter(|_| *kind != ResourceKind::KeyManagementKey);
    let labels = resource.labels(&["tags_all", "tags"]).into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())));
    builder.add(Entity { name, tenant, labels: labels.collect(), ..Entity::new(arn, *kind) });
    if let Some(role) = resource.text("role").filter(|role| *kind == ResourceKind::Function && role.starts_with("arn:")) {
        builder.relate(Relation::new(arn, RelationKind::RunsAs, role).permission("execution role"));
    }
}
