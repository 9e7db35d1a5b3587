//! TruffleHog version 3, and the tool called trufflehog3.

use super::dates;
use super::finding::Found;
use super::gitleaks::linked;
use super::places::{Holder, Place, address, said};
use super::reading::Key;
use super::told::Told;
use crate::model::{ResourceKind, Storage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// A finding. It holds the value, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Finding {
    detector_name: Option<String>,
    decoder_name: Option<IgnoredAny>,
    #[serde(default)]
    verified: bool,
    raw: Option<String>,
    #[serde(rename = "RawV2")]
    raw_v2: Option<String>,
    source_metadata: Option<SourceMetadata>,
    extra_data: Option<BTreeMap<String, Option<Word>>>,
}

/// What is written for a word; whatever is no text says nothing.
#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Text(String),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SourceMetadata {
    /// By the kind of source.
    #[serde(default)]
    data: Option<BTreeMap<String, Source>>,
}

/// What any kind of source says of the place.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Source {
    commit: Option<String>,
    #[serde(alias = "filename")]
    file: Option<String>,
    link: Option<String>,
    repository: Option<String>,
    timestamp: Option<String>,
    line: Option<u64>,
    bucket: Option<String>,
    image: Option<String>,
    channel_id: Option<String>,
    channel_name: Option<String>,
    package: Option<String>,
}

/// A finding of trufflehog3.
#[derive(Deserialize)]
pub(super) struct PythonFinding {
    rule: Rule,
    path: Option<String>,
    line: Option<String>,
    secret: Option<String>,
    commit: Option<String>,
    date: Option<String>,
}

#[derive(Deserialize)]
struct Rule {
    id: Option<String>,
}

/// What a finding says.
pub(super) fn found(finding: Finding, key: &Key) -> Found {
    // Before it named its decoder it wrote values as base64.
    let plain = |text: String| match finding.decoder_name {
        None => decoded(&text).unwrap_or(text),
        Some(_) => text,
    };
    let raw = said(finding.raw).map(plain).unwrap_or_default();
    let second = said(finding.raw_v2).map(plain).unwrap_or_default();
    let mut told = Told::of_value(&raw, key);
    // The second form has what the first lacks: the secret beside the name of its key, or whose it is.
    let other = Told::of_value(&second, key);
    if other.credential.is_some() || other.identity.is_some() {
        told = other;
    }
    let word = |name: &str| match finding.extra_data.as_ref()?.get(name)?.as_ref()? {
        Word::Text(text) => Some(text.as_str()),
        Word::Other(_) => None,
    };
    if let Some(account) = word("account") {
        told.add_account("aws", account);
    }
    if let Some(arn) = word("arn") {
        told.add_arn(arn);
    }
    let data = finding.source_metadata.and_then(|metadata| metadata.data).unwrap_or_default();
    let (place, timestamp) = data.into_iter().next().map(|(kind, source)| place(&kind, source)).unwrap_or_default();
    Found {
        detector: said(finding.detector_name),
        place,
        told,
        // It says `false` also where it could not look or was told not to.
        works: finding.verified.then_some(true),
        found_at: timestamp.as_deref().and_then(dates::parse),
        revoked: false,
    }
}

/// The place in a source of a kind, and the date beside it.
fn place(kind: &str, source: Source) -> (Place, Option<String>) {
    let Source { commit, file, link, repository, timestamp, line, bucket, image, channel_id, channel_name, package } = source;
    let link = said(link);
    let repository = repository.as_deref().and_then(Holder::repository).or_else(|| link.as_deref().and_then(linked));
    let thing = |name: Option<String>, scheme: &str, kind| said(name).map(|name| Holder::thing(scheme, &name, kind));
    let (holder, storage) = match kind {
        "S3" => (said(bucket).as_deref().map(Holder::bucket_of_aws), None),
        "GCS" => (said(bucket).as_deref().map(Holder::bucket_of_google), None),
        "Docker" => (thing(image, "docker", ResourceKind::ArtifactRegistry), Some(Storage::ContainerImage)),
        "Npm" | "Pypi" => (thing(package, &kind.to_lowercase(), ResourceKind::ArtifactRegistry), Some(Storage::SourceCode)),
        "Slack" => {
            let channel = said(channel_id).map(|id| Holder {
                name: said(channel_name).unwrap_or_else(|| id.clone()),
                ..Holder::thing("slack", &id, ResourceKind::Saas)
            });
            (channel, Some(Storage::ChatOrTicket))
        }
        "Teams" | "Jira" | "Confluence" => (None, Some(Storage::ChatOrTicket)),
        _ if repository.is_some() => (repository, Some(Storage::SourceCode)),
        "Git" | "Github" | "Gitlab" | "Bitbucket" | "AzureRepos" | "Gerrit" | "Huggingface" => (None, Some(Storage::SourceCode)),
        _ => (None, None),
    };
    // What has no file, a message or a ticket, has an address.
    let path = said(file).or_else(|| link.as_deref().and_then(address));
    (Place { holder, path, line, column: None, commit: said(commit), storage }, timestamp)
}

/// The text in base64; `None` where it is not the base64 of a text.
pub(super) fn decoded(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

/// What a finding of trufflehog3 says.
pub(super) fn found_in_python(finding: PythonFinding, key: &Key) -> Found {
    let place = Place {
        path: said(finding.path),
        line: finding.line.and_then(|line| line.parse().ok()),
        commit: said(finding.commit),
        storage: Some(Storage::SourceCode),
        ..Place::default()
    };
    let told = Told::of_value(finding.secret.as_deref().unwrap_or_default(), key);
    let found_at = finding.date.as_deref().and_then(dates::parse);
    Found { detector: said(finding.rule.id), place, told, found_at, ..Found::default() }
}
