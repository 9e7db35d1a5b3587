//! `over-privileged-identity`: a machine identity commands a tenant, everything of a kind, or what grants rights.

use super::rule::{Context, Draft, Rule};
use super::wording::{granted, listed};
use super::{Evidence, Standards};
use crate::analysis::{IdentityPrivilege, PrivilegeReason, PrivilegedGrant};
use crate::estate::Tie;
use crate::model::{Certainty, RelationKind};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "over-privileged-identity",
    title: "Machine identity that commands much",
    why: "A machine identity asks nobody before it acts, and its secret or its host can be taken. With an administrator's right, a wildcard or a right to give \
          rights, taking it is taking everything around it, what it was made for or not.",
    remedy: "Grant what its task needs, over the resources that it needs it for. Give the rest to a person who asks for it each time, and take the broad roles \
             away from default accounts.",
    example: "The account that writes the build logs is an owner of the whole project. Let it write to the one bucket, and nothing else.",
    severity: Severity::Medium,
    severity_reason: "whoever takes this one identity commands everything of a tenant or kind, not only what its task touches",
    standards: Standards::new(&["NHI5:2025"], &["PR.AA-05"], &["AC-6"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// How much evidence of one kind is shown.
const SHOWN: usize = 25;

/// One finding a machine identity. What commands much is told by the analysis: control of a tenant, a wildcard, or a row of the table of privileged
/// permissions, its own or held through a group or role. A right that must be asked for each time is no standing one, and what a provider runs for itself
/// nobody can narrow.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let machines = context.privilege.identities.iter().filter(|identity| identity.kind.is_machine() && identity.is_privileged());
    machines.map(|identity| draft(context, identity)).collect()
}

/// Something that commands much: what is said of it, and the relations that show it.
struct Command {
    tops: bool,
    certainty: Certainty,
    said: String,
    ties: Vec<Tie>,
}

fn draft(context: &Context<'_>, identity: &IdentityPrivilege) -> Draft {
    let member_of: Vec<_> =
        identity.privileged.iter().map(|grant| &grant.relation).filter(|tie| tie.kind == RelationKind::MemberOf).collect();
    let own = identity.privileged.iter().map(|grant| of_grant(context, grant));
    // A role that is privileged by its name needs no second line for what it leads to.
    let others = identity.through.iter().filter(|group| member_of.iter().all(|tie| tie.to != **group));
    let through = others.filter_map(|group| of_group(context, identity, group));
    let mut commands: Vec<_> = own.chain(through).collect();
    commands.sort_by_key(|command| (command.certainty, !command.tops));
    let verb = if commands.iter().all(|command| command.certainty == Certainty::Possible) { "may command" } else { "commands" };
    let all = commands.len() as u64;
    let said = listed(commands.iter().map(|command| command.said.clone()).collect(), all);
    let message = format!("{} ({}) {verb} much: {said}", context.name_of(&identity.identity), identity.environment);
    let tops = commands.iter().filter(|command| command.tops).count() as u64;
    let ties = commands.into_iter().flat_map(|command| command.ties).take(SHOWN);
    let draft = Draft::new(vec![identity.identity.clone()], message).weight(tops * 1000 + all);
    let draft = draft.raised_by(context.estate.find(&identity.identity).into_iter().collect());
    ties.fold(draft, |draft, relation| draft.show(Evidence::Relation { relation }))
}

fn of_grant(context: &Context<'_>, grant: &PrivilegedGrant) -> Command {
    let why =
        match (grant.tier, grant.reasons.contains(&PrivilegeReason::Administrator), grant.reasons.contains(&PrivilegeReason::Wildcard)) {
            (Some(0), ..) => "tier 0",
            (_, true, _) => "administrator",
            (_, _, true) => "a wildcard",
            _ => "tier 1",
        };
    let more = if grant.relations > 1 { format!(" and {} more", grant.relations - 1) } else { String::new() };
    let said = format!("{}{more} ({why})", granted(context, &grant.relation));
    Command { tops: why != "tier 1", certainty: grant.relation.certainty, said, ties: vec![grant.relation.clone()] }
}

/// What a group or role commands, itself or through the first that it is a member of in turn.
fn of_group(context: &Context<'_>, member: &IdentityPrivilege, group: &str) -> Option<Command> {
    let mut ties: Vec<Tie> = membership(context, &member.identity, group).into_iter().collect();
    let (mut names, mut at) = (vec![context.name_of(group)], privilege_of(context, group)?);
    let mut seen = vec![group];
    while at.privileged.is_empty() {
        let next = at.through.iter().find(|next| !seen.contains(&next.as_str()))?;
        ties.extend(membership(context, &at.identity, next));
        names.push(context.name_of(next));
        seen.push(next);
        at = privilege_of(context, next)?;
    }
    let best = at.privileged.iter().map(|grant| of_grant(context, grant)).min_by_key(|command| (command.certainty, !command.tops))?;
    let certainty = ties.iter().map(|tie| tie.certainty).chain([best.certainty]).max()?;
    ties.extend(best.ties);
    Some(Command { tops: best.tops, certainty, said: format!("{}, through {}", best.said, names.join(" and ")), ties })
}

fn privilege_of<'a>(context: &Context<'a>, id: &str) -> Option<&'a IdentityPrivilege> {
    let identities = &context.privilege.identities;
    identities.binary_search_by(|identity| identity.identity.as_str().cmp(id)).ok().map(|at| &identities[at])
}

