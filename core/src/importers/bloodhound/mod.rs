//! The reader of BloodHound: OpenGraph files of any collector, and the files and archives of SharpHound.
//!
//! - What a kind of node is, and what a kind of edge gives, stands in `core/data/bloodhound_nodes.csv` and `bloodhound_edges.csv`. A node of another kind is a
//!   resource that says its kind, an edge of another kind is `unmapped`, whatever it says of itself: it conducts nothing.
//! - An edge whose ends are not what its relation joins (a repository that assumes a role) is `custom` with the same rights.
//! - Ends are found by id, by name or by properties among all nodes that were read. What BloodHound writes in capitals is written as other readers write it:
//!   objects of Entra in lower case, an application by its `appid`.
//! - Files that this library wrote hold its own records, and are read back whole.
//! - Of Active Directory: who is a member, who controls whom (by access rights, ownership, containers), whose password is how old. Values that an account
//!   holds in its attributes become fingerprints.

mod archive;
mod entity;
mod graph;
mod kinds;
mod own;
mod reading;
mod sharphound;

pub(super) use own::is_own_graph;

use super::objects::is_json_with;
use super::{ImportReading, Importer, Input};

/// The reader of BloodHound.
#[derive(Debug)]
pub struct BloodHound;

impl Importer for BloodHound {
    fn format(&self) -> &'static str {
        "bloodhound"
    }

    fn summary(&self) -> &'static str {
        "BloodHound OpenGraph of any collector (GitHound, OktaHound, Azure and others), SharpHound files and their zip archives"
    }

    fn detects(&self, input: &Input) -> bool {
        let of_graph = is_json_with(input, &["\"graph\""]) && is_json_with(input, &["\"nodes\"", "\"edges\""]);
        // AzureHound has a `meta` as well, and a reader of its own.
        let of_sharphound =
            is_json_with(input, &["\"Aces\"", "\"ObjectIdentifier\""]) && !is_json_with(input, &["\"kind\":\"AZ", "\"kind\": \"AZ"]);
        archive::is_archive(&input.bytes) || of_graph || of_sharphound
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
