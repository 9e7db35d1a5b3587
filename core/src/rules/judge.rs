//! [`findings`]: from what the checks say to findings, with severities, waivers and fingerprints.

use super::rule::{Context, Draft, Raise, Rule};
use super::{Finding, RULES, WaivedBy, Waiver, opened};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{EntityIndex, Glob};
use crate::model::{Certainty, EnvironmentClass};
use crate::observer::{Observer, Pace};
use crate::policy::{Exception, Flow, Policy, Severity};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// What every rule finds, the worst first and what is waived last.
///
/// Costs one pass of each rule, one pass against the direction of the relations for all severities together, two counts of what lost secrets open, and
/// a sort.
pub(crate) fn findings(context: &Context<'_>, observer: &dyn Observer) -> Result<Vec<Finding>> {
    let waivers = Waivers::new(context);
    let mut drafts = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        observer.check(at as u64, RULES.len() as u64)?;
        drafts.extend((rule.check)(context).into_iter().map(|draft| (at, draft)));
    }
    opened::tell(context, &mut drafts, observer)?;
    let reaching = reaching(context, &drafts, observer)?;
    let mut seen = HashSet::with_capacity(drafts.len());
    let mut findings = Vec::with_capacity(drafts.len());
    let (mut pace, mut countdown) = (Pace::new(observer), context.estate.countdown());
    for (at, draft) in drafts {
        // A finding costs far more than a step of a pass.
        pace.steps(A_FINDING)?;
        let weight = draft.weight;
        let finding = finding(context, RULES[at], draft, &reaching, &waivers);
        if seen.insert(finding.fingerprint.clone()) {
            findings.push((at, weight, finding));
        }
    }
    findings.sort_by(|(rule_a, weight_a, a), (rule_b, weight_b, b)| {
        countdown.tick();
        let order = |rule: &usize, weight: &u64, it: &Finding| (it.waived.is_some(), Reverse(it.severity), *rule, Reverse(*weight));
        let by_text = || (&a.subjects, &a.fingerprint).cmp(&(&b.subjects, &b.fingerprint));
        order(rule_a, weight_a, a).cmp(&order(rule_b, weight_b, b)).then_with(by_text)
    });
    Ok(findings.into_iter().map(|(_, _, finding)| finding).collect())
}

/// The steps that a finding counts for.
const A_FINDING: usize = 16;

/// Whether every rule that a policy names is there.
pub(crate) fn check_rule_ids(policy: &Policy) -> Result<()> {
    let unknown = |id: &str| RULES.iter().all(|rule| rule.id != id);
    let error = |place: Place| {
        let known: Vec<_> = RULES.iter().map(|rule| format!("`{}`", rule.id)).collect();
        Error::new(ErrorCode::InvalidPolicy, format!("no rule of this name; the rules are {}", known.join(", "))).at(place)
    };
    if let Some(at) = policy.exceptions.iter().position(|exception| unknown(&exception.rule)) {
        return Err(error(Place::new("policy").record(at as u64 + 1).field("exceptions")));
    }
    if policy.severities.keys().any(|id| unknown(id)) {
        return Err(error(Place::new("policy").field("severities")));
    }
    Ok(())
}

/// Why each of the entities that could raise a finding does; those that do not are left out.
fn reaching(context: &Context<'_>, drafts: &[(usize, Draft)], observer: &dyn Observer) -> Result<HashMap<EntityIndex, String>> {
    let estate = context.estate;
    let is_production = |entity: EntityIndex| estate.environment(entity).class() == EnvironmentClass::Production;
    let raising = drafts.iter().flat_map(|(_, draft)| match &draft.raise {
        Raise::By(entities) => entities.as_slice(),
        _ => &[],
    });
    let mut entities: Vec<EntityIndex> = raising.copied().collect();
    entities.sort_unstable();
    entities.dedup();
    let production: Vec<bool> = estate.indices().map(is_production).collect();
    let starts: Vec<_> = entities.iter().map(|entity| context.graph.taken(*entity)).collect();
    let leads = context.graph.leads_to(&starts, &production, Certainty::Proven, observer)?;
    let why = |entity: EntityIndex, leads: bool| {
        if is_production(entity) {
            return Some(format!("{} is in production", context.name(entity)));
        }
        (leads && context.graph.lives(entity)).then(|| format!("{} alone is proven to reach production", context.name(entity)))
    };
    Ok(entities.into_iter().zip(leads).filter_map(|(entity, leads)| Some((entity, why(entity, leads)?))).collect())
}