fn membership(context: &Context<'_>, member: &str, group: &str) -> Option<Tie> {
    let (member, group) = context.estate.find(member).zip(context.estate.find(group))?;
    let mut memberships = context
        .estate
        .relations_from(member)
        .filter(|relation| relation.kind() == RelationKind::MemberOf && relation.to() == group && relation.valid_at(context.as_of));
    memberships.next().map(|relation| Tie::of(context.estate, relation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Guard, GuardSet, Identity, IdentityKind, Relation};
    use crate::rules::testing::Scene;

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("over-privileged-identity", "").into_iter().map(|finding| finding.message).collect()
    }

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").identity("robot", "acme-dev").identity("other", "acme-dev")
    }

    fn group(id: &str) -> Identity {
        Identity::new(id, IdentityKind::Group)
    }

    #[test]
    fn an_administrator_a_wildcard_and_a_privileged_permission_command_much() {
        let relation = |kind, to, permission: &str| Relation::new("robot", kind, to).permission(permission);
        let administers = relation(RelationKind::Administers, "acme-dev", "Contributor");
        assert_eq!(
            messages(scene().relate(administers)),
            ["`robot` (development) commands much: `Contributor` over `acme-dev` (administrator)"]
        );
        let wildcard =
            relation(RelationKind::Custom, "other", "sms:*").granting(crate::model::Right::Read).requiring(crate::model::Right::Control);
        assert_eq!(messages(scene().relate(wildcard)), ["`robot` (development) commands much: `sms:*` over `other` (a wildcard)"]);
        let possible = relation(RelationKind::Writes, "other", "iam:PutRolePolicy").certainty(Certainty::Possible);
        assert_eq!(
            messages(scene().relate(possible)),
            ["`robot` (development) may command much: `iam:PutRolePolicy` over `other` (possible) (tier 0)"]
        );
    }

    #[test]
    fn what_is_held_through_groups_is_said_with_the_groups() {
        let scene = scene().add(group("staff")).add(group("operators"));
        let scene = scene.relate(Relation::new("robot", RelationKind::MemberOf, "staff"));
        let scene = scene.relate(Relation::new("staff", RelationKind::MemberOf, "operators"));
        let findings =
            scene.relate(Relation::new("operators", RelationKind::Administers, "acme-dev")).findings("over-privileged-identity", "");
        assert_eq!(
            findings[0].message,
            "`robot` (development) commands much: `administers` over `acme-dev` (administrator), through `staff` and `operators`"
        );
        assert_eq!((findings.len(), findings[0].evidence.len()), (1, 3));
    }

    #[test]
    fn people_small_rights_and_rights_that_are_asked_for_are_silent() {
        let human = scene().add(Identity::new("anna", IdentityKind::Human));
        assert!(messages(human.relate(Relation::new("anna", RelationKind::Administers, "acme-dev"))).is_empty());
        assert!(messages(scene().relate(Relation::new("robot", RelationKind::Reads, "acme-dev"))).is_empty());
        let asked = Relation::new("robot", RelationKind::Administers, "acme-dev").guards(GuardSet::NONE.with(Guard::JustInTime));
        assert!(messages(scene().relate(asked)).is_empty());
        let mut agent = Identity { tenant: Some("acme-dev".into()), ..Identity::new("agent", IdentityKind::ServiceAccount) };
        agent.labels.insert(Identity::PROVIDER_MANAGED.into(), "true".into());
        assert!(messages(scene().add(agent).relate(Relation::new("agent", RelationKind::Administers, "acme-dev"))).is_empty());
    }
}
