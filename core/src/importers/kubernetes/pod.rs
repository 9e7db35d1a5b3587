//! The parts of a pod, and of what makes pods, that are read.

use super::manifest::{Text, or_none};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What has a specification: a pod, a workload, a template.
#[derive(Deserialize)]
pub(super) struct With<T> {
    pub spec: Option<T>,
}

/// The specification of what makes pods by a template.
#[derive(Deserialize)]
pub(super) struct Controller {
    pub template: Option<With<PodSpec>>,
}

/// The specification of what makes jobs by a template.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CronJob {
    pub job_template: Option<With<Controller>>,
}

/// The specification of a pod.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PodSpec {
    pub service_account_name: Option<String>,
    pub service_account: Option<String>,
    pub automount_service_account_token: Option<bool>,
    pub node_name: Option<String>,
    #[serde(rename = "hostPID")]
    pub host_pid: Option<bool>,
    #[serde(deserialize_with = "or_none")]
    pub containers: Vec<Container>,
    #[serde(deserialize_with = "or_none")]
    pub init_containers: Vec<Container>,
    #[serde(deserialize_with = "or_none")]
    pub ephemeral_containers: Vec<Container>,
    #[serde(deserialize_with = "or_none")]
    pub volumes: Vec<Volume>,
}

/// A container.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Container {
    #[serde(deserialize_with = "or_none")]
    pub env: Vec<Variable>,
    #[serde(deserialize_with = "or_none")]
    pub env_from: Vec<VariableSource>,
    pub security_context: Option<SecurityContext>,
    #[serde(deserialize_with = "or_none")]
    pub volume_mounts: Vec<Mount>,
}

/// A variable, given by value or by reference.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Variable {
    pub name: String,
    pub value: Option<Text>,
    pub value_from: Option<ValueFrom>,
}

/// Where the value of a variable comes from.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ValueFrom {
    pub secret_key_ref: Option<SecretReference>,
}

/// Where variables come from.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct VariableSource {
    pub secret_ref: Option<SecretReference>,
}

/// A secret, and perhaps one key of it.
#[derive(Deserialize)]
pub(super) struct SecretReference {
    #[serde(default)]
    pub name: String,
    pub key: Option<String>,
}

/// What a container may do to its node.
#[derive(Deserialize)]
pub(super) struct SecurityContext {
    pub privileged: Option<bool>,
    pub capabilities: Option<Capabilities>,
}

/// What a container may do that others may not.
#[derive(Deserialize)]
pub(super) struct Capabilities {
    #[serde(default, deserialize_with = "or_none")]
    pub add: Vec<String>,
}

/// Where a volume is mounted.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Mount {
    pub name: String,
    pub read_only: Option<bool>,
}

/// A volume.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Volume {
    pub name: String,
    pub host_path: Option<HostPath>,
    pub secret: Option<SecretVolume>,
    pub projected: Option<Projected>,
}

/// A folder or a file of the node.
#[derive(Deserialize)]
pub(super) struct HostPath {
    #[serde(default)]
    pub path: String,
}

/// A secret as a volume.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecretVolume {
    pub secret_name: Option<String>,
}

/// Several sources as one volume.
#[derive(Deserialize)]
pub(super) struct Projected {
    #[serde(default, deserialize_with = "or_none")]
    pub sources: Vec<Source>,
}

/// A source of a projected volume.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Source {
    pub secret: Option<SecretReference>,
    pub service_account_token: Option<Token>,
}

/// A token of the pod's service account; its audience limits who takes it.
#[derive(Deserialize)]
pub(super) struct Token {
    pub audience: Option<String>,
}

/// The pods that an object of a kind is or makes; `None` where its text is not as that kind's should be.
pub(super) fn of_kind(kind: &str, text: &str) -> Result<PodSpec, serde_json::Error> {
    let of = |controller: Option<Controller>| controller.and_then(|it| it.template?.spec).unwrap_or_default();
    Ok(match kind {
        "Pod" => serde_json::from_str::<With<PodSpec>>(text)?.spec.unwrap_or_default(),
        "CronJob" => of(serde_json::from_str::<With<CronJob>>(text)?.spec.and_then(|it| it.job_template?.spec)),
        _ => of(serde_json::from_str::<With<Controller>>(text)?.spec),
    })
}

impl PodSpec {
    /// The service account that the pod runs as.
    pub fn account(&self) -> &str {
        let named = self.service_account_name.as_deref().filter(|name| !name.is_empty());
        named.or(self.service_account.as_deref()).filter(|name| !name.is_empty()).unwrap_or("default")
    }

    /// Whether the pod gets a token of its account that the cluster takes, where it says so itself.
    pub fn automount(&self) -> Option<bool> {
        let sources = self.volumes.iter().filter_map(|volume| volume.projected.as_ref()).flat_map(|projected| &projected.sources);
        let mounted = sources.into_iter().filter_map(|source| source.service_account_token.as_ref()).any(|token| token.audience.is_none());
        if mounted { Some(true) } else { self.automount_service_account_token }
    }

    /// The secrets that the pod sees, and perhaps only one key of each.
    pub fn secrets(&self) -> BTreeSet<(String, Option<String>)> {
        let mut found = BTreeSet::new();
        let mut add = |name: &str, key: Option<&String>| {
            if !name.is_empty() {
                found.insert((name.to_owned(), key.cloned()));
            }
        };
        for container in self.all_containers() {
            for secret in container.env.iter().filter_map(|variable| variable.value_from.as_ref()?.secret_key_ref.as_ref()) {
                add(&secret.name, secret.key.as_ref());
            }
            container.env_from.iter().filter_map(|source| source.secret_ref.as_ref()).for_each(|secret| add(&secret.name, None));
        }
        for volume in &self.volumes {
            add(volume.secret.as_ref().and_then(|secret| secret.secret_name.as_deref()).unwrap_or_default(), None);
            let sources = volume.projected.iter().flat_map(|projected| &projected.sources);
            sources.filter_map(|source| source.secret.as_ref()).for_each(|secret| add(&secret.name, None));
        }
        found
    }

    /// Every container, those that only prepare and those that only look included.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(&self.init_containers).chain(&self.ephemeral_containers)
    }
}
