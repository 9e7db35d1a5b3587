//! [`Grants`]: what a role lets its holder do, in the words of `core/data/kubernetes_permissions.csv`.

use std::collections::{BTreeMap, BTreeSet};

macro_rules! effects {
    ($($(#[$doc:meta])* $variant:ident => $word:literal,)*) => {
        /// One thing that a role lets its holder do, by itself or together with another.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Effect { $($(#[$doc])* $variant,)* }

        const WORDS: &[(&str, Effect)] = &[$(($word, Effect::$variant),)*];
    };
}

effects! {
    /// Everything in the scope.
    Administer => "administer",
    /// Reads secrets.
    ReadSecrets => "read_secrets",
    /// Changes secrets.
    WriteSecrets => "write_secrets",
    /// Makes secrets; where it reads them too, tokens of service accounts.
    CreateSecrets => "create_secrets",
    /// Starts pods, as any service account of their namespace.
    Start => "start",
    /// Runs commands in pods that are there, or changes their images.
    Take => "take",
    /// Makes tokens of service accounts.
    Mint => "mint",
    /// Acts as service accounts.
    ImpersonateAccounts => "impersonate_accounts",
    /// Acts as users. Counts in the whole cluster only.
    ImpersonateUsers => "impersonate_users",
    /// Acts as member of groups. Counts in the whole cluster only.
    ImpersonateGroups => "impersonate_groups",
    /// May bind roles that it does not hold.
    BindRoles => "bind_roles",
    /// May bind cluster roles that it does not hold.
    BindClusterRoles => "bind_cluster_roles",
    /// Makes role bindings.
    CreateRoleBindings => "create_role_bindings",
    /// Makes cluster role bindings.
    CreateClusterRoleBindings => "create_cluster_role_bindings",
    /// May write more into roles than it holds.
    EscalateRoles => "escalate_roles",
    /// May write more into cluster roles than it holds.
    EscalateClusterRoles => "escalate_cluster_roles",
    /// Changes roles.
    WriteRoles => "write_roles",
    /// Changes cluster roles.
    WriteClusterRoles => "write_cluster_roles",
    /// Asks for certificates.
    RequestCertificates => "request_certificates",
    /// Approves requests for certificates.
    ApproveCertificates => "approve_certificates",
    /// Approves for a signer.
    SignCertificates => "sign_certificates",
    /// Commands pods through their nodes.
    CommandNodes => "command_nodes",
    /// Sees and changes whatever is sent to the cluster.
    ChangeAdmission => "change_admission",
    /// Reads configuration, logs and definitions.
    Observe => "observe",
    /// Changes configuration and network.
    Change => "change",
    /// Talks to what pods listen on.
    Connect => "connect",
}

impl Effect {
    /// The effect of a word.
    pub fn parse(word: &str) -> Option<Effect> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, effect)| *effect)
    }
}

/// The objects that an effect holds for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Names {
    /// Every object of the scope.
    All,
    /// Those of these names.
    Only(BTreeSet<String>),
}

/// What a role lets its holder do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Grants(BTreeMap<Effect, Names>);

impl Grants {
    /// Reads words with spaces between; `-` is none. `None` for an unknown word.
    pub fn parse(words: &str) -> Option<Grants> {
        let mut grants = Grants::default();
        for word in words.split(' ').filter(|word| *word != "-") {
            grants.add(Effect::parse(word)?, Names::All);
        }
        Some(grants)
    }

    /// Adds an effect.
    pub fn add(&mut self, effect: Effect, names: Names) {
        match (self.0.get_mut(&effect), names) {
            (Some(Names::All), _) => {}
            (Some(Names::Only(known)), Names::Only(names)) => known.extend(names),
            (_, names) => {
                self.0.insert(effect, names);
            }
        }
    }

    /// Adds what another role gives.
    pub fn extend(&mut self, other: &Grants) {
        for (effect, names) in &other.0 {
            self.add(*effect, names.clone());
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an effect holds for every object of the scope.
    pub fn has(&self, effect: Effect) -> bool {
        self.0.get(&effect) == Some(&Names::All)
    }

    /// Whether an effect holds for every object of the scope, or for some.
    #[cfg(test)]
    pub fn has_any(&self, effect: Effect) -> bool {
        self.0.contains_key(&effect)
    }

    /// The names that an effect is limited to.
    pub fn names(&self, effect: Effect) -> impl Iterator<Item = &str> {
        let names = match self.0.get(&effect) {
            Some(Names::Only(names)) => Some(names),
            _ => None,
        };
        names.into_iter().flatten().map(String::as_str)
    }

    /// Whether nothing that is modelled in a scope is beyond it: it starts pods, reads and changes secrets, and hands out roles.
    pub fn is_control(&self) -> bool {
        let whole = [Effect::Start, Effect::ReadSecrets, Effect::WriteSecrets, Effect::CreateRoleBindings];
        self.has(Effect::Administer) || whole.into_iter().all(|effect| self.has(effect))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_and_distinct() {
        let words: BTreeSet<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        assert_eq!(words.len(), WORDS.len());
        assert!(Grants::parse("-").is_some_and(|grants| grants.is_empty()));
        assert!(Grants::parse("start take").is_some_and(|grants| grants.has(Effect::Take) && !grants.is_control()));
        for words in ["", "fly", "start  take"] {
            assert_eq!(Grants::parse(words), None, "{words}");
        }
    }

    #[test]
    fn all_objects_swallow_some() {
        let only = |name: &str| Names::Only([name.to_owned()].into());
        let mut grants = Grants::default();
        grants.add(Effect::ReadSecrets, only("a"));
        grants.add(Effect::ReadSecrets, only("b"));
        assert!(!grants.has(Effect::ReadSecrets) && grants.has_any(Effect::ReadSecrets));
        assert_eq!(grants.names(Effect::ReadSecrets).collect::<Vec<_>>(), ["a", "b"]);
        grants.add(Effect::ReadSecrets, Names::All);
        grants.add(Effect::ReadSecrets, only("c"));
        assert!(grants.has(Effect::ReadSecrets) && grants.names(Effect::ReadSecrets).next().is_none());
    }
}