fn finding(
    context: &Context<'_>,
    rule: &'static Rule,
    draft: Draft,
    reaching: &HashMap<EntityIndex, String>,
    waivers: &Waivers<'_>,
) -> Finding {
    let decided = context.policy.severities.get(rule.id).copied();
    let own = decided.unwrap_or(rule.severity);
    let why = match &draft.raise {
        Raise::Never => None,
        Raise::Because(why) => Some(why),
        Raise::By(entities) => entities.iter().find_map(|entity| reaching.get(entity)),
    };
    let severity = if why.is_some() { own.raised() } else { own };
    let raised = why.filter(|_| severity != own).map(|why| format!("{severity}, not {own}: {why}"));
    Finding {
        fingerprint: fingerprint(rule.id, &draft.subjects, &draft.facet),
        rule: rule.id,
        title: rule.title,
        severity,
        severity_reason: raised.clone().unwrap_or_else(|| severity_reason(rule, decided)),
        raised,
        waived: waivers.of(rule.id, &draft),
        subjects: draft.subjects,
        message: draft.message,
        evidence: draft.evidence,
        remedy: rule.remedy,
        standards: rule.standards,
    }
}

/// Why a severity that nothing raised is not one step lower.
fn severity_reason(rule: &Rule, decided: Option<Severity>) -> String {
    decided.map_or_else(|| rule.severity_sentence(), |severity| format!("{severity}: the policy says so"))
}

/// The first 16 digits of the SHA-256 of the rule, its subjects and the facet, each behind its length.
fn fingerprint(rule: &str, subjects: &[String], facet: &str) -> String {
    let mut hash = Sha256::new();
    for part in std::iter::once(rule).chain(subjects.iter().map(String::as_str)).chain([facet]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The decisions of a policy that are in force.
struct Waivers<'a> {
    exceptions: HashMap<&'a str, Vec<(Glob, &'a Exception)>>,
    flows: Vec<&'a Flow>,
}

impl<'a> Waivers<'a> {
    fn new(context: &Context<'a>) -> Self {
        let mut exceptions: HashMap<_, Vec<_>> = HashMap::new();
        for exception in context.policy.exceptions.iter().filter(|exception| !exception.has_expired(context.as_of)) {
            exceptions.entry(exception.rule.as_str()).or_default().push((Glob::new(&exception.subject), exception));
        }
        Waivers { exceptions, flows: context.policy.flows.iter().filter(|flow| !flow.has_expired(context.as_of)).collect() }
    }

    /// The first decision that a finding falls under: an allowed flow, or else an exception.
    fn of(&self, rule: &str, draft: &Draft) -> Option<Waiver> {
        let allowed = draft.crossing.and_then(|(from, right, to)| self.flows.iter().find(|flow| flow.allows(from, right, to)));
        if let Some(flow) = allowed {
            let (reason, owner) = (flow.reason.clone(), flow.owner.clone());
            return Some(Waiver { reason, owner, expires: flow.expires, by: WaivedBy::AllowedFlow });
        }
        let mut exceptions = self.exceptions.get(rule)?.iter();
        let (_, exception) = exceptions.find(|(glob, _)| draft.subjects.iter().any(|subject| glob.matches(subject)))?;
        let (reason, owner) = (exception.reason.clone(), exception.owner.clone());
        Some(Waiver { reason, owner, expires: exception.expires, by: WaivedBy::Exception })
    }
}
