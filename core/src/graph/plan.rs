//! [`Plan`]: where every node stands and which arcs it has. All passes go through the entities in order and write tenant by tenant: nothing is read here
//! and there but the node of an arc's end.

use super::arcs::{Arcs, FREE, Joint, LISTED};
use super::edges::{Edges, Raw};
use super::nodes::{Nodes, bit, wanted};
use super::sources::Source;
use super::{EntityIndex, Fact};
use crate::estate::{Estate, RelationColumns};
use crate::model::{EntityType, Right};
use crate::parallel;
use std::mem;
use std::ops::Range;

/// What nodes and arcs are made of. After the facts stand the groups of equal secrets, then the joints.
pub(super) struct Plan<'a> {
    estate: &'a Estate,
    columns: &'a RelationColumns<'a>,
    edges: &'a Edges,
    groups: &'a [Vec<EntityIndex>],
    /// The rights besides control that have a node, by entity.
    wanted: Vec<u8>,
    joints: Vec<Joint>,
    /// The further facts that joints wait for, each with the edge, by fact.
    waiting: Vec<(Fact, u32)>,
}

/// How many nodes, arcs and listed numbers stand before something.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    node: u32,
    arc: u32,
    listed: u32,
}

/// An entity, and what waits for its facts.
struct Entity<'p> {
    index: EntityIndex,
    wanted: u8,
    waiting: &'p [(Fact, u32)],
}

/// The nodes of a part, and where their arcs are written.
struct Writer<'a> {
    nodes: Range<u32>,
    before: Place,
    to: &'a mut [u32],
    listed: &'a mut [u32],
}

