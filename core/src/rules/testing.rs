//! What the tests of rules share: a small estate built in one line, and the findings of one rule in it.

use super::Answers;
use super::Finding;
use super::rule::Context;
use crate::estate::EstateBuilder;
use crate::graph::{Graph, GraphOptions};
use crate::model::{Entity, Identity, IdentityKind, Instant, Relation, Secret, Tenant, TenantKind};
use crate::observer::Unobserved;
use crate::policy::Policy;

/// An estate under construction, questioned as of 2026-05-01.
#[derive(Default)]
pub(super) struct Scene {
    builder: EstateBuilder,
}

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a test instant")
}

impl Scene {
    pub fn new() -> Self {
        Scene::default()
    }

    pub fn add(mut self, entity: impl Into<Entity>) -> Self {
        self.builder.add(entity);
        self
    }

    pub fn tenant(self, id: &str) -> Self {
        self.add(Tenant::new(id, TenantKind::Other))
    }

    pub fn tenant_in(self, id: &str, parent: &str) -> Self {
        self.add(Tenant { parent: Some(parent.into()), ..Tenant::new(id, TenantKind::Other) })
    }

    pub fn identity(self, id: &str, tenant: &str) -> Self {
        self.add(Identity { tenant: Some(tenant.into()), ..Identity::new(id, IdentityKind::ServiceAccount) })
    }

    pub fn secret(self, secret: Secret) -> Self {
        self.add(secret)
    }

    pub fn relate(mut self, relation: Relation) -> Self {
        self.builder.relate(relation);
        self
    }

    /// The findings of one rule under a policy.
    pub fn findings(self, rule: &str, policy: &str) -> Vec<Finding> {
        let mut findings = self.with_context(policy, |context| super::findings(context, &Unobserved).expect("nobody cancels"));
        findings.retain(|finding| finding.rule == rule);
        findings
    }

    /// What a question about the finished estate answers.
    pub fn with_context<T>(self, policy: &str, ask: impl FnOnce(&Context<'_>) -> T) -> T {
        let policy = Policy::from_toml(policy).expect("a policy");
        let estate = self.builder.build();
        let as_of = at("2026-05-01");
        let graph = Graph::new(&estate, GraphOptions::at(as_of));
        let answers = Answers::of(&graph, &policy, &Unobserved).expect("nobody cancels");
        ask(&answers.context(&graph, &policy))
    }
}
