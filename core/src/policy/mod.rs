//! [`Policy`]: what the organisation has decided: limits, environment rules, allowed flows, severities and exceptions.

mod boundary;
mod cut;
mod document;
mod dormancy;
mod exception;
mod flow;
mod instant;
mod limits;
mod privileged;
mod severity;
mod third_party;

pub use boundary::Boundary;
pub(crate) use cut::CutPrices;
pub use cut::{CutCosts, Uncuttable};
pub use dormancy::{DormancyDays, Reviews};
pub use exception::Exception;
pub use flow::{Flow, Side};
pub use limits::{Limit, Limits};
pub(crate) use privileged::PrivilegedPermissions;
pub use privileged::{PermissionScope, PrivilegedPermission};
pub use severity::Severity;
pub use third_party::ThirdParty;

use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::EnvironmentRules;
use crate::model::{Controls, EnvironmentClass, Instant, SecretKind, Storage};
use document::Document;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What the organisation has decided.
///
/// Every default stands, with a comment and its source, in [`Policy::DEFAULT_TOML`]. A written policy needs only what differs from it:
///
/// ```
/// use tenantgraph::policy::Policy;
/// let policy = Policy::from_toml("due_soon_days = 30")?;
/// assert_eq!(policy.due_soon_days, 30);
/// assert_eq!(policy.never_expires_days, Policy::default().never_expires_days);
/// # Ok::<(), tenantgraph::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Policy {
    /// A secret that must be replaced within so many days is due soon.
    pub due_soon_days: u32,
    /// An expiry so many days after the date of the assessment counts as "never".
    pub never_expires_days: u32,
    /// The longest a dynamic secret should live.
    pub dynamic_lifetime_days: u32,
    /// A preview or demo tenant without a stated end should be gone after so many days.
    pub short_lived_days: u32,
    /// The places that count as a secret manager.
    pub secret_managers: Vec<Storage>,
    /// The classes of environments in which every machine identity must prove itself by a certificate or a federated token.
    pub strong_authentication: Vec<EnvironmentClass>,
    /// Whether machine identities that command a tenant, or hold a permission of tier 0, must do so everywhere.
    pub strong_authentication_of_privileged: bool,
    /// Owners who left, as globs; letter case does not matter.
    pub left_owners: Vec<String>,
    /// Rows laid over the table of privileged permissions.
    pub privileged_permissions: Vec<PrivilegedPermission>,
    /// The days without use after which something counts as unused.
    pub dormancy_days: DormancyDays,
    /// How often trusts are reviewed.
    pub reviews: Reviews,
    /// What an integration that a vendor runs needs at most.
    pub third_party: ThirdParty,
    /// The controls that a tenant of a class must have; what is absent is not asked for.
    pub baselines: BTreeMap<EnvironmentClass, Controls>,
    /// Limits by kind of secret.
    pub limits: Limits,
    /// Limits that replace those of a kind in one class of environments.
    pub limits_by_class: BTreeMap<EnvironmentClass, Limits>,
    /// How environments are learnt from labels and names.
    pub environments: EnvironmentRules,
    /// The sides between which nothing may flow but what is allowed.
    pub boundaries: Vec<Boundary>,
    /// The crossings that are allowed.
    pub flows: Vec<Flow>,
    /// What it costs to end a relation.
    pub cuts: CutCosts,
    /// Severities that replace those of the rules, by rule id.
    pub severities: BTreeMap<String, Severity>,
    /// The findings that are waived.
    pub exceptions: Vec<Exception>,
}

static DEFAULT: LazyLock<Policy> = LazyLock::new(|| match Document::from_toml(Policy::DEFAULT_TOML) {
    Ok(document) => document.over(Policy::empty()),
    // The text is part of the crate, and a test reads it.
    Err(error) => unreachable!("the default policy is valid: {error}"),
});

impl Default for Policy {
    fn default() -> Self {
        DEFAULT.clone()
    }
}

impl Policy {
    /// The default policy as TOML, with a comment and a source for every value.
    pub const DEFAULT_TOML: &'static str = include_str!("../../data/policy.toml");

    /// Reads a policy from TOML. What is not written is as in the default policy.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidPolicy`] with the line and the column, and as [`Policy::check`].
    pub fn from_toml(text: &str) -> Result<Policy> {
        Document::from_toml(text).and_then(Policy::from_document)
    }

    /// Reads a policy from JSON. What is not written is as in the default policy.
    ///
    /// # Errors
    /// As [`Policy::from_toml`].
    pub fn from_json(text: &str) -> Result<Policy> {
        Document::from_json(text).and_then(Policy::from_document)
    }

