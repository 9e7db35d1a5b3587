//! The reader of Kubernetes: `kubectl get … -o json` and `-o yaml`, manifests as YAML or JSON, alone, as lists or as streams.
//!
//! - A cluster is a tenant that contains its namespaces, which are tenants. Ids are paths of the API: `kubernetes://CLUSTER/namespaces/NS/pods/NAME`. What
//!   an object does not say, the input does: its format `kubernetes@NAME`, a folder `cluster=NAME`, or a folder in a folder `clusters`. What names none is one
//!   cluster a folder, `cluster` and `cluster@FOLDER`; what stands at the same path of two of these may be one thing.
//! - A role bound in a scope is an identity of kind role in that scope, between those it is bound to and what it reaches there.
//! - What a role reaches is mostly a collection (the secrets of a namespace, its pods, its service accounts), which contains the objects that are known, so
//!   that relations grow with roles plus objects. The collection is there although no object of it was exported.
//! - Pods are resources that run as their service account; pods that a workload made are that workload.
//! - A secret is a vault whose values stand under keys; each value becomes a fingerprint at once. Keys that are public by their name are left out.
//! - Roles that every cluster has come from a table. Conditions that no export shows (admission control, the trust of a cloud identity) make a relation
//!   possible, and what was not exported is coverage.

mod annotations;
mod bindings;
mod collections;
mod coverage;
mod detect;
mod effects;
mod folders;
mod groups;
mod holders;
mod hosts;
mod manifest;
mod names;
mod objects;
mod pod;
mod reading;
mod roles;
mod secrets;
#[cfg(test)]
mod tests;
mod workloads;
mod world;

use super::{ImportReading, Importer, Input};

/// The reader of Kubernetes objects.
#[derive(Debug)]
pub struct Kubernetes;

impl Importer for Kubernetes {
    fn format(&self) -> &'static str {
        "kubernetes"
    }

    fn summary(&self) -> &'static str {
        "Kubernetes: kubectl get -o json or yaml, manifests, RBAC, workloads and secrets, as YAML, JSON or NDJSON; a folder cluster=NAME or the format kubernetes@NAME names the cluster"
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
