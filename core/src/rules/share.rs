//! [`Share`]: some of so many; and the tally that counts them over the whole estate, by tenant and by environment at once.

use crate::estate::{EntityIndex, Estate};
use crate::model::Environment;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Some of so many. Unknown, not zero, where nothing could be counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Share {
    /// `numerator` of `denominator`; absent where there is nothing to count.
    pub value: Option<f64>,
    /// How many are counted.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
}

impl Share {
    /// So many of so many.
    pub(super) fn of(numerator: u64, denominator: u64) -> Self {
        Share { value: (denominator > 0).then(|| numerator as f64 / denominator as f64), numerator, denominator }
    }

    fn add(&mut self, counted: Option<bool>) {
        self.numerator += u64::from(counted == Some(true));
        self.denominator += u64::from(counted.is_some());
    }

    fn settled(self) -> Self {
        Share::of(self.numerator, self.denominator)
    }
}

/// The shares of one metric: of everything, and of its parts.
#[derive(Debug, Default)]
pub(super) struct Shares {
    pub all: Share,
    pub by_tenant: BTreeMap<String, Share>,
    pub by_environment: BTreeMap<Environment, Share>,
}

/// Counts entities one after the other. What belongs to no tenant counts for the whole and for its environment only.
pub(super) struct Tally<'a> {
    estate: &'a Estate,
    all: Share,
    by_tenant: HashMap<EntityIndex, Share>,
    by_environment: BTreeMap<Environment, Share>,
}

impl<'a> Tally<'a> {
    pub fn of(estate: &'a Estate) -> Self {
        Tally { estate, all: Share::default(), by_tenant: HashMap::new(), by_environment: BTreeMap::new() }
    }

    /// Counts an entity, or with nothing said only that it is there and could not be judged: its tenant is then unknown rather than missing.
    pub fn add(&mut self, entity: EntityIndex, counted: Option<bool>) {
        self.all.add(counted);
        self.by_environment.entry(self.estate.environment(entity).environment).or_default().add(counted);
        if let Some(tenant) = self.estate.own_tenant(entity) {
            self.by_tenant.entry(tenant).or_default().add(counted);
        }
    }

    pub fn shares(self) -> Shares {
        let id = |tenant: EntityIndex| self.estate.entity(tenant).id().to_owned();
        Shares {
            all: self.all.settled(),
            by_tenant: self.by_tenant.into_iter().map(|(tenant, share)| (id(tenant), share.settled())).collect(),
            by_environment: self.by_environment.into_iter().map(|(environment, share)| (environment, share.settled())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind, Tenant, TenantKind};

    #[test]
    fn a_part_that_could_not_be_judged_is_unknown_and_a_stray_counts_for_the_whole() {
        let mut builder = Estate::builder();
        builder.add(Tenant::new("acme-dev", TenantKind::Other));
        for (id, tenant) in [("a", Some("acme-dev")), ("b", Some("acme-dev")), ("stray", None)] {
            builder.add(Identity { tenant: tenant.map(Into::into), ..Identity::new(id, IdentityKind::ServiceAccount) });
        }
        let estate = builder.build();
        let tallied = |counted: [Option<bool>; 3]| {
            let mut tally = Tally::of(&estate);
            for (id, counted) in ["a", "b", "stray"].into_iter().zip(counted) {
                tally.add(estate.find(id).expect("it was added"), counted);
            }
            tally.shares()
        };
        let shares = tallied([None, None, Some(true)]);
        assert_eq!((shares.all, shares.by_tenant["acme-dev"]), (Share::of(1, 1), Share::of(0, 0)));
        assert_eq!(shares.by_tenant["acme-dev"].value, None);
        let shares = tallied([Some(true), Some(false), None]);
        assert_eq!((shares.all, shares.by_tenant["acme-dev"]), (Share::of(1, 2), Share::of(1, 2)));
        assert_eq!(shares.by_environment[&Environment::Development].value, Some(0.5));
        assert_eq!(shares.by_environment[&Environment::Unknown].value, None);
    }
}
