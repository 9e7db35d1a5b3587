//! What the rules about things that nobody uses have in common.

use super::Evidence;
use super::rule::{Context, Draft};
use super::wording::days;
use crate::model::EntityType;

/// One draft for each entity of a type that was last used longer ago than the policy allows; `should` ends its message. Of an entity of which nobody says when
/// it was last used nothing is said: it stands in the coverage.
pub(super) fn dormant(context: &Context<'_>, entity_type: EntityType, should: impl Fn(&str) -> String) -> Vec<Draft> {
    let dormant = context.lifecycle.dormant.iter().filter(|dormant| dormant.entity_type == entity_type);
    dormant
        .map(|dormant| {
            let (entity, last_used_at, unused_days, limit_days) =
                (dormant.entity.clone(), dormant.last_used_at, dormant.unused_days, dormant.limit_days);
            let used = format!("{} was last used on {}, {} ago", context.name_of(&entity), last_used_at.date(), days(unused_days));
            let message = format!("{used}; {}", should(&days(limit_days.into())));
            let raising = context.estate.find(&entity).into_iter().collect();
            let evidence = Evidence::LastUse { entity: entity.clone(), last_used_at, unused_days, limit_days };
            Draft::new(vec![entity], message).show(evidence).weight(unused_days.unsigned_abs()).raised_by(raising)
        })
        .collect()
}
