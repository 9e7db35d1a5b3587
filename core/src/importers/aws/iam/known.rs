//! [`Known`], [`Truth`] and [`When`]: how much is known of a value, of a comparison, and of when a statement holds.

use crate::model::{Guard, GuardSet, Instant};

/// What is known of a key of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// These values.
    Values(Vec<String>),
    /// The request does not have the key.
    Absent,
    /// Whoever asks chooses the value: a region, the name of a session.
    Chosen,
    /// Whoever asks would choose this value, and another where this one is denied.
    Preferred(String),
    /// An instant, this one or later: when a token was issued, when somebody asks.
    After(Instant),
    /// What only who meets a guard has: a second factor, an address in a network.
    Guarded(Guard),
    /// Nobody says.
    Unknown,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    pub const fn of(holds: bool) -> Self {
        if holds { Truth::Yes } else { Truth::No }
    }

    /// Whether any of these is so.
    pub fn any(all: impl IntoIterator<Item = Truth>) -> Self {
        let mut any = Truth::No;
        for truth in all {
            match truth {
                Truth::Yes => return Truth::Yes,
                Truth::Unknown => any = Truth::Unknown,
                Truth::No => {}
            }
        }
        any
    }

    pub const fn not(self) -> Self {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

/// When a statement of a policy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Never.
    Never,
    /// For who meets all of `with` and none of `without`, and, where it is `open`, under a condition that nobody can evaluate.
    Under { with: GuardSet, without: GuardSet, open: bool },
}

impl When {
    pub const ALWAYS: When = When::Under { with: GuardSet::NONE, without: GuardSet::NONE, open: false };
    pub const OPEN: When = When::Under { with: GuardSet::NONE, without: GuardSet::NONE, open: true };

    /// Only for who meets a guard.
    pub const fn with(guard: Guard) -> When {
        When::Under { with: GuardSet::NONE.with(guard), without: GuardSet::NONE, open: false }
    }

    /// Only for who does not meet a guard.
    pub const fn without(guard: Guard) -> When {
        When::Under { with: GuardSet::NONE, without: GuardSet::NONE.with(guard), open: false }
    }

    /// When both hold. Nobody both meets a guard and does not.
    pub fn and(self, other: When) -> When {
        let (When::Under { with, without, open }, When::Under { with: with_2, without: without_2, open: open_2 }) = (self, other) else {
            return When::Never;
        };
        let (with, without) = (with.iter().chain(with_2.iter()).collect(), without.iter().chain(without_2.iter()).collect::<GuardSet>());
        if without.intersects(with) { When::Never } else { When::Under { with, without, open: open || open_2 } }
    }
}

impl From<Truth> for When {
    fn from(truth: Truth) -> When {
        match truth {
            Truth::Yes => When::ALWAYS,
            Truth::No => When::Never,
            Truth::Unknown => When::OPEN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_add_up() {
        let mfa = When::with(Guard::Mfa);
        assert_eq!(When::ALWAYS.and(mfa), mfa);
        assert_eq!(mfa.and(When::Never), When::Never);
        assert_eq!(mfa.and(When::without(Guard::Mfa)), When::Never);
        assert!(matches!(mfa.and(When::OPEN), When::Under { open: true, .. }));
    }

    #[test]
    fn one_yes_is_enough_and_one_unknown_leaves_it_open() {
        assert_eq!(Truth::any([Truth::No, Truth::Unknown, Truth::Yes]), Truth::Yes);
        assert_eq!(Truth::any([Truth::No, Truth::Unknown]), Truth::Unknown);
        assert_eq!((Truth::any([]), Truth::Unknown.not(), Truth::of(true).not()), (Truth::No, Truth::Unknown, Truth::No));
    }
}
