//! The reader of Google Cloud: Cloud Asset Inventory exports (content types resource and iam-policy), `search-all-iam-policies` and
//! `get-iam-policy`, in any mix.
//!
//! - Organisations, folders and projects are tenants; a project is `projects/ID`, or `projects/NUMBER` where its id is never learnt.
//! - A service account is `serviceAccount:EMAIL`, and so is every member as a policy writes it. Service agents and default accounts belong to the
//!   project of their number.
//! - A secret of the Secret Manager is a vault that stores its versions; a version is the material, and only it has an age. How long the material
//!   works is not in the export: a version expires where its secret does, else nobody knows.
//! - A user-managed service-account key is an access key. Keys that Google holds and rotates are left out, with a reason.
//! - A binding on one thing is a relation to it. A binding that holds for many things becomes an identity of kind role, `ROLE@TENANT`, which
//!   belongs to that tenant, leads to what the role reaches there, and to the same role in the tenants below.
//! - A role that gives neither data nor control, a service agent's own role and a role nobody mapped are kept as `unmapped` relations; coverage
//!   tells how many bindings are of a role nobody mapped.

mod accounts;
mod asset;
mod bindings;
mod coverage;
mod details;
mod detect;
mod effects;
mod entities;
mod holders;
mod members;
mod names;
mod reading;
mod roles;
mod scope;
#[cfg(test)]
mod tests;
mod world;

use super::{ImportReading, Importer, Input};

/// The reader of Google Cloud exports.
#[derive(Debug)]
pub struct GoogleCloud;

impl Importer for GoogleCloud {
    fn format(&self) -> &'static str {
        "google-cloud-asset-inventory"
    }

    fn summary(&self) -> &'static str {
        "Google Cloud: Asset Inventory exports (resource, iam-policy), search-all-iam-policies and get-iam-policy, JSON or NDJSON"
    }

    fn detects(&self, input: &Input) -> bool {
        detect::detects(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
