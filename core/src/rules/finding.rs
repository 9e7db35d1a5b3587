//! [`Finding`]: one statement that a rule makes about an estate, with its evidence.

use super::Standards;
use crate::analysis::{ControlDrift, PathStep};
use crate::estate::Tie;
use crate::model::{Authentication, Certainty, Environment, EnvironmentSource, Exposure, Instant, RelationKind, Right, Storage};
use crate::policy::Severity;
use serde::Serialize;

/// One statement that a rule makes about an estate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// Stays the same from run to run while the rule and its subjects do: how findings are compared over time.
    pub fingerprint: String,
    /// The id of the rule.
    pub rule: &'static str,
    /// The title of the rule.
    pub title: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Why the severity is one step above that of the rule; absent where it is not.
    pub raised: Option<String>,
    /// Why the severity is not one step lower.
    pub severity_reason: String,
    /// The ids of what it is about.
    pub subjects: Vec<String>,
    /// What is the matter.
    pub message: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub remedy: &'static str,
    /// What it answers to.
    pub standards: Standards,
    /// The decision to live with it, where there is one.
    pub waived: Option<Waiver>,
}

/// What shows that a finding is true. It never holds the value of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// A relation that leads into production from outside it.
    Crossing {
        /// The id of the entity outside.
        from: String,
        /// The kind of the relation.
        kind: RelationKind,
        /// The id of the production entity.
        to: String,
        /// The right that it grants.
        right: Right,
        /// How sure it is.
        certainty: Certainty,
        /// The number of production entities that whoever comes this way comes to hold.
        reached: u64,
        /// The provider's own names of the right.
        permissions: Vec<String>,
    },
    /// A shortest path.
    Path {
        /// How sure it is.
        certainty: Certainty,
        /// Its hops in order.
        steps: Vec<PathStep>,
    },
    /// How old a secret is.
    Age {
        /// The id of the secret.
        secret: String,
        /// Whole days since it was rotated, or else created; absent where that is unknown.
        age_days: Option<i64>,
        /// The days after which it is too old.
        limit_days: Option<u32>,
        /// When it must be, or should have been, replaced.
        due: Option<Instant>,
    },
    /// When something ends.
    Expiry {
        /// The id of the entity.
        entity: String,
        /// The stated end.
        expires_at: Instant,
    },
    /// A relation.
    Relation {
        /// The relation.
        #[serde(flatten)]
        relation: Tie,
    },
    /// Whom a federation accepts.
    Subject {
        /// The federation.
        #[serde(flatten)]
        relation: Tie,
        /// The regex over the federated subject.
        subject: String,
    },
    /// When something was last used.
    LastUse {
        /// The id of the entity.
        entity: String,
        /// When.
        last_used_at: Instant,
        /// Whole days since then.
        unused_days: i64,
        /// The days after which it counts as unused.
        limit_days: u32,
    },
    /// When a trust was granted, used and reviewed; what is absent nobody says.
    Trust {
        /// When it was granted.
        granted_at: Option<Instant>,
        /// When it was last used.
        last_used_at: Option<Instant>,
        /// When it was last reviewed.
        reviewed_at: Option<Instant>,
    },
    /// How long a secret may live.
    Lifetime {
        /// The id of the secret.
        secret: String,
        /// When its value was made.
        since: Instant,
        /// When it ends.
        expires_at: Instant,
        /// The days it may live.
        limit_days: u32,
    },
    /// Where a secret is kept.
    Kept {
        /// The id of the secret.
        secret: String,
        /// Where.
        storage: Storage,
    },
    /// That something holds a secret.
    Holds {
        /// The id of what holds it.
        entity: String,
        /// The id of the secret.
        secret: String,
    },
    /// Where a scanner found a secret.
    Exposure {
        /// The id of the secret.
        secret: String,
        /// What the scanner says.
        #[serde(flatten)]
        exposure: Exposure,
    },
    /// How an identity proves itself.
    Authentication {
        /// The id of the identity.
        identity: String,
        /// Every way that is known.
        methods: Vec<Authentication>,
    },
    /// Who answers for something.
    Owner {
        /// The id of the entity.
        entity: String,
        /// The owner who left; absent where there is none.
        owner: Option<String>,
        /// The id of the person of the estate who that is.
        person: Option<String>,
    },
    /// A control that is weaker than it should be.
    Control {
        /// The control and what it is held against.
        #[serde(flatten)]
        drift: ControlDrift,
    },
    /// Whether somebody sees what is done in a tenant; what is absent nobody says.
    Monitoring {
        /// The id of the tenant.
        tenant: String,
        /// Whether actions are logged.
        audit_logging: Option<bool>,
        /// Whether somebody watches.
        monitored: Option<bool>,
    },
    /// A date that cannot be true.
    Date {
        /// The id of the entity.
        entity: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// What a source says of the environment of an entity.
    Environment {
        /// The id of the entity.
        entity: String,
        /// The environment.
        environment: Environment,
        /// Which source says so.
        source: EnvironmentSource,
        /// The key of the label, where a label says so.
        label: Option<String>,
    },
    /// How an entity has to do with a secret.
    Use {
        /// The id of the secret.
        secret: String,
        /// How.
        role: SecretUse,
        /// The id of the entity.
        entity: String,
        /// Its environment.
        environment: Environment,
    },
    /// A decision written in the policy.
    Decision {
        /// What is waived or allowed: a rule and a glob over subjects, or a flow.
        decision: String,
        /// Why.
        reason: String,
        /// Who answers for it.
        owner: String,
        /// Its end.
        expires: Option<Instant>,
    },
}

impl Evidence {
    /// The hops of a path, where the evidence is one.
    pub fn steps(&self) -> Option<&[PathStep]> {
        match self {
            Evidence::Path { steps, .. } => Some(steps),
            _ => None,
        }
    }
}

/// How an entity has to do with a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretUse {
    /// It is a record of the secret itself.
    Record,
    /// The secret authenticates as it.
    AuthenticatesAs,
    /// It uses the secret.
    UsedBy,
    /// It stores the secret.
    StoredIn,
}

/// A decision to live with a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// When it ends.
    pub expires: Option<Instant>,
    /// What kind of decision it is.
    pub by: WaivedBy,
}

/// What kind of decision waives a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WaivedBy {
    /// An exception of the policy.
    Exception,
    /// An allowed flow of the policy.
    AllowedFlow,
}
