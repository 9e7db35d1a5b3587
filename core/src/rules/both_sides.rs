//! How findings say that something serves both sides, and show it.

use super::Evidence;
use super::rule::Context;
use super::wording::listed;
use crate::analysis::{SharedEntity, SharingEvidence, SharingRole};
use crate::model::EnvironmentClass;

/// What ties it to production and to the other side, each way that does both in a clause of its own.
pub(super) fn said(context: &Context<'_>, shared: &SharedEntity) -> String {
    let ways: [(&str, &[SharingRole]); 3] = [
        ("it holds", &[SharingRole::Belongs, SharingRole::Contains]),
        ("it has rights over", &[SharingRole::Serves]),
        ("it is used by", &[SharingRole::UsedFrom]),
    ];
    let clause = |(verb, roles): (&str, &[SharingRole])| {
        let names = |class| named(context, shared, class, |tie| roles.contains(&tie.role) && tie.entity != shared.entity);
        let (production, elsewhere) = (names(EnvironmentClass::Production)?, names(EnvironmentClass::NonProduction)?);
        Some(format!("{verb} {production} in production and {elsewhere} outside it"))
    };
    let clauses: Vec<_> = ways.into_iter().filter_map(clause).collect();
    if clauses.is_empty() { stands(context, shared) } else { clauses.join(", and ") }
}

/// Where what stands on one side has to do with the other besides.
fn stands(context: &Context<'_>, shared: &SharedEntity) -> String {
    let (production, elsewhere) = (EnvironmentClass::Production, EnvironmentClass::NonProduction);
    let holds = |class| named(context, shared, class, |tie| tie.entity != shared.entity && tie.role != SharingRole::UsedFrom);
    let users = named(context, shared, production, |tie| tie.role == SharingRole::UsedFrom);
    let held = holds(production).map(|held| format!("holds {held} of production"));
    let used = users.map(|users| format!("is used by {users} of production"));
    match held.into_iter().chain(used).collect::<Vec<_>>() {
        of_production if of_production.is_empty() => {
            format!("it stands in production and holds {} from outside it", holds(elsewhere).unwrap_or_default())
        }
        of_production => format!("it stands outside production and {}", of_production.join(" and ")),
    }
}

/// The names of the first three entities that some ties lead to, and how many more there are where all ties are shown.
fn named(
    context: &Context<'_>,
    shared: &SharedEntity,
    class: EnvironmentClass,
    wanted: impl Fn(&SharingEvidence) -> bool,
) -> Option<String> {
    let mut entities: Vec<&str> = Vec::new();
    for tie in shared.ties_to(class).filter(|tie| wanted(tie)) {
        if !entities.contains(&tie.entity.as_str()) {
            entities.push(&tie.entity);
        }
    }
    let all = entities.len() as u64;
    let names = entities.into_iter().take(3).map(|entity| context.name_of(entity)).collect::<Vec<_>>();
    let ties: u64 = shared.ties.iter().filter(|(environment, _)| environment.class() == class).map(|(_, ties)| ties).sum();
    let some = ties > shared.ties_to(class).count() as u64;
    (all > 0).then(|| if some { format!("{} and many more", names.join(", ")) } else { listed(names, all) })
}

/// The ties that are shown: relations, and where contents stand that no relation ties.
pub(super) fn evidence(context: &Context<'_>, shared: &SharedEntity) -> Vec<Evidence> {
    let one = |tie: &SharingEvidence| match &tie.relation {
        Some(relation) => Some(Evidence::Relation { relation: relation.clone() }),
        None => {
            let (entity, environment) = (tie.entity.clone(), tie.environment);
            let source = context.estate.environment(context.estate.find(&entity)?).source;
            Some(Evidence::Environment { entity, environment, source, label: None })
        }
    };
    shared.evidence.iter().filter_map(one).collect()
}
