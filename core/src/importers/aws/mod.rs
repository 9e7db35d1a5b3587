//! The reader of AWS: the outputs of its command line for IAM, Organizations and the Secrets Manager, in any mix and of any number of accounts.
//!
//! - An account is a tenant by the ARN that policies name it by, `arn:aws:iam::NUMBER:root`; roots, units and the organization by their ids.
//! - Users, roles and groups are identities by ARN. A role that a service or a workload acts as is a service account.
//! - An access key is a secret by its own id where a list gives it, else by its user and slot; a password by its user.
//! - What a principal may do is decided as IAM decides it (`iam/`), over every policy that has a say, and comes out as relations: to the account where
//!   it may do anything or make itself able to, to other principals where it can take them, to resources and secrets that an input names.
//! - A condition on a second factor or a network becomes a guard. One that nobody can evaluate leaves the relation possible, and so does whatever must
//!   be there and is in no input: a function, an instance, room for a key.
//! - What is joined by what: policies to principals by ARN; groups to users by name within an account; keys to users by name and, where the list was given
//!   one, account; a report's rows by ARN; service and resource control policies to their targets by the policy's id, from `describe-policy`,
//!   `list-targets-for-policy` and `list-policies-for-target`, and down from there by parents; a secret to its key and to the policies of both by ARN; the
//!   versions of a secret by ARN: the current value is as old as its version; last accessed services by the ARN put beside them.
//! - Whom a role trusts beyond the input stands as an identity: whoever another account lets, `arn:aws:iam::NUMBER:*`; the subjects of an identity
//!   provider, `ISSUER#SUBJECT`; the service accounts that Pod Identity associates, by the name of their cluster, as the reader of Kubernetes names them.

mod accounts;
mod add;
mod coverage;
mod detect;
mod entities;
mod escalations;
mod export;
mod federated;
mod gather;
mod holder;
mod iam;
mod names;
mod organization;
mod pod_identity;
mod reach;
mod reading;
mod report;
mod resources;
mod takeover;
mod trusted;
mod trusts;
#[cfg(test)]
mod work;
mod world;

use super::{ImportReading, Importer, Input};

/// The reader of AWS.
#[derive(Debug)]
pub struct Aws;

impl Importer for Aws {
    fn format(&self) -> &'static str {
        "aws"
    }

    fn summary(&self) -> &'static str {
        "AWS: get-account-authorization-details, credential reports, access keys, Organizations, Secrets Manager, policies; JSON or CSV"
    }

    fn detects(&self, input: &Input) -> bool {
        detect::detects(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