    /// The whole policy as TOML.
    pub fn to_toml(&self) -> String {
        // Every map of a policy has words or texts for keys, and no value is missing: TOML can write all of it.
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// The whole policy as JSON, indented by two spaces.
    pub fn to_json(&self) -> String {
        // As for TOML.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// Whether every value is in its range: limits and the expiry horizon are above 0 days, name rules are regexes, flows and exceptions have a reason
    /// and an owner. Reading and assessing check it themselves.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidPolicy`], with the field and, in a list, the number of the entry.
    pub fn check(&self) -> Result<()> {
        if self.never_expires_days == 0 {
            return Err(out_of_range("never_expires_days", None, "0 days would make every expiry \"never\"; give a number above 0"));
        }
        let by_class = self.limits_by_class.values().flat_map(|limits| limits.values()).all(Limit::is_possible);
        for (field, possible) in [("limits", self.limits.values().all(Limit::is_possible)), ("limits_by_class", by_class)] {
            if !possible {
                return Err(out_of_range(field, None, "a limit of 0 days can never be kept; leave it out to have no limit"));
            }
        }
        for (field, empty) in [
            ("left_owners", self.left_owners.iter().any(|owner| owner.trim().is_empty())),
            ("privileged_permissions", self.privileged_permissions.iter().any(|row| row.permission.trim().is_empty())),
        ] {
            if empty {
                return Err(out_of_range(field, None, "an empty entry says nothing; write a name or leave the entry out"));
            }
        }
        if !self.cuts.is_possible() {
            return Err(out_of_range("cuts", None, "a cost is 1 or more, and a row of `uncuttable` gives `from`, `kind` or `to`"));
        }
        let unexplained = |reason: &str, owner: &str| reason.trim().is_empty() || owner.trim().is_empty();
        if let Some(at) = self.flows.iter().position(|flow| unexplained(&flow.reason, &flow.owner)) {
            return Err(out_of_range("flows", Some(at), "an allowed flow needs a reason and an owner; write both"));
        }
        if let Some(at) = self.exceptions.iter().position(|exception| unexplained(&exception.reason, &exception.owner)) {
            return Err(out_of_range("exceptions", Some(at), "an exception needs a reason and an owner; write both"));
        }
        // A test compiles the default rules; it need not be done again for every assessment.
        if self.environments == EnvironmentRules::default() { Ok(()) } else { self.environments.compile().map(drop) }
    }

    /// The limits of a kind of secret in a class of environments.
    pub fn limit(&self, kind: SecretKind, class: EnvironmentClass) -> Limit {
        let in_class = self.limits_by_class.get(&class).and_then(|limits| limits.get(&kind));
        in_class.or_else(|| self.limits.get(&kind)).copied().unwrap_or_default()
    }

    /// Whether an expiry says "never": some exports write 2100 or 9999.
    pub fn says_never(&self, expires_at: Instant, as_of: Instant) -> bool {
        expires_at >= Instant::NEVER || expires_at > as_of.plus_days(self.never_expires_days.into())
    }

    fn from_document(document: Document) -> Result<Policy> {
        let policy = document.over(Policy::default());
        policy.check()?;
        Ok(policy)
    }

    /// A policy that limits nothing, over which the default is laid.
    fn empty() -> Policy {
        Policy {
            due_soon_days: 0,
            never_expires_days: 0,
            dynamic_lifetime_days: 0,
            short_lived_days: 0,
            secret_managers: Vec::new(),
            strong_authentication: Vec::new(),
            strong_authentication_of_privileged: false,
            left_owners: Vec::new(),
            privileged_permissions: Vec::new(),
            dormancy_days: DormancyDays::default(),
            reviews: Reviews::default(),
            third_party: ThirdParty::default(),
            baselines: BTreeMap::new(),
            limits: Limits::new(),
            limits_by_class: BTreeMap::new(),
            environments: EnvironmentRules::default(),
            boundaries: Vec::new(),
            flows: Vec::new(),
            cuts: CutCosts::default(),
            severities: BTreeMap::new(),
            exceptions: Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Document::deserialize(deserializer).and_then(|document| Policy::from_document(document).map_err(serde::de::Error::custom))
    }
}

fn out_of_range(field: &str, entry: Option<usize>, message: &str) -> Error {
    let mut place = Place::new("policy").field(field);
    if let Some(entry) = entry {
        place = place.record(entry as u64 + 1);
    }
    Error::new(ErrorCode::InvalidPolicy, message).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_documented_file_and_limits_every_kind() {
        let policy = Policy::default();
        assert!(policy.check().is_ok());
        assert_eq!(policy.environments, EnvironmentRules::default());
        for kind in SecretKind::ALL {
            let limit = policy.limits[kind];
            assert!(limit.must_expire && limit.oldest_days() == Some(if *kind == SecretKind::Certificate { 180 } else { 90 }), "{kind}");
        }
        let secret = policy.limits[&SecretKind::ClientSecret];
        assert_eq!((secret.age_days, secret.lifetime_days), (Some(90), Some(180)));
        for field in [
            "[environments]",
            "due_soon_days = 14",
            "never_expires_days = 7300",
            "dynamic_lifetime_days = 1",
            "[dormancy_days]",
            "left_owners = []",
            "privileged_permissions = []",
            "secret_managers = [",
            "[baselines.production]",
            "[baselines.non_production]",
            "[third_party]",
            "[reviews]",
            "flows = []",
            "exceptions = []",
        ] {
            assert!(Policy::DEFAULT_TOML.contains(field), "{field} is not written in the default policy");
        }
    }

    #[test]
    fn every_default_has_its_comment() {
        let lines: Vec<_> = Policy::DEFAULT_TOML.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains('=') && !line.starts_with(['#', ' '])) {
            assert!(lines[at - 1].starts_with('#'), "no comment over `{line}`");
        }
    }

    #[test]
    fn what_is_written_is_laid_over_the_default() {
        let policy = Policy::from_toml(
            r#"
            due_soon_days = 7
            limits.password = { age_days = 30 }
            limits_by_class.production.token = { age_days = 1 }
            severities.rotation-overdue = "low"
            dormancy_days.secrets = 30
            reviews.labels = ["audited"]
            third_party.vendors.globex = ["control"]
            baselines.non_production = { monitored = true }
            privileged_permissions = [{ permission = "shop.refund", tier = 1 }]
            [[flows]]
            from = "non_production"
            to = "shared"
            right = "read"
            reason = "one registry of images"
            owner = "platform team"
            [[exceptions]]
            rule = "rotation-overdue"
            subject = "legacy-*"
            reason = "replaced in June"
            owner = "payments team"
            expires = 2026-06-30
            "#,
        )
        .expect("a policy");
        assert_eq!(policy.limits[&SecretKind::Password], Limit { age_days: Some(30), ..Limit::default() });
        assert_eq!(policy.limits[&SecretKind::Token], Policy::default().limits[&SecretKind::Token]);
        assert_eq!(policy.limit(SecretKind::Token, EnvironmentClass::Production).age_days, Some(1));
        assert_eq!(policy.limit(SecretKind::Token, EnvironmentClass::NonProduction).age_days, Some(90));
        assert_eq!(policy.exceptions[0].expires.expect("an end").to_string(), "2026-06-30T00:00:00Z");
        assert_eq!(policy.flows[0].to_string(), "non_production to shared: read");
        assert_eq!((policy.dormancy_days.secrets, policy.dormancy_days.identities), (30, 90));
        assert_eq!(policy.baselines[&EnvironmentClass::NonProduction], Controls { monitored: Some(true), ..Controls::default() });
        assert_eq!(policy.baselines[&EnvironmentClass::Production], Policy::default().baselines[&EnvironmentClass::Production]);
        assert!(policy.third_party.allows(Some("globex"), crate::model::Right::Control) && policy.reviews.labels == ["audited"]);
        assert_eq!(Policy::from_toml(&policy.to_toml()).expect("its own TOML"), policy);
        assert_eq!(Policy::from_json(&policy.to_json()).expect("its own JSON"), policy);
    }

    #[test]
    fn an_error_has_a_place_and_no_text_of_the_input() {
        let cases = [
            ("due_soon_days = 7\nhunter2 = 1", "policy:2:1:"),
            ("due_soon_days = 'hunter2'", "policy:1:17:"),
            ("due_soon_days = hunter2", "policy:1:17:"),
            ("[[exceptions]]\nrule = 'hunter2'", "policy:1:1:"),
            ("flows = [{ from = 'hunter2', to = 'production', right = 'read', reason = 'r', owner = 'o' }]", "policy:1:"),
            ("[[exceptions]]\nrule='r'\nsubject='*'\nreason='r'\nowner='o'\nexpires='hunter2'", "policy:"),
        ];
        for (text, place) in cases {
            let error = Policy::from_toml(text).expect_err(text);
            assert_eq!(error.code(), ErrorCode::InvalidPolicy);
            assert!(error.to_string().starts_with(place), "{error}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let error = Policy::from_json("{\n  \"hunter2\": 1\n}").expect_err("an unknown field");
        assert!(error.to_string().starts_with("policy:2:11:") && !error.to_string().contains("hunter2"), "{error}");
    }

    #[test]
    fn values_out_of_range_are_refused_with_their_entry() {
        let cases = [
            ("limits.token = { age_days = 0 }", "(field `limits`)"),
            ("limits_by_class.shared.token = { lifetime_days = 0 }", "(field `limits_by_class`)"),
            ("never_expires_days = 0", "(field `never_expires_days`)"),
            ("left_owners = ['']", "(field `left_owners`)"),
            ("privileged_permissions = [{ permission = ' ', tier = 0 }]", "(field `privileged_permissions`)"),
            ("exceptions = [{ rule = 'r', subject = '*', reason = ' ', owner = 'o' }]", "(record 1, field `exceptions`)"),
            ("flows = [{ from = 'demo', to = 'production', right = 'read', reason = 'r', owner = '' }]", "(record 1, field `flows`)"),
        ];
        for (text, place) in cases {
            let error = Policy::from_toml(text).expect_err(text);
            assert!(error.code() == ErrorCode::InvalidPolicy && error.to_string().contains(place), "{error}");
        }
    }
}
