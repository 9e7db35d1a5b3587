//! SARIF 2.1.0, the interchange format of analysis tools: a rule of ours is a rule there, a finding a result, a waiver a suppression.

use super::Report;
use super::json::to_json;
use super::text::printable;
use crate::analysis::PathStep;
use crate::error::Result;
use crate::policy::Severity;
use crate::rules::{Evidence, Finding, RULES, Rule, Standards, WaivedBy, Waiver};
use serde_json::{Value, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A report as SARIF 2.1.0. Subjects are logical locations by their ids: what is assessed is no file.
///
/// # Errors
/// As [`to_json`].
pub fn to_sarif(report: &Report) -> Result<String> {
    let results: Vec<Value> = report.findings.iter().map(result).collect();
    let rules: Vec<Value> = RULES.iter().map(|rule| descriptor(rule)).collect();
    let driver = json!({ "name": "tenantgraph", "version": report.version, "semanticVersion": report.version, "rules": rules });
    let run = json!({
        "tool": { "driver": driver },
        "invocations": [{ "executionSuccessful": true, "properties": { "as_of": report.as_of } }],
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    to_json(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

fn descriptor(rule: &Rule) -> Value {
    let standards: Vec<String> = rule
        .standards
        .ids()
        .into_iter()
        .map(|id| Standards::title(id).map_or_else(|| id.to_owned(), |title| format!("{id}: {title}")))
        .collect();
    let tags: Vec<&str> = std::iter::once("security").chain(rule.standards.ids()).collect();
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": format!("{} {}", rule.why, rule.remedy) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": {
            "tags": tags,
            "security-severity": score(rule.severity),
            "standards": standards,
        },
    })
}

fn result(finding: &Finding) -> Value {
    let mut properties = json!({ "severity": finding.severity, "subjects": finding.subjects, "remedy": finding.remedy, "severity_reason": finding.severity_reason });
    if let Some(raised) = &finding.raised {
        properties["raised"] = json!(raised);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "kind": "fail",
        "message": { "text": plain(&finding.message) },
        "locations": finding.subjects.iter().map(|subject| location(subject)).collect::<Vec<_>>(),
        "partialFingerprints": { "tenantgraph/v1": finding.fingerprint },
        "properties": properties,
    });
    if let Some(index) = RULES.iter().position(|rule| rule.id == finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    let flows: Vec<Value> = finding.evidence.iter().filter_map(flow).collect();
    if !flows.is_empty() {
        result["codeFlows"] = json!(flows);
    }
    // An empty list says that the tool looked for suppressions and found none.
    result["suppressions"] = json!(finding.waived.iter().map(suppression).collect::<Vec<_>>());
    result
}

fn location(id: &str) -> Value {
    json!({ "logicalLocations": [{ "fullyQualifiedName": id }] })
}

/// A path: where it starts, then what each hop gains.
fn flow(evidence: &Evidence) -> Option<Value> {
    let Evidence::Path { steps, .. } = evidence else { return None };
    let start = steps.first().map(|step| json!({ "location": location(&step.from) }));
    let hops = steps.iter().map(|step| {
        let mut location = location(&step.to);
        location["message"] = json!({ "text": plain(&hop(step)) });
        json!({ "location": location })
    });
    Some(json!({ "threadFlows": [{ "locations": start.into_iter().chain(hops).collect::<Vec<_>>() }] }))
}

fn hop(step: &PathStep) -> String {
    let permission = step.permission.as_ref().map(|permission| format!(" ({permission})")).unwrap_or_default();
    format!("`{}` gains {} by `{}`{permission}", step.from, step.right, step.kind)
}

/// A text with words of an input in it: it commands nothing, and what looks like a link in it is none; SARIF 2.1.0 (3.11.6) knows links in every message.
fn plain(text: &str) -> String {
    let text = printable(text);
    if text.contains("](") { text.replace('[', r"\[").replace(']', r"\]") } else { text }
}

fn suppression(waiver: &Waiver) -> Value {
    let by = match waiver.by {
        WaivedBy::Exception => "exception",
        WaivedBy::AllowedFlow => "allowed flow",
    };
    let end = waiver.expires.map_or_else(|| "without an end".to_owned(), |end| format!("until {}", end.date()));
    json!({ "kind": "external", "status": "accepted", "justification": printable(&format!("{by} {end}, {}: {}", waiver.owner, waiver.reason)) })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A score from 0 to 10, as readers of `security-severity` cut it into the same words.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.0",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::Estate;
    use crate::model::{Identity, IdentityKind, Instant, Relation, RelationKind, Tenant, TenantKind};
    use crate::policy::Policy;

    #[test]
    fn a_finding_is_a_result_and_a_waiver_a_suppression() {
        let mut builder = Estate::builder();
        builder.add(Tenant::new("acme-prod", TenantKind::AwsAccount));
        builder.add(Tenant::new("acme", TenantKind::AwsAccount));
        builder.add(Identity::new("test-robot", IdentityKind::ServiceAccount));
        builder.relate(Relation::new("test-robot", RelationKind::Administers, "acme-prod"));
        let policy = "exceptions = [{ rule = 'unlabelled-tenant', subject = 'acme', reason = 'new', owner = 'ops', expires = 2027-01-01 }]";
        let policy = Policy::from_toml(policy).expect("a policy");
        let report = builder.build().assess(&policy, Instant::parse("2026-05-01").expect("an instant")).expect("a report");
        let log: Value = serde_json::from_str(&to_sarif(&report).expect("SARIF")).expect("JSON");
        let run = &log["runs"][0];
        let ids: Vec<_> = run["tool"]["driver"]["rules"].as_array().expect("rules").iter().map(|rule| rule["id"].as_str()).collect();
        assert_eq!(ids, RULES.iter().map(|rule| Some(rule.id)).collect::<Vec<_>>());
        let [crossing, .., unlabelled] = run["results"].as_array().expect("results").as_slice() else { panic!("{run}") };
        assert_eq!((&crossing["level"], &crossing["ruleIndex"]), (&json!("error"), &json!(0)));
        assert_eq!(crossing["locations"][1]["logicalLocations"][0]["fullyQualifiedName"], "acme-prod");
        assert_eq!(crossing["codeFlows"][0]["threadFlows"][0]["locations"].as_array().map(Vec::len), Some(2));
        assert_eq!(crossing["partialFingerprints"]["tenantgraph/v1"], report.findings[0].fingerprint.as_str());
        assert_eq!(crossing["suppressions"], json!([]));
        assert_eq!(unlabelled["suppressions"][0]["justification"], "exception until 2027-01-01, ops: new");
    }

    #[test]
    fn a_name_of_an_input_is_no_link_and_turns_nothing() {
        assert_eq!(plain("see [here](https://x.example)\u{202e}"), r"see \[here\](https://x.example)\u{202e}");
        assert_eq!(plain("`a.svc.id.goog[b/c]`"), "`a.svc.id.goog[b/c]`");
    }
}
