//! [`Digraph`]: the seeded identity graph on which the library is measured beside its peers, as plain arrays and as an estate.
//!
//! Every relation asks for the only right that anybody comes to hold of its FROM, so what the library holds is what a plain search over the arrays
//! visits: one node is held exactly where it is reached. Ids are shuffled; who gains whom is skewed, as groups and roles make it.

use crate::random::Random;
use std::collections::HashSet;
use tenantgraph::Estate;
use tenantgraph::model::{
    Environment, Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind, Tenant, TenantKind,
};

/// Relations for each node.
const RELATIONS: u64 = 5;
/// Of a million relations, how many lead to another tenant, and how many of these from non-production into production.
const ACROSS: u64 = 2_900;
const INTO_PRODUCTION: u64 = 63;
const MILLION: u64 = 1_000_000;
/// One in so many tenants is production.
const PRODUCTION: u32 = 5;
/// The crown jewels of a production tenant.
const JEWELS: u32 = 3;
const SEED: u64 = 4;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Node {
    /// A service account.
    Identity = 0,
    /// A secret: one a tenant.
    Secret = 1,
    /// A database that nothing leads out of: three a production tenant.
    Jewel = 2,
}

/// A graph as arrays: nodes by number, edges by their ends.
#[derive(Debug)]
pub struct Digraph {
    /// The number of tenants.
    pub tenants: u32,
    /// The tenant of each node.
    pub tenant: Vec<u32>,
    /// What each node is.
    pub node: Vec<Node>,
    /// Where each edge starts.
    pub from: Vec<u32>,
    /// Where each edge ends.
    pub to: Vec<u32>,
}

/// Whether a tenant, by its number, is production.
pub const fn is_production(tenant: u32) -> bool {
    tenant.is_multiple_of(PRODUCTION)
}

impl Digraph {
    /// The graph of issue-size S: 10,000 nodes in 100 tenants.
    pub fn small() -> Digraph {
        Digraph::new(10_000, 100)
    }

    /// The graph of size M: 1,000,000 nodes in 1,000 tenants.
    pub fn medium() -> Digraph {
        Digraph::new(1_000_000, 1_000)
    }

    /// The graph of size L: 10,000,000 nodes in 5,000 tenants.
    pub fn large() -> Digraph {
        Digraph::new(10_000_000, 5_000)
    }

    /// A graph of so many nodes, evenly in so many tenants, and five times as many distinct edges.
    pub fn new(nodes: u32, tenants: u32) -> Digraph {
        Draw { random: Random::new(SEED), size: nodes / tenants, tenants }.digraph()
    }

    /// The estate of the graph: node `i` is the entity of index `i`, its tenants come after the last node.
    pub fn estate(&self) -> Estate {
        let mut builder = Estate::builder();
        for tenant in 0..self.tenants {
            let environment = if is_production(tenant) { Environment::Production } else { Environment::Testing };
            builder.add(Tenant { environment: Some(environment), ..Tenant::new(tenant_id(tenant), TenantKind::GcpProject) });
        }
        for (number, (node, tenant)) in self.node.iter().zip(&self.tenant).enumerate() {
            let (id, tenant) = (node_id(number as u32), Some(tenant_id(*tenant)));
            match node {
                Node::Identity => builder.add(Identity { tenant, ..Identity::new(id, IdentityKind::ServiceAccount) }),
                Node::Secret => builder.add(Secret { tenant, ..Secret::new(id, SecretKind::ApiKey) }),
                Node::Jewel => builder.add(Resource { tenant, ..Resource::new(id, ResourceKind::Database) }),
            }
        }
        for (from, to) in self.from.iter().zip(&self.to) {
            builder.relate(Relation::new(node_id(*from), self.kind(*from, *to), node_id(*to)));
        }
        builder.build()
    }

