//! Keeps what protects branches and environments where it belongs.

use super::keep::{owner, put, settings};
use super::place::Whereabouts;
use super::protection::{BranchPolicy, Protection, Role, Ruleset};
use super::shape::{Item, Shape};
use super::world::World;
use std::collections::BTreeSet;

/// Keeps a record; `None` where a field that it needs is missing or of the wrong type.
pub(super) fn keep(world: &mut World, shape: Shape, item: &Item<'_>) -> Option<()> {
    match shape {
        Shape::Protection => {
            let branch = branch_of(item)?;
            put(&mut settings(world, item.place).protections, branch, Protection::read(item), item)
        }
        Shape::Ruleset => ruleset(world, item),
        Shape::BranchPolicy => {
            let policy = BranchPolicy { name: item.text("name")?, of_tags: item.text("type").as_deref() == Some("tag") };
            match policies(world, item.place) {
                Some(policies) => drop(policies.insert(policy)),
                None => *world.other.entry("branches of nobody knows which environment").or_default() += 1,
            }
            Some(())
        }
        Shape::Role => {
            let role = Role::of(&item.text("base_role")?, &item.names("permissions"));
            owner(world, item.place).roles.get_or_insert_default().entry(item.text("name")?).or_insert(role);
            Some(())
        }
        _ => None,
    }
}

/// The branches from which the environment of a place takes jobs, as far as they are known.
pub(super) fn policies<'w>(world: &'w mut World, place: &Whereabouts) -> Option<&'w mut BTreeSet<BranchPolicy>> {
    let environment = place.behind("environments")?.to_ascii_lowercase();
    Some(settings(world, place).branch_policies.entry(environment).or_default())
}

fn ruleset(world: &mut World, item: &Item<'_>) -> Option<()> {
    let number = item.number("id").unwrap_or_default();
    let of_owner = item.place.repository.is_none() || item.text("source_type").as_deref() == Some("Organization");
    let all = if of_owner { &mut owner(world, item.place).rulesets } else { &mut settings(world, item.place).rulesets };
    let Some(ruleset) = Ruleset::read(item) else {
        *world.other.entry("sets of rules of branches without their rules, as lists give them").or_default() += 1;
        return Some(());
    };
    put(all.get_or_insert_default(), number, ruleset, item)
}

/// The branch that a protection is of, by its address or its place: `…/branches/BRANCH/protection`.
fn branch_of(item: &Item<'_>) -> Option<String> {
    let address = item.text("url");
    let within = item.place.within.join("/");
    [address.as_deref(), Some(within.as_str())].into_iter().flatten().find_map(|text| {
        let (_, behind) = text.split_once("branches/")?;
        let (branch, _) = behind.split_once("/protection").or_else(|| behind.split_once(".json"))?;
        Some(branch.to_owned()).filter(|branch| !branch.is_empty())
    })
}