impl<'a> Plan<'a> {
    pub fn new(estate: &'a Estate, columns: &'a RelationColumns<'a>, edges: &'a Edges, groups: &'a [Vec<EntityIndex>]) -> Plan<'a> {
        let (joints, waiting) = joints(estate, columns, edges);
        Plan { estate, columns, edges, groups, wanted: wanted(estate, edges), joints, waiting }
    }

    /// The nodes, their arcs, and the joints.
    pub fn carry_out(self, containers: &[u32]) -> (Nodes, Arcs, Vec<Joint>) {
        self.carry_out_in(parallel::threads() as u32, containers)
    }

    /// The same, written in so many parts.
    fn carry_out_in(self, parts: u32, containers: &[u32]) -> (Nodes, Arcs, Vec<Joint>) {
        let (mut places, end) = self.sums(containers);
        let beyond: usize = self.groups.iter().map(Vec::len).sum::<usize>() + self.joints.len();
        let count = end.node as usize + self.groups.len() + self.joints.len();
        let mut nodes = Nodes { first: Vec::with_capacity(containers.len()), facts: vec![0; end.node as usize] };
        let mut arcs = Arcs {
            first: vec![0; count + 1],
            to: vec![0; end.arc as usize + beyond],
            numbers: vec![0; count],
            listed: vec![0; end.listed as usize + beyond],
        };
        self.place(containers, &mut places, &mut nodes, &mut arcs);
        self.write(parts, &nodes, &mut arcs, end);
        self.write_beyond(&nodes, &mut arcs, end);
        (nodes, arcs, self.joints)
    }

    /// For each tenant what stands before its entities, and the end of all. What has no tenant stands last.
    fn sums(&self, containers: &[u32]) -> (Vec<Place>, Place) {
        let mut places = vec![Place::default(); containers.len() + 1];
        self.entities(|entity| {
            let place = &mut places[self.tenant(containers, entity.index)];
            let arcs = self.arcs(&entity);
            place.node += 1 + entity.wanted.count_ones();
            place.arc += arcs;
            place.listed += if self.is_run(&entity) { 0 } else { arcs };
        });
        let mut end = Place::default();
        for place in &mut places {
            let own = mem::replace(place, end);
            end = Place { node: end.node + own.node, arc: end.arc + own.arc, listed: end.listed + own.listed };
        }
        (places, end)
    }

    /// Gives every node its fact, the start of its arcs, and the number of the first.
    fn place(&self, containers: &[u32], places: &mut [Place], nodes: &mut Nodes, arcs: &mut Arcs) {
        self.entities(|entity| {
            let place = &mut places[self.tenant(containers, entity.index)];
            nodes.first.push(place.node << 2 | u32::from(entity.wanted));
            let is_run = self.is_run(&entity);
            for right in rights(entity.wanted) {
                let many = if is_run { self.arcs(&entity) } else { self.arcs_of(&entity, right) };
                let node = place.node as usize;
                nodes.facts[node] = entity.index.0 << 2 | right as u32;
                arcs.first[node] = place.arc;
                arcs.numbers[node] = if is_run { self.edges.of_entity(entity.index).start } else { LISTED | place.listed };
                place.node += 1;
                place.arc += many;
                place.listed += if is_run { 0 } else { many };
            }
        });
    }

    /// Writes the arcs of the facts: each thread those of its part of the nodes.
    fn write(&self, parts: u32, nodes: &Nodes, arcs: &mut Arcs, end: Place) {
        let Arcs { first, to, numbers, listed } = arcs;
        let (first, numbers) = (first.as_slice(), numbers.as_slice());
        let (mut to, mut listed) = (to.as_mut_slice(), listed.as_mut_slice());
        let mut before = Place::default();
        let mut writers = Vec::new();
        for part in 1..=parts {
            // No entity is torn.
            let node = (u64::from(end.node) * u64::from(part) / u64::from(parts)) as u32;
            let next = if node == end.node { end } else { place_of(nodes, first, numbers, node, end) };
            writers.push(Writer {
                nodes: before.node..next.node,
                before,
                to: cut(&mut to, next.arc - before.arc),
                listed: cut(&mut listed, next.listed - before.listed),
            });
            before = next;
        }
        parallel::map(writers, |writer| {
            self.entities(|entity| {
                let node = nodes.control(entity.index.0);
                if !writer.nodes.contains(&node) {
                    return;
                }
                let at = (first[node as usize] - writer.before.arc) as usize;
                if self.is_run(&entity) {
                    self.run(nodes, entity.index, &mut writer.to[at..]);
                } else {
                    let number = (numbers[node as usize] & !LISTED) - writer.before.listed;
                    self.mixed(nodes, &entity, &mut writer.to[at..], &mut writer.listed[number as usize..]);
                }
            });
        });
    }

    /// The arcs of groups and joints: all free.
    fn write_beyond(&self, nodes: &Nodes, arcs: &mut Arcs, end: Place) {
        let (mut node, mut arc, mut listed) = (end.node as usize, end.arc as usize, end.listed as usize);
        let mut free = |ends: &mut dyn Iterator<Item = u32>| {
            (arcs.first[node], arcs.numbers[node]) = (arc as u32, LISTED | listed as u32);
            for end in ends {
                (arcs.to[arc], arcs.listed[listed]) = (end, FREE);
                (arc, listed) = (arc + 1, listed + 1);
            }
            node += 1;
            arcs.first[node] = arc as u32;
        };
        for group in self.groups {
            free(&mut group.iter().map(|secret| nodes.place(secret.0, Right::Read)));
        }
        for joint in &self.joints {
            let edge = self.edges.get(self.columns, self.estate, joint.edge);
            free(&mut [nodes.place(edge.to, edge.marks.grants())].into_iter());
        }
        let last = arcs.first.len() - 1;
        arcs.first[last] = arc as u32;
    }

    /// Visits the entities in order.
    #[inline]
    fn entities<'p>(&'p self, mut visit: impl FnMut(Entity<'p>)) {
        let mut waiting = self.waiting.as_slice();
        for (index, wanted) in (0..).map(EntityIndex).zip(&self.wanted) {
            let own = waiting.iter().take_while(|(fact, _)| fact.entity == index).count();
            let (own, rest) = waiting.split_at(own);
            waiting = rest;
            visit(Entity { index, wanted: *wanted, waiting: own });
        }
    }

    fn tenant(&self, containers: &[u32], entity: EntityIndex) -> usize {
        let container = (containers[entity.position()] as usize).min(containers.len());
        if self.estate.entity(entity).entity_type() == EntityType::Tenant { entity.position() } else { container }
    }

    /// Whether the arcs of an entity are its edges one after the other.
    #[inline]
    fn is_run(&self, entity: &Entity<'_>) -> bool {
        entity.wanted == 0 && entity.waiting.is_empty() && !self.edges.kinds[entity.index.position()].is_special()
    }

    /// How many arcs the nodes of an entity have.
    #[inline]
    fn arcs(&self, entity: &Entity<'_>) -> u32 {
        self.edges.of_entity(entity.index).len() as u32 + entity.waiting.len() as u32 + entity.wanted.count_ones()
    }

    /// How many of them one of its nodes has.
    fn arcs_of(&self, entity: &Entity<'_>, right: Right) -> u32 {
        let implied = if right == Right::Control { entity.wanted.count_ones() } else { 0 };
        let mut many = implied + entity.waiting.iter().filter(|(fact, _)| fact.right == right).count() as u32;
        self.edges.each(self.columns, self.estate, entity.index, |edge| many += u32::from(edge.marks.requires() == right));
        many
    }

    fn run(&self, nodes: &Nodes, entity: EntityIndex, mut to: &mut [u32]) {
        let columns = self.columns;
        let is_plain = self.edges.kinds[entity.position()].is_plain();
        for (source, length) in self.edges.pieces(columns, entity) {
            let ends = cut(&mut to, length).iter_mut();
            match source {
                Source::Relation(at) => {
                    let run = at as usize..(at + length) as usize;
                    let ends = ends.zip(&columns.to[run.clone()]);
                    if is_plain {
                        ends.for_each(|(to, end)| *to = nodes.control(*end));
                    } else {
                        ends.zip(&columns.rights[run]).for_each(|((to, end), rights)| {
                            *to = nodes.place(*end, rights.grants().unwrap_or(Right::Control));
                        });
                    }
                }
                Source::Derived(at) => (at..).zip(ends).for_each(|(at, to)| *to = nodes.control(self.edges.sources.derived(at).0)),
            }
        }
    }

    /// The arcs of all nodes of an entity, one node after the other, with the joints that wait for them.
    fn mixed(&self, nodes: &Nodes, entity: &Entity<'_>, to: &mut [u32], listed: &mut [u32]) {
        let mut at = 0;
        let mut add = |end: u32, number: u32| {
            (to[at], listed[at]) = (end, number);
            at += 1;
        };
        let own = nodes.of_entity(entity.index);
        for right in rights(entity.wanted) {
            self.edges.each(self.columns, self.estate, entity.index, |edge| {
                if edge.marks.requires() == right {
                    add(self.end(nodes, &edge), edge.number);
                }
            });
            for (_, edge) in entity.waiting.iter().filter(|(fact, _)| fact.right == right) {
                add(self.joint(nodes, *edge), *edge);
            }
            if right == Right::Control {
                (own.start + 1..own.end).for_each(|implied| add(implied, FREE));
            }
        }
    }

    /// Where the arc of an edge leads.
    fn end(&self, nodes: &Nodes, edge: &Raw) -> u32 {
        if edge.marks.is_same_secret() {
            nodes.len() as u32 + edge.to
        } else if edge.marks.has_also() {
            self.joint(nodes, edge.number)
        } else {
            nodes.place(edge.to, edge.marks.grants())
        }
    }

    fn joint(&self, nodes: &Nodes, edge: u32) -> u32 {
        let at = self.joints.partition_point(|joint| joint.edge < edge);
        (nodes.len() + self.groups.len() + at) as u32
    }
}

/// The rights that have a node, control first.
fn rights(wanted: u8) -> impl Iterator<Item = Right> {
    let further = [Right::Read, Right::Write].into_iter().filter(move |right| wanted & bit(*right) != 0);
    std::iter::once(Right::Control).chain(further)
}

/// What stands before the entity of a node.
fn place_of(nodes: &Nodes, first: &[u32], numbers: &[u32], node: u32, end: Place) -> Place {
    let node = nodes.of_entity(nodes.entity(node)).start;
    // Numbers are listed in the order of the nodes: those of the next node that has some stand where this part ends.
    let listed = numbers[node as usize..end.node as usize].iter().find(|number| **number & LISTED != 0);
    Place { node, arc: first[node as usize], listed: listed.map_or(end.listed, |number| number & !LISTED) }
}

/// The first so many of a slice, which then goes on behind them.
fn cut<'a>(slice: &mut &'a mut [u32], many: u32) -> &'a mut [u32] {
    let (first, rest) = mem::take(slice).split_at_mut(many as usize);
    *slice = rest;
    first
}

