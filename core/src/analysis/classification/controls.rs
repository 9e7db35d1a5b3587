//! The controls of tenants held against the baseline of their class and against their production twins.

use crate::estate::{Coverage, EntityIndex, Estate, Twins};
use crate::model::words::words;
use crate::model::{Controls, Environment};
use crate::policy::Policy;
use serde::Serialize;

words! {
    /// A control of a tenant.
    Control {
        /// People must use a second factor.
        MfaRequired => "mfa_required",
        /// Actions are logged.
        AuditLogging => "audit_logging",
        /// Somebody watches.
        Monitored => "monitored",
        /// The oldest a secret may be, in days.
        MaxSecretAgeDays => "max_secret_age_days",
    }
}

words! {
    /// What a control is held against.
    DriftAgainst {
        /// The policy's baseline of the tenant's class.
        Baseline => "baseline",
        /// A twin in production.
        Twin => "twin",
    }
}

/// The value of a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum ControlValue {
    /// Whether it is in force.
    Flag(bool),
    /// A number of days.
    Days(u32),
}

/// A control that is weaker than it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ControlDrift {
    /// The id of the tenant.
    pub tenant: String,
    /// Its environment.
    pub environment: Environment,
    /// The control.
    pub control: Control,
    /// What it is.
    pub value: ControlValue,
    /// What it should be.
    pub expected: ControlValue,
    /// What says so.
    pub against: DriftAgainst,
    /// The id of the twin that says so.
    pub twin: Option<String>,
}

/// A tenant that is stated to have no audit log or nobody who watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unmonitored {
    /// The id of the tenant.
    pub tenant: String,
    /// Its environment.
    pub environment: Environment,
    /// Whether actions are logged; absent where nobody says.
    pub audit_logging: Option<bool>,
    /// Whether somebody watches; absent where nobody says.
    pub monitored: Option<bool>,
}

/// What the controls of an estate say.
pub(super) struct ControlAnswer {
    pub drift: Vec<ControlDrift>,
    pub unmonitored: Vec<Unmonitored>,
    pub coverage: Vec<Coverage>,
}

/// Only what a tenant states is below anything: what is absent is unknown, and counted as that.
pub(super) fn controls(estate: &Estate, policy: &Policy) -> ControlAnswer {
    let tenants: Vec<_> = estate.indices().filter_map(|index| Some((index, estate.entity(index).as_tenant()?.controls))).collect();
    // Names are only compared where there is something to compare.
    let stated = tenants.iter().any(|(_, controls)| *controls != Controls::default());
    let twins = if stated { Twins::of(estate) } else { Twins::default() };
    let mut drift = Vec::new();
    let mut unmonitored = Vec::new();
    for (index, controls) in tenants.iter().copied() {
        let environment = estate.environment(index);
        let (id, environment, class) = (estate.entity(index).id(), environment.environment, environment.class());
        let mut hold = |expected: &Controls, against, twin: Option<EntityIndex>| {
            let twin = twin.map(|twin| estate.entity(twin).id().to_owned());
            let weaker = Control::ALL.iter().filter_map(|control| control.weaker(&controls, expected).map(|values| (*control, values)));
            drift.extend(weaker.map(|(control, (value, expected))| ControlDrift {
                tenant: id.to_owned(),
                environment,
                control,
                value,
                expected,
                against,
                twin: twin.clone(),
            }));
        };
        if let Some(baseline) = policy.baselines.get(&class) {
            hold(baseline, DriftAgainst::Baseline, None);
        }
        for twin in twins.of_entity(index) {
            if let Some(tenant) = estate.entity(*twin).as_tenant() {
                hold(&tenant.controls, DriftAgainst::Twin, Some(*twin));
            }
        }
        if controls.audit_logging == Some(false) || controls.monitored == Some(false) {
            let (audit_logging, monitored) = (controls.audit_logging, controls.monitored);
            unmonitored.push(Unmonitored { tenant: id.to_owned(), environment, audit_logging, monitored });
        }
    }
    drift.sort_unstable_by(|a, b| {
        let key = |it: &ControlDrift| (it.control, it.against, it.twin.clone());
        a.tenant.cmp(&b.tenant).then_with(|| key(a).cmp(&key(b)))
    });
    ControlAnswer { drift, unmonitored, coverage: coverage(&tenants) }
}

impl Control {
    fn value(self, controls: &Controls) -> Option<ControlValue> {
        match self {
            Control::MfaRequired => controls.mfa_required.map(ControlValue::Flag),
            Control::AuditLogging => controls.audit_logging.map(ControlValue::Flag),
            Control::Monitored => controls.monitored.map(ControlValue::Flag),
            Control::MaxSecretAgeDays => controls.max_secret_age_days.map(ControlValue::Days),
        }
    }

    /// The value and what it should be, where both are known and the value is weaker.
    fn weaker(self, controls: &Controls, expected: &Controls) -> Option<(ControlValue, ControlValue)> {
        let (value, expected) = (self.value(controls)?, self.value(expected)?);
        let weaker = match (value, expected) {
            (ControlValue::Flag(own), ControlValue::Flag(other)) => !own && other,
            (ControlValue::Days(own), ControlValue::Days(other)) => own > other,
            _ => false,
        };
        weaker.then_some((value, expected))
    }
}

fn coverage(tenants: &[(EntityIndex, Controls)]) -> Vec<Coverage> {
    let of = |control: &Control| {
        let known = tenants.iter().map(|(_, controls)| control.value(controls).is_some());
        Coverage::counted(&format!("control_{control}"), known, "tenants that do not state this control cannot be said to have it")
    };
    let mut coverage: Vec<_> = Control::ALL.iter().filter_map(of).collect();
    coverage.sort_unstable();
    coverage
}
