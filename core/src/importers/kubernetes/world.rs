//! [`World`]: what all inputs of a reading together say, cluster by cluster, until it can be joined.

use super::effects::Grants;
use super::folders::Folders;
use super::hosts::Escape;
use super::manifest::LabelSelector;
use super::names::Scope;
use crate::error::Place;
use crate::estate::Position;
use crate::model::Labels;
use std::collections::{BTreeMap, BTreeSet};

/// What all inputs of a reading together say.
#[derive(Default)]
pub(super) struct World {
    /// The clusters by name.
    pub clusters: BTreeMap<String, Cluster>,
    /// The clusters of inputs that name none.
    pub folders: Folders,
    /// The inputs that name their cluster, and all inputs.
    pub named: u64,
    pub inputs: u64,
    /// The kinds of objects that were met and tell nothing here, and how many of them.
    pub other_kinds: BTreeMap<String, u64>,
    /// The objects that were read.
    pub objects: u64,
}

/// What is known of a cluster.
#[derive(Default)]
pub(super) struct Cluster {
    /// The namespaces that an object of that kind describes, with their uid.
    pub declared: BTreeMap<String, Option<String>>,
    /// The namespaces that some object stands in.
    pub implied: BTreeSet<String>,
    /// The objects that should stand in a namespace and name none.
    pub homeless: u64,
    /// The service accounts that were described, and whether their pods get their token.
    pub accounts: BTreeMap<(String, String), Option<bool>>,
    /// The roles by scope and name.
    pub roles: BTreeMap<(Scope, String), Role>,
    pub bindings: Vec<Binding>,
    /// The workloads by namespace, kind and name.
    pub workloads: BTreeMap<(String, String, String), Workload>,
    /// The secrets by namespace and name: the ids of their values.
    pub secrets: BTreeMap<(String, String), BTreeSet<String>>,
    /// The keys that external secrets copy of which the store is known, and all.
    pub copied: [u64; 2],
    /// How many secrets tell when their values were last set.
    pub secrets_dated: u64,
    pub nodes: BTreeSet<String>,
    /// What an account may ask tokens for, by its id: the identity of the cloud and the annotation.
    pub cloud: BTreeSet<(String, String, &'static str)>,
    /// Who issues the tokens of the service accounts, as the cluster says it.
    pub issuer: Option<String>,
    /// The Google Cloud project of the cluster, as its nodes or its issuer tell it.
    pub project: Option<String>,
    /// What the namespaces enforce on their pods, where they say so.
    pub enforced: BTreeMap<String, String>,
}

/// A role as it was read.
pub(super) struct Role {
    pub grants: Grants,
    pub labels: Labels,
    pub aggregates: Vec<LabelSelector>,
    /// The API groups in it that nobody mapped.
    pub unmapped: BTreeSet<String>,
}

/// A binding as it was read.
pub(super) struct Binding {
    pub scope: Scope,
    /// Whether the role is a cluster role.
    pub of_cluster: bool,
    pub role: String,
    pub subjects: Vec<Subject>,
    pub place: Place,
    pub position: Position,
}

/// Who a binding gives its role to.
pub(super) enum Subject {
    User(String),
    Group(String),
    /// A service account: its namespace and name.
    Account(String, String),
}

/// What runs as a service account.
pub(super) struct Workload {
    pub labels: Labels,
    pub account: String,
    /// Whether its pods get the token of their account, where it says so.
    pub automount: Option<bool>,
    pub node: Option<String>,
    /// The secrets that its pods see, and perhaps only one key of each.
    pub secrets: BTreeSet<(String, Option<String>)>,
    /// The variables that hold a secret in plain text: the name and the fingerprint.
    pub plain: BTreeMap<String, String>,
    pub escapes: BTreeSet<Escape>,
    /// The kind and name of what made it.
    pub owner: Option<(String, String)>,
    pub position: Position,
}

/// Namespaces that every cluster has.
const ALWAYS: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

impl Cluster {
    /// Whether a namespace is there. Where no namespace was exported at all, nothing speaks against any.
    pub fn knows(&self, namespace: &str) -> bool {
        self.declared.is_empty() || self.declared.contains_key(namespace) || self.implied.contains(namespace) || ALWAYS.contains(&namespace)
    }

    /// Every namespace that is described, or that something stands in.
    pub fn namespaces(&self) -> BTreeSet<&String> {
        self.declared.keys().chain(&self.implied).collect()
    }

    /// Learns the issuer of the cluster's tokens. Google's names the project of the cluster.
    pub fn learn_issuer(&mut self, issuer: String) {
        let google = issuer.strip_prefix("https://container.googleapis.com/v1/projects/").and_then(|path| path.split_once('/'));
        if let Some((project, _)) = google {
            self.project.get_or_insert_with(|| project.to_owned());
        }
        self.issuer.get_or_insert(issuer);
    }

    /// What made a workload in the end, as far as that was read: the workload itself where nothing did.
    pub fn origin<'a>(&'a self, key: &'a (String, String, String)) -> (String, String, String) {
        let mut at = key.clone();
        // A chain of owners is short; a loop of them ends here.
        for _ in 0..8 {
            let owner = self.workloads.get(&at).and_then(|workload| workload.owner.as_ref());
            let Some((kind, name)) = owner else { break };
            let above = (at.0.clone(), kind.clone(), name.clone());
            if !self.workloads.contains_key(&above) {
                break;
            }
            at = above;
        }
        at
    }
}
