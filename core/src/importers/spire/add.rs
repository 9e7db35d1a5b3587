//! Adds what all inputs together say.

use super::configuration::Configuration;
use super::entry::{Entry, SpiffeId};
use super::reading::Reading;
use crate::estate::{Coverage, EstateBuilder};
use crate::importers::subjects;
use crate::model::{
    Authentication, Certainty, Identity, IdentityKind, Relation, RelationKind, Right, Secret, SecretKind, Storage, Tenant, TenantKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// The adding of what was read.
struct Adding<'a> {
    reading: &'a Reading,
    builder: &'a mut EstateBuilder,
    /// The numbers that stand for join tokens.
    tokens: BTreeMap<&'a str, usize>,
    issuers: BTreeMap<&'a str, &'a str>,
    /// The clusters that agents and the aliases of nodes name.
    clusters: BTreeMap<&'a SpiffeId, &'a str>,
    /// The entries for workloads of Kubernetes, and whether their cluster is known.
    of_kubernetes: Vec<bool>,
}

/// Adds everything.
pub(super) fn all(reading: &Reading, builder: &mut EstateBuilder) {
    let ids = reading.entries.iter().flat_map(|(_, entry)| std::iter::once(&entry.id).chain(&entry.parent));
    let tokens: BTreeSet<&str> = ids.chain(reading.agents.iter().map(|(_, agent)| &agent.id)).filter_map(SpiffeId::join_token).collect();
    let issuers = reading.configurations.iter().filter_map(|(_, it)| Some((it.trust_domain.as_str(), it.jwt_issuer.as_deref()?)));
    let named = reading.agents.iter().map(|(_, agent)| (&agent.id, &agent.selectors));
    let named = named.chain(reading.entries.iter().map(|(_, entry)| (&entry.id, &entry.selectors)));
    let mut adding = Adding {
        reading,
        builder,
        tokens: tokens.into_iter().zip(1..).collect(),
        issuers: issuers.collect(),
        clusters: named.filter_map(|(id, selectors)| Some((id, value_of(selectors, "k8s_psat:cluster:")?))).collect(),
        of_kubernetes: Vec::new(),
    };
    adding.agents();
    adding.entries();
    adding.federations();
    adding.configurations();
    adding.coverage();
}

/// The id of a trust domain.
pub(super) fn tenant_id(trust_domain: &str) -> String {
    format!("spiffe-trust-domain://{trust_domain}")
}

fn value_of<'s>(selectors: &'s [String], prefix: &str) -> Option<&'s str> {
    selectors.iter().find_map(|selector| selector.strip_prefix(prefix))
}

impl<'a> Adding<'a> {
    fn domain(&mut self, name: &str) -> String {
        let id = tenant_id(name);
        self.builder.add(Tenant { name: Some(name.to_owned()), ..Tenant::new(&id, TenantKind::SpiffeTrustDomain) });
        id
    }

    /// The text of an id that holds no token.
    fn shown(&self, id: &SpiffeId) -> String {
        match id.join_token().and_then(|token| self.tokens.get(token)) {
            Some(number) => id.numbered(*number).text(),
            None => id.text(),
        }
    }

    /// Adds who a SPIFFE ID is, and the subject that it is to those who take the tokens of its issuer.
    fn identity(&mut self, id: &SpiffeId) -> (String, Identity) {
        let tenant = self.domain(&id.trust_domain);
        let text = self.shown(id);
        let name =
            text.split_once(&id.trust_domain).map(|(_, path)| path.trim_start_matches('/').to_owned()).filter(|path| !path.is_empty());
        let authentication = vec![Authentication::Certificate, Authentication::Federated];
        let identity = Identity { name, tenant: Some(tenant.clone()), authentication, ..Identity::new(&text, IdentityKind::Workload) };
        if id.path == "/spire/server" {
            self.builder.relate(Relation::new(&text, RelationKind::Administers, tenant).permission("SPIRE server"));
        }
        if let Some(issuer) = self.issuers.get(id.trust_domain.as_str()) {
            let subject = subjects::id(issuer, &text, false);
            self.builder.add(Identity { name: Some(text.clone()), ..Identity::new(&subject, IdentityKind::Workload) });
            self.builder.relate(Relation::new(&text, RelationKind::FederatesTo, subject).permission("JWT-SVID"));
        }
        (text, identity)
    }

    fn agents(&mut self) {
        for (position, agent) in &self.reading.agents {
            self.builder.resume(*position);
            let (_, identity) = self.identity(&agent.id);
            self.builder.add(Identity { enabled: Some(!agent.banned), ..identity });
        }
    }

