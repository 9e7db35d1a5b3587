//! The reader of HashiCorp Vault: audit logs, policies, mounts, roles and users of auth methods, tokens, entities, metadata of secrets.
//!
//! - A namespace is a tenant: `vault://NAME` the root of a Vault, `vault://NAME/ns/PATH` one in it. A Vault is named by a folder `vault=NAME` or the format
//!   `vault@NAME`, a namespace by a folder `namespace=PATH` or by the records of the audit log. Everything else is `TENANT/PATH`, with the path of Vault's API.
//! - A policy is an identity of kind role between its holders and what its paths reach. What a path of the API gives stands in `core/data/vault_paths.csv`;
//!   the path of a secrets engine is a resource, and the secrets that are known are reached by the rule that Vault would take for each.
//! - A role of an auth method is an identity; whom it binds `federates_to` it: subjects of an issuer, service accounts of Kubernetes, principals of AWS,
//!   Azure and Google, SPIFFE IDs. A secret id, a password, a token is a secret.
//! - The audit log says who came, with which policies, and what they did: rights proven by use, with the instant; when secrets were written and read. What it
//!   hashed (`hmac-sha256:…`, under a salt of each device) is neither a value nor a name, and joins nothing.

mod add;
mod audit;
mod bindings;
mod configuration;
mod engines;
mod names;
mod policies;
mod policy;
mod reading;
mod rights;
#[cfg(test)]
mod tests;
mod world;

use super::objects::{beginning, is_json_with};
use super::{ImportReading, Importer, Input};

/// The reader of HashiCorp Vault.
#[derive(Debug)]
pub struct Vault;

/// What its outputs hold.
const MARKS: [&str; 12] = [
    "\"client_token\"",
    "\"client_token_accessor\"",
    "\"token_policies\"",
    "\"lease_duration\"",
    "\"bound_service_account_names\"",
    "\"bound_audiences\"",
    "\"bound_iam_principal_arn\"",
    "\"secret_id_num_uses\"",
    "\"member_entity_ids\"",
    "\"external_entropy_access\"",
    "\"accessor\": \"auth_",
    "\"accessor\":\"auth_",
];

impl Importer for Vault {
    fn format(&self) -> &'static str {
        "vault"
    }

    fn summary(&self) -> &'static str {
        "HashiCorp Vault: audit logs, ACL policies (HCL), mounts, roles, tokens and entities as JSON; vault=NAME and namespace=PATH in the path name them"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        let of_terraform = || beginning(input).windows(19).any(|window| window == b"\"terraform_version\"");
        is_json_with(input, &MARKS) && !of_terraform() || policy::detects(beginning(input))
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
