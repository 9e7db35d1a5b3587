//! [`Effects`]: what a role or a permission lets its holder do, in the words of `core/data/google_roles.csv`.

use crate::model::{Certainty, RelationKind};

/// What an effect acts on: the resources of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Target(u8);

/// The words of the targets. Code runs on the first ones as a service account, and to place it there one must be allowed to act as that account.
const TARGETS: [&str; 24] = [
    "appengine",
    "composer",
    "compute",
    "dataflow",
    "function",
    "notebook",
    "run",
    "scheduler",
    "workflow",
    "dataproc",
    "api_key",
    "artifact",
    "bigquery",
    "bigtable",
    "bucket",
    "cluster",
    "datastore",
    "kms",
    "pubsub",
    "redis",
    "repository",
    "secret",
    "spanner",
    "sql",
];
const RUNS_CODE: u8 = 9;
const CLUSTER: u8 = 15;
const RIGHTS: [(&str, RelationKind); 3] =
    [("administer", RelationKind::Administers), ("read", RelationKind::Reads), ("write", RelationKind::Writes)];

impl Target {
    /// Every target.
    pub fn all() -> impl Iterator<Item = Target> {
        (0..TARGETS.len() as u8).map(Target)
    }

    /// The target of a word.
    pub fn parse(word: &str) -> Option<Target> {
        TARGETS.iter().position(|target| *target == word).map(|at| Target(at as u8))
    }

    /// Whether placing code there takes the right to act as the account it runs as.
    fn runs_code(self) -> bool {
        self.0 < RUNS_CODE
    }
}

/// An effect that is not a right over the resources of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Sets the policy of the scope: control of it.
    Administer,
    /// Changes the guard rails of the scope: its organisation policies, networks, log sinks.
    Change,
    /// Sees the configuration of everything in the scope.
    Observe,
    /// Rewrites custom roles, and so raises its own rights where it holds one.
    Redefine,
    /// Mints tokens of the service accounts.
    Impersonate,
    /// Mints tokens or keys of the service accounts that only some services take.
    Identify,
    /// A token of another issuer is taken as the service account.
    Federate,
    /// Makes keys of the service accounts, or sets who may use them.
    Manage,
    /// Decides whose tokens the pools of the scope take.
    Federation,
    /// May attach the service accounts to code, where it can place code.
    ActAs,
    /// Can place code that runs as a service account, where it may act as that account.
    Deploy,
    /// Runs builds as the project's build account.
    Build,
    /// Runs deployments as the project's cloud services account.
    Deployment,
}

const EFFECTS: [(&str, Effect); 13] = [
    ("administer", Effect::Administer),
    ("change", Effect::Change),
    ("observe", Effect::Observe),
    ("redefine", Effect::Redefine),
    ("impersonate", Effect::Impersonate),
    ("identify", Effect::Identify),
    ("federate", Effect::Federate),
    ("manage", Effect::Manage),
    ("federation", Effect::Federation),
    ("act_as", Effect::ActAs),
    ("deploy", Effect::Deploy),
    ("build", Effect::Build),
    ("deployment", Effect::Deployment),
];

/// A set of effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Effects(u128);

impl Effects {
    /// Reads words with spaces between; `-` is none. `None` for an unknown word.
    pub fn parse(words: &str) -> Option<Effects> {
        if words == "-" {
            return Some(Effects::default());
        }
        words.split(' ').try_fold(Effects::default(), |effects, word| Some(effects.with(Effects::word(word)?)))
    }

    fn word(word: &str) -> Option<Effects> {
        let bit = match word.split_once(':') {
            Some((right, target)) => {
                let right = RIGHTS.iter().position(|(known, _)| *known == right)?;
                Effects::bit(Target::parse(target)?, right)
            }
            None => EFFECTS.iter().position(|(known, _)| *known == word)?,
        };
        Some(Effects(1 << bit))
    }

    fn bit(target: Target, right: usize) -> usize {
        EFFECTS.len() + target.0 as usize * RIGHTS.len() + right
    }

    /// What combining `act_as` with `deploy` gives: the accounts, and the code that runs as them.
    pub fn of_deployer() -> Effects {
        let code = Target::all().filter(|target| target.runs_code());
        let write = code.fold(0, |bits, target| bits | 1 << Effects::bit(target, 2));
        Effects(write).with(Effects::of(Effect::Impersonate)).with(Effects::of(Effect::ActAs))
    }

    /// What there is to reach where these targets, service accounts and federated principals stand.
    pub fn reaching(targets: impl Iterator<Item = Target>, accounts: bool, federated: bool) -> Effects {
        let rights = |target| (0..RIGHTS.len()).fold(0, |bits, right| bits | 1 << Effects::bit(target, right));
        let mut effects = Effects(targets.fold(0, |bits, target| bits | rights(target)));
        if accounts {
            let over =
                [Effect::Impersonate, Effect::Identify, Effect::Federate, Effect::Manage, Effect::ActAs, Effect::Build, Effect::Deployment];
            effects = over.into_iter().fold(effects, |effects, effect| effects.with(Effects::of(effect)));
        }
        if federated { effects.with(Effects::of(Effect::Federation)) } else { effects }
    }

    /// Only this effect.
    pub fn of(effect: Effect) -> Effects {
        Effects(1 << effect as usize)
    }