    fn entries(&mut self) {
        let reading = self.reading;
        for (position, entry) in &reading.entries {
            self.builder.resume(*position);
            let (id, identity) = self.identity(&entry.id);
            let (created_at, expires_at) = (entry.created_at, entry.expires_at);
            self.builder.add(Identity { created_at, expires_at, ..identity });
            if let Some(parent) = &entry.parent {
                let (parent, identity) = self.identity(parent);
                self.builder.add(identity);
                self.builder.relate(Relation::new(parent, RelationKind::Assumes, id.as_str()).permission("parent"));
            }
            let tenant = tenant_id(&entry.id.trust_domain);
            for (_, permission) in [(entry.admin, "admin"), (entry.downstream, "downstream")].into_iter().filter(|(on, _)| *on) {
                self.builder.relate(Relation::new(&id, RelationKind::Administers, tenant.as_str()).permission(permission));
            }
            for other in &entry.federates_with {
                self.trust(&entry.id.trust_domain, other);
            }
            if entry.stored {
                self.stored(&id, &tenant);
            }
            self.kubernetes(entry, &id);
        }
    }

    /// An entry whose SVID, key and all, is written into a secret store.
    fn stored(&mut self, id: &str, tenant: &str) {
        let secret = format!("{id}/stored-svid");
        let storage = Some(Storage::SecretManager);
        let tenant = Some(tenant.to_owned());
        self.builder.add(Secret { tenant, storage, dynamic: Some(true), ..Secret::new(&secret, SecretKind::Certificate) });
        self.builder.relate(Relation::new(secret, RelationKind::AuthenticatesAs, id));
    }

    /// The service account, or the namespace, whose pods are given the SVID.
    fn kubernetes(&mut self, entry: &'a Entry, id: &str) {
        let Some(namespace) = value_of(&entry.selectors, "k8s:ns:") else { return };
        let parent = entry.parent.as_ref();
        let of_path = |id: &'a SpiffeId| id.path.strip_prefix("/spire/agent/k8s_psat/").and_then(|path| path.split('/').next());
        let cluster = parent.and_then(|parent| self.clusters.get(parent).copied().or_else(|| of_path(parent)));
        self.of_kubernetes.push(cluster.is_some());
        let Some(cluster) = cluster else { return };
        // Selectors besides these narrow who it is.
        let known = entry.selectors.iter().filter(|selector| selector.starts_with("k8s:ns:") || selector.starts_with("k8s:sa:")).count();
        let certainty = if known == entry.selectors.len() { Certainty::Proven } else { Certainty::Possible };
        let namespace = format!("kubernetes://{cluster}/namespaces/{namespace}");
        let relation = match value_of(&entry.selectors, "k8s:sa:") {
            Some(account) => Relation::new(format!("{namespace}/serviceaccounts/{account}"), RelationKind::FederatesTo, id),
            None => Relation::new(namespace, RelationKind::Custom, id).requiring(Right::Control).granting(Right::Control),
        };
        self.builder.relate(relation.permission("workload attestation").certainty(certainty));
    }

    /// That the members of one trust domain are recognised in another.
    fn trust(&mut self, own: &str, other: &str) {
        if own == other {
            return;
        }
        let (own, other) = (self.domain(own), self.domain(other));
        let relation = Relation::new(other, RelationKind::TrustedBy, own).permission("federates_with");
        self.builder.relate(relation.granting(Right::Read).certainty(Certainty::Possible));
    }

    fn federations(&mut self) {
        let reading = self.reading;
        let mut own: BTreeSet<&str> = reading.entries.iter().map(|(_, entry)| entry.id.trust_domain.as_str()).collect();
        own.extend(reading.configurations.iter().map(|(_, it)| it.trust_domain.as_str()));
        let only = own.first().copied().filter(|_| own.len() == 1);
        let mut told = Vec::new();
        for (position, federation) in &reading.federations {
            self.builder.resume(*position);
            let own = federation.own.as_deref().or(only);
            told.push(own.is_some());
            match own {
                Some(own) => self.trust(own, &federation.other),
                None => drop(self.domain(&federation.other)),
            }
        }
        let note = "federations that say which trust domain federates, of all (`trust-domain=NAME` in the path); the others join nothing";
        Coverage::counted("spire_federations_placed", told, note).into_iter().for_each(|coverage| self.builder.cover(coverage));
    }

    fn configurations(&mut self) {
        let reading = self.reading;
        for (position, configuration) in &reading.configurations {
            self.builder.resume(*position);
            let tenant = self.domain(&configuration.trust_domain);
            for other in &configuration.federates_with {
                self.trust(&configuration.trust_domain, other);
            }
            if configuration.server {
                self.server(configuration, &tenant);
            }
        }
    }

    fn server(&mut self, configuration: &Configuration, tenant: &str) {
        let id = SpiffeId { trust_domain: configuration.trust_domain.clone(), path: "/spire/server".into() };
        let (server, identity) = self.identity(&id);
        self.builder.add(identity);
        let secret = |name: &str, kind| Secret {
            tenant: Some(tenant.to_owned()),
            storage: Some(Storage::ConfigFile),
            ..Secret::new(format!("{tenant}/{name}"), kind)
        };
        if configuration.signing_keys_on_disk {
            let key = secret("signing-keys", SecretKind::SigningKey);
            self.builder.relate(Relation::new(&key.id, RelationKind::AuthenticatesAs, server.as_str()));
            self.builder.add(key);
        }
        if let Some(fingerprint) = &configuration.database_password {
            // Who writes the database registers what they like.
            let password = Secret { fingerprint: fingerprint.clone(), ..secret("database-password", SecretKind::Password) };
            self.builder.relate(Relation::new(&password.id, RelationKind::AuthenticatesAs, server.as_str()).permission("DataStore"));
            self.builder.add(password);
        }
    }

