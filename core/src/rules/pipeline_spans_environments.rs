//! `pipeline-spans-environments`: a pipeline holds rights on both sides and nobody approves what it does in production.

use super::rule::{Context, Draft, Rule};
use super::wording::listed;
use super::{Standards, both_sides};
use crate::analysis::SharedEntity;
use crate::estate::EntityIndex;
use crate::model::Environment;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "pipeline-spans-environments",
    title: "One pipeline ships to production and non-production without approval",
    why: "A pipeline does what a change to its definition says. Where the one that builds unreviewed work also holds the rights of production, and nobody has to \
          approve their use, whoever may open a change may change production.",
    remedy: "Give the job that ships to production an identity of its own, which only a protected branch or environment may use, and ask for an approval by \
             somebody other than the author.",
    example: "The workflow `build` deploys every branch to staging and may assume the deployer of production. Move that right to a job in a protected \
              environment with reviewers.",
    severity: Severity::Medium,
    severity_reason: "a change that nobody approved reaches production by the way that any change takes",
    standards: Standards::new(&["NHI6:2025", "NHI8:2025"], &["PR.AA-05"], &["AC-5"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// Looks at pipelines, at what a provider's builds run with, and at identities that a pipeline acts as without an approval. A right on both sides counts where
/// one in production asks for nobody's approval.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let spans = |shared: &&SharedEntity| {
        let unapproved = shared.unapproved.contains(&Environment::Production);
        !shared.pipelines.is_empty() && shared.rights_span_production() && unapproved
    };
    let found = context.sharing.shared.iter().filter(spans);
    found.filter_map(|shared| Some(draft(context, context.estate.find(&shared.entity)?, shared))).collect()
}

fn draft(context: &Context<'_>, identity: EntityIndex, shared: &SharedEntity) -> Draft {
    let others: Vec<_> = shared.pipelines.iter().filter(|pipeline| **pipeline != shared.entity).collect();
    let all = others.len() as u64;
    let names = listed(others.into_iter().map(|pipeline| context.name_of(pipeline)).collect(), all);
    let acts = if all == 0 { String::new() } else { format!(" (pipelines act as it: {names})") };
    let message = format!(
        "pipeline {}{acts} works on both sides, and nobody has to approve what it does in production: {}",
        context.name(identity),
        both_sides::said(context, shared)
    );
    let draft = Draft::new(vec![shared.entity.clone()], message).weight(shared.ties.values().sum());
    Draft { evidence: both_sides::evidence(context, shared), ..draft.raised_by(vec![identity]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Guard, GuardSet, Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind};
    use crate::rules::testing::Scene;

    const APPROVED: GuardSet = GuardSet::NONE.with(Guard::Approval);

    fn scene(pipeline: IdentityKind, guards: GuardSet) -> Scene {
        let scene = Scene::new().tenant("acme-dev").tenant("acme-prod").add(Identity::new("build", pipeline));
        let scene = scene.relate(Relation::new("build", RelationKind::Writes, "acme-dev"));
        scene.relate(Relation::new("build", RelationKind::Administers, "acme-prod").guards(guards))
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("pipeline-spans-environments", "").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_pipeline_with_rights_on_both_sides_is_found() {
        let findings = scene(IdentityKind::Pipeline, GuardSet::NONE).findings("pipeline-spans-environments", "");
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "pipeline `build` works on both sides, and nobody has to approve what it does in production: it has rights over `acme-prod` in production and \
             `acme-dev` outside it"
        );
        assert_eq!(findings[0].severity, Severity::High);
    }

    #[test]
    fn an_identity_that_a_pipeline_acts_as_by_a_token_or_a_secret_is_one() {
        let account = || scene(IdentityKind::ServiceAccount, GuardSet::NONE).add(Identity::new("ci", IdentityKind::Pipeline));
        let found = messages(account().relate(Relation::new("ci", RelationKind::FederatesTo, "build")));
        assert!(found.len() == 1 && found[0].starts_with("pipeline `build` (pipelines act as it: `ci`) works"), "{found:?}");
        let keyed = account().secret(Secret::new("key", SecretKind::AccessKey));
        let keyed = keyed.relate(Relation::new("ci", RelationKind::Uses, "key"));
        assert_eq!(messages(keyed.relate(Relation::new("key", RelationKind::AuthenticatesAs, "build"))).len(), 1);
        let builds = Relation::new("build", RelationKind::MemberOf, "builder").permission("roles/cloudbuild.builds.builder");
        let builder = scene(IdentityKind::ServiceAccount, GuardSet::NONE).add(Identity::new("builder", IdentityKind::Role));
        assert_eq!(messages(builder.relate(builds)).len(), 1);
    }

    #[test]
    fn an_approval_a_single_side_and_what_no_pipeline_acts_as_are_silent() {
        assert!(messages(scene(IdentityKind::Pipeline, APPROVED)).is_empty());
        assert!(messages(scene(IdentityKind::ServiceAccount, GuardSet::NONE)).is_empty());
        let approved = scene(IdentityKind::ServiceAccount, GuardSet::NONE).add(Identity::new("ci", IdentityKind::Pipeline));
        assert!(messages(approved.relate(Relation::new("ci", RelationKind::Assumes, "build").guards(APPROVED))).is_empty());
        let one = Scene::new().tenant("acme-prod").add(Identity::new("build", IdentityKind::Pipeline));
        assert!(messages(one.relate(Relation::new("build", RelationKind::Writes, "acme-prod"))).is_empty());
    }
}
