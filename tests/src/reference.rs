//! [`Reference`]: the rules of the graph once more, slow and obvious, written from the design alone.
//!
//! Plain lists, a fixpoint level by level, a pass over every relation a level. It shares no code with the library's graph: only the plain data of
//! `model` and its relation table. Answers are JSON values in the published form.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tenantgraph::model::{
    Certainty, Entity, EntityType, Environment, EnvironmentClass, Guard, GuardSet, Instant, Relation, RelationKind, Right,
};

/// A right over an entity.
pub type Fact = (String, Right);

/// Under which a relation conducts.
#[derive(Debug, Clone, Copy)]
pub struct Conditions {
    /// The instant.
    pub as_of: Instant,
    /// The guards that stop a holder.
    pub honoured: GuardSet,
    /// Whether possible relations conduct too.
    pub admitted: Certainty,
}

impl Conditions {
    /// The default ones: every guard but `just_in_time` is honoured, possible relations conduct.
    pub fn at(as_of: Instant) -> Self {
        let honoured = Guard::ALL.iter().copied().filter(|guard| *guard != Guard::JustInTime).collect();
        Conditions { as_of, honoured, admitted: Certainty::Possible }
    }
}

/// A relation with its rights filled in. The order of the fields is the canonical order; a derived relation stands before a written one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    from: String,
    kind: RelationKind,
    to: String,
    written: bool,
    requires: Right,
    grants: Option<Right>,
    guards: GuardSet,
    certainty: Certainty,
    permission: Option<String>,
    also: Vec<Fact>,
    granted_at: Option<Instant>,
    valid_from: Option<Instant>,
    valid_until: Option<Instant>,
    last_used_at: Option<Instant>,
    subject: Option<String>,
}

/// How a fact is held within one closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Derivation {
    depth: u32,
    /// The line that gave it; `None` for what is given.
    by: Option<usize>,
}

/// The facts of one closure.
type Facts = BTreeMap<Fact, Derivation>;

/// What is held from a start: the closure of the proven lines, and that of every admitted line.
#[derive(Debug)]
pub struct Held {
    proven: Facts,
    admitted: Facts,
}

/// A held fact, as the answers show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFact {
    /// The entity.
    pub entity: String,
    /// The right over it.
    pub right: Right,
    /// The least number of hops.
    pub depth: u32,
    /// Whether proven relations alone give it.
    pub certainty: Certainty,
}

/// An estate as the rules see it.
#[derive(Debug)]
pub struct Reference {
    entities: BTreeMap<String, Entity>,
    lines: Vec<Line>,
}

impl Reference {
    /// The estate of these entities (each id once) and relations.
    pub fn new(entities: &[Entity], relations: &[Relation]) -> Self {
        let mut known: BTreeMap<String, Entity> = entities.iter().map(|entity| (entity.id().to_owned(), entity.clone())).collect();
        let containers = entities.iter().filter_map(|entity| entity.container().map(str::to_owned));
        let ends = relations.iter().flat_map(|relation| {
            let premises = relation.also.iter().map(|premise| premise.entity.clone());
            [relation.from.clone(), relation.to.clone()].into_iter().chain(premises)
        });
        for id in containers.chain(ends) {
            known.entry(id.clone()).or_insert(Entity::Unknown(id));
        }
        let mut lines: Vec<Line> = relations.iter().filter_map(written).collect();
        lines.extend(entities.iter().filter_map(contained));
        lines.extend(same_secrets(entities));
        lines.retain(|line| {
            // An entity belongs to a tenant; another container must say so itself.
            let from = known[&line.from].entity_type();
            if !line.written && line.kind == RelationKind::Contains {
                return matches!(from, EntityType::Tenant | EntityType::Unknown);
            }
            let row = line.kind.row();
            row.from.fits(from) && row.to.fits(known[&line.to].entity_type())
        });
        lines.sort();
        lines.dedup();
        Reference { entities: known, lines }
    }