    fn coverage(&mut self) {
        let domains: BTreeSet<&str> = self.reading.entries.iter().map(|(_, entry)| entry.id.trust_domain.as_str()).collect();
        let rows = [
            Coverage::counted(
                "spire_token_issuers",
                domains.iter().map(|domain| self.issuers.contains_key(domain)),
                "trust domains whose issuer of tokens is known (`jwt_issuer` in the configuration of the server), of all; trust that clouds and vaults put in the others joins nothing",
            ),
            Coverage::counted(
                "spire_clusters_known",
                self.of_kubernetes.iter().copied(),
                "entries for workloads of Kubernetes whose cluster the parent names, of all; the others are joined to no service account",
            ),
        ];
        rows.into_iter().flatten().for_each(|coverage| self.builder.cover(coverage));
    }
}

#[cfg(test)]
mod tests {
    use crate::importers::testing::relations;
    use crate::{Estate, Input, ReadOptions, read};

    fn estate(inputs: &[(&str, &str)]) -> Estate {
        let inputs: Vec<Input> = inputs.iter().map(|(name, text)| Input::new(*name, *text)).collect();
        read(&inputs, &ReadOptions::default()).expect("an estate")
    }

    const ENTRIES: &str = r#"{"entries":[
        {"id":"1","spiffe_id":{"trust_domain":"till.example","path":"/shop"},"parent_id":{"trust_domain":"till.example","path":"/spire/agent/k8s_psat/acme/42"},
         "selectors":[{"type":"k8s","value":"ns:live"},{"type":"k8s","value":"sa:shop"}],"expires_at":"1893456000","created_at":"1704067200","federates_with":["bank.example"]},
        {"spiffe_id":"spiffe://till.example/ops","parent_id":"spiffe://till.example/spire/agent/join_token/hunter2","selectors":[{"type":"unix","value":"uid:0"}],"admin":true,"ttl":60},
        {"spiffe_id":"http://till.example/x"}]}"#;

    #[test]
    fn parents_selectors_and_flags_lead_on() {
        let estate = estate(&[("entries.json", ENTRIES)]);
        assert_eq!(
            relations(&estate),
            [
                "kubernetes://acme/namespaces/live/serviceaccounts/shop federates_to spiffe://till.example/shop",
                "spiffe-trust-domain://bank.example trusted_by? spiffe-trust-domain://till.example",
                "spiffe://till.example/ops administers spiffe-trust-domain://till.example",
                "spiffe://till.example/spire/agent/join_token/1 assumes spiffe://till.example/ops",
                "spiffe://till.example/spire/agent/k8s_psat/acme/42 assumes spiffe://till.example/shop",
            ]
        );
        let shop = estate.entity(estate.find("spiffe://till.example/shop").expect("the shop"));
        let shop = shop.as_identity().expect("an identity");
        assert_eq!(
            (shop.created_at.map(|at| at.date()), shop.expires_at.map(|at| at.date())),
            (Some("2024-01-01".into()), Some("2030-01-01".into()))
        );
        assert_eq!(estate.reading().skipped.len(), 1);
        let known: Vec<_> = estate.reading().coverage.iter().map(|it| (it.topic.as_str(), it.known, it.total)).collect();
        assert_eq!(known, [("spire_clusters_known", 1, 1), ("spire_token_issuers", 0, 1)]);
    }

    #[test]
    fn an_issuer_makes_subjects_that_others_trust() {
        let server = "server {\n trust_domain = \"till.example\"\n jwt_issuer = \"https://oidc.till.example\"\n}\nplugins {\n KeyManager \"disk\" {}\n}\n";
        let federation = r#"{"federation_relationships":[{"trust_domain":"bank.example","bundle_endpoint_url":"https://x"}]}"#;
        let agents =
            r#"{"agents":[{"attestation_type":"x509pop","id":{"trust_domain":"till.example","path":"/spire/agent/x"},"banned":true}]}"#;
        let estate = estate(&[("server.conf", server), ("federation.json", federation), ("agents.json", agents)]);
        let found = relations(&estate);
        for wanted in [
            "spiffe://till.example/spire/agent/x federates_to https://oidc.till.example#spiffe://till.example/spire/agent/x",
            "spiffe-trust-domain://bank.example trusted_by? spiffe-trust-domain://till.example",
            "spiffe-trust-domain://till.example/signing-keys authenticates_as spiffe://till.example/spire/server",
            "spiffe://till.example/spire/server administers spiffe-trust-domain://till.example",
        ] {
            assert!(found.iter().any(|it| it == wanted), "{wanted}: {found:?}");
        }
        let agent = estate.entity(estate.find("spiffe://till.example/spire/agent/x").expect("the agent"));
        assert_eq!(agent.as_identity().and_then(|agent| agent.enabled), Some(false));
    }
}
