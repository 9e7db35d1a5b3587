//! `human-uses-machine-identity`: people act as a machine identity.

use super::keys::Keys;
use super::people::{Way, people};
use super::rule::{Context, Draft, Rule};
use super::wording::{counted, listed};
use super::{Evidence, SecretUse, Standards};
use crate::estate::{EntityIndex, Tie};
use crate::policy::Severity;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    id: "human-uses-machine-identity",
    title: "People act as a machine identity",
    why: "What a person does in a machine's name nobody can tell from what the machine does, and no second factor stands before it. Who leaves takes the key \
          along, and the rights of the machine become those of the person.",
    remedy: "Give the person the rights that the task needs in their own name, asked for and approved each time. Take the key away from them and rotate it.",
    example: "A developer keeps the key of the nightly export on the laptop. Let them run the export by an approved job, and rotate the key.",
    severity: Severity::Medium,
    severity_reason: "a person goes round their own second factor and leaves no name in the log",
    standards: Standards::new(&["NHI10:2025"], &["DE.CM-03"], &["IA-2"]).ai_rmf(&["GOVERN 2.1"]),
    check,
};

/// How much evidence is shown.
const SHOWN: usize = 25;

/// One finding a machine identity: people who use a secret of it, or who may assume it or sign in as it, themselves or as members of a group. What somebody
/// must approve or what must be asked for each time is as it should be, what is only possible is no finding, and a right that a role gives over a whole
/// tenant is one of `over-privileged-identity`. Who holds a secret or signs in is often not in the input; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let mut machines: BTreeMap<EntityIndex, Vec<Way<'_>>> = BTreeMap::new();
    for (machine, way) in people(context, &Keys::of(context)) {
        machines.entry(machine).or_default().push(way);
    }
    machines.into_iter().map(|(machine, ways)| draft(context, machine, &ways)).collect()
}

fn draft(context: &Context<'_>, machine: EntityIndex, ways: &[Way<'_>]) -> Draft {
    let persons = ways.iter().map(|way| way.person).collect::<BTreeSet<_>>().len() as u64;
    let said: Vec<_> = ways.iter().map(|way| said(context, way)).collect();
    let number = counted(persons, "person", "people");
    let verb = if persons == 1 { "acts" } else { "act" };
    let message = format!("{number} {verb} as {}: {}", context.name(machine), listed(said, ways.len() as u64));
    let draft = Draft::new(vec![context.id(machine)], message).weight(persons).raised_by(vec![machine]);
    ways.iter().take(SHOWN).fold(draft, |draft, way| match (way.secret, way.relation) {
        (Some(secret), _) => draft.show(Evidence::Use {
            secret: context.id(secret),
            role: SecretUse::UsedBy,
            entity: context.id(way.person),
            environment: context.estate.environment(way.person).environment,
        }),
        (None, Some(relation)) => draft.show(Evidence::Relation { relation: Tie::of(context.estate, relation) }),
        (None, None) => draft,
    })
}

fn said(context: &Context<'_>, way: &Way<'_>) -> String {
    let person = context.name(way.person);
    if let Some(secret) = way.secret {
        return format!("{person} uses its secret {}", context.name(secret));
    }
    let by = way.relation.map_or("", |relation| relation.permission().unwrap_or(relation.kind().as_str()));
    match way.relation.map(|relation| relation.from()).filter(|holder| *holder != way.person) {
        Some(group) => format!("{person} by `{by}`, as a member of {}", context.name(group)),
        None => format!("{person} by `{by}`"),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Certainty, Guard, GuardSet, Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind};
    use crate::rules::testing::Scene;

    fn scene() -> Scene {
        let scene = Scene::new().tenant("acme-dev").identity("robot", "acme-dev").add(Identity::new("anna", IdentityKind::Human));
        let scene = scene.add(Identity::new("staff", IdentityKind::Group)).secret(Secret::new("key", SecretKind::AccessKey));
        scene.relate(Relation::new("key", RelationKind::AuthenticatesAs, "robot"))
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("human-uses-machine-identity", "").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_key_in_hand_an_assumption_and_a_group_are_found() {
        let uses = Relation::new("anna", RelationKind::Uses, "key");
        assert_eq!(messages(scene().relate(uses)), ["1 person acts as `robot`: `anna` uses its secret `key`"]);
        let assumes = |from| Relation::new(from, RelationKind::Assumes, "robot").permission("sts:AssumeRole");
        assert_eq!(messages(scene().relate(assumes("anna"))), ["1 person acts as `robot`: `anna` by `sts:AssumeRole`"]);
        let member = Relation::new("anna", RelationKind::MemberOf, "staff");
        assert_eq!(
            messages(scene().relate(member).relate(assumes("staff"))),
            ["1 person acts as `robot`: `anna` by `sts:AssumeRole`, as a member of `staff`"]
        );
    }

    #[test]
    fn what_is_approved_or_asked_for_and_what_is_only_possible_is_silent() {
        let assumes = || Relation::new("anna", RelationKind::Assumes, "robot");
        for guard in [Guard::Approval, Guard::JustInTime] {
            let guards = GuardSet::NONE.with(guard);
            assert!(messages(scene().relate(assumes().guards(guards))).is_empty());
            assert!(messages(scene().relate(Relation::new("anna", RelationKind::Uses, "key").guards(guards))).is_empty());
        }
        assert!(messages(scene().relate(assumes().certainty(Certainty::Possible))).is_empty());
    }

    #[test]
    fn machines_roles_and_peoples_own_secrets_are_silent() {
        assert!(messages(scene().identity("other", "acme-dev").relate(Relation::new("other", RelationKind::Uses, "key"))).is_empty());
        let role = scene().add(Identity::new("editor", IdentityKind::Role)).relate(Relation::new("anna", RelationKind::MemberOf, "editor"));
        assert!(messages(role.relate(Relation::new("editor", RelationKind::Assumes, "robot"))).is_empty());
        let own = scene().secret(Secret::new("password", SecretKind::Password));
        let own = own.relate(Relation::new("password", RelationKind::AuthenticatesAs, "anna"));
        assert!(messages(own.relate(Relation::new("anna", RelationKind::Uses, "password"))).is_empty());
    }

    #[test]
    fn secrets_of_machines_that_nobody_is_said_to_hold_are_counted() {
        let coverage = scene().with_context("", crate::rules::coverage);
        let topic = coverage.iter().find(|it| it.topic == "machine_secret_holders").expect("the topic");
        assert_eq!((topic.known, topic.total), (0, 1));
    }
}
