//! [`Reading`]: takes nodes and edges, and joins them when the last was read.

use super::entity::Node;
use super::graph::{Edge, End, value};
use super::kinds::{self, EdgeKind};
use super::{archive, own, sharphound};
use crate::error::{Place, Result};
use crate::estate::{Coverage, Position};
use crate::importers::objects::Fields;
use crate::importers::records::Records;
use crate::importers::{ImportContext, ImportReading, Input};
use crate::model::{EntityType, Relation, RelationKind};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A reading of any number of files.
#[derive(Default)]
pub(super) struct Reading {
    nodes: Vec<(Position, Node)>,
    edges: Vec<(Position, Place, Edge)>,
    /// The numbers of nodes by a hash of each property, for matchers to find: a hash, since most properties are never asked for.
    properties: Vec<(u64, u32)>,
    /// The ids that files use, where they are not those of the estate.
    aliases: BTreeMap<String, String>,
}

const NO_GRAPH: &str = "no graph of BloodHound and no file of SharpHound";
const NO_ID: &str = "a node without an `id`, or without its kinds";
const NO_OBJECT: &str = "expected a JSON object";
const DELETED: &str = "the object is deleted";
const NOT_OWN: &str = "a record of this library that is none";
const NOBODY: &str = "an edge with an end that no node of the input matches";
/// How many elements are read between two looks at the observer.
const STEP: u64 = 4096;

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        if archive::is_archive(&input.bytes) {
            return archive::files(input)?.iter().try_for_each(|file| self.file(file, context));
        }
        self.file(input, context)
    }

    fn finish(mut self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        self.properties.sort_unstable();
        let mut types: BTreeMap<&str, EntityType> = BTreeMap::new();
        let mut known = Vec::new();
        for (position, node) in &self.nodes {
            context.builder.resume(*position);
            known.push(kinds::node(&node.kinds).is_some());
            types.insert(&node.id, node.kind().entity_type());
            context.builder.add(node.entity());
            for (secret, relation) in node.passwords() {
                context.builder.add(secret);
                context.builder.relate(relation);
            }
        }
        context.observer.check(0, 0)?;
        let mut mapped = Vec::new();
        for (position, place, edge) in &self.edges {
            context.builder.resume(*position);
            let (Some(from), Some(to)) = (self.found(&edge.from), self.found(&edge.to)) else {
                context.builder.skip(place.clone(), NOBODY);
                continue;
            };
            let kind = kinds::edge(&edge.kind);
            mapped.push(kind.is_some());
            context.builder.relate(relation(edge, kind, from, to, &types));
        }
        let rows = [
            Coverage::counted("bloodhound_nodes_mapped", known, "nodes whose kind a table has, of all; the others are kept as resources"),
            Coverage::counted(
                "bloodhound_edges_mapped",
                mapped,
                "edges whose kind a table has, of all; the others are kept and conduct nothing",
            ),
        ];
        rows.into_iter().flatten().for_each(|coverage| context.builder.cover(coverage));
        context.builder.resume(position);
        Ok(())
    }
}

