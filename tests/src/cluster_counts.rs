//! [`Counted`]: what manifests of Kubernetes list, counted from their JSON alone. Nothing of the reader is used, so that the reader can be held to it.

use serde_json::Value;
use std::collections::BTreeSet;

/// The things that manifests list, each once.
#[derive(Debug, Default)]
pub struct Counted {
    /// The objects, and those of them that other manifests repeat.
    pub objects: usize,
    /// The namespaces that an object describes.
    pub declared: BTreeSet<String>,
    /// Those that something stands in, and those of the service accounts that are named.
    pub implied: BTreeSet<String>,
    /// The service accounts that are described, that a binding names, or that something runs as: namespace and name.
    pub accounts: BTreeSet<(String, String)>,
    /// The roles that are given: in which namespace, of what kind, and which.
    pub roles: BTreeSet<Role>,
    /// The roles that are described, whether or not anybody has them.
    pub described: BTreeSet<Role>,
    /// The groups that a binding names.
    pub groups: BTreeSet<String>,
    /// The users that a binding names.
    pub users: BTreeSet<String>,
    /// Who has which role.
    pub members: BTreeSet<(String, Role)>,
    /// What runs: kind, namespace and name.
    pub workloads: BTreeSet<(String, String, String)>,
    /// The nodes that are described or that a pod is on.
    pub nodes: BTreeSet<String>,
    /// The secrets, here, copied from elsewhere, or named in the rule of a role: namespace and name.
    pub secrets: BTreeSet<(String, String)>,
    /// Subjects that are service accounts of a namespace which nobody declares, or of none.
    pub lost: usize,
}

/// The namespace, where it is one of a namespace, the kind and the name of a role.
pub type Role = (Option<String>, String, String);

const WORKLOADS: [&str; 8] = ["Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"];
const ALWAYS: [&str; 4] = ["default", "kube-node-lease", "kube-public", "kube-system"];

impl Counted {
    /// Counts manifests: objects, or lists of them. Linear in them.
    pub fn of(manifests: &[Value]) -> Counted {
        let mut counted = Counted::default();
        // A typed list says for its objects what they are.
        let inner = |manifest: &Value| -> Vec<(Value, String)> {
            let kind = text(&manifest["kind"]);
            match manifest["items"].as_array() {
                Some(items) => items.iter().map(|item| (item.clone(), or(text(&item["kind"]), kind.trim_end_matches("List")))).collect(),
                None => vec![(manifest.clone(), kind)],
            }
        };
        let objects: Vec<(Value, String)> = manifests.iter().flat_map(inner).collect();
        counted.objects = objects.len();
        objects.iter().for_each(|(object, kind)| counted.object(object, kind));
        // Who has a role is counted when every namespace is known.
        objects.iter().filter(|(_, kind)| kind.ends_with("RoleBinding")).for_each(|(object, kind)| counted.binding(object, kind));
        counted
    }

    fn object(&mut self, object: &Value, kind: &str) {
        let name = text(&object["metadata"]["name"]);
        let home = home(object);
        match kind {
            "Namespace" => drop(self.declared.insert(name)),
            "ServiceAccount" => drop(self.accounts.insert((home.clone(), name))),
            "Secret" | "ExternalSecret" => drop(self.secrets.insert((home.clone(), name))),
            "Node" => drop(self.nodes.insert(name)),
            "Role" => {
                self.secrets.extend(secrets_in(object).into_iter().map(|secret| (home.clone(), secret)));
                self.described.insert((Some(home.clone()), kind.to_owned(), name));
            }
            "ClusterRole" => drop(self.described.insert((None, kind.to_owned(), name))),
            _ if WORKLOADS.contains(&kind) => {
                self.workloads.insert((kind.to_owned(), home.clone(), name));
                let mut spec = &object["spec"];
                while let Some(template) = ["jobTemplate", "template"].iter().find_map(|step| spec.get(*step)) {
                    spec = &template["spec"];
                }
                let account = or(text(&spec["serviceAccountName"]), &text(&spec["serviceAccount"]));
                self.accounts.insert((home.clone(), or(account, "default")));
                self.nodes.extend(spec["nodeName"].as_str().filter(|node| !node.is_empty()).map(str::to_owned));
            }
            _ => {}
        }
        let of_namespace =
            ["ServiceAccount", "Secret", "ExternalSecret", "Role", "RoleBinding"].contains(&kind) || WORKLOADS.contains(&kind);
        if of_namespace {
            self.implied.insert(home);
        }
    }

    fn binding(&mut self, object: &Value, kind: &str) {
        let scope = (kind == "RoleBinding").then(|| home(object));
        let role = (scope.clone(), text(&object["roleRef"]["kind"]), text(&object["roleRef"]["name"]));
        for subject in object["subjects"].as_array().into_iter().flatten() {
            let name = text(&subject["name"]);
            let (kind, namespace) = (text(&subject["kind"]), or(text(&subject["namespace"]), scope.as_deref().unwrap_or_default()));
            let shown = format!("{kind} {namespace}/{name}");
            match kind.as_str() {
                "Group" => drop(self.groups.insert(name)),
                "User" => drop(self.users.insert(name)),
                _ if namespace.is_empty() => {
                    self.lost += 1;
                    continue;
                }
                _ if self.knows(&namespace) => {
                    self.implied.insert(namespace.clone());
                    self.accounts.insert((namespace, name));
                }
                _ => self.lost += 1,
            }
            self.members.insert((shown, role.clone()));
        }
        self.roles.insert(role);
    }

    fn knows(&self, namespace: &str) -> bool {
        self.declared.is_empty() || ALWAYS.contains(&namespace) || self.declared.contains(namespace) || self.implied.contains(namespace)
    }

    /// Namespaces, service accounts, roles that are given, groups and users.
    pub fn identities(&self) -> [usize; 5] {
        let namespaces = self.declared.union(&self.implied).count();
        [namespaces, self.accounts.len(), self.roles.len(), self.groups.len(), self.users.len()]
    }

    /// What runs, nodes and secrets.
    pub fn resources(&self) -> [usize; 3] {
        [self.workloads.len(), self.nodes.len(), self.secrets.len()]
    }

    /// The roles that are described and that nobody has.
    pub fn idle(&self) -> usize {
        let named = |(home, kind, name): &Role| (if kind == "ClusterRole" { None } else { home.clone() }, kind.clone(), name.clone());
        let given: BTreeSet<Role> = self.roles.iter().map(named).collect();
        self.described.difference(&given).count()
    }
}

/// The secrets that the rules of a role name one by one. Of a role that reads all of them, none is named apart.
fn secrets_in(role: &Value) -> Vec<String> {
    let list = |value: &Value| -> Vec<String> { value.as_array().into_iter().flatten().map(text).collect() };
    let rules = role["rules"].as_array().into_iter().flatten();
    let rules: Vec<&Value> = rules.filter(|rule| list(&rule["resources"]).iter().any(|kind| kind == "secrets")).collect();
    let reads = |verb: &String| ["get", "list", "watch", "*"].contains(&verb.as_str());
    let all = rules.iter().any(|rule| list(&rule["resourceNames"]).is_empty() && list(&rule["verbs"]).iter().any(reads));
    if all { Vec::new() } else { rules.iter().flat_map(|rule| list(&rule["resourceNames"])).collect() }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn or(text: String, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text }
}

fn home(object: &Value) -> String {
    or(text(&object["metadata"]["namespace"]), "default")
}
