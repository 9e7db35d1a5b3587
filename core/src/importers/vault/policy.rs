//! [`Policy`]: the rules of an ACL policy, and which of them Vault takes for a path.

use super::names::{literal, matches};
use crate::importers::hcl::{Block, Body};
use crate::model::{Guard, GuardSet};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The rules of a policy, in order of their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Policy {
    pub rules: Vec<PathRule>,
    /// The numbers of the rules by what stands before their first wildcards.
    by_start: BTreeMap<String, Vec<usize>>,
}

/// What a policy says of a path or of a pattern of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PathRule {
    pub path: String,
    pub capabilities: BTreeSet<String>,
    pub guards: GuardSet,
    /// Whether who asks decides (`{{identity…}}`) or parameters are required, so that it holds for some.
    pub conditional: bool,
}

/// Whether a text looks like a policy.
pub(super) fn detects(start: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(start).or_else(|error| std::str::from_utf8(&start[..error.valid_up_to()])) else { return false };
    text.lines().any(|line| {
        line.trim_start().strip_prefix("path").is_some_and(|rest| rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('"'))
    })
}

impl Policy {
    /// The policy that a text writes, as HCL or as JSON.
    ///
    /// # Errors
    /// The line within the text, where it is told, and a reason.
    pub fn of(text: &str) -> Result<Policy, (Option<u64>, &'static str)> {
        const NO_RULE: &str = "a policy without a `path`";
        let mut rules: Vec<PathRule> = if text.trim_start().starts_with('{') {
            let body: Map<String, Value> = serde_json::from_str(text).map_err(|error| (None, crate::error::json_reason(&error)))?;
            let paths = body.get("path").and_then(Value::as_object).ok_or((None, NO_RULE))?;
            paths.iter().filter_map(|(path, rule)| Some(PathRule::of_json(path, rule.as_object()?))).collect()
        } else {
            let body = Body::parse(text).map_err(|(line, reason)| (Some(line), reason))?;
            body.named("path").filter_map(PathRule::of_block).collect()
        };
        if rules.is_empty() && !text.trim().is_empty() {
            return Err((None, NO_RULE));
        }
        rules.sort();
        let mut by_start: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            by_start.entry(literal(&rule.path).to_owned()).or_default().push(number);
        }
        Ok(Policy { rules, by_start })
    }

    /// The number of the rule that Vault takes for a path: what is written out longest before its first wildcard, and of these the one without a wildcard,
    /// the longest. Costs a look-up a character of the path.
    pub fn rule_for(&self, path: &str) -> Option<usize> {
        let ends = path.char_indices().map(|(at, _)| at).chain([path.len()]);
        let fitting =
            ends.filter_map(|end| self.by_start.get(&path[..end])).flatten().filter(|number| matches(&self.rules[**number].path, path));
        let rank =
            |rule: &PathRule| (!rule.path.contains(['*', '+']), literal(&rule.path).len(), !rule.path.ends_with('*'), rule.path.len());
        fitting.max_by_key(|number| rank(&self.rules[**number])).copied()
    }

    /// Whether another rule says something else below what a rule matches.
    pub fn has_exceptions(&self, rule: &PathRule) -> bool {
        let start = literal(&rule.path);
        let from = self.by_start.range(start.to_owned()..).take_while(|(other, _)| other.starts_with(start));
        rule.path.contains('+') || from.flat_map(|(_, numbers)| numbers).any(|number| self.rules[*number].path != rule.path)
    }
}

impl PathRule {
    fn of_block(block: &Block) -> Option<PathRule> {
        let path = block.labels.first()?;
        let body = &block.body;
        let legacy = body.text("policy").map(legacy).unwrap_or_default().iter().copied();
        let capabilities = body.texts("capabilities").into_iter().chain(legacy).map(str::to_owned).collect();
        let has = |name: &str| body.named(name).next().is_some() || body.get(name).is_some();
        Some(PathRule::new(path, capabilities, has("control_group"), has("mfa_methods"), has("required_parameters")))
    }

    fn of_json(path: &str, rule: &Map<String, Value>) -> PathRule {
        let capabilities = rule.get("capabilities").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let legacy = rule.get("policy").and_then(Value::as_str).map(legacy).unwrap_or_default().iter().copied();
        let capabilities = capabilities.chain(legacy).map(str::to_owned).collect();
        let has = |name: &str| rule.contains_key(name);
        PathRule::new(path, capabilities, has("control_group"), has("mfa_methods"), has("required_parameters"))
    }

    fn new(path: &str, capabilities: BTreeSet<String>, approval: bool, mfa: bool, required: bool) -> PathRule {
        let mut guards = GuardSet::NONE;
        for (_, guard) in [(approval, Guard::Approval), (mfa, Guard::Mfa)].into_iter().filter(|(on, _)| *on) {
            guards = guards.with(guard);
        }
        let path = path.trim_start_matches('/').to_owned();
        let conditional = required || path.contains("{{");
        PathRule { path, capabilities, guards, conditional }
    }

    /// Whether it allows any of these.
    pub fn allows(&self, capabilities: &[&str]) -> bool {
        !self.capabilities.contains("deny") && capabilities.iter().any(|capability| self.capabilities.contains(*capability))
    }

    /// Whether it allows nothing.
    pub fn denies(&self) -> bool {
        self.capabilities.is_empty() || self.capabilities.contains("deny")
    }

    /// The capabilities as one text.
    pub fn text(&self) -> String {
        self.capabilities.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }
}

/// What the words of the first form stand for.
fn legacy(word: &str) -> &'static [&'static str] {
    match word {
        "deny" => &["deny"],
        "read" => &["read", "list"],
        "write" => &["create", "read", "update", "delete", "list"],
        "sudo" => &["create", "read", "update", "delete", "list", "sudo"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "path \"secret/*\"\n{\n capabilities = [\"read\", \"list\"]\n}\npath \"secret/data/prod/*\" { capabilities = [\"deny\"] }\n\
        path \"secret/data/prod/shared\" { policy = \"write\" }\npath \"secret/data/{{identity.entity.name}}/*\" { capabilities = [\"read\"] control_group = {} }\n";

    #[test]
    fn the_narrowest_rule_is_taken() {
        let policy = Policy::of(POLICY).expect("a policy");
        let rule = |path: &str| policy.rule_for(path).map(|number| policy.rules[number].text());
        assert_eq!(rule("secret/data/test/a").as_deref(), Some("list,read"));
        assert_eq!(rule("secret/data/prod/a").as_deref(), Some("deny"));
        assert_eq!(rule("secret/data/prod/shared").as_deref(), Some("create,delete,list,read,update"));
        assert_eq!(rule("kv/data/prod"), None);
        let conditional = policy.rules.iter().find(|rule| rule.conditional).expect("the template");
        assert!(
            conditional.guards.contains(Guard::Approval) && policy.has_exceptions(&policy.rules[0]) && !policy.has_exceptions(conditional)
        );
    }

    #[test]
    fn policies_are_told_from_other_texts() {
        assert!(detects(POLICY.as_bytes()) && !detects(b"key \"a\" {}\npaths: x\n"));
        let json = r#"{"path": {"secret/*": {"capabilities": ["read"]}, "sys/raw": {"policy": "sudo"}}}"#;
        assert_eq!(Policy::of(json).expect("a policy").rules.len(), 2);
        for text in ["{", "{}", "path \"x\" {", "name = 1"] {
            assert!(Policy::of(text).is_err(), "{text}");
        }
        assert_eq!(Policy::of(" \n"), Ok(Policy::default()));
    }
}
