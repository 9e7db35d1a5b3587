//! The answers to the questions, from the reference model.

use super::{Conditions, Fact, Facts, Held, HeldFact, Line, Reference};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tenantgraph::model::{Certainty, EntityType, EnvironmentClass, RelationKind, Right};

impl Reference {
    /// `reached` of the answer of `reach`.
    pub fn reached(&self, held: &Held, target: &BTreeSet<String>) -> Value {
        held.facts().into_iter().filter(|fact| target.contains(&fact.entity)).map(|fact| fact.json()).collect()
    }

    /// `crossings` of the answer of `reach`, in the order of the relations.
    pub fn crossings(&self, held: &Held, target: &BTreeSet<String>, conditions: Conditions) -> Value {
        let crossing = |at: &usize| {
            let line = &self.lines[*at];
            let right = line.grants?;
            // A proven crossing counts what proven relations alone give.
            let certainty = self.fires(held, line);
            let closure = self.closure(&[(line.to.clone(), right)], Conditions { admitted: certainty, ..conditions });
            let reached: BTreeSet<_> = closure.keys().map(|(entity, _)| entity).filter(|entity| target.contains(*entity)).collect();
            Some(json!({
                "from": line.from, "kind": line.kind, "to": line.to, "right": right, "certainty": certainty, "reached": reached.len(),
            }))
        };
        self.crossing_lines(held, target, conditions).iter().filter_map(crossing).collect()
    }

    /// `paths` of the answer of `reach`, as many as there are: one over each crossing, then one to each further target fact, nearest first.
    pub fn paths(&self, held: &Held, target: &BTreeSet<String>, conditions: Conditions) -> Value {
        let mut paths = Vec::new();
        let mut ends: BTreeSet<Fact> = BTreeSet::new();
        for at in self.crossing_lines(held, target, conditions) {
            let line = &self.lines[at];
            let certainty = self.fires(held, line);
            let mut steps = Vec::new();
            self.derive(if certainty == Certainty::Proven { &held.proven } else { &held.admitted }, at, &mut steps);
            ends.extend(line.grants.map(|right| (line.to.clone(), right)));
            paths.push(json!({"entity": line.to, "right": line.grants, "certainty": certainty, "steps": self.steps(&steps)}));
        }
        let mut further = held.facts();
        further.retain(|fact| fact.depth > 0 && target.contains(&fact.entity) && !ends.contains(&(fact.entity.clone(), fact.right)));
        further.sort_by_key(|fact| fact.depth);
        for fact in further {
            let steps = self.path(held, &(fact.entity.clone(), fact.right));
            paths.push(json!({"entity": fact.entity, "right": fact.right, "certainty": fact.certainty, "steps": steps}));
        }
        Value::Array(paths)
    }

    fn crossing_lines(&self, held: &Held, target: &BTreeSet<String>, conditions: Conditions) -> Vec<usize> {
        let crosses = |at: &usize| {
            let line = &self.lines[*at];
            line.grants.is_some()
                && self.conducts(line, conditions)
                && line.premises().all(|premise| held.admitted.contains_key(&premise))
                && !target.contains(&line.from)
                && target.contains(&line.to)
        };
        (0..self.lines.len()).filter(crosses).collect()
    }

    /// A line that fires on what is held does so proven where proven lines alone make it fire.
    fn fires(&self, held: &Held, line: &Line) -> Certainty {
        let proven = line.certainty == Certainty::Proven && line.premises().all(|premise| held.proven.contains_key(&premise));
        if proven { Certainty::Proven } else { Certainty::Possible }
    }

    /// The derivation of a held fact as steps.
    pub fn path(&self, held: &Held, fact: &Fact) -> Value {
        let mut steps = Vec::new();
        let facts = if held.proven.contains_key(fact) { &held.proven } else { &held.admitted };
        if let Some(at) = facts[fact].by {
            self.derive(facts, at, &mut steps);
        }
        self.steps(&steps)
    }

    /// The lines that make a line fire, each once, and the line itself.
    fn derive(&self, facts: &Facts, at: usize, steps: &mut Vec<usize>) {
        if steps.contains(&at) {
            return;
        }
        for premise in self.lines[at].premises() {
            if let Some(by) = facts[&premise].by {
                self.derive(facts, by, steps);
            }
        }
        steps.push(at);
    }

