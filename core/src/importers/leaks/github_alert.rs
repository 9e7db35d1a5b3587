//! Secret scanning alerts of GitHub, of a repository, an organisation or an enterprise.

use super::dates;
use super::finding::{Found, NO_SECRET, Reason};
use super::places::{Holder, Place, address, said};
use super::reading::Key;
use super::told::Told;
use crate::model::Storage;
use serde::Deserialize;

/// An alert. It holds the value, so it has no `Debug`.
#[derive(Deserialize)]
pub(super) struct Alert {
    created_at: Option<String>,
    html_url: Option<String>,
    resolution: Option<String>,
    secret_type: Option<String>,
    secret: Option<String>,
    validity: Option<String>,
    repository: Option<Repository>,
    first_location_detected: Option<Location>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: Option<String>,
    html_url: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    path: Option<String>,
    start_line: Option<u64>,
    start_column: Option<u64>,
    commit_sha: Option<String>,
    /// Of an issue, a pull request, a discussion or a comment.
    html_url: Option<String>,
}

/// What an alert says.
pub(super) fn found(alert: Alert, key: &Key) -> Result<Found, Reason> {
    if alert.resolution.as_deref() == Some("false_positive") {
        return Err(NO_SECRET);
    }
    let own = said(alert.html_url).and_then(|url| address(&url));
    let repository = alert.repository.as_ref();
    let holder = repository
        .and_then(|repository| repository.html_url.as_deref())
        .and_then(Holder::repository)
        .or_else(|| repository.and_then(|repository| Holder::github(repository.full_name.as_deref()?)))
        .or_else(|| Holder::repository(own.as_deref()?.split_once("/security/secret-scanning/")?.0));
    let location = alert.first_location_detected;
    let in_code = location.as_ref().is_some_and(|location| location.path.is_some());
    let (path, line, column, commit) = match location {
        Some(location) => {
            let path = said(location.path).or_else(|| address(location.html_url.as_deref()?));
            (path, location.start_line, location.start_column, said(location.commit_sha))
        }
        None => (None, None, None, None),
    };
    let storage = if in_code || path.is_none() { Storage::SourceCode } else { Storage::ChatOrTicket };
    let works = match alert.validity.as_deref() {
        Some("active") => Some(true),
        Some("inactive") => Some(false),
        _ => None,
    };
    Ok(Found {
        detector: said(alert.secret_type),
        place: Place { holder, path: path.or(own), line, column, commit, storage: Some(storage) },
        told: Told::of_value(alert.secret.as_deref().unwrap_or_default(), key),
        works,
        found_at: alert.created_at.as_deref().and_then(dates::parse),
        revoked: alert.resolution.as_deref() == Some("revoked"),
    })
}