    pub(crate) fn kind(&self, from: u32, to: u32) -> RelationKind {
        match (self.node[from as usize], self.node[to as usize]) {
            (Node::Secret, _) => RelationKind::AuthenticatesAs,
            (_, Node::Secret) => RelationKind::Uses,
            (_, Node::Jewel) => RelationKind::Administers,
            _ => {
                [RelationKind::Assumes, RelationKind::MemberOf, RelationKind::FederatesTo, RelationKind::Manages][(from ^ to) as usize % 4]
            }
        }
    }
}

/// The id of a node. Byte order is the order of the numbers.
pub fn node_id(number: u32) -> String {
    format!("node:{number:08}")
}

/// The id of a tenant.
pub fn tenant_id(number: u32) -> String {
    format!("tenant:{number:05}")
}

struct Draw {
    random: Random,
    size: u32,
    tenants: u32,
}

impl Draw {
    fn digraph(mut self) -> Digraph {
        let nodes = self.size * self.tenants;
        let edges = nodes as u64 * RELATIONS;
        let across = edges * ACROSS / MILLION;
        let into = edges * INTO_PRODUCTION / MILLION;
        let mut seen = HashSet::with_capacity(edges as usize);
        let mut places: Vec<(u32, u32)> = Vec::with_capacity(edges as usize);
        while (places.len() as u64) < edges {
            let left = edges - places.len() as u64;
            let (from, to) = if left <= into {
                self.ends(|from, to| !is_production(from) && is_production(to))
            } else if left <= across {
                self.ends(|from, to| from != to && (is_production(from) || !is_production(to)))
            } else {
                self.within()
            };
            if self.joins(from, to) && seen.insert((from as u64) << 32 | to as u64) {
                places.push((from, to));
            }
        }
        self.shuffle(&mut places);
        let mut number: Vec<u32> = (0..nodes).collect();
        self.shuffle(&mut number);
        let (mut tenant, mut node) = (vec![0; nodes as usize], vec![Node::Identity; nodes as usize]);
        for (place, number) in number.iter().enumerate() {
            tenant[*number as usize] = place as u32 / self.size;
            node[*number as usize] = self.node(place as u32);
        }
        let end = |place: u32| number[place as usize];
        let (from, to) = places.into_iter().map(|(from, to)| (end(from), end(to))).unzip();
        Digraph { tenants: self.tenants, tenant, node, from, to }
    }

    /// What stands at a place: places run through the tenants one after the other.
    fn node(&self, place: u32) -> Node {
        match self.size - place % self.size {
            1 => Node::Secret,
            from_the_end if from_the_end <= 1 + JEWELS && is_production(place / self.size) => Node::Jewel,
            _ => Node::Identity,
        }
    }

    /// Whether a relation can lead from one place to another.
    fn joins(&self, from: u32, to: u32) -> bool {
        from != to && self.node(from) != Node::Jewel && (self.node(from) != Node::Secret || self.node(to) == Node::Identity)
    }

    fn within(&mut self) -> (u32, u32) {
        let tenant = self.random.below(self.tenants.into()) as u32;
        (tenant * self.size + self.size - 1 - self.skewed(3), tenant * self.size + self.skewed(4))
    }

    /// Ends in two tenants that fit each other.
    fn ends(&mut self, fits: impl Fn(u32, u32) -> bool) -> (u32, u32) {
        loop {
            let (from, to) = (self.random.below(self.tenants.into()) as u32, self.random.below(self.tenants.into()) as u32);
            if fits(from, to) {
                return (from * self.size + self.size - 1 - self.skewed(3), to * self.size + self.skewed(4));
            }
        }
    }

    /// A place within a tenant, low ones far more often: a power of an even draw.
    fn skewed(&mut self, power: i32) -> u32 {
        let even = self.random.below(1 << 20) as f64 / f64::from(1 << 20);
        (even.powi(power) * f64::from(self.size)) as u32
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.random.below(at as u64 + 1) as usize);
        }
    }
}