    fn steps(&self, steps: &[usize]) -> Value {
        let step = |at: &usize| {
            let line = &self.lines[*at];
            json!({"from": line.from, "kind": line.kind, "to": line.to, "right": line.grants, "permission": line.permission})
        };
        steps.iter().map(step).collect()
    }

    /// The answer of `matrix`.
    pub fn tenant_matrix(&self, conditions: Conditions) -> Value {
        let conditions = Conditions { admitted: Certainty::Proven, ..conditions };
        let mut rows = Vec::new();
        for source in self.ids().filter(|id| self.is_tenant(id) && self.is(id, EnvironmentClass::NonProduction)) {
            let held = self.held(&[self.given(source)], conditions);
            let mut targets: BTreeMap<String, Vec<HeldFact>> = BTreeMap::new();
            for fact in held.facts() {
                let Some(target) = self.own_tenant(&fact.entity).map(str::to_owned) else { continue };
                if target != source && self.is(&fact.entity, EnvironmentClass::Production) {
                    targets.entry(target).or_default().push(fact);
                }
            }
            for (target, facts) in targets {
                let entities: BTreeSet<_> = facts.iter().map(|fact| &fact.entity).collect();
                let strongest =
                    [Right::Control, Right::Write, Right::Read].into_iter().find(|right| facts.iter().any(|fact| fact.right == *right));
                let nearest = facts.iter().min_by_key(|fact| (fact.depth, &fact.entity, fact.right));
                let path = nearest.map(|fact| self.path(&held, &(fact.entity.clone(), fact.right)));
                rows.push(json!({
                    "source": source, "target": target, "entities": entities.len(), "strongest": strongest,
                    "depth": nearest.map(|fact| fact.depth), "path": path,
                }));
            }
        }
        Value::Array(rows)
    }

    /// The answer of `blast-radius`.
    pub fn blast_radius(&self, lost: &BTreeSet<String>, conditions: Conditions) -> Value {
        let start: Vec<Fact> = lost.iter().map(|id| self.given(id)).collect();
        let held = self.held(&start, conditions);
        let entities: BTreeSet<String> = held.facts().into_iter().map(|fact| fact.entity).collect();
        let count = |key: &dyn Fn(&str) -> Option<String>| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for key in entities.iter().filter_map(|id| key(id)) {
                *counts.entry(key).or_default() += 1;
            }
            counts
        };
        json!({
            "start": lost,
            "held": entities.len(),
            "by_environment": count(&|id| Some(self.environment(id).to_string())),
            "by_tenant": count(&|id| self.own_tenant(id).map(str::to_owned)),
            "by_kind": count(&|id| Some(self.entities[id].kind().to_owned())),
            "entities": held.facts().iter().map(HeldFact::json).collect::<Vec<_>>(),
            "rotate": self.rotate(&held),
        })
    }

    /// The secrets whose content is held, by depth, then id.
    fn rotate(&self, held: &Held) -> Vec<String> {
        let is_secret = |id: &str| self.entities[id].entity_type() == EntityType::Secret;
        let mut secrets: Vec<HeldFact> = held.facts();
        secrets.retain(|fact| fact.right == Right::Read && is_secret(&fact.entity));
        secrets.sort_by_key(|fact| fact.depth);
        secrets.into_iter().map(|fact| fact.entity).collect()
    }

    /// The depth of every fact held from a start where what is admitted counts alike.
    pub fn depths(&self, start: &[Fact], conditions: Conditions) -> BTreeMap<Fact, u32> {
        self.closure(start, conditions).into_iter().map(|(fact, derivation)| (fact, derivation.depth)).collect()
    }

    /// Whether a held fact stands on a relation with further premises.
    pub fn uses_also(&self, held: &Held) -> bool {
        self.uses(held, |line| !line.also.is_empty())
    }

    /// Whether a held fact stands on two records of one secret.
    pub fn uses_same_secret(&self, held: &Held) -> bool {
        self.uses(held, |line| line.kind == RelationKind::SameSecret)
    }

    fn uses(&self, held: &Held, what: impl Fn(&Line) -> bool) -> bool {
        held.admitted.values().filter_map(|derivation| derivation.by).any(|at| what(&self.lines[at]))
    }
}