impl Reading {
    fn file(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            let place = record.place();
            match record.parse::<Map<String, Value>>() {
                Ok(file) => self.object(Fields(&file), &place, context, (records.taken(), input.bytes.len() as u64))?,
                Err((place, reason)) => {
                    let number = context.builder.record();
                    context.builder.skip(place.record(number), reason);
                }
            }
        }
        Ok(())
    }

    fn object(&mut self, file: Fields<'_>, place: &Place, context: &mut ImportContext<'_>, of: (u64, u64)) -> Result<()> {
        if let Some(graph) = file.inner("graph").or_else(|| file.has("nodes").then_some(file)) {
            self.list(graph, "nodes", place, context, of, &mut |reading, fields, context, _| reading.node(fields, context))?;
            return self
                .list(graph, "edges", place, context, of, &mut |reading, fields, context, place| reading.edge(fields, context, place));
        }
        if let Some(kind) = sharphound::kind_of(file) {
            return self.list(file, "data", place, context, of, &mut |reading, fields, context, place| {
                if fields.flag("IsDeleted") == Some(true) {
                    return Err(DELETED);
                }
                let (node, edges) = sharphound::object(kind, fields, context.key).ok_or(NO_ID)?;
                let position = context.builder.position();
                reading.nodes.push((position, node));
                reading.edges.extend(edges.into_iter().map(|edge| (position, place.clone(), edge)));
                Ok(())
            });
        }
        let number = context.builder.record();
        context.builder.skip(place.clone().record(number), NO_GRAPH);
        Ok(())
    }

    /// Takes the elements of a list, each a record of its own.
    fn list(
        &mut self,
        of: Fields<'_>,
        name: &str,
        place: &Place,
        context: &mut ImportContext<'_>,
        done: (u64, u64),
        take: &mut Take<'_>,
    ) -> Result<()> {
        let elements = of.get(name).and_then(Value::as_array);
        for element in elements.into_iter().flatten() {
            let number = context.builder.record();
            if number.is_multiple_of(STEP) {
                context.observer.check(done.0, done.1)?;
            }
            let place = Place { line: None, ..place.clone().record(number) };
            let taken = element.as_object().ok_or(NO_OBJECT).and_then(|element| take(self, Fields(element), context, &place));
            if let Err(reason) = taken {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn node(&mut self, fields: Fields<'_>, context: &mut ImportContext<'_>) -> Result<(), &'static str> {
        let kinds: Vec<String> = fields.texts("kinds").into_iter().map(str::to_owned).collect();
        let (Some(id), false) = (fields.text("id"), kinds.is_empty()) else { return Err(NO_ID) };
        let properties = fields.inner("properties");
        if kinds.first().is_some_and(|kind| own::is_own(kind)) {
            // What nobody described has no record.
            if let Some(properties) = properties.filter(|properties| properties.has("tg_record")) {
                context.builder.add(own::entity(&kinds, properties).ok_or(NOT_OWN)?);
            }
            return Ok(());
        }
        let node = Node::of(id, kinds, properties, context.key);
        if node.id != id {
            self.aliases.insert(id.to_owned(), node.id.clone());
        }
        let number = self.nodes.len() as u32;
        for (key, property) in properties.map(|properties| properties.0).into_iter().flatten() {
            self.properties.extend(value(property).map(|value| (hash(key, &value), number)));
        }
        self.nodes.push((context.builder.position(), node));
        Ok(())
    }

    fn edge(&mut self, fields: Fields<'_>, context: &mut ImportContext<'_>, place: &Place) -> Result<(), &'static str> {
        let edge = Edge::of(fields)?;
        if own::is_own(&edge.kind) {
            if let Some(properties) = fields.inner("properties").filter(|properties| !own::is_derived(*properties)) {
                context.builder.relate(own::relation(properties).ok_or(NOT_OWN)?);
            }
            return Ok(());
        }
        self.edges.push((context.builder.position(), place.clone(), edge));
        Ok(())
    }

    /// The numbers of the nodes that have a property of this value.
    fn with(&self, key: &str, value: &str) -> impl Iterator<Item = usize> + '_ {
        let wanted = hash(key, value);
        let from = self.properties.partition_point(|(found, _)| *found < wanted);
        self.properties[from..].iter().take_while(move |(found, _)| *found == wanted).map(|(_, number)| *number as usize)
    }

    /// The id of the estate that an end names.
    fn found<'r>(&'r self, end: &'r End) -> Option<&'r str> {
        let of_kind = |number: &usize, kind: &Option<String>| match kind {
            Some(kind) => self.nodes[*number].1.kinds.contains(kind),
            None => true,
        };
        match end {
            End::Id(id) => Some(self.aliases.get(id).unwrap_or(id)),
            End::Name(name, kind) => {
                let mut numbers = self.with("name", name);
                numbers.find(|number| of_kind(number, kind)).map(|number| self.nodes[number].1.id.as_str())
            }
            End::Properties(matchers, kind) => {
                let ((key, value), rest) = matchers.split_first()?;
                let rest: Vec<BTreeSet<usize>> = rest.iter().map(|(key, value)| self.with(key, value).collect()).collect();
                let mut numbers = self.with(key, value);
                let found = numbers.find(|number| rest.iter().all(|set| set.contains(number)) && of_kind(number, kind));
                found.map(|number| self.nodes[number].1.id.as_str())
            }
        }
    }
}

/// A hash of a property, the same in every run.
fn hash(key: &str, value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, value).hash(&mut hasher);
    hasher.finish()
}

/// What is done with an element.
type Take<'t> = dyn FnMut(&mut Reading, Fields<'_>, &mut ImportContext<'_>, &Place) -> Result<(), &'static str> + 't;

/// The relation of an edge: of its kind where its ends are what the kind joins, else `custom` with the same rights; `unmapped` where no table has it.
fn relation(edge: &Edge, kind: Option<EdgeKind>, from: &str, to: &str, types: &BTreeMap<&str, EntityType>) -> Relation {
    let Some(kind) = kind else { return Relation::new(from, RelationKind::Unmapped, to).permission(edge.kind.as_str()) };
    let of = |id: &str| types.get(id).copied().unwrap_or(EntityType::Unknown);
    let row = kind.relation.row();
    let fits = row.from.fits(of(from)) && row.to.fits(of(to));
    let own = fits && row.requires == kind.requires && row.grants == kind.grants;
    let relation = match (own, kind.relation, kind.requires, kind.grants) {
        (_, RelationKind::Unmapped, _, _) | (_, _, _, None) | (_, _, None, _) => Relation::new(from, RelationKind::Unmapped, to),
        (true, kind, _, _) => Relation::new(from, kind, to),
        (false, found, Some(requires), Some(grants)) => {
            let kind = if fits { found } else { RelationKind::Custom };
            Relation::new(from, kind, to).requiring(requires).granting(grants)
        }
    };
    relation.permission(edge.kind.as_str()).certainty(kind.certainty)
}

