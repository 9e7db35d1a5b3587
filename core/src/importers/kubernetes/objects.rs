//! What each kind of object tells: entities are added at once, what joins them is kept.

use super::hosts::escapes;
use super::manifest::{self, Metadata};
use super::names::{Scope, account_id, cluster_id, secret_id};
use super::pod::{self, PodSpec};
use super::world::{Binding, Cluster, Role, Subject, Workload};
use super::{annotations, roles, secrets};
use crate::error::{Error, ErrorCode, Place, json_reason};
use crate::importers::{ImportContext, values};
use crate::model::{Identity, IdentityKind, Instant, Relation, RelationKind, Resource, ResourceKind, Secret, Storage, Tenant, TenantKind};
use serde::de::DeserializeOwned;

/// A place and the reason why an object was left out.
pub(super) type Bad = (Place, &'static str);

/// Why an object was not kept.
pub(super) enum Fault {
    /// It is bad by itself.
    Bad(Bad),
    /// Its whole input is.
    Input(Error),
}

/// The kinds that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Namespace,
    ServiceAccount,
    Role,
    ClusterRole,
    RoleBinding,
    ClusterRoleBinding,
    Secret,
    Node,
    ExternalSecret,
    Workload(&'static str),
}

const WORKLOADS: [(&str, &str); 8] = [
    ("", "Pod"),
    ("", "ReplicationController"),
    ("apps", "DaemonSet"),
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("batch", "CronJob"),
    ("batch", "Job"),
];
const NO_INSTANT: &str = "not an RFC 3339 instant; left unknown";
const NO_ROLE: &str = "a binding names no role";
const NO_NAMESPACE: &str = "a subject is a service account without a namespace, which no cluster takes";
const NO_SUBJECT: &str = "a subject is neither a user nor a group nor a service account";
const TWO_CLUSTERS: &str = "it holds a namespace of the same name as another input, with another uid: they are of two clusters; name the cluster \
                            of each, by a folder `cluster=NAME` or the format `kubernetes@NAME`";

impl Kind {
    /// The kind of an object of an API version; `None` where nothing of it is read.
    pub fn of(version: &str, kind: &str) -> Option<Kind> {
        let group = version.split_once('/').map_or("", |(group, _)| group);
        let workload = || {
            let group = if group == "extensions" { "apps" } else { group };
            WORKLOADS.iter().find(|known| **known == (group, kind)).map(|(_, kind)| Kind::Workload(kind))
        };
        match (group, kind) {
            ("", "Namespace") => Some(Kind::Namespace),
            ("", "ServiceAccount") => Some(Kind::ServiceAccount),
            ("", "Secret") => Some(Kind::Secret),
            ("", "Node") => Some(Kind::Node),
            ("rbac.authorization.k8s.io", "Role") => Some(Kind::Role),
            ("rbac.authorization.k8s.io", "ClusterRole") => Some(Kind::ClusterRole),
            ("rbac.authorization.k8s.io", "RoleBinding") => Some(Kind::RoleBinding),
            ("rbac.authorization.k8s.io", "ClusterRoleBinding") => Some(Kind::ClusterRoleBinding),
            ("kubernetes-client.io", "ExternalSecret") => Some(Kind::ExternalSecret),
            _ => workload(),
        }
    }

    /// Whether such objects stand in a namespace.
    pub fn is_namespaced(self) -> bool {
        !matches!(self, Kind::Namespace | Kind::ClusterRole | Kind::ClusterRoleBinding | Kind::Node)
    }
}

/// An object and where it stands.
pub(super) struct Object<'a> {
    pub cluster_name: &'a str,
    pub name: String,
    pub namespace: Option<String>,
    pub metadata: Metadata,
    pub text: &'a str,
    pub place: Place,
}

