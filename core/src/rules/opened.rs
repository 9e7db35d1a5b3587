//! What a lost secret opens, in words: how many entities of each environment whoever has it comes to hold.

use super::rule::{Context, Draft};
use super::wording::counted;
use crate::error::Result;
use crate::estate::EntityIndex;
use crate::graph::Fact;
use crate::model::{Certainty, Environment, Right};
use crate::observer::Observer;

/// Ends the message of each draft that tells of lost secrets with what these open; where nothing is known to be opened, nothing is added.
///
/// Costs, for all drafts together, one count over the graph of what is proven and one of what is possible.
pub(super) fn tell(context: &Context<'_>, drafts: &mut [(usize, Draft)], observer: &dyn Observer) -> Result<()> {
    let mut telling: Vec<&mut Draft> = drafts.iter_mut().map(|(_, draft)| draft).filter(|draft| !draft.lost.is_empty()).collect();
    if telling.is_empty() {
        return Ok(());
    }
    let estate = context.estate;
    let group: Vec<u32> = estate.indices().map(|entity| place(context, entity) as u32).collect();
    // The records of a draft are one value: whoever reads the first reads them all.
    let starts: Vec<Vec<Fact>> = telling.iter().map(|draft| vec![Fact::new(draft.lost[0], Right::Read)]).collect();
    let proven = context.graph.count_by_group(&starts, Certainty::Proven, &group, observer)?;
    let possible = context.graph.count_by_group(&starts, Certainty::Possible, &group, observer)?;
    for (at, draft) in telling.iter_mut().enumerate() {
        let mut held = [0; ENVIRONMENTS];
        held.iter_mut().zip(proven.of(at)).for_each(|(held, count)| *held = u64::from(count.entities));
        let mut more = [0; ENVIRONMENTS];
        more.iter_mut()
            .zip(possible.of(at))
            .zip(held)
            .for_each(|((more, count), held)| *more = u64::from(count.entities).saturating_sub(held));
        // The secret itself is no news.
        draft.lost.iter().for_each(|record| held[place(context, *record)] = held[place(context, *record)].saturating_sub(1));
        draft.message.push_str(&words(&held, &more));
    }
    Ok(())
}

/// How many environments there are.
const ENVIRONMENTS: usize = Environment::ALL.len();

/// Where the environment of an entity stands in the list of all.
fn place(context: &Context<'_>, entity: EntityIndex) -> usize {
    let environment = context.estate.environment(entity).environment;
    Environment::ALL.iter().position(|it| *it == environment).unwrap_or(ENVIRONMENTS - 1)
}

/// The end of a message: what is opened for sure, and what more only possibly.
fn words(held: &[u64; ENVIRONMENTS], more: &[u64; ENVIRONMENTS]) -> String {
    match (held.iter().sum::<u64>(), more.iter().sum::<u64>()) {
        (0, 0) => String::new(),
        (sure, 0) => format!("; it opens {}: {}", entities(sure), by_environment(held)),
        (0, maybe) => format!("; it possibly opens {}: {}", entities(maybe), by_environment(more)),
        (sure, maybe) => {
            format!("; it opens {}: {}; and possibly {maybe} more: {}", entities(sure), by_environment(held), by_environment(more))
        }
    }
}

fn entities(number: u64) -> String {
    counted(number, "entity", "entities")
}

/// `3 in production, 1 in development`, in the order of the environments, production first.
fn by_environment(counts: &[u64; ENVIRONMENTS]) -> String {
    let some = Environment::ALL.iter().zip(counts).filter(|(_, count)| **count > 0);
    let told = some.map(|(environment, count)| match environment {
        Environment::Unknown => format!("{count} of unknown environment"),
        Environment::Shared => format!("{count} in a shared environment"),
        environment => format!("{count} in {environment}"),
    });
    told.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Exposure, Relation, RelationKind, Secret, SecretKind};
    use crate::rules::testing::Scene;

    fn leaked(id: &str) -> Secret {
        let exposures = vec![Exposure { detector: None, location: Some("shop/deploy.sh".into()), verified: None, found_at: None }];
        Secret { exposures, fingerprint: Some("f".into()), ..Secret::new(id, SecretKind::ApiKey) }
    }

    fn scene() -> Scene {
        let copy = Secret { exposures: Vec::new(), tenant: Some("acme-prod".into()), ..leaked("kept") };
        let scene =
            Scene::new().tenant("acme-prod").tenant("acme-dev").tenant("plain").secret(leaked("a")).secret(leaked("b")).secret(copy);
        let scene = scene.identity("robot", "acme-dev").identity("till", "acme-prod").identity("stray", "plain");
        let opens = |from, kind, to| Relation::new(from, kind, to);
        scene.relate(opens("a", RelationKind::AuthenticatesAs, "robot")).relate(opens("robot", RelationKind::Assumes, "till"))
    }

    fn message(scene: Scene) -> String {
        scene.findings("leaked-secret", "").swap_remove(0).message
    }

    #[test]
    fn what_is_opened_is_counted_by_environment_without_the_secret_itself() {
        let told = "`a`, `b` was found by a scanner in 2 places";
        assert_eq!(message(scene()), format!("{told}; it opens 2 entities: 1 in production, 1 in development"));
        let possible = Relation::new("robot", RelationKind::Assumes, "stray").certainty(Certainty::Possible);
        let ending = "it opens 2 entities: 1 in production, 1 in development; and possibly 1 more: 1 of unknown environment";
        assert_eq!(message(scene().relate(possible)), format!("{told}; {ending}"));
    }

    #[test]
    fn what_is_only_possible_is_said_so_and_what_nobody_knows_is_not_said() {
        let alone = || Scene::new().tenant("acme-prod").secret(leaked("a")).identity("till", "acme-prod");
        assert_eq!(message(alone()), "`a` was found by a scanner in 1 place");
        let possible = Relation::new("a", RelationKind::AuthenticatesAs, "till").certainty(Certainty::Possible);
        assert_eq!(message(alone().relate(possible)), "`a` was found by a scanner in 1 place; it possibly opens 1 entity: 1 in production");
    }
}
