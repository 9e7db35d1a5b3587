//! Real states and plans of Terraform, where they are at hand: the resources that each holds were counted from it by another program.

use std::collections::BTreeSet;
use std::path::PathBuf;
use tenantgraph::estate::EntityRef;
use tenantgraph::model::{EntityType, RelationKind};
use tenantgraph::{Estate, Input, ReadOptions, read};

/// The folder of the documents; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("terraform"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose terraform/ holds states and plans");
    }
    folder
}

fn estate(folder: &std::path::Path, name: &str) -> Estate {
    let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"));
    read(&[Input::new(name, bytes).format("terraform")], &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Each file: how many of its resources are of a type that is read, and how many there are; none where the file is broken. Of a plan those that stand once it is
/// applied, and those that are only looked up.
const FILES: &[(&str, Option<[u64; 2]>)] = &[
    ("driftctl__aws_api_gateway_api_key.tfstate", Some([2, 2])),
    ("driftctl__aws_ec2_key_pair.tfstate", Some([0, 1])),
    ("driftctl__aws_iam_access_key_multiple.tfstate", Some([4, 4])),
    ("driftctl__aws_iam_group.tfstate", Some([1, 1])),
    ("driftctl__aws_iam_group_policy.tfstate", Some([1, 1])),
    ("driftctl__aws_iam_group_policy_attachment.tfstate", Some([1, 1])),
    ("driftctl__aws_iam_policy_multiple.tfstate", Some([3, 3])),
    ("driftctl__aws_iam_role_multiple.tfstate", Some([3, 3])),
    ("driftctl__aws_iam_role_policy_attachment.tfstate", Some([4, 4])),
    ("driftctl__aws_iam_role_policy_multiple.tfstate", Some([6, 6])),
    ("driftctl__aws_iam_user_multiple.tfstate", Some([3, 3])),
    ("driftctl__aws_iam_user_policy_attachment.tfstate", Some([9, 9])),
    ("driftctl__aws_iam_user_policy_multiple.tfstate", Some([12, 12])),
    ("driftctl__aws_kms_key.tfstate", Some([3, 3])),
    ("driftctl__aws_s3_full.tfstate", Some([6, 26])),
    ("driftctl__azurerm_image.tfstate", Some([0, 1])),
    ("driftctl__azurerm_ssh_public_key.tfstate", Some([0, 1])),
    ("driftctl__google_bigquery_dataset.tfstate", Some([1, 1])),
    ("driftctl__google_bigquery_table.tfstate", Some([1, 1])),
    ("driftctl__google_bigtable_instance.tfstate", Some([1, 1])),
    ("driftctl__google_bigtable_table.tfstate", Some([1, 1])),
    ("driftctl__google_bucket_iam_binding.tfstate", Some([4, 4])),
    ("driftctl__google_bucket_iam_member.tfstate", Some([4, 4])),
    ("driftctl__google_bucket_iam_policy.tfstate", Some([2, 2])),
    ("driftctl__google_cloudfunctions_function.tfstate", Some([1, 1])),
    ("driftctl__google_cloudrun_service.tfstate", Some([1, 1])),
    ("driftctl__google_compute_address.tfstate", Some([0, 1])),
    ("driftctl__google_compute_disk.tfstate", Some([1, 1])),
    ("driftctl__google_compute_firewall.tfstate", Some([0, 1])),
    ("driftctl__google_compute_forwarding_rule.tfstate", Some([0, 1])),
    ("driftctl__google_compute_global_address.tfstate", Some([0, 1])),
    ("driftctl__google_compute_global_forwarding_rule.tfstate", Some([0, 1])),
    ("driftctl__google_compute_health_check.tfstate", Some([0, 1])),
    ("driftctl__google_compute_image.tfstate", Some([1, 1])),
    ("driftctl__google_compute_instance.tfstate", Some([1, 1])),
    ("driftctl__google_compute_instance_group_manager.tfstate", Some([0, 1])),
    ("driftctl__google_compute_node_group.tfstate", Some([0, 2])),
    ("driftctl__google_compute_router.tfstate", Some([0, 3])),
    ("driftctl__google_compute_ssl_certificate.tfstate", Some([1, 1])),
    ("driftctl__google_compute_subnetwork.tfstate", Some([1, 1])),
    ("driftctl__google_dns_managed_zone.tfstate", Some([1, 1])),
    ("driftctl__google_sql_database_instance.tfstate", Some([1, 1])),
    ("driftctl__module.iam_iam-user.tfstate", Some([2, 2])),
    ("driftctl__unsupported_attribute.tfstate", Some([1, 2])),
    ("driftctl__unsupported_provider.tfstate", Some([1, 2])),
    ("driftctl__unsupported_resource.tfstate", Some([0, 1])),
    ("terraform-json__013_module_depends_on__plan.json", Some([0, 3])),
    ("terraform-json__110_basic__plan.json", Some([0, 7])),
    ("terraform-json__110_sensitive_values__plan.json", Some([0, 7])),
    ("terraform-json__110_sensitive_values__state.json", Some([0, 7])),
    ("terraform-json__120_basic__plan.json", Some([0, 7])),
    ("terraform-json__action_reason__plan.json", Some([0, 1])),
    ("terraform-json__actions__plan.json", Some([0, 0])),
    ("terraform-json__basic__plan.json", Some([0, 8])),
    ("terraform-json__config_resource_depends_on__plan.json", Some([0, 2])),
    ("terraform-json__deep_module__plan.json", Some([0, 1])),
    ("terraform-json__explicit_null__plan.json", Some([0, 3])),
    ("terraform-json__has_changes__plan.json", Some([0, 7])),
    ("terraform-json__has_checks__plan.json", Some([0, 2])),
    ("terraform-json__has_checks__state.json", Some([0, 2])),
    ("terraform-json__identity__plan.json", Some([0, 1])),
    ("terraform-json__identity__state.json", Some([0, 2])),
    ("terraform-json__invalid__plan.json", None),
    ("terraform-json__invalid__state.json", None),
    ("terraform-json__moved_block__plan.json", Some([0, 1])),
    ("terraform-json__nested_config_keys__plan.json", Some([1, 1])),
    ("terraform-json__no_changes__plan.json", Some([0, 7])),
    ("terraform-json__no_changes__state.json", Some([0, 7])),
    ("terraform-json__numerics__plan.json", Some([0, 1])),
    ("terraform-json__output_depends_on__plan.json", Some([0, 2])),
    ("terraform-json__provider_version__plan.json", Some([0, 1])),
    ("terraform-json__registry_module__plan.json", Some([0, 2])),
    ("terraform-validator__example_bigquery_dataset_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_bigquery_dataset_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_bigquery_dataset_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_bigquery_dataset_iam_policy_empty_policy_data.tfplan.json", Some([3, 4])),
    ("terraform-validator__example_cloud_run_service_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_cloud_run_service_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_cloud_run_service_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_compute_instance_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_compute_instance_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_compute_instance_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_folder_iam_binding.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_folder_iam_member.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_folder_iam_member_empty_folder.tfplan.json", Some([1, 2])),
    ("terraform-validator__example_folder_iam_policy.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_kms_crypto_key_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_kms_crypto_key_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_kms_crypto_key_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_kms_key_ring_iam_binding.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_kms_key_ring_iam_member.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_kms_key_ring_iam_policy.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_organization_iam_binding.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_organization_iam_custom_role.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_organization_iam_member.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_organization_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_project_iam.tfplan.json", Some([5, 5])),
    ("terraform-validator__example_project_iam_binding.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_project_iam_custom_role.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_project_iam_member.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_project_iam_member_empty_project.tfplan.json", Some([1, 2])),
    ("terraform-validator__example_project_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_pubsub_subscription_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_pubsub_subscription_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_pubsub_subscription_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_secret_manager_secret_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_secret_manager_secret_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_secret_manager_secret_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_service_account.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_service_account_update.tfplan.json", Some([1, 1])),
    ("terraform-validator__example_spanner_database_iam_binding.tfplan.json", Some([3, 3])),
    ("terraform-validator__example_spanner_database_iam_member.tfplan.json", Some([3, 3])),
    ("terraform-validator__example_spanner_database_iam_policy.tfplan.json", Some([3, 3])),
    ("terraform-validator__example_spanner_instance_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_spanner_instance_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_spanner_instance_iam_policy.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_storage_bucket_iam_binding.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_storage_bucket_iam_member.tfplan.json", Some([2, 2])),
    ("terraform-validator__example_storage_bucket_iam_member_random_suffix.tfplan.json", Some([2, 3])),
    ("terraform-validator__example_storage_bucket_iam_policy.tfplan.json", Some([3, 3])),
];

#[test]
fn every_document_is_read_and_the_counts_are_right() {
    let Some(folder) = folder() else { return };
    let files =
        std::fs::read_dir(&folder).expect("the folder").map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let listed: BTreeSet<String> = FILES.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(files.collect::<BTreeSet<_>>(), listed, "every file is in the table");
    let mut faults = Vec::new();
    for (name, counts) in FILES {
        let estate = estate(&folder, name);
        let covered = estate.reading().coverage.iter().find(|coverage| coverage.topic == "terraform_resources");
        let found = covered.map_or([0, 0], |coverage| [coverage.known, coverage.total]);
        let skipped: Vec<_> = estate.reading().skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
        match counts {
            Some(counts) if found != *counts => faults.push(format!("{name}: {found:?}, not {counts:?}")),
            Some(_) if skipped.iter().any(|reason| !KNOWN.iter().any(|known| reason.starts_with(known))) => {
                faults.push(format!("{name}: {skipped:?}"))
            }
            // Two files are two documents put together, of which the second is cut.
            None if skipped.is_empty() => faults.push(format!("{name}: nothing is skipped")),
            _ => {}
        }
        if !estate.reading().conflicts.is_empty() {
            faults.push(format!("{name}: {:?}", estate.reading().conflicts));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Why resources of these files are left out.
const KNOWN: &[&str] = &["resources that have no name at their provider before they are made"];

fn count(estate: &Estate, kind: EntityType) -> usize {
    estate.entities().iter().filter(|entity: &EntityRef<'_>| entity.entity_type() == kind).count()
}

#[test]
fn samples_are_what_they_say() {
    let Some(folder) = folder() else { return };
    // Four keys of two users, whose account no attribute names.
    let keys = estate(&folder, "driftctl__aws_iam_access_key_multiple.tfstate");
    assert!(keys.find("AKIA5QYBVVD223VWU32A").is_some());
    let proves = keys.relations().filter(|relation| relation.kind() == RelationKind::AuthenticatesAs).count();
    assert_eq!(proves, 4);
    let buckets = estate(&folder, "driftctl__google_bucket_iam_policy.tfstate");
    let robot = buckets.find("serviceAccount:driftctl@cloudskiff-dev-martin.iam.gserviceaccount.com").expect("a member of the policy");
    assert_eq!(buckets.relations_from(robot).count(), 2);
    assert_eq!(count(&buckets, EntityType::Resource), 2);
    let project = estate(&folder, "terraform-validator__example_project_iam_binding.tfplan.json");
    let jane = project.find("user:jane@example.com").expect("the member");
    assert!(project.relations_from(jane).any(|relation| relation.kind() == RelationKind::MemberOf));
}