impl Object<'_> {
    /// Keeps what the object tells.
    pub fn keep(self, kind: Kind, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Fault> {
        let kept = match kind {
            Kind::Namespace => return self.namespace(cluster, context),
            Kind::ServiceAccount => self.account(cluster, context),
            Kind::Role | Kind::ClusterRole => self.role(cluster),
            Kind::RoleBinding | Kind::ClusterRoleBinding => self.binding(cluster, context),
            Kind::Secret => self.secret(cluster, context),
            Kind::ExternalSecret => self.external_secret(cluster, context),
            Kind::Node => self.node(cluster, context),
            Kind::Workload(kind) => self.workload(kind, cluster, context),
        };
        kept.map_err(Fault::Bad)
    }

    fn parse<T: DeserializeOwned>(&self) -> Result<T, Bad> {
        serde_json::from_str(self.text).map_err(|error| (self.place.clone(), json_reason(&error)))
    }

    fn cluster(&self) -> String {
        cluster_id(self.cluster_name)
    }

    fn scope(&self) -> Scope {
        Scope::of(self.namespace.as_deref())
    }

    fn home(&self) -> String {
        self.namespace.clone().unwrap_or_default()
    }

    fn created_at(&self, context: &mut ImportContext<'_>) -> Option<Instant> {
        let instant = Instant::parse(manifest::text(&self.metadata.creation_timestamp)?);
        if instant.is_err() {
            context.builder.skip(self.place.clone().field("creationTimestamp"), NO_INSTANT);
        }
        instant.ok()
    }

    fn namespace(self, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Fault> {
        let uid = manifest::text(&self.metadata.uid).map(str::to_owned);
        let known = cluster.declared.entry(self.name.clone()).or_insert_with(|| uid.clone());
        if known.is_some() && uid.is_some() && *known != uid {
            return Err(Fault::Input(Error::new(ErrorCode::InvalidInput, TWO_CLUSTERS).at(self.place)));
        }
        *known = known.take().or(uid);
        let labels = annotations::labels(&self.metadata);
        if let Some(level) = labels.get("pod-security.kubernetes.io/enforce") {
            cluster.enforced.insert(self.name.clone(), level.clone());
        }
        let created_at = self.created_at(context);
        context.builder.add(Tenant {
            name: Some(self.name.clone()),
            parent: Some(self.cluster()),
            owner: annotations::owner(&self.metadata),
            labels,
            created_at,
            ..Tenant::new(Scope::Namespace(self.name.clone()).tenant(&self.cluster()), TenantKind::KubernetesNamespace)
        });
        Ok(())
    }

    fn account(self, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let account: manifest::ServiceAccount = self.parse()?;
        let id = account_id(&self.cluster(), &self.home(), &self.name);
        cluster.accounts.entry((self.home(), self.name.clone())).or_insert(account.automount_service_account_token);
        for (identity, annotation) in annotations::cloud_identities(&self.metadata) {
            cluster.cloud.insert((id.clone(), identity, annotation));
        }
        let created_at = self.created_at(context);
        context.builder.add(Identity {
            name: Some(self.name.clone()),
            tenant: Some(self.scope().tenant(&self.cluster())),
            owner: annotations::owner(&self.metadata),
            labels: annotations::labels(&self.metadata),
            created_at,
            ..Identity::new(id, IdentityKind::ServiceAccount)
        });
        Ok(())
    }

    fn role(self, cluster: &mut Cluster) -> Result<(), Bad> {
        let role: manifest::Role = self.parse()?;
        let (grants, unmapped) = roles::of_rules(&role.rules);
        let aggregates = role.aggregation_rule.map(|rule| rule.cluster_role_selectors).unwrap_or_default();
        let read = Role { grants, labels: self.metadata.labels(), aggregates, unmapped };
        match cluster.roles.entry((self.scope(), self.name)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(read);
            }
            // Given twice, by two manifests of which the later wins in the cluster: which one that is, is not known, so both count.
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                entry.get_mut().grants.extend(&read.grants);
                entry.get_mut().unmapped.extend(read.unmapped);
            }
        }
        Ok(())
    }

    fn binding(self, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let binding: manifest::Binding = self.parse()?;
        let Some(role) = binding.role_ref.filter(|role| !role.name.is_empty()) else {
            return Err((self.place.clone().field("roleRef"), NO_ROLE));
        };
        let mut subjects = Vec::new();
        for subject in binding.subjects.into_iter() {
            match self.subject(subject) {
                Ok(subject) => subjects.push(subject),
                Err(reason) => context.builder.skip(self.place.clone().field("subjects"), reason),
            }
        }
        let (scope, position) = (self.scope(), context.builder.position());
        cluster.bindings.push(Binding { scope, of_cluster: role.kind != "Role", role: role.name, subjects, place: self.place, position });
        Ok(())
    }

    fn subject(&self, subject: manifest::Subject) -> Result<Subject, &'static str> {
        if subject.name.is_empty() {
            return Err(NO_SUBJECT);
        }
        match subject.kind.as_str() {
            "User" => Ok(match subject.name.strip_prefix("system:serviceaccount:").and_then(|name| name.split_once(':')) {
                Some((namespace, name)) => Subject::Account(namespace.to_owned(), name.to_owned()),
                None => Subject::User(subject.name),
            }),
            "Group" => Ok(Subject::Group(subject.name)),
            "ServiceAccount" => {
                // A binding in a namespace that is installed by a tool gets its own namespace there.
                let namespace = subject.namespace.filter(|namespace| !namespace.is_empty()).or_else(|| self.namespace.clone());
                Ok(Subject::Account(namespace.ok_or(NO_NAMESPACE)?, subject.name))
            }
            _ => Err(NO_SUBJECT),
        }
    }

    fn secret(self, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let secret: manifest::Secret = self.parse()?;
        let is_token = secret.kind.as_deref() == Some(secrets::ACCOUNT_TOKEN);
        let (home, tenant) = (self.home(), self.scope().tenant(&self.cluster()));
        let vault = secret_id(&self.cluster(), &home, &self.name);
        let created_at = self.created_at(context);
        let rotated_at = self.metadata.values_set_at().and_then(|text| Instant::parse(text).ok());
        cluster.secrets_dated += u64::from(rotated_at.is_some());
        let labels = annotations::labels(&self.metadata);
        let ids = cluster.secrets.entry((home.clone(), self.name.clone())).or_default();
        for (key, value) in secrets::values(secret, &self.metadata, context.key) {
            let id = format!("{vault}/{key}");
            ids.insert(id.clone());
            context.builder.add(Secret {
                name: Some(if key == secrets::ANY_KEY { self.name.clone() } else { format!("{}/{key}", self.name) }),
                tenant: Some(tenant.clone()),
                owner: annotations::owner(&self.metadata),
                labels: labels.clone(),
                fingerprint: value.fingerprint,
                created_at,
                rotated_at,
                storage: Some(Storage::KubernetesSecret),
                ..Secret::new(&id, value.kind)
            });
            context.builder.relate(Relation::new(&vault, RelationKind::Stores, &id));
            if let Some(identity) = value.proves {
                context.builder.relate(Relation::new(&id, RelationKind::AuthenticatesAs, identity));
            }
            if let Some(account) = self.metadata.annotation(secrets::ACCOUNT_NAME).filter(|_| is_token) {
                context.builder.relate(Relation::new(&id, RelationKind::AuthenticatesAs, account_id(&self.cluster(), &home, account)));
            }
        }
        context.builder.add(Resource { name: Some(self.name), tenant: Some(tenant), labels, ..Resource::new(vault, ResourceKind::Vault) });
        Ok(())
    }

    /// A secret that is copied from the secret manager of a cloud.
    fn external_secret(self, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let external: manifest::ExternalSecret = self.parse()?;
        let vault = secret_id(&self.cluster(), &self.home(), &self.name);
        cluster.secrets.entry((self.home(), self.name.clone())).or_default();
        let spec = external.spec.unwrap_or_default();
        for key in spec.data.iter().filter_map(|data| data.key.as_deref()) {
            cluster.copied[1] += 1;
            if let Some(project) = spec.project_id.as_deref().filter(|_| spec.backend_type.as_deref() == Some("gcpSecretsManager")) {
                let from = format!("//secretmanager.googleapis.com/projects/{project}/secrets/{key}");
                cluster.copied[0] += 1;
                context.builder.relate(Relation::new(&vault, RelationKind::CopyOf, from));
            }
        }
        let tenant = Some(self.scope().tenant(&self.cluster()));
        context.builder.add(Resource { name: Some(self.name), tenant, ..Resource::new(vault, ResourceKind::Vault) });
        Ok(())
    }

    fn node(self, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let node: manifest::Node = self.parse()?;
        let provider = node.spec.and_then(|spec| spec.provider_id).unwrap_or_default();
        if let Some((project, _)) = provider.strip_prefix("gce://").and_then(|rest| rest.split_once('/')) {
            cluster.project.get_or_insert_with(|| project.to_owned());
        }
        cluster.nodes.insert(self.name.clone());
        context.builder.add(Resource {
            name: Some(self.name.clone()),
            tenant: Some(self.cluster()),
            labels: annotations::labels(&self.metadata),
            ..Resource::new(Scope::Cluster.object(&self.cluster(), "nodes", &self.name), ResourceKind::Compute)
        });
        Ok(())
    }

    fn workload(self, kind: &str, cluster: &mut Cluster, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let pod = pod::of_kind(kind, self.text).map_err(|error| (self.place.clone(), json_reason(&error)))?;
        let owners = self.metadata.owner_references.iter().flatten();
        let owner = owners.into_iter().find(|owner| owner.controller != Some(false)).map(|owner| (owner.kind.clone(), owner.name.clone()));
        let key = (self.home(), kind.to_owned(), self.name.clone());
        let workload = Workload {
            labels: annotations::labels(&self.metadata),
            account: pod.account().to_owned(),
            automount: pod.automount(),
            node: pod.node_name.clone().filter(|node| !node.is_empty()),
            secrets: pod.secrets(),
            plain: plain(&pod, context),
            escapes: escapes(&pod).into_iter().collect(),
            owner,
            position: context.builder.position(),
        };
        cluster.workloads.entry(key).or_insert(workload);
        Ok(())
    }
}

/// The variables of a pod that hold a secret in plain text, with its fingerprint.
fn plain(pod: &PodSpec, context: &ImportContext<'_>) -> std::collections::BTreeMap<String, String> {
    let variables = pod.all_containers().flat_map(|container| &container.env).filter(|it| values::kind_of_name(&it.name).is_some());
    variables
        .filter_map(|variable| {
            let value = variable.value.as_ref()?;
            Some((variable.name.clone(), values::fingerprint(value.0.as_bytes(), context.key)?))
        })
        .collect()
}
