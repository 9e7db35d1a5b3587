//! `unused-grant`: a right that its holder has not used for long.

use super::rule::{Context, Draft, Rule};
use super::wording::{counted, days, granted, listed};
use super::{Evidence, Standards};
use crate::analysis::{IdentityPrivilege, UnusedGrant};
use crate::policy::Severity;
use std::cmp::Reverse;

pub(super) static RULE: Rule = Rule {
    id: "unused-grant",
    title: "Right that is not used",
    why: "A right that nobody uses serves only who takes its holder. Rights pile up because taking one away can break something, and nobody looks until one of \
          them is the way in.",
    remedy: "Take the right away, or have it asked for each time. Where a yearly job needs it, grant it for that day.",
    example: "The report writer may still delete the archive, which it last did two years ago. Take that right away and leave it the one to read.",
    severity: Severity::Low,
    severity_reason: "it widens what the loss of its holder costs, for nothing in return",
    standards: Standards::new(&["NHI5:2025"], &["PR.AA-05"], &["AC-6", "AC-6(7)"]).ai_rmf(&["GOVERN 1.5"]),
    check,
};

/// How many rights are shown as evidence.
const SHOWN: usize = 25;

/// One finding for each holder, person or machine. Of a right of which nobody says when it was last used nothing is said; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let holders = context.privilege.identities.iter().filter(|identity| !identity.unused_grants.is_empty());
    holders.map(|identity| draft(context, identity)).collect()
}

fn draft(context: &Context<'_>, identity: &IdentityPrivilege) -> Draft {
    let mut unused: Vec<&UnusedGrant> = identity.unused_grants.iter().collect();
    unused.sort_by_key(|grant| Reverse(grant.unused_days));
    let said = |grant: &&UnusedGrant| {
        let (right, used, ago) = (granted(context, &grant.relation), grant.last_used_at.date(), days(grant.unused_days));
        format!("{right} (last used on {used}, {ago} ago)")
    };
    let (all, limit_days) = (unused.len() as u64, context.policy.dormancy_days.grants);
    let rights = counted(identity.counts.granted, "right", "rights");
    let name = context.name_of(&identity.identity);
    let message = format!(
        "{name} has not used {all} of its {rights} for more than {}: {}",
        days(limit_days.into()),
        listed(unused.iter().map(said).collect(), all)
    );
    let draft = Draft::new(vec![identity.identity.clone()], message).weight(all);
    let draft = draft.raised_by(context.estate.find(&identity.identity).into_iter().collect());
    unused.into_iter().take(SHOWN).fold(draft, |draft, grant| {
        let (entity, last_used_at, unused_days) = (grant.relation.to.clone(), grant.last_used_at, grant.unused_days);
        let draft = draft.show(Evidence::Relation { relation: grant.relation.clone() });
        draft.show(Evidence::LastUse { entity, last_used_at, unused_days, limit_days })
    })
}

#[cfg(test)]
mod tests {
    use crate::model::{Guard, GuardSet, Relation, RelationKind};
    use crate::rules::testing::{Scene, at};

    fn right(to: &str, last_used_at: Option<&str>) -> Relation {
        Relation { last_used_at: last_used_at.map(at), ..Relation::new("robot", RelationKind::Reads, to) }
    }

    fn messages(rights: Vec<Relation>, policy: &str) -> Vec<String> {
        let scene = Scene::new().tenant("acme-dev").tenant("acme-test").identity("robot", "acme-dev");
        let scene = rights.into_iter().fold(scene, Scene::relate);
        scene.findings("unused-grant", policy).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn the_rights_that_were_not_used_for_long_are_one_finding_the_oldest_first() {
        let rights = || vec![right("acme-dev", Some("2026-01-01")), right("acme-test", Some("2025-05-01")), right("robot", None)];
        assert_eq!(
            messages(rights(), ""),
            [
                "`robot` has not used 2 of its 3 rights for more than 90 days: `reads` over `acme-test` (last used on 2025-05-01, 365 days ago), `reads` over \
                 `acme-dev` (last used on 2026-01-01, 120 days ago)"
            ]
        );
        assert!(messages(rights(), "dormancy_days.grants = 365").is_empty());
    }

    #[test]
    fn what_is_used_unknown_or_asked_for_is_silent() {
        assert!(messages(vec![right("acme-dev", Some("2026-04-01"))], "").is_empty());
        assert!(messages(vec![right("acme-dev", None)], "").is_empty());
        let asked = right("acme-dev", Some("2020-01-01")).guards(GuardSet::NONE.with(Guard::JustInTime));
        assert!(messages(vec![asked], "").is_empty());
    }
}
