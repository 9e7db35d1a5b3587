//! [`Reading`]: takes inputs object by object, keeps what joins them, and adds that when the last was read.

use super::bindings::Elsewhere;
use super::detect::is_json;
use super::folders::Shared;
use super::manifest::{Header, text};
use super::names::{DEFAULT_NAMESPACE, cluster_of};
use super::objects::{self, Bad, Object};
use super::world::World;
use super::{bindings, collections, coverage, groups, holders, workloads};
use crate::error::{Error, ErrorCode, Place, Result, json_reason};
use crate::importers::records::Records;
use crate::importers::yaml::Documents;
use crate::importers::{ImportContext, ImportReading, Input};
use std::collections::BTreeSet;

/// A reading of any number of inputs.
#[derive(Default)]
pub(super) struct Reading {
    world: World,
}

/// How many objects are read between two looks at the observer.
const STEP: u64 = 1024;
const NO_OBJECT: &str = "not a Kubernetes object: it has no `apiVersion` and `kind`";
const NO_METADATA: &str = "the metadata of the object holds a value of the wrong type";
const NO_NAME: &str = "the object has no name";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let named = cluster_of(input).map(str::to_owned);
        self.world.inputs += 1;
        self.world.named += u64::from(named.is_some());
        let cluster = named.unwrap_or_else(|| self.world.folders.cluster_of(input));
        let mut taking = Taking { world: &mut self.world, cluster, context };
        if is_json(&input.bytes) { taking.json(input) } else { taking.yaml(input) }
    }

    fn finish(mut self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        let mut counts = coverage::Counts::default();
        let (mut shared, mut left) = (Shared::default(), Vec::new());
        let elsewhere = elsewhere(&self.world);
        let alone = Elsewhere::default();
        for (name, cluster) in &mut self.world.clusters {
            context.observer.check(0, 0)?;
            let several = self.world.folders.are_several_with(name);
            let mut joining = collections::Joining::new(name, cluster, context.builder);
            joining.tenants();
            workloads::add(&mut joining);
            let held = bindings::add(&mut joining, if several { &elsewhere } else { &alone }, &mut counts);
            context.observer.check(0, 0)?;
            holders::add(&mut joining, &held, &mut counts);
            groups::add(&mut joining);
            joining.collections();
            if several {
                let roles = held.keys().map(|held| bindings::id_of(&joining.id, held)).collect();
                left.push(joining.leave(roles));
            }
        }
        // What a role of one folder reaches as a whole may be in another.
        let needed: BTreeSet<_> = left.iter().flat_map(|left| left.added.iter().cloned()).collect();
        for left in left {
            let name = left.name.clone();
            let Some(cluster) = self.world.clusters.get_mut(&name) else { continue };
            let mut joining = collections::Joining::again(&name, cluster, context.builder, left, &needed);
            joining.collections();
            joining.share(&mut shared);
        }
        shared.relate(context.builder);
        coverage::add(&self.world, &counts, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

/// What the clusters that nobody names have together, where there are several.
fn elsewhere(world: &World) -> Elsewhere {
    let mut elsewhere = Elsewhere::default();
    for (_, cluster) in world.clusters.iter().filter(|(name, _)| world.folders.are_several_with(name)) {
        elsewhere.namespaces.extend(cluster.namespaces().into_iter().cloned());
        elsewhere.held.extend(cluster.bindings.iter().map(bindings::held));
    }
    elsewhere
}

/// The taking of one input.
struct Taking<'a, 'c, 'b> {
    world: &'a mut World,
    cluster: String,
    context: &'c mut ImportContext<'b>,
}

impl Taking<'_, '_, '_> {
    fn json(&mut self, input: &Input) -> Result<()> {
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            self.check(records.taken(), input)?;
            match record.object() {
                Ok(text) => self.objects(text, &record.place(), None)?,
                Err(reason) => self.skip((record.place(), reason)),
            }
        }
        Ok(())
    }

    fn yaml(&mut self, input: &Input) -> Result<()> {
        let invalid = |message| Err(Error::new(ErrorCode::InvalidInput, message).at(Place::new(&input.name)));
        let Ok(text) = std::str::from_utf8(&input.bytes) else {
            return invalid("the text is not UTF-8; write it again as UTF-8");
        };
        let mut documents = Documents::new(&input.name, text);
        let mut any = false;
        while let Some(document) = documents.next() {
            self.check((text.len() - documents.left()) as u64, input)?;
            if !document.starts_like(&["apiVersion", "kind"]) {
                self.skip((document.place(), NO_OBJECT));
                continue;
            }
            any = true;
            match document.parse() {
                Ok(value) => self.objects(&value.to_string(), &document.place(), None)?,
                Err(broken) => self.skip(broken),
            }
        }
        if any { Ok(()) } else { invalid("no Kubernetes object is in it: no document has `apiVersion` and `kind`; export it again") }
    }

    fn check(&self, done: u64, input: &Input) -> Result<()> {
        if self.world.objects.is_multiple_of(STEP) { self.context.observer.check(done, input.bytes.len() as u64) } else { Ok(()) }
    }

    fn skip(&mut self, (place, reason): Bad) {
        let number = self.context.builder.record();
        self.context.builder.skip(place.record(number), reason);
    }

    /// An object, or those of a list. `outer` is the list's own version and kind: the objects of a typed list do not repeat them.
    fn objects(&mut self, text: &str, place: &Place, outer: Option<(&str, &str)>) -> Result<()> {
        let header = match serde_json::from_str::<Header<'_>>(text) {
            Ok(header) => header,
            Err(error) => {
                self.skip((place.clone(), json_reason(&error)));
                return Ok(());
            }
        };
        if let Some(issuer) = header.token_issuer().filter(|_| outer.is_none()) {
            self.context.builder.record();
            self.world.objects += 1;
            self.world.clusters.entry(self.cluster.clone()).or_default().learn_issuer(issuer);
            return Ok(());
        }
        let (version, kind) = match (&header.api_version, &header.kind, outer) {
            (Some(version), Some(kind), _) => (version.as_str(), kind.as_str()),
            (None, None, Some(outer)) => outer,
            // Some writers of lists leave their kind out.
            (Some(version), None, None) if header.items.is_some() => (version.as_str(), "List"),
            _ => {
                self.skip((place.clone(), NO_OBJECT));
                return Ok(());
            }
        };
        match header.items {
            Some(items) if kind.ends_with("List") && outer.is_none() => {
                let of = kind.strip_suffix("List").filter(|kind| !kind.is_empty()).map(|kind| (version, kind));
                for item in items {
                    if item.get().starts_with('{') {
                        self.objects(item.get(), place, of.or(Some(("", ""))))?;
                    } else {
                        self.skip((place.clone(), NO_OBJECT));
                    }
                }
                Ok(())
            }
            _ => match header.metadata() {
                Some(metadata) => self.object(text, place, (version, kind), metadata),
                None => {
                    self.skip((place.clone().field("metadata"), NO_METADATA));
                    Ok(())
                }
            },
        }
    }

    fn object(&mut self, text_of: &str, place: &Place, (version, kind): (&str, &str), metadata: super::manifest::Metadata) -> Result<()> {
        let number = self.context.builder.record();
        let place = place.clone().record(number);
        self.world.objects += 1;
        let Some(kind) = objects::Kind::of(version, kind) else {
            *self.world.other_kinds.entry(kind.to_owned()).or_default() += 1;
            return Ok(());
        };
        let Some(name) = text(&metadata.name).or(text(&metadata.generate_name)).map(str::to_owned) else {
            self.context.builder.skip(place, NO_NAME);
            return Ok(());
        };
        let cluster = self.world.clusters.entry(self.cluster.clone()).or_default();
        let namespace = kind.is_namespaced().then(|| text(&metadata.namespace).unwrap_or(DEFAULT_NAMESPACE).to_owned());
        if let Some(namespace) = &namespace {
            cluster.homeless += u64::from(text(&metadata.namespace).is_none());
            cluster.implied.insert(namespace.clone());
        }
        let object = Object { cluster_name: &self.cluster, name, namespace, metadata, text: text_of, place };
        match object.keep(kind, cluster, self.context) {
            Ok(()) => Ok(()),
            Err(objects::Fault::Bad((place, reason))) => {
                self.context.builder.skip(place, reason);
                Ok(())
            }
            Err(objects::Fault::Input(error)) => Err(error),
        }
    }
}
