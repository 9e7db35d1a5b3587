//! [`Right`]: what may be held over an entity, [`Certainty`] and [`Guard`] of a relation.

use super::words::words;

words! {
    /// What may be held over an entity. `control` implies `read` and `write`; `write` does not imply `read`.
    Right {
        /// Act as the identity, change the entity, command the tenant.
        Control => "control",
        /// See the content.
        Read => "read",
        /// Change the content, or ship code to it.
        Write => "write",
    }
}

impl Right {
    /// Whether holding this right is enough where `other` is asked for.
    pub const fn implies(self, other: Right) -> bool {
        matches!((self, other), (Right::Control, _) | (Right::Read, Right::Read) | (Right::Write, Right::Write))
    }
}

words! {
    /// How sure a relation or a held fact is.
    Certainty {
        /// Every condition of the input was evaluated.
        Proven => "proven",
        /// A condition of the input could not be evaluated.
        Possible => "possible",
    }
}

words! {
    /// A condition that stops a holder who does not meet it.
    Guard {
        /// A second factor.
        Mfa => "mfa",
        /// Somebody must approve each use.
        Approval => "approval",
        /// Only from named networks.
        Network => "network",
        /// Only from managed devices.
        Device => "device",
        /// Elevation on request; not honoured by default, since whoever holds the identity may ask for it.
        JustInTime => "just_in_time",
        /// Only for named subjects of the federated issuer.
        Subject => "subject",
    }
}

/// A set of guards, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GuardSet(u8);

impl GuardSet {
    /// No guard.
    pub const NONE: GuardSet = GuardSet(0);
    /// The guards that stop a holder by default: all but [`Guard::JustInTime`].
    pub const HONOURED: GuardSet = GuardSet(0b0010_1111);

    const fn bit(guard: Guard) -> u8 {
        1 << guard as u8
    }

    /// The set with one more guard.
    #[must_use]
    pub const fn with(self, guard: Guard) -> GuardSet {
        GuardSet(self.0 | Self::bit(guard))
    }

    /// The set with one guard less.
    #[must_use]
    pub const fn without(self, guard: Guard) -> GuardSet {
        GuardSet(self.0 & !Self::bit(guard))
    }

    /// Whether the guard is in the set.
    pub const fn contains(self, guard: Guard) -> bool {
        self.0 & Self::bit(guard) != 0
    }

    /// Whether the two sets share a guard.
    pub const fn intersects(self, other: GuardSet) -> bool {
        self.0 & other.0 != 0
    }

    /// The set as a bit a guard, in the order of [`Guard::ALL`].
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// The set of these bits; `None` where one is of no guard.
    pub(crate) const fn of_bits(bits: u8) -> Option<GuardSet> {
        if bits >> Guard::ALL.len() == 0 { Some(GuardSet(bits)) } else { None }
    }

    /// Whether the set holds no guard.
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// The guards of the set, in the order of [`Guard::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Guard> {
        Guard::ALL.iter().copied().filter(move |guard| self.contains(*guard))
    }
}

impl FromIterator<Guard> for GuardSet {
    fn from_iter<I: IntoIterator<Item = Guard>>(guards: I) -> Self {
        guards.into_iter().fold(GuardSet::NONE, GuardSet::with)
    }
}

impl serde::Serialize for GuardSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> serde::Deserialize<'de> for GuardSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Guard>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_does_not_imply_read() {
        assert!(Right::Control.implies(Right::Read) && Right::Control.implies(Right::Write));
        assert!(!Right::Write.implies(Right::Read) && !Right::Read.implies(Right::Write) && !Right::Read.implies(Right::Control));
    }

    #[test]
    fn all_guards_are_honoured_by_default_but_just_in_time() {
        for guard in Guard::ALL {
            assert_eq!(GuardSet::HONOURED.contains(*guard), *guard != Guard::JustInTime, "{guard}");
        }
    }
}
