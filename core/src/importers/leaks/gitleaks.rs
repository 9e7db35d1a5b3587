//! gitleaks: a list of findings, in the members of version 8 or of those before.

use super::dates;
use super::finding::Found;
use super::places::{Holder, Place, address, said};
use super::reading::Key;
use super::told::Told;
use crate::model::Storage;
use serde::Deserialize;

/// A finding of version 8. It holds the value, so it has no `Debug`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Finding {
    #[serde(rename = "RuleID")]
    pub rule_id: Option<String>,
    pub start_line: Option<u64>,
    pub start_column: Option<u64>,
    pub secret: Option<String>,
    #[serde(rename = "Match")]
    pub matched: Option<String>,
    pub file: Option<String>,
    pub commit: Option<String>,
    pub date: Option<String>,
    /// The address of the line where the repository is kept.
    pub link: Option<String>,
}

/// A finding of version 7 and before.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct OldFinding {
    offender: Option<String>,
    rule: Option<String>,
    line_number: Option<u64>,
    file: Option<String>,
    commit: Option<String>,
    repo: Option<String>,
    #[serde(rename = "repoURL")]
    repo_url: Option<String>,
    date: Option<String>,
}

/// What a finding of version 8 says.
pub(super) fn found(finding: Finding, key: &Key) -> Found {
    let value = said(finding.secret).or(finding.matched).unwrap_or_default();
    let place = Place {
        holder: finding.link.as_deref().and_then(linked),
        path: said(finding.file),
        line: finding.start_line,
        column: finding.start_column,
        commit: said(finding.commit),
        storage: Some(Storage::SourceCode),
    };
    let found_at = finding.date.as_deref().and_then(dates::parse);
    Found { detector: said(finding.rule_id), place, told: Told::of_value(&value, key), found_at, ..Found::default() }
}

/// What a finding of version 7 says.
pub(super) fn found_old(finding: OldFinding, key: &Key) -> Found {
    let place = Place {
        holder: [finding.repo_url, finding.repo].into_iter().flatten().find_map(|repository| Holder::repository(&repository)),
        path: said(finding.file),
        line: finding.line_number,
        column: None,
        commit: said(finding.commit),
        storage: Some(Storage::SourceCode),
    };
    let found_at = finding.date.as_deref().and_then(dates::parse);
    let told = Told::of_value(assigned(finding.offender.as_deref().unwrap_or_default()), key);
    Found { detector: said(finding.rule), place, told, found_at, ..Found::default() }
}

/// The repository of a link to a line, `https://github.com/acme/shop/blob/COMMIT/FILE#L3`.
pub(super) fn linked(link: &str) -> Option<Holder> {
    let link = address(link)?;
    let marks = ["/-/blob/", "/blob/", "/src/commit/", "/src/", "/-/commit/", "/commit/"];
    let end = marks.iter().find_map(|mark| link.find(mark))?;
    Holder::repository(&link[..end])
}

/// The value in what old rules matched, `GITHUB_TOKEN="…"`: what is assigned, without its quotes.
fn assigned(offender: &str) -> &str {
    let whole = offender.trim();
    let name_end = whole.find(|letter: char| !(letter.is_ascii_alphanumeric() || "_-.'\" ".contains(letter))).unwrap_or(whole.len());
    let rest = &whole[name_end..];
    let value =
        rest.strip_prefix(":=").or_else(|| rest.strip_prefix("=>")).or_else(|| rest.strip_prefix('=')).or_else(|| rest.strip_prefix(':'));
    let value = value.map(|value| value.trim().trim_matches(['"', '\'', '`', ';', ',']));
    // What is left of base64, or of an address, is no value that was assigned.
    let is_value = |value: &&str| value.len() >= 8 && !value.starts_with("//") && name_end > 0;
    value.filter(is_value).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_an_assignment_is_compared() {
        for (text, value) in [
            ("GITHUB_TOKEN=\"hunter2-of-acme\"", "hunter2-of-acme"),
            ("\"api-key\": 'hunter2-of-acme',", "hunter2-of-acme"),
            ("hunter2-of-acme", "hunter2-of-acme"),
            ("aHVudGVyMg==", "aHVudGVyMg=="),
            ("https://a:b@c.example", "https://a:b@c.example"),
        ] {
            assert_eq!(assigned(text), value);
        }
    }

    #[test]
    fn a_link_tells_the_repository() {
        let id = |link| linked(link).map(|holder| holder.id);
        assert_eq!(id("https://github.com/acme/shop/blob/0123/a.py#L3").as_deref(), Some("https://github.com/acme/shop"));
        assert_eq!(id("https://gitlab.example/acme/x/shop/-/blob/0123/a.py#L3").as_deref(), Some("https://gitlab.example/acme/x/shop"));
        assert_eq!(id("hunter2"), None);
    }
}
