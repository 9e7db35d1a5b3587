//! The environment of every entity of an estate, by the rules.

use super::environments::EnvironmentMatcher;
use super::{Data, EntityIndex, EntityRef};
use crate::error::Result;
use crate::model::{Entity, EntityType, Environment, EnvironmentSource, IdentityKind, ResolvedEnvironment};
use crate::observer::{Observer, Pace};
use crate::parallel;
use std::ops::Range;

/// How many entities are resolved between two looks at the observer.
const A_PIECE: usize = 1 << 12;

/// The environment of every entity. One pass, on as many threads as there are; a chain of parents is walked once, and a loop of parents tells nothing.
///
/// # Errors
/// As [`Observer::check`].
pub(super) fn resolve(data: &Data, matcher: &EnvironmentMatcher, observer: &dyn Observer) -> Result<Vec<ResolvedEnvironment>> {
    let each = |piece: Range<u32>| piece.map(|at| data.entity(EntityIndex(at)));
    let pieces = || {
        (0..data.entities.len() as u32)
            .step_by(A_PIECE)
            .map(|first| first..(first + A_PIECE as u32).min(data.entities.len() as u32))
            .collect()
    };
    let boundaries = |piece| each(piece).map(|entity| of_boundary(entity, matcher)).collect::<Vec<_>>();
    let mut resolved = parallel::all(pieces(), observer, boundaries)?.concat();
    inherit(data, &mut resolved, &mut Pace::new(observer))?;
    let rest = |entity: EntityRef<'_>| {
        let tenant = data.container(entity.index()).and_then(|tenant| Some((data.entity(tenant), resolved[tenant.position()]?)));
        of_content(entity, tenant, matcher)
    };
    let one = |entity: EntityRef<'_>| match resolved[entity.index().position()] {
        found if is_boundary(entity) => found.unwrap_or(ResolvedEnvironment::UNKNOWN),
        _ => rest(entity),
    };
    Ok(parallel::all(pieces(), observer, |piece| each(piece).map(one).collect::<Vec<_>>())?.concat())
}

/// What a tenant says of itself; nothing for what stands in a tenant.
fn of_boundary(entity: EntityRef<'_>, matcher: &EnvironmentMatcher) -> Option<ResolvedEnvironment> {
    if !is_boundary(entity) {
        return None;
    }
    stated(entity, matcher).or_else(|| named(entity, matcher))
}

/// Gives each tenant that says nothing the environment of its nearest ancestor that says something.
fn inherit(data: &Data, resolved: &mut [Option<ResolvedEnvironment>], pace: &mut Pace<'_>) -> Result<()> {
    let index = |at: usize| EntityIndex(at as u32);
    let mut chain = Vec::new();
    for start in 0..resolved.len() {
        pace.step()?;
        let mut at = start;
        while is_boundary(data.entity(index(at))) && resolved[at].is_none() {
            // Marked before the step up, so that a loop ends at its own mark.
            resolved[at] = Some(ResolvedEnvironment::UNKNOWN);
            chain.push(at);
            match data.container(index(at)) {
                Some(parent) => at = parent.position(),
                None => break,
            }
        }
        let found = resolved[at].map_or(Environment::Unknown, |found| found.environment);
        for at in chain.drain(..).filter(|_| found != Environment::Unknown) {
            resolved[at] = Some(ResolvedEnvironment { environment: found, source: EnvironmentSource::Parent });
        }
    }
    Ok(())
}

/// The environment of what stands in a tenant.
fn of_content(
    entity: EntityRef<'_>,
    tenant: Option<(EntityRef<'_>, ResolvedEnvironment)>,
    matcher: &EnvironmentMatcher,
) -> ResolvedEnvironment {
    let inherited = || {
        let environment = tenant?.1.environment;
        let says = !matches!(environment, Environment::Shared | Environment::Unknown);
        says.then_some(ResolvedEnvironment { environment, source: EnvironmentSource::Tenant })
    };
    let own_name = || match tenant {
        // `robot@dev-tools` in the tenant `dev-tools`, which is shared: only `robot` is the robot's own name.
        Some((tenant, said)) if said.environment == Environment::Shared && !tenant.name().is_empty() => {
            let environment = matcher.of_name(&entity.name().replace(tenant.name(), " "))?;
            Some(ResolvedEnvironment { environment, source: EnvironmentSource::Name })
        }
        _ => named(entity, matcher),
    };
    stated(entity, matcher).or_else(inherited).or_else(own_name).unwrap_or(ResolvedEnvironment::UNKNOWN)
}

/// What the entity's own `environment` or its labels say. A declared `unknown` says nothing.
fn stated(entity: EntityRef<'_>, matcher: &EnvironmentMatcher) -> Option<ResolvedEnvironment> {
    let declared = entity.declared_environment().filter(|environment| *environment != Environment::Unknown);
    let explicit = declared.map(|environment| ResolvedEnvironment { environment, source: EnvironmentSource::Explicit });
    explicit.or_else(|| {
        let environment = matcher.of_labels(entity.labels()?)?;
        Some(ResolvedEnvironment { environment, source: EnvironmentSource::Label })
    })
}

fn named(entity: EntityRef<'_>, matcher: &EnvironmentMatcher) -> Option<ResolvedEnvironment> {
    if is_named_for_something_else(entity) {
        return None;
    }
    let environment = matcher.of_name(entity.name())?;
    Some(ResolvedEnvironment { environment, source: EnvironmentSource::Name })
}

/// Whether a name says something else than where its bearer stands, as the label `environment: unknown` tells: that of a pipeline says what it does (`test`,
/// `preview`), that of a grantee whom nobody knows yet where in the configuration it is named.
fn is_named_for_something_else(entity: EntityRef<'_>) -> bool {
    let Some(labels) = entity.labels().filter(|labels| labels.get("environment") == Some(Environment::Unknown.as_str())) else {
        return false;
    };
    let pipeline = entity.as_identity().is_some_and(|identity| identity.kind == IdentityKind::Pipeline);
    pipeline || labels.get(Entity::KNOWN_AFTER_APPLY).is_some()
}

/// What others may stand in: a tenant, or what was only named and may be one.
fn is_boundary(entity: EntityRef<'_>) -> bool {
    matches!(entity.entity_type(), EntityType::Tenant | EntityType::Unknown)
}
