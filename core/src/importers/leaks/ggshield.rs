//! ggshield: scans within scans, with the values masked and a hash of each.

use super::dates;
use super::finding::{Found, NO_SECRET, Reason};
use super::places::{Place, said};
use super::reading::Key;
use super::told::Told;
use crate::model::{Instant, Storage};
use serde::Deserialize;

/// A scan, and those in it.
#[derive(Deserialize)]
pub(super) struct Scan {
    id: Option<String>,
    r#type: Option<String>,
    #[serde(default)]
    scans: Option<Vec<Scan>>,
    #[serde(default)]
    entities_with_incidents: Option<Vec<Entity>>,
    extra_info: Option<ExtraInfo>,
}

#[derive(Deserialize)]
struct ExtraInfo {
    date: Option<String>,
}

#[derive(Deserialize)]
struct Entity {
    filename: Option<String>,
    #[serde(default)]
    incidents: Vec<Incident>,
}

#[derive(Deserialize)]
struct Incident {
    #[serde(alias = "detector")]
    r#type: Option<String>,
    validity: Option<String>,
    ignore_sha: Option<String>,
    #[serde(default)]
    occurrences: Vec<Occurrence>,
    /// Newer versions say why somebody set it aside.
    ignore_reason: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Occurrence {
    line_start: Option<u64>,
    index_start: Option<u64>,
}

/// What a scan says, and those in it.
pub(super) fn found(scan: Scan, key: &Key) -> Vec<Result<Found, Reason>> {
    let mut found = Vec::new();
    // Scans in scans end where JSON does: no record is nested deeper than its parser goes.
    gather(scan, key, &mut found);
    found
}

fn gather(scan: Scan, key: &Key, found: &mut Vec<Result<Found, Reason>>) {
    let is_commit = scan.r#type.as_deref() == Some("commit");
    let at = At {
        commit: said(scan.id).filter(|_| is_commit),
        date: scan.extra_info.and_then(|info| dates::parse(info.date.as_deref()?)),
        storage: match scan.r#type.as_deref() {
            Some(kind) if kind.contains("docker") || kind.contains("image") => Some(Storage::ContainerImage),
            Some(kind) if kind.contains("commit") || kind.contains("repo") => Some(Storage::SourceCode),
            _ => None,
        },
    };
    for entity in scan.entities_with_incidents.into_iter().flatten() {
        for incident in entity.incidents {
            of_incident(&incident, entity.filename.as_deref(), &at, key, found);
        }
    }
    for inner in scan.scans.into_iter().flatten() {
        gather(inner, key, found);
    }
}

/// Where the scan of incidents looked.
struct At {
    commit: Option<String>,
    date: Option<Instant>,
    storage: Option<Storage>,
}

fn of_incident(incident: &Incident, file: Option<&str>, at: &At, key: &Key, found: &mut Vec<Result<Found, Reason>>) {
    if incident.ignore_reason.is_some() {
        found.push(Err(NO_SECRET));
        return;
    }
    let works = match incident.validity.as_deref() {
        Some("valid") => Some(true),
        Some("invalid") => Some(false),
        _ => None,
    };
    // What has several parts, a user and a password, is one incident: its first part tells where.
    let places: Vec<_> = incident.occurrences.iter().take(1).map(|part| (part.line_start, part.index_start)).collect();
    for (line, column) in if places.is_empty() { vec![(None, None)] } else { places } {
        let path = file.map(str::to_owned);
        let place = Place { holder: None, path, line, column, commit: at.commit.clone(), storage: at.storage };
        let told = Told::of_hash(incident.ignore_sha.as_deref().unwrap_or_default(), "ggshield", key);
        let detector = said(incident.r#type.clone());
        found.push(Ok(Found { detector, place, told, works, found_at: at.date, revoked: false }));
    }
}
