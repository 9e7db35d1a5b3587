//! The reader of SPIRE: registration entries, agents, federation and the configuration of servers and agents.
//!
//! - A SPIFFE ID is an identity of that id, so that whoever trusts it elsewhere meets it; its trust domain is the tenant `spiffe-trust-domain://NAME`.
//! - Who controls a parent gets the SVIDs of its entries (`assumes`). An entry with `admin` or `downstream` controls its trust domain: it may register and issue anything there.
//! - Workloads of Kubernetes are joined by the selectors `k8s:ns` and `k8s:sa` and the cluster that the parent names. Where the configuration of the server says
//!   its `jwt_issuer`, each identity is also that issuer's subject, which clouds and vaults trust.
//! - A trust domain that another federates with is `trusted_by` it. That gives its members to be recognised, no more, and what a workload then allows is not written here: possible.
//! - A join token stands in the SPIFFE ID of its agent and in configuration. It is a secret until it was used, so agents of such tokens are numbered instead.

mod add;
mod configuration;
mod entry;
mod reading;

use super::objects::{beginning, is_json_with};
use super::{ImportReading, Importer, Input};

/// The reader of SPIRE.
#[derive(Debug)]
pub struct Spire;

/// What only its outputs hold. Requests to delete hold ids of entries alone, and say nothing.
const MARKS: [&str; 4] = ["\"spiffe_id\"", "\"parent_id\"", "\"federation_relationships\"", "\"attestation_type\""];

impl Importer for Spire {
    fn format(&self) -> &'static str {
        "spire"
    }

    fn summary(&self) -> &'static str {
        "SPIRE: registration entries, agents and federation as JSON, server and agent configuration (HCL); trust-domain=NAME in the path names the domain"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        is_json_with(input, &MARKS) || configuration::detects(beginning(input))
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