    /// Whether the two sets share an effect.
    pub fn meets(self, other: Effects) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the holder can start workloads in clusters, as any of their accounts.
    pub fn commands_clusters(self) -> bool {
        [0, 2].into_iter().any(|right| self.0 & (1 << Effects::bit(Target(CLUSTER), right)) != 0)
    }

    /// Both sets.
    #[must_use]
    pub fn with(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }

    /// The set without an effect.
    #[must_use]
    pub fn without(self, effect: Effect) -> Effects {
        Effects(self.0 & !Effects::of(effect).0)
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether an effect is in the set.
    pub fn has(self, effect: Effect) -> bool {
        self.0 & Effects::of(effect).0 != 0
    }

    /// Whether the scope's control is all that counts: everything else follows from it.
    pub fn is_control(self) -> bool {
        self.has(Effect::Administer)
    }

    /// The relations to a resource of a service. Writing code without the right to act as its account is possible at most: who holds that right
    /// by a group or another role is not known.
    pub fn over(self, target: Target) -> impl Iterator<Item = (RelationKind, Certainty)> {
        let held = move |right: usize| self.0 & (1 << Effects::bit(target, right)) != 0;
        let sure = !target.runs_code() || self.has(Effect::ActAs);
        RIGHTS.iter().enumerate().filter(move |(right, _)| held(*right) && (*right == 0 || !(sure && held(0)))).map(move |(right, row)| {
            let certainty = if sure || right == 1 { Certainty::Proven } else { Certainty::Possible };
            (row.1, certainty)
        })
    }

    /// The relations to a service account. Whoever manages it needs no other right over it.
    pub fn over_accounts(self, federated: bool) -> Vec<(RelationKind, Certainty)> {
        let deploys = self.has(Effect::ActAs) && self.has(Effect::Deploy);
        let mut relations = Vec::new();
        if self.has(Effect::Manage) {
            relations.push((RelationKind::Manages, Certainty::Proven));
        } else if self.has(Effect::Impersonate) || deploys {
            relations.push((RelationKind::Assumes, Certainty::Proven));
        } else if self.has(Effect::Identify) || self.has(Effect::ActAs) {
            relations.push((RelationKind::Assumes, Certainty::Possible));
        }
        if self.has(Effect::Federate) {
            relations.push((if federated { RelationKind::FederatesTo } else { RelationKind::Assumes }, Certainty::Proven));
        }
        relations
    }

    /// The relations to the scope itself.
    pub fn over_scope(self) -> Option<(RelationKind, Certainty)> {
        let rows = [
            (Effect::Administer, RelationKind::Administers, Certainty::Proven),
            (Effect::Redefine, RelationKind::Administers, Certainty::Possible),
            (Effect::Change, RelationKind::Writes, Certainty::Proven),
            (Effect::Observe, RelationKind::Reads, Certainty::Proven),
        ];
        rows.iter().find(|(effect, ..)| self.has(*effect)).map(|(_, kind, certainty)| (*kind, *certainty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(words: &str, target: &str) -> Vec<(RelationKind, Certainty)> {
        let effects = Effects::parse(words).expect("known words");
        effects.over(Target::parse(target).expect("a target")).collect()
    }

    #[test]
    fn words_are_known_and_distinct() {
        for (at, (word, effect)) in EFFECTS.iter().enumerate() {
            assert_eq!(*effect as usize, at, "{word}");
        }
        assert!(Effects::parse("-").is_some_and(Effects::is_empty));
        assert!(Effects::parse("read:secret deploy").is_some_and(|effects| !effects.is_empty()));
        for words in ["", "read", "read:", "fly", "read:moon", "read:secret  deploy"] {
            assert_eq!(Effects::parse(words), None, "{words}");
        }
        assert_eq!(TARGETS[CLUSTER as usize], "cluster");
        assert!(EFFECTS.len() + TARGETS.len() * RIGHTS.len() <= 128);
    }

    #[test]
    fn control_stands_for_reading_and_writing() {
        use Certainty::*;
        use RelationKind::*;
        assert_eq!(over("administer:bucket read:bucket", "bucket"), [(Administers, Proven)]);
        assert_eq!(over("read:bucket write:bucket", "bucket"), [(Reads, Proven), (Writes, Proven)]);
        assert_eq!(over("read:bucket", "secret"), []);
    }

    #[test]
    fn placing_code_takes_the_right_to_act_as_its_account() {
        use Certainty::*;
        use RelationKind::*;
        assert_eq!(over("deploy write:run", "run"), [(Writes, Possible)]);
        assert_eq!(over("deploy act_as write:run", "run"), [(Writes, Proven)]);
        assert_eq!(over("administer:function read:function", "function"), [(Administers, Possible), (Reads, Proven)]);
        assert_eq!(over("write:cluster", "cluster"), [(Writes, Proven)]);
        let accounts = |words: &str| Effects::parse(words).expect("known words").over_accounts(false);
        assert_eq!(accounts("act_as"), [(Assumes, Possible)]);
        assert_eq!(accounts("act_as deploy"), [(Assumes, Proven)]);
        assert_eq!(accounts("federate manage"), [(Manages, Proven), (Assumes, Proven)]);
        assert_eq!(Effects::of_deployer().over_accounts(false), [(Assumes, Proven)]);
    }
}
