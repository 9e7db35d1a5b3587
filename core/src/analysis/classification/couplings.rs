//! What speaks of production in a tenant that is not labelled so, piece by piece.

use super::production_data::ProductionHolders;
use crate::analysis::PathStep;
use crate::error::Result;
use crate::estate::{EntityIndex, Estate, RelationRef, SecretCopies, Tie};
use crate::graph::{Fact, Graph, Step};
use crate::model::words::words;
use crate::model::{Certainty, DataKind, EntityType, EnvironmentClass, EnvironmentSource, RelationKind};
use crate::observer::Observer;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    /// What a piece of evidence is.
    CouplingKind {
        /// Data of production, or a copy of it.
        ProductionData => "production_data",
        /// A secret of production, or one that acts as an identity of production.
        ProductionCredential => "production_credential",
        /// Production accepts the tenant or an identity of it.
        ProductionTrust => "production_trust",
        /// Something that is itself stated to be production.
        ProductionContent => "production_content",
        /// Whoever takes the tenant reaches production.
        ProductionPath => "production_path",
    }
}

/// A piece of evidence that a tenant has to do with production.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Coupling {
    /// What it is.
    pub kind: CouplingKind,
    /// The id of what stands in the tenant.
    pub entity: String,
    /// The id of the other side, in production; null where what stands in the tenant is of production itself.
    pub production: Option<String>,
    /// The relation that says so; null where none does.
    pub relation: Option<Tie>,
    /// The way from the tenant, where the evidence is one.
    pub path: Vec<PathStep>,
    /// How sure it is.
    pub certainty: Certainty,
}

/// The evidence of one tenant.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub counts: BTreeMap<CouplingKind, u64>,
    pub evidence: Vec<Coupling>,
}

const SHOWN: u64 = 25;

impl Found {
    fn add(&mut self, kind: CouplingKind, coupling: impl FnOnce() -> Coupling) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= SHOWN {
            self.evidence.push(coupling());
        }
    }
}

/// The evidence of every tenant that is not labelled production or shared.
pub(super) struct Couplings<'a> {
    graph: &'a Graph,
    estate: &'a Estate,
    copies: SecretCopies,
    /// The secrets that are production's, or act as an identity of production.
    opens: Vec<bool>,
    holders: &'a ProductionHolders<'a>,
    found: BTreeMap<EntityIndex, Found>,
}

impl<'a> Couplings<'a> {
    pub fn gather(graph: &'a Graph, holders: &'a ProductionHolders<'a>, observer: &dyn Observer) -> Result<Self> {
        let estate = graph.estate();
        let copies = SecretCopies::of(estate, |secret| graph.lives(secret));
        let mut couplings = Couplings { graph, estate, copies, opens: Vec::new(), holders, found: BTreeMap::new() };
        couplings.opens = couplings.opens();
        for entity in estate.indices().filter(|entity| graph.lives(*entity)) {
            couplings.of_entity(entity);
        }
        for relation in estate.relations().filter(|relation| graph.conducts(*relation)) {
            couplings.of_relation(relation);
        }
        couplings.of_paths(observer)?;
        Ok(couplings)
    }

    /// The evidence of a tenant, sorted.
    pub fn take(&mut self, tenant: EntityIndex) -> Found {
        let mut found = self.found.remove(&tenant).unwrap_or_default();
        found.evidence.sort_unstable();
        found
    }

    fn class(&self, entity: EntityIndex) -> EnvironmentClass {
        self.estate.environment(entity).class()
    }

    fn is_production(&self, entity: EntityIndex) -> bool {
        self.class(entity) == EnvironmentClass::Production
    }

    /// The tenant that an entity stands in, where it is one whose label is held against the evidence.
    fn home(&self, entity: EntityIndex) -> Option<EntityIndex> {
        let tenant = self.estate.own_tenant(entity)?;
        let asked = matches!(self.class(tenant), EnvironmentClass::NonProduction | EnvironmentClass::Unknown);
        (asked && self.estate.entity(tenant).entity_type() == EntityType::Tenant).then_some(tenant)
    }

