//! [`ThirdParty`]: what an integration that a vendor runs needs at most.

use crate::model::Right;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an integration that a vendor runs needs at most. More than that is a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ThirdParty {
    /// The rights it may hold.
    pub rights: Vec<Right>,
    /// The rights that the integrations of one vendor may hold instead, by the vendor's name.
    pub vendors: BTreeMap<String, Vec<Right>>,
}

/// What a written policy says of [`ThirdParty`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ThirdPartyDocument {
    rights: Option<Vec<Right>>,
    vendors: Option<BTreeMap<String, Vec<Right>>>,
}

impl ThirdParty {
    /// Whether an integration of a vendor may hold a right.
    pub fn allows(&self, vendor: Option<&str>, right: Right) -> bool {
        let rights = vendor.and_then(|vendor| self.vendors.get(vendor)).unwrap_or(&self.rights);
        rights.iter().any(|allowed| allowed.implies(right))
    }
}

impl ThirdPartyDocument {
    pub fn over(self, mut known: ThirdParty) -> ThirdParty {
        known.rights = self.rights.unwrap_or(known.rights);
        known.vendors.extend(self.vendors.unwrap_or_default());
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_of_its_own_row_is_held_to_that() {
        let vendors = BTreeMap::from([("globex".to_owned(), vec![Right::Control])]);
        let policy = ThirdParty { rights: vec![Right::Read, Right::Write], vendors };
        assert!(policy.allows(None, Right::Write) && !policy.allows(Some("initech"), Right::Control));
        assert!(policy.allows(Some("globex"), Right::Control) && policy.allows(Some("globex"), Right::Read));
    }
}
