//! The reader of Terraform: states (versions 3 and 4), and `terraform show -json` of a state or a plan.
//!
//! - A resource of a provider becomes the record that the provider itself would export, and the provider's reader reads it: what a policy of AWS allows, what
//!   a role of Google or Kubernetes reaches, is decided in one place. What stands under another resource's name (a policy of a role, a member of a group) is
//!   put together by that name, over all states that are read.
//! - Values are dropped as they are read; a keyed fingerprint stays, on the secret by the id that its provider gives it, or else by its address. Whoever reads
//!   the state knows them: the state is a resource that stores them.
//! - A plan is read as what stands once it is applied, or with the format `terraform@before` as what stood before. What is not known until then is taken from
//!   what stood before or from the resource that the configuration names, and else left out. What a plan destroys is taken out of the estate, whatever other
//!   export still has it.
//! - A kind of resource that says nothing of identities, secrets or trust is counted, not kept.

mod aws;
mod azure;
mod before;
mod detect;
mod document;
mod flat;
mod github;
mod github_people;
mod github_rules;
mod google;
mod kubernetes;
mod names;
mod own;
mod plan;
mod reading;
mod references;
mod resource;
mod secrets;
mod stand_in;
#[cfg(test)]
mod tests;
mod translate;
mod unsettled;
mod vault;

use super::{ImportReading, Importer, Input};

/// The reader of Terraform.
#[derive(Debug)]
pub struct Terraform;

impl Importer for Terraform {
    fn format(&self) -> &'static str {
        "terraform"
    }

    fn summary(&self) -> &'static str {
        "Terraform: states, and `terraform show -json` of a state or a plan; a plan is read as applied, `terraform@before` as not yet"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        detect::detects(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
