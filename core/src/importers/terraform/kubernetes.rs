//! Kubernetes: the manifests that the resources of a state stand for.

use super::resource::{Resource, blocks, text};
use super::translate::Source;
use serde_json::{Map, Value, json};

/// Types without the version at their end, with the API version and kind of their objects.
const KINDS: [(&str, &str, &str); 16] = [
    ("kubernetes_cluster_role", "rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("kubernetes_cluster_role_binding", "rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("kubernetes_cron_job", "batch/v1", "CronJob"),
    ("kubernetes_daemonset", "apps/v1", "DaemonSet"),
    ("kubernetes_daemon_set", "apps/v1", "DaemonSet"),
    ("kubernetes_deployment", "apps/v1", "Deployment"),
    ("kubernetes_job", "batch/v1", "Job"),
    ("kubernetes_manifest", "", ""),
    ("kubernetes_namespace", "v1", "Namespace"),
    ("kubernetes_pod", "v1", "Pod"),
    ("kubernetes_replication_controller", "v1", "ReplicationController"),
    ("kubernetes_role", "rbac.authorization.k8s.io/v1", "Role"),
    ("kubernetes_role_binding", "rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("kubernetes_secret", "v1", "Secret"),
    ("kubernetes_service_account", "v1", "ServiceAccount"),
    ("kubernetes_stateful_set", "apps/v1", "StatefulSet"),
];

/// Whether a type is read.
pub(super) fn is_read(kind: &str) -> bool {
    row(kind).is_some()
}

fn row(kind: &str) -> Option<(&'static str, &'static str)> {
    let bare = ["_v1", "_v1beta1", "_v2"].iter().find_map(|end| kind.strip_suffix(end)).unwrap_or(kind);
    KINDS.iter().find(|(known, ..)| *known == bare).map(|(_, version, kind)| (*version, *kind))
}

/// The records of a source.
pub(super) fn records(source: &Source) -> Vec<Value> {
    source.resources.iter().filter(|resource| !resource.is_data).filter_map(manifest).collect()
}

fn manifest(resource: &Resource) -> Option<Value> {
    let (version, kind) = row(&resource.kind)?;
    if kind.is_empty() {
        return resource.values.get("manifest").filter(|manifest| manifest.is_object()).cloned();
    }
    let metadata = metadata(resource.block("metadata")?);
    let mut object = json!({ "apiVersion": version, "kind": kind, "metadata": metadata });
    match kind {
        "Role" | "ClusterRole" => object["rules"] = resource.blocks("rule").into_iter().map(rule).collect(),
        "RoleBinding" | "ClusterRoleBinding" => {
            object["roleRef"] = resource.block("role_ref").map(camel_block).unwrap_or_default();
            object["subjects"] = resource.blocks("subject").into_iter().map(camel_block).collect();
        }
        "Secret" => {
            object["type"] = resource.value("type");
            // What the state holds is not encoded.
            object["stringData"] = Value::Object(resource.labels(&["data"]));
        }
        "Namespace" | "ServiceAccount" => {}
        "Pod" => object["spec"] = resource.block("spec").map(pod).unwrap_or_default(),
        "CronJob" => {
            let job = resource.block("spec").and_then(|spec| blocks(spec, "job_template").into_iter().next());
            let job = job.and_then(|template| blocks(template, "spec").into_iter().next());
            object["spec"] = json!({ "jobTemplate": { "spec": job.map(templated).unwrap_or_default() } });
        }
        _ => object["spec"] = resource.block("spec").map(templated).unwrap_or_default(),
    }
    Some(object)
}

fn metadata(block: &Map<String, Value>) -> Value {
    let map = |name: &str| block.get(name).filter(|map| map.is_object()).cloned().unwrap_or_else(|| json!({}));
    let mut metadata = json!({ "labels": map("labels"), "annotations": map("annotations") });
    for name in ["name", "namespace", "uid"] {
        if let Some(value) = text(block, name) {
            metadata[name] = value.into();
        }
    }
    metadata
}

fn rule(block: &Map<String, Value>) -> Value {
    let list = |name: &str| block.get(name).filter(|list| list.is_array()).cloned().unwrap_or_else(|| json!([]));
    json!({ "apiGroups": list("api_groups"), "resources": list("resources"), "verbs": list("verbs"),
        "resourceNames": list("resource_names"), "nonResourceURLs": list("non_resource_urls") })
}

/// The texts of a block, under the names that Kubernetes has for them.
fn camel_block(block: &Map<String, Value>) -> Value {
    let texts = block.iter().filter(|(_, value)| value.as_str().is_some_and(|text| !text.is_empty()));
    Value::Object(
        texts.map(|(name, value)| (if name == "api_group" { "apiGroup".to_owned() } else { name.clone() }, value.clone())).collect(),
    )
}

/// What has a template of pods.
fn templated(spec: &Map<String, Value>) -> Value {
    let template = blocks(spec, "template").into_iter().next();
    let inner = template.and_then(|template| blocks(template, "spec").into_iter().next());
    json!({ "template": { "spec": inner.map(pod).unwrap_or_default() } })
}

/// What a pod runs as and which secrets it sees.
fn pod(spec: &Map<String, Value>) -> Value {
    let containers: Vec<Value> = blocks(spec, "container").into_iter().map(container).collect();
    let volumes = blocks(spec, "volume").into_iter().filter_map(|volume| {
        let secret = blocks(volume, "secret").into_iter().next()?;
        Some(json!({ "name": text(volume, "name"), "secret": { "secretName": text(secret, "secret_name") } }))
    });
    let volumes: Vec<Value> = volumes.collect();
    let mut pod = json!({ "containers": containers, "volumes": volumes });
    if let Some(account) = text(spec, "service_account_name") {
        pod["serviceAccountName"] = account.into();
    }
    for (name, flag) in [("host_network", "hostNetwork"), ("host_pid", "hostPID")] {
        if spec.get(name).and_then(Value::as_bool) == Some(true) {
            pod[flag] = true.into();
        }
    }
    pod
}

fn container(block: &Map<String, Value>) -> Value {
    let env = blocks(block, "env").into_iter().filter_map(|variable| {
        let from = blocks(variable, "value_from").into_iter().next();
        let key = from.and_then(|from| blocks(from, "secret_key_ref").into_iter().next())?;
        Some(json!({ "name": text(variable, "name"), "valueFrom": { "secretKeyRef": { "name": text(key, "name"), "key": text(key, "key") } } }))
    });
    let env_from = blocks(block, "env_from").into_iter().filter_map(|source| {
        let secret = blocks(source, "secret_ref").into_iter().next()?;
        Some(json!({ "secretRef": { "name": text(secret, "name") } }))
    });
    let (env, env_from): (Vec<Value>, Vec<Value>) = (env.collect(), env_from.collect());
    let privileged =
        blocks(block, "security_context").iter().any(|context| context.get("privileged").and_then(Value::as_bool) == Some(true));
    json!({ "name": text(block, "name"), "image": text(block, "image"), "env": env, "envFrom": env_from, "securityContext": { "privileged": privileged } })
}
