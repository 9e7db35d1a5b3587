//! `unscoped-federation`: tokens or principals are accepted whoever they are of.

use super::federations::{Federation, federations};
use super::rule::{Context, Draft, Rule};
use super::subjects::Accepted;
use super::wording::listed;
use super::{Evidence, Standards};
use crate::estate::{EntityIndex, Tie};
use crate::policy::Severity;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "unscoped-federation",
    title: "Federation that accepts anybody's tokens",
    why: "A federation is as narrow as its condition on the subject. An issuer that serves many gives a valid token to each of them: where the condition is a \
          wildcard, a stranger's repository or workload signs in, without any secret that could be missed.",
    remedy: "Name the subject as exactly as the issuer allows: organisation, repository and environment or branch, or namespace and account. Name the audience \
             as well, and review the sign-ins there were.",
    example: "The deployment role accepts `repo:.*`, so a workflow of anybody on GitHub may assume it. Accept `repo:acme/shop:environment:production` alone.",
    severity: Severity::High,
    severity_reason: "nothing has to be stolen: a token that the issuer gives to somebody else is enough",
    standards: Standards::new(&["NHI6:2025", "NHI4:2025"], &["PR.AA-04"], &["IA-9"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// How much evidence is shown.
const SHOWN: usize = 25;

/// One finding for each identity or tenant that accepts them. A pattern that names an owner is taken to be meant, however wide it is. Where nobody says whom
/// a federation accepts, nothing is said; it stands in the coverage, and so does the audience.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let mut open: BTreeMap<EntityIndex, Vec<(Federation<'_>, &'static str)>> = BTreeMap::new();
    for federation in federations(context) {
        let whom = match federation.accepts {
            Some(Accepted::Everything) => "",
            Some(Accepted::Everyone(form)) => form,
            Some(Accepted::Named) | None => continue,
        };
        open.entry(federation.relation.to()).or_default().push((federation, whom));
    }
    open.into_iter().map(|(to, federations)| draft(context, to, &federations)).collect()
}

fn draft(context: &Context<'_>, to: EntityIndex, federations: &[(Federation<'_>, &'static str)]) -> Draft {
    let said = |(federation, form): &(Federation<'_>, &'static str)| {
        let from = context.name(federation.relation.from());
        let subject = federation.relation.subject().unwrap_or_default();
        match *form {
            "" => format!("every subject of {from} (`{subject}`)"),
            form => format!("every {form} subject of {from} (`{subject}`)"),
        }
    };
    let all = federations.len() as u64;
    let message = format!("{} accepts {}", context.name(to), listed(federations.iter().map(said).collect(), all));
    let draft = Draft::new(vec![context.id(to)], message).weight(all).raised_by(vec![to]);
    federations.iter().take(SHOWN).fold(draft, |draft, (federation, _)| {
        let relation = Tie::of(context.estate, federation.relation);
        let subject = federation.relation.subject().unwrap_or_default().to_owned();
        draft.show(Evidence::Subject { relation, subject })
    })
}

#[cfg(test)]
mod tests {
    use crate::model::{Identity, IdentityKind, Relation, RelationKind};
    use crate::rules::testing::Scene;

    fn scene(kind: IdentityKind) -> Scene {
        Scene::new().tenant("acme-dev").identity("deployer", "acme-dev").add(Identity::new("issuer", kind))
    }

    fn federation(subject: Option<&str>) -> Relation {
        Relation { subject: subject.map(str::to_owned), ..Relation::new("issuer", RelationKind::FederatesTo, "deployer") }
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("unscoped-federation", "").into_iter().map(|finding| finding.message).collect()
    }

    fn known(scene: Scene) -> Vec<String> {
        let coverage = scene.with_context("", crate::rules::coverage);
        coverage
            .iter()
            .filter(|it| it.topic.starts_with("federation"))
            .map(|it| format!("{} {}/{}", it.topic, it.known, it.total))
            .collect()
    }

    #[test]
    fn a_wildcard_is_found_once_an_identity() {
        let scene = scene(IdentityKind::Group).relate(federation(Some(".*"))).relate(federation(Some("^repo:")));
        let findings = scene.findings("unscoped-federation", "");
        assert_eq!(
            findings[0].message,
            "`deployer` accepts every subject of `issuer` (`.*`), every GitHub Actions subject of `issuer` (`^repo:`)"
        );
        assert_eq!((findings.len(), findings[0].evidence.len()), (1, 2));
        let tenants = Scene::new().tenant("globex").tenant("acme-dev");
        let trust = Relation { subject: Some(".*".into()), ..Relation::new("globex", RelationKind::TrustedBy, "acme-dev") };
        assert_eq!(messages(tenants.relate(trust)), ["`acme-dev` accepts every subject of `globex` (`.*`)"]);
    }

    #[test]
    fn one_that_is_named_or_over_is_silent() {
        assert!(messages(scene(IdentityKind::Group).relate(federation(Some("^repo:acme/shop:")))).is_empty());
        assert!(messages(scene(IdentityKind::Workload).relate(federation(None))).is_empty());
        let over = Relation { valid_until: Some(crate::rules::testing::at("2026-05-01")), ..federation(Some(".*")) };
        assert!(messages(scene(IdentityKind::Group).relate(over)).is_empty());
    }

    #[test]
    fn without_a_subject_one_actor_is_named_and_a_group_is_unknown() {
        let known_of = |kind, subject| known(scene(kind).relate(federation(subject)));
        assert_eq!(known_of(IdentityKind::Workload, None), ["federation_audiences 0/1", "federation_subjects 1/1"]);
        assert_eq!(known_of(IdentityKind::Group, None)[1], "federation_subjects 0/1");
        assert_eq!(known_of(IdentityKind::Group, Some("(?!no regex)"))[1], "federation_subjects 0/1");
        assert!(messages(scene(IdentityKind::Group).relate(federation(None))).is_empty());
    }
}