    /// The ids, placeholders included.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entities.keys().map(String::as_str)
    }

    /// The environment of an entity whose name and labels say nothing.
    pub fn environment(&self, id: &str) -> Environment {
        let (mut id, mut seen) = (id, BTreeSet::new());
        loop {
            let Some(entity) = self.entities.get(id) else { return Environment::Unknown };
            if let Some(declared) = entity.declared_environment() {
                // Only a tenant takes over that its container is shared.
                let inherited_by_other = seen.iter().any(|below: &&str| self.entities[*below].entity_type() != EntityType::Tenant);
                return if declared == Environment::Shared && inherited_by_other { Environment::Unknown } else { declared };
            }
            match self.container(id) {
                Some(container) if seen.insert(id) => id = container,
                _ => return Environment::Unknown,
            }
        }
    }

    /// Whether the entity is of this class.
    pub fn is(&self, id: &str, class: EnvironmentClass) -> bool {
        self.environment(id).class() == class
    }

    /// What is given of an entity: `read` of a secret, `control` of anything else.
    pub fn given(&self, id: &str) -> Fact {
        match self.entities[id].entity_type() {
            EntityType::Secret => (id.to_owned(), Right::Read),
            _ => (id.to_owned(), Right::Control),
        }
    }

    /// The default start of `reach`.
    pub fn default_start(&self, as_of: Instant) -> Vec<Fact> {
        let chosen = self.ids().filter(|id| self.is(id, EnvironmentClass::NonProduction) && self.entities[*id].lives_at(as_of));
        chosen.map(|id| self.given(id)).collect()
    }

    /// The least set of facts that contains the start and is closed under the rules.
    pub fn held(&self, start: &[Fact], conditions: Conditions) -> Held {
        let admitted = self.closure(start, conditions);
        Held { proven: self.closure(start, Conditions { admitted: Certainty::Proven, ..conditions }), admitted }
    }

    /// Level by level: a line fires at a level where all its premises are held at the levels below; the first line in order is the derivation.
    fn closure(&self, start: &[Fact], conditions: Conditions) -> Facts {
        let mut facts = Facts::new();
        for (entity, right) in start {
            give(&mut facts, entity, *right, Derivation { depth: 0, by: None });
        }
        for depth in 1.. {
            let below = facts.clone();
            for (at, line) in self.lines.iter().enumerate() {
                if let Some(grants) = line.grants
                    && self.conducts(line, conditions)
                    && line.premises().all(|premise| below.contains_key(&premise))
                {
                    give(&mut facts, &line.to, grants, Derivation { depth, by: Some(at) });
                }
            }
            if facts.len() == below.len() {
                break;
            }
        }
        facts
    }

    fn conducts(&self, line: &Line, conditions: Conditions) -> bool {
        let as_of = conditions.as_of;
        line.kind != RelationKind::Unmapped
            && line.valid_from.is_none_or(|from| from <= as_of)
            && line.valid_until.is_none_or(|until| as_of < until)
            && !Guard::ALL.iter().any(|guard| line.guards.contains(*guard) && conditions.honoured.contains(*guard))
            && (line.certainty == Certainty::Proven || conditions.admitted == Certainty::Possible)
            && alive(&self.entities[&line.from], as_of)
            && alive(&self.entities[&line.to], as_of)
    }

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

    fn is_tenant(&self, id: &str) -> bool {
        self.entities[id].entity_type() == EntityType::Tenant
    }

    /// The tenant an entity belongs to; a tenant is its own.
    fn own_tenant<'a>(&'a self, id: &'a str) -> Option<&'a str> {
        if self.is_tenant(id) { Some(id) } else { self.container(id) }
    }

    /// What an entity names as its tenant or parent, unless that is known to be no tenant.
    fn container(&self, id: &str) -> Option<&str> {
        let container = self.entities[id].container()?;
        matches!(self.entities[container].entity_type(), EntityType::Tenant | EntityType::Unknown).then_some(container)
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

impl Held {
    /// Every held fact, by entity, then right.
    pub fn facts(&self) -> Vec<HeldFact> {
        let fact = |((entity, right), derivation): (&Fact, &Derivation)| {
            let proven = self.proven.get(&(entity.clone(), *right));
            HeldFact {
                entity: entity.clone(),
                right: *right,
                depth: proven.unwrap_or(derivation).depth,
                certainty: if proven.is_some() { Certainty::Proven } else { Certainty::Possible },
            }
        };
        self.admitted.iter().map(fact).collect()
    }
}

impl HeldFact {
    /// The fact as the answers show it.
    pub fn json(&self) -> Value {
        json!({"entity": self.entity, "right": self.right, "depth": self.depth, "certainty": self.certainty})
    }
}

impl Line {
    /// What must be held, in the order in which a path shows it.
    fn premises(&self) -> impl Iterator<Item = Fact> {
        std::iter::once((self.from.clone(), self.requires)).chain(self.also.iter().cloned())
    }
}

/// Adds a fact and what it implies, where it is not held yet.
fn give(facts: &mut Facts, entity: &str, right: Right, derivation: Derivation) {
    let implied: &[Right] = if right == Right::Control { &[Right::Control, Right::Read, Right::Write] } else { &[right] };
    for right in implied {
        facts.entry((entity.to_owned(), *right)).or_insert(derivation);
    }
}

fn alive(entity: &Entity, as_of: Instant) -> bool {
    match entity {
        Entity::Identity(identity) => identity.enabled != Some(false) && identity.expires_at.is_none_or(|end| as_of < end),
        Entity::Secret(secret) => secret.revoked != Some(true) && secret.expires_at.is_none_or(|end| as_of < end),
        _ => true,
    }
}

fn written(relation: &Relation) -> Option<Line> {
    if relation.kind == RelationKind::SameSecret {
        return None;
    }
    let row = relation.kind.row();
    let grants = if relation.kind == RelationKind::Unmapped { None } else { Some(relation.grants.or(row.grants)?) };
    let mut also: Vec<Fact> = relation.also.iter().map(|premise| (premise.entity.clone(), premise.right)).collect();
    also.sort();
    also.dedup();
    Some(Line {
        written: true,
        requires: relation.requires.or(row.requires)?,
        grants,
        guards: relation.guards,
        certainty: relation.certainty,
        permission: relation.permission.clone(),
        also,
        granted_at: relation.granted_at,
        valid_from: relation.valid_from,
        valid_until: relation.valid_until,
        last_used_at: relation.last_used_at,
        subject: relation.subject.clone(),
        ..derived(&relation.from, relation.kind, &relation.to, Right::Control)
    })
}

/// A derived line, which asks for the right that it gives.
fn derived(from: &str, kind: RelationKind, to: &str, right: Right) -> Line {
    Line {
        from: from.to_owned(),
        kind,
        to: to.to_owned(),
        written: false,
        requires: right,
        grants: Some(right),
        guards: GuardSet::NONE,
        certainty: Certainty::Proven,
        permission: None,
        also: Vec::new(),
        granted_at: None,
        valid_from: None,
        valid_until: None,
        last_used_at: None,
        subject: None,
    }
}

fn contained(entity: &Entity) -> Option<Line> {
    Some(derived(entity.container()?, RelationKind::Contains, entity.id(), Right::Control))
}

fn same_secrets(entities: &[Entity]) -> Vec<Line> {
    let print = |entity: &Entity| entity.as_secret().and_then(|secret| secret.fingerprint.clone()).filter(|print| !print.is_empty());
    let mut lines = Vec::new();
    for one in entities {
        for other in entities {
            if one.id() != other.id() && print(one).is_some() && print(one) == print(other) {
                lines.push(derived(one.id(), RelationKind::SameSecret, other.id(), Right::Read));
            }
        }
    }
    lines
}
