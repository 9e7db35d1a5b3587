//! [`Shape`]: whose report a record is of, told by the names of its members.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// Whose record it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// gitleaks from version 8 on.
    Gitleaks,
    /// gitleaks up to version 7.
    GitleaksOld,
    /// A log of SARIF.
    Sarif,
    /// TruffleHog version 3.
    TruffleHog,
    /// The tool of that name in Python.
    TruffleHog3,
    /// detect-secrets, of Yelp or IBM.
    DetectSecrets,
    /// Nosey Parker.
    NoseyParker,
    /// ggshield.
    Ggshield,
    /// A secret scanning alert of GitHub.
    GithubAlert,
    /// A line of a scanner's log.
    Log,
    /// An object without members.
    Empty,
}

type Is = Option<IgnoredAny>;

/// The members by which records are told apart.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Members {
    #[serde(rename = "RuleID")]
    rule_id: Is,
    #[serde(rename = "File")]
    file: Is,
    #[serde(rename = "Match")]
    matched: Is,
    offender: Is,
    rule: Is,
    runs: Is,
    #[serde(rename = "$schema")]
    schema: Is,
    #[serde(rename = "DetectorName")]
    detector_name: Is,
    #[serde(rename = "SourceMetadata")]
    source_metadata: Is,
    path: Is,
    secret: Is,
    results: Is,
    plugins_used: Is,
    rule_name: Is,
    matches: Is,
    scans: Is,
    entities_with_incidents: Is,
    total_incidents: Is,
    secret_type: Is,
    number: Is,
    state: Is,
    level: Is,
    msg: Is,
    ts: Is,
}

impl Shape {
    /// The shape of a record; `None` where no scanner that this reader knows writes it.
    pub fn of(text: &str) -> Option<Shape> {
        if text.bytes().all(|byte| byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}')) {
            return Some(Shape::Empty);
        }
        let has: Members = serde_json::from_str(text).ok()?;
        let marks = [
            (has.rule_id.is_some() && (has.file.is_some() || has.matched.is_some()), Shape::Gitleaks),
            (has.offender.is_some() && has.rule.is_some(), Shape::GitleaksOld),
            (has.runs.is_some() && has.schema.is_some(), Shape::Sarif),
            (has.detector_name.is_some() && has.source_metadata.is_some(), Shape::TruffleHog),
            (has.rule.is_some() && has.path.is_some() && has.secret.is_some(), Shape::TruffleHog3),
            (has.results.is_some() && has.plugins_used.is_some(), Shape::DetectSecrets),
            (has.rule_name.is_some() && has.matches.is_some(), Shape::NoseyParker),
            (has.scans.is_some() && has.total_incidents.is_some(), Shape::Ggshield),
            (has.entities_with_incidents.is_some(), Shape::Ggshield),
            (has.secret_type.is_some() && (has.number.is_some() || has.state.is_some()), Shape::GithubAlert),
            (has.level.is_some() && (has.msg.is_some() || has.ts.is_some()), Shape::Log),
        ];
        marks.into_iter().find_map(|(is, shape)| is.then_some(shape))
    }

    /// Whether the shape alone shows that a report is a scanner's.
    pub fn is_telling(self) -> bool {
        !matches!(self, Shape::Log | Shape::Empty | Shape::Sarif)
    }
}
