//! The readers: one file or folder a source, listed in [`IMPORTERS`].

mod anthropic;
mod aws;
mod bloodhound;
mod document;
mod entra;
mod github;
mod gitlab;
mod google_cloud;
mod hcl;
mod input;
mod kubernetes;
mod leaks;
mod modernisation_platform;
mod objects;
mod okta;
mod openai;
mod packed;
mod records;
mod spire;
mod subjects;
mod table;
mod terraform;
#[cfg(test)]
mod testing;
mod values;
mod vault;
mod yaml;

#[cfg(feature = "cli")]
pub(crate) use input::unrecognisable;
pub use input::{Input, ReadOptions, read, read_observed};
pub use table::TableMapping;

use crate::error::Result;
use crate::estate::{EstateBuilder, FingerprintKey};
use crate::observer::Observer;

/// A reader of one kind of export.
///
/// A reading may need all of its files before it can say anything (a project's number stands in one, its id in another), so a reader first takes
/// every input that is its own and then finishes.
pub trait Importer: Sync {
    /// The name of the format, as `--input FORMAT:PATH` takes it, for example `google-cloud-asset-inventory`.
    fn format(&self) -> &'static str;

    /// What it reads, in one line for the help.
    fn summary(&self) -> &'static str;

    /// Whether the format may be followed by `@` and the name of what was exported, for inputs that do not say it themselves: `kubernetes@acme-live`.
    fn takes_name(&self) -> bool {
        false
    }

    /// Whether an input looks like its own. Sees the whole input; should look at no more than its first records.
    fn detects(&self, input: &Input) -> bool;

    /// Starts a reading.
    fn start(&self) -> Box<dyn ImportReading>;
}

/// A reading under way.
pub trait ImportReading {
    /// Takes one input. Bad records are skipped into the builder, each with its place and reason.
    ///
    /// # Errors
    /// Where the input as a whole cannot be read, or the work was cancelled.
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()>;

    /// The inputs of other readers that those taken so far stand for, such as the records of a provider in a state of Terraform. Asked once, when all inputs
    /// were taken; what is given is read as if it had been given by the caller.
    fn translated(&mut self) -> Vec<Input> {
        Vec::new()
    }

    /// Adds what all inputs together say.
    ///
    /// # Errors
    /// Where the work was cancelled.
    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()>;
}

/// What a reading works with.
pub struct ImportContext<'a> {
    /// Where entities, relations, skipped records and coverage go.
    pub builder: &'a mut EstateBuilder,
    /// The key under which values become fingerprints.
    pub key: &'a FingerprintKey,
    /// What the columns of foreign tables say.
    pub mappings: &'a [TableMapping],
    /// Who watches; a reader tells it the bytes that it has taken of the input.
    pub observer: &'a dyn Observer,
    /// The most bytes that packed inputs may still unpack to; a reader that unpacks takes from it.
    pub unpacked: &'a mut u64,
}

/// Whether a reader recognises an input, packed or not.
pub fn is_recognised(input: &Input) -> bool {
    detected(&packed::beginning(input)).is_some()
}

/// The place in [`IMPORTERS`] of the reader that recognises an input. A graph of BloodHound that this library wrote is one whatever the records in it look like.
fn detected(input: &Input) -> Option<usize> {
    if bloodhound::is_own_graph(input) {
        return reader_of("bloodhound");
    }
    IMPORTERS.iter().position(|importer| importer.detects(input))
}

/// Every reader, in the order in which an input is offered to them. This list is the only registration.
pub const IMPORTERS: &[&dyn Importer] = &[
    &document::Document,
    &google_cloud::GoogleCloud,
    &kubernetes::Kubernetes,
    &aws::Aws,
    &entra::Entra,
    &leaks::Leaks,
    &openai::OpenAi,
    &anthropic::Anthropic,
    &spire::Spire,
    &vault::Vault,
    &okta::Okta,
    &github::GitHub,
    &gitlab::GitLab,
    &table::Table,
    &terraform::Terraform,
    &bloodhound::BloodHound,
    &modernisation_platform::ModernisationPlatform,
];

/// The place in [`IMPORTERS`] of the reader of a format, which may be followed by a name where the reader takes one.
pub(crate) fn reader_of(format: &str) -> Option<usize> {
    let (bare, named) = match format.split_once('@') {
        Some((bare, name)) => (bare, !name.is_empty()),
        None => (format, false),
    };
    IMPORTERS.iter().position(|importer| importer.format() == format || (named && importer.takes_name() && importer.format() == bare))
}
