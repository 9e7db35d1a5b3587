//! The ids of what stands in a cluster: paths as its API has them, after `kubernetes://` and the name of the cluster.

use crate::importers::{Input, subjects};

/// The name of the cluster where nothing tells one.
pub(super) const UNNAMED: &str = "cluster";
/// The namespace of what names none, as kubectl has it.
pub(super) const DEFAULT_NAMESPACE: &str = "default";

/// Where rights hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Scope {
    /// In the whole cluster.
    Cluster,
    /// In a namespace.
    Namespace(String),
}

/// The name that an input gives its cluster: that of its format, `kubernetes@NAME`, that of a folder `cluster=NAME`, or of the folder in a folder `clusters`.
pub(super) fn cluster_of(input: &Input) -> Option<&str> {
    let segments: Vec<&str> = input.name.split(['/', '\\']).collect();
    let folders = segments.split_last().map_or(&[][..], |(_, folders)| folders);
    let given = input.format.as_deref().and_then(|format| format.split_once('@')).map(|(_, name)| name);
    let told = folders.iter().find_map(|folder| folder.strip_prefix("cluster="));
    let within = || folders.windows(2).find(|pair| pair[0] == "clusters").map(|pair| pair[1]);
    given.or(told).or_else(within).filter(|name| !name.is_empty())
}

/// The id of a cluster.
pub(super) fn cluster_id(cluster: &str) -> String {
    subjects::cluster(cluster)
}

impl Scope {
    /// The scope of an object's namespace.
    pub fn of(namespace: Option<&str>) -> Scope {
        namespace.map_or(Scope::Cluster, |namespace| Scope::Namespace(namespace.to_owned()))
    }

    /// The id of the tenant of the scope: the cluster's own, or that of the namespace in it.
    pub fn tenant(&self, cluster: &str) -> String {
        match self {
            Scope::Cluster => cluster.to_owned(),
            Scope::Namespace(namespace) => format!("{cluster}/namespaces/{namespace}"),
        }
    }

    /// The id of a collection of the scope.
    pub fn collection(&self, cluster: &str, collection: &str) -> String {
        format!("{}/{collection}", self.tenant(cluster))
    }

    /// The id of an object of the scope.
    pub fn object(&self, cluster: &str, collection: &str, name: &str) -> String {
        format!("{}/{collection}/{name}", self.tenant(cluster))
    }
}

/// The id of a service account.
pub(super) fn account_id(cluster: &str, namespace: &str, name: &str) -> String {
    Scope::Namespace(namespace.to_owned()).object(cluster, "serviceaccounts", name)
}

/// The id of a secret, the object, which holds values under keys.
pub(super) fn secret_id(cluster: &str, namespace: &str, name: &str) -> String {
    Scope::Namespace(namespace.to_owned()).object(cluster, "secrets", name)
}

/// The collection of a kind, as the API names it.
pub(super) fn collection_of(kind: &str) -> String {
    format!("{}s", kind.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_may_name_its_cluster() {
        let cluster = |name: &str| cluster_of(&Input::new(name, "")).map(str::to_owned);
        assert_eq!(cluster("exports/cluster=acme-prod/pods.json").as_deref(), Some("acme-prod"));
        assert_eq!(cluster("clusters/acme-dev/apps/web.yaml").as_deref(), Some("acme-dev"));
        assert_eq!(cluster("clusters\\acme-dev\\web.yaml").as_deref(), Some("acme-dev"));
        assert_eq!(cluster_of(&Input::new("cluster=a/b", "").format("kubernetes@acme")), Some("acme"));
        for name in ["pods.json", "clusters/pods.json", "cluster=/pods.json", "acme/cluster=x", "acme-clusters/x/y"] {
            assert_eq!(cluster(name), None, "{name}");
        }
    }

    #[test]
    fn ids_are_paths_of_the_api() {
        let cluster = cluster_id("acme");
        assert_eq!(account_id(&cluster, "shop", "till"), "kubernetes://acme/namespaces/shop/serviceaccounts/till");
        assert_eq!(account_id(&cluster, "shop", "till"), subjects::service_account("acme", "shop", "till"));
        assert_eq!(Scope::Cluster.object(&cluster, "clusterroles", "admin"), "kubernetes://acme/clusterroles/admin");
        assert_eq!(Scope::of(Some("shop")).collection(&cluster, "secrets"), "kubernetes://acme/namespaces/shop/secrets");
        assert_eq!(collection_of("StatefulSet"), "statefulsets");
    }
}