    fn opens(&self) -> Vec<bool> {
        let mut opens: Vec<bool> = self
            .estate
            .indices()
            .map(|entity| self.estate.entity(entity).entity_type() == EntityType::Secret && self.is_production(entity))
            .collect();
        let acts = self.estate.relations().filter(|relation| relation.kind() == RelationKind::AuthenticatesAs);
        for relation in acts.filter(|relation| self.graph.conducts(*relation) && self.is_production(relation.to())) {
            opens[relation.from().position()] = true;
        }
        for entity in self.estate.indices() {
            if opens[entity.position()] {
                self.copies.of_secret(entity).iter().for_each(|copy| opens[copy.position()] = true);
            }
        }
        opens
    }

    /// What an entity says by itself: data of production, a copy of a secret of production, a label of its own.
    fn of_entity(&mut self, entity: EntityIndex) {
        let Some(home) = self.home(entity) else { return };
        let known = self.estate.entity(entity);
        if known.as_resource().is_some_and(|resource| resource.data == Some(DataKind::Production)) {
            self.add(home, CouplingKind::ProductionData, entity, None, None);
        }
        let copies = self.copies.of_secret(entity).iter().copied();
        if let Some(other) = copies.filter(|other| *other != entity).find(|other| self.is_production(*other)) {
            self.add(home, CouplingKind::ProductionCredential, entity, Some(other), None);
        }
        let says = matches!(self.estate.environment(entity).source, EnvironmentSource::Explicit | EnvironmentSource::Label);
        if says && self.is_production(entity) {
            self.add(home, CouplingKind::ProductionContent, entity, None, None);
        }
    }

    fn of_relation(&mut self, relation: RelationRef<'a>) {
        let (from, to) = (relation.from(), relation.to());
        let Some(home) = self.home(from).filter(|home| self.estate.own_tenant(to) != Some(*home)) else { return };
        let kind = match relation.kind() {
            RelationKind::CopyOf if self.holders.is_copied(from, to) => CouplingKind::ProductionData,
            RelationKind::AuthenticatesAs if self.is_production(to) => CouplingKind::ProductionCredential,
            RelationKind::Uses | RelationKind::Stores if self.opens[to.position()] => CouplingKind::ProductionCredential,
            RelationKind::TrustedBy
            | RelationKind::FederatesTo
            | RelationKind::Instantiates
            | RelationKind::MemberOf
            | RelationKind::Assumes
            | RelationKind::Manages
            | RelationKind::RunsAs
                if self.is_production(to) =>
            {
                CouplingKind::ProductionTrust
            }
            _ => return,
        };
        self.add(home, kind, from, Some(to), Some(relation));
    }

    /// One shortest way to production from each tenant that alone is proven to reach it.
    fn of_paths(&mut self, observer: &dyn Observer) -> Result<()> {
        let asked = self.estate.indices().filter(|entity| self.home(*entity) == Some(*entity));
        let tenants: Vec<EntityIndex> = asked.collect();
        let target: Vec<bool> = self.estate.indices().map(|entity| self.is_production(entity)).collect();
        let starts: Vec<Fact> = tenants.iter().map(|tenant| self.graph.taken(*tenant)).collect();
        let ways = self.graph.ways_to(&starts, &target, Certainty::Proven, observer)?;
        for (tenant, way) in tenants.into_iter().zip(ways) {
            // What the tenant itself contains is production content, not a way.
            let out = |step: &&Step| self.estate.own_tenant(step.to) != Some(tenant);
            let Some(last) = way.as_ref().and_then(|way| way.last()).filter(out) else { continue };
            let production = Some(self.id(last.to));
            let path = way.into_iter().flatten().map(|step| PathStep::new(self.estate, step)).collect();
            let kind = CouplingKind::ProductionPath;
            let coupling = Coupling { kind, entity: self.id(tenant), production, relation: None, path, certainty: Certainty::Proven };
            self.found.entry(tenant).or_default().add(kind, || coupling);
        }
        Ok(())
    }

    fn id(&self, entity: EntityIndex) -> String {
        self.estate.entity(entity).id().to_owned()
    }

    fn add(&mut self, home: EntityIndex, kind: CouplingKind, entity: EntityIndex, other: Option<EntityIndex>, by: Option<RelationRef<'a>>) {
        let estate = self.estate;
        let id = |entity: EntityIndex| estate.entity(entity).id().to_owned();
        let coupling = || Coupling {
            kind,
            entity: id(entity),
            production: other.map(id),
            relation: by.map(|relation| Tie::of(estate, relation)),
            path: Vec::new(),
            certainty: by.map_or(Certainty::Proven, |relation| relation.certainty()),
        };
        self.found.entry(home).or_default().add(kind, coupling);
    }
}
