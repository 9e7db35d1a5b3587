//! `orphaned-identity`: nobody answers for an identity.

use super::rule::{Context, Draft, Raise, Rule};
use super::{Evidence, Standards};
use crate::analysis::{OwnerGap, OwnerProblem};
use crate::model::EntityType;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "orphaned-identity",
    title: "Identity without an owner",
    why: "An identity that nobody answers for is never reviewed, rotated or removed. When it is taken, nobody knows what it was for and whether it may be \
          stopped.",
    remedy: "Find who uses it and write that down as its owner; where nobody does, disable it and then delete it. Hand over what belongs to those who leave \
             before they do.",
    example: "`report-builder` has no owner, or one who left. Name a team, or disable it.",
    severity: Severity::Low,
    severity_reason: "nobody will rotate, review or remove it, and nobody can be asked when it is misused",
    standards: Standards::new(&["NHI1:2025"], &["PR.AA-01"], &["AC-2", "AC-2(3)"]).ai_rmf(&["GOVERN 2.1"]),
    check,
};

/// Where the input gives owners to no identity of a kind, nothing is said of those without; they stand in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    context.lifecycle.owners.iter().filter(|gap| gap.entity_type == EntityType::Identity).map(|gap| draft(context, gap)).collect()
}

fn draft(context: &Context<'_>, gap: &OwnerGap) -> Draft {
    let name = context.name_of(&gap.entity);
    let message = match &gap.owner {
        Some(owner) => format!("{name} belongs to `{owner}`, who left"),
        None => format!("{name} has no owner"),
    };
    let evidence = Evidence::Owner { entity: gap.entity.clone(), owner: gap.owner.clone(), person: gap.person.clone() };
    let mut draft = Draft::new(vec![gap.entity.clone()], message).show(evidence).weight(u64::from(gap.problem == OwnerProblem::Left));
    draft.facet = gap.problem.to_string();
    draft.raise = match gap.problem {
        OwnerProblem::Left => Raise::Because("its owner left, and whatever the owner knew of its secrets left too".into()),
        _ => Raise::By(context.estate.find(&gap.entity).into_iter().collect()),
    };
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind};
    use crate::rules::testing::Scene;

    fn robot(id: &str, owner: Option<&str>) -> Identity {
        Identity { owner: owner.map(Into::into), ..Identity::new(id, IdentityKind::ServiceAccount) }
    }

    #[test]
    fn an_identity_without_an_owner_or_of_one_who_left_is_found() {
        let gone = Identity { enabled: Some(false), ..Identity::new("ann@example.com", IdentityKind::Human) };
        let scene = Scene::new().add(robot("a", Some("payments"))).add(robot("b", None)).add(robot("c", Some("ann@example.com"))).add(gone);
        let findings = scene.findings("orphaned-identity", "");
        let told: Vec<_> = findings.iter().map(|finding| (finding.message.as_str(), finding.severity)).collect();
        assert_eq!(told, [("`c` belongs to `ann@example.com`, who left", Severity::Medium), ("`b` has no owner", Severity::Low)]);
    }

    #[test]
    fn an_export_without_owners_an_owned_identity_and_people_are_silent() {
        assert!(Scene::new().add(robot("a", None)).add(robot("b", None)).findings("orphaned-identity", "").is_empty());
        let person = Identity::new("someone", IdentityKind::Human);
        assert!(
            Scene::new().add(robot("a", Some("payments"))).add(person).findings("orphaned-identity", "left_owners = ['other']").is_empty()
        );
    }
}