#[cfg(test)]
mod tests {
    use crate::importers::testing::relations;
    use crate::{Estate, Input, ReadOptions, read};

    fn estate(text: &str) -> Estate {
        read(&[Input::new("graph.json", text)], &ReadOptions::default()).expect("an estate")
    }

    #[test]
    fn kinds_of_the_tables_conduct_and_others_do_not() {
        let estate = estate(
            r#"{"graph":{"nodes":[
            {"id":"u1","kinds":["GH_User"],"properties":{"name":"ann"}},
            {"id":"r1","kinds":["GH_Repository"],"properties":{"name":"till"}},
            {"id":"s1","kinds":["GH_RepoSecret"],"properties":{"name":"KEY"}},
            {"id":"x1","kinds":["New_Thing"],"properties":null},
            {"id":"AA-1","kinds":["AZApp","AZBase"],"properties":{"appid":"BB-1"}},{"kinds":[]}],
            "edges":[
            {"kind":"GH_WriteRepoContents","start":{"match_by":"name","value":"ann","kind":"GH_User"},"end":{"value":"r1"}},
            {"kind":"GH_HasSecret","start":{"value":"r1"},"end":{"value":"s1"},"properties":{"traversable":true}},
            {"kind":"New_Edge","start":{"value":"u1"},"end":{"match_by":"property","property_matchers":[{"key":"name","operator":"equals","value":"till"}]},"properties":{"traversable":true}},
            {"kind":"GH_CanAssumeIdentity","start":{"value":"r1"},"end":{"value":"AA-1"}},
            {"kind":"GH_MemberOf","start":{"match_by":"name","value":"nobody"},"end":{"value":"r1"}},
            {"kind":"no kind","start":{"value":"u1"},"end":{"value":"r1"}},7]}}"#,
        );
        assert_eq!(relations(&estate), ["r1 custom bb-1", "r1 custom s1", "u1 writes r1", "u1 unmapped r1"]);
        assert_eq!(estate.reading().skipped.len(), 4);
        assert_eq!(
            estate.entity(estate.find("x1").expect("the thing")).labels().and_then(|labels| labels.get("bloodhound_kind")),
            Some("New_Thing")
        );
        let known: Vec<_> = estate.reading().coverage.iter().map(|it| (it.topic.as_str(), it.known, it.total)).collect();
        assert_eq!(known, [("bloodhound_edges_mapped", 3, 4), ("bloodhound_nodes_mapped", 4, 5)]);
    }

    #[test]
    fn accounts_of_a_directory_control_each_other() {
        let estate = estate(
            r#"{"data":[{"ObjectIdentifier":"S-1-5-21-1-1103","Properties":{"name":"ANN@ACME","domainsid":"S-1-5-21-1","enabled":true,"pwdlastset":1653386139,
              "pwdneverexpires":true,"lastlogontimestamp":-1,"userpassword":"made-up-password-1","whencreated":1653361617},"PrimaryGroupSID":"S-1-5-21-1-513",
              "Aces":[{"PrincipalSID":"S-1-5-21-1-512","RightName":"GenericAll","IsInherited":false},{"PrincipalSID":"S-1-5-21-1-512","RightName":"GetChanges"}],"IsDeleted":false},
              {"ObjectIdentifier":"S-1-5-21-1-1104","IsDeleted":true}],"meta":{"type":"users","version":6,"count":2}}"#,
        );
        assert_eq!(
            relations(&estate),
            [
                "S-1-5-21-1-1103 member_of S-1-5-21-1-513",
                "S-1-5-21-1-1103/attributes/0 authenticates_as S-1-5-21-1-1103",
                "S-1-5-21-1-1103/password authenticates_as S-1-5-21-1-1103",
                "S-1-5-21-1-512 administers S-1-5-21-1-1103",
                "S-1-5-21-1-512 unmapped S-1-5-21-1-1103",
            ]
        );
        let password = estate.entity(estate.find("S-1-5-21-1-1103/password").expect("the password")).as_secret().expect("a secret");
        assert_eq!(password.rotated_at.map(|at| at.date()).as_deref(), Some("2022-05-24"));
        let account = estate.entity(estate.find("S-1-5-21-1-1103").expect("the account"));
        assert_eq!(account.as_identity().and_then(|account| account.last_used_at), None);
    }
}
