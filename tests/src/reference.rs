//! [`Reference`]: the rules of the graph once more, slow and obvious, written from the design alone.
//!
//! Plain lists, a fixpoint level by level, a pass over every relation a level. It shares no code with the library's graph: only the plain data of
//! `model` and its relation table. Answers are JSON values in the published form.

mod answers;
mod rules;

pub use rules::Rule;

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

    /// Whether an entity can act or be used: is not disabled, expired or revoked.
    pub fn lives(&self, id: &str, as_of: Instant) -> bool {
        alive(&self.entities[id], as_of)
    }

    /// The default start of `reach`.
    pub fn default_start(&self, as_of: Instant) -> Vec<Fact> {
        let chosen = self.ids().filter(|id| self.is(id, EnvironmentClass::NonProduction) && self.lives(id, as_of));
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