/// The relations that need more than FROM, by edge; and the further facts that each waits for, by fact.
fn joints(estate: &Estate, columns: &RelationColumns<'_>, edges: &Edges) -> (Vec<Joint>, Vec<(Fact, u32)>) {
    let (mut joints, mut waiting) = (Vec::new(), Vec::new());
    for edge in edges.joined.iter().copied() {
        let Some(relation) = edges.get(columns, estate, edge).relation else { continue };
        let relation = estate.relation(relation);
        let from = Fact::new(relation.from(), relation.requires());
        let first = waiting.len();
        let also = relation.also().map(|(entity, right)| Fact::new(entity, right));
        waiting.extend(also.filter(|fact| *fact != from).map(|fact| (fact, edge)));
        joints.push(Joint { edge, needs: (waiting.len() - first) as u32 + 1 });
    }
    waiting.sort_unstable();
    (joints, waiting)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::SecretCopies;
    use crate::graph::GraphOptions;
    use crate::graph::tests::random_estate;
    use crate::model::Instant;
    use crate::observer::Unobserved;

    #[test]
    fn the_number_of_parts_does_not_show() {
        for seed in 0..60 {
            let estate = random_estate(seed);
            let options = GraphOptions::at(Instant::from_unix_seconds(1_700_000_000));
            let groups = SecretCopies::of(&estate, |_| true).into_groups();
            let (containers, columns) = (estate.containers(), estate.relation_columns());
            let edges = Edges::of(&estate, options, &containers, &groups, &Unobserved).expect("nobody cancels");
            let made = |parts| {
                let (nodes, arcs, joints) = Plan::new(&estate, &columns, &edges, &groups).carry_out_in(parts, &containers);
                format!("{nodes:?} {arcs:?} {joints:?}")
            };
            let one = made(1);
            assert!([2, 3, 8, 40].into_iter().all(|parts| made(parts) == one), "seed {seed}");
        }
    }
}
