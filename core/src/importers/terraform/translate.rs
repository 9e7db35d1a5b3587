//! [`translated`]: the resources of all inputs as records of their providers.

use super::resource::Resource;
use super::{aws, azure, github, google, kubernetes, own, secrets, vault};
use crate::importers::Input;
use serde_json::Value;

/// The resources of one input, by its name.
pub(super) struct Source {
    pub name: String,
    /// The owner of the repositories of GitHub, as a plan says it of its provider.
    pub owner: Option<String>,
    pub resources: Vec<Resource>,
}

/// What a provider's reader is given for a source: its format and the records.
type Records = (&'static str, Vec<Value>);

/// The resources of a source of a type that is read but that have no name at their provider yet, or lack what it must have.
pub(super) fn nameless(source: &Source, world: &World<'_>) -> u64 {
    let all = source.resources.iter().filter(|resource| !resource.is_data);
    let of_clouds = all.filter(|resource| google::is_nameless(resource, source) || azure::is_nameless(resource)).count() as u64;
    of_clouds + github::nameless(source, world)
}

/// The records of every source, each as an input of the provider's reader with the name of the source.
pub(super) fn translated(sources: &[Source]) -> Vec<Input> {
    let world = World::of(sources);
    let mut inputs = Vec::new();
    for source in sources {
        let all: [Records; 6] = [
            ("aws", aws::records(source, &world)),
            ("google-cloud-asset-inventory", google::records(source)),
            ("kubernetes", kubernetes::records(source)),
            ("entra", azure::records(source, &world)),
            ("vault", vault::records(source)),
            ("github", github::records(source, &world)),
        ];
        for (format, records) in all {
            if !records.is_empty() {
                let text: String = records.iter().map(|record| format!("{record}\n")).collect();
                inputs.push(Input::new(&source.name, text).format(format));
            }
        }
    }
    inputs
}

/// Whether a type of resource is read by anybody.
pub(super) fn is_read(kind: &str) -> bool {
    let readers = [
        aws::is_read,
        azure::is_read,
        github::is_read,
        google::is_read,
        kubernetes::is_read,
        own::is_read,
        secrets::is_read,
        vault::is_read,
    ];
    readers.iter().any(|is_read| is_read(kind))
}

/// What is asked of all sources together: a policy may stand in one state and its role in another.
pub(super) struct World<'s> {
    sources: &'s [Source],
}

impl<'s> World<'s> {
    pub fn of(sources: &'s [Source]) -> Self {
        World { sources }
    }

    /// All sources.
    pub fn sources(&self) -> impl Iterator<Item = &'s Source> {
        self.sources.iter()
    }
}

impl World<'_> {
    /// The resources of a type: those of a source first, then those of the others.
    pub fn of_kind<'w>(&'w self, source: &'w Source, kind: &'w str) -> impl Iterator<Item = &'w Resource> {
        let others = self.sources.iter().filter(move |other| !std::ptr::eq(*other, source));
        std::iter::once(source).chain(others).flat_map(|source| &source.resources).filter(move |resource| resource.kind == kind)
    }
}
