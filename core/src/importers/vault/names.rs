//! [`Home`]: the namespace that something stands in, and the ids in it.

use crate::importers::Input;
use crate::importers::objects::{in_path, named};

/// A Vault and a namespace of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Home {
    pub vault: String,
    /// Empty for the root.
    pub namespace: String,
}

/// The name of a Vault that nothing names.
pub(super) const UNNAMED: &str = "vault";

impl Home {
    /// The home that the path or format of an input names.
    pub fn of(input: &Input) -> Home {
        let namespace = in_path(input, "namespace").unwrap_or_default().to_owned();
        Home { vault: named(input, "vault").unwrap_or(UNNAMED).to_owned(), namespace }
    }

    /// Another namespace of the same Vault.
    pub fn within(&self, namespace: &str) -> Home {
        let namespace = namespace.trim_matches('/');
        Home { vault: self.vault.clone(), namespace: if namespace == "root" { String::new() } else { namespace.to_owned() } }
    }

    /// The id of the tenant.
    pub fn tenant(&self) -> String {
        match self.namespace.as_str() {
            "" => format!("vault://{}", self.vault),
            namespace => format!("vault://{}/ns/{namespace}", self.vault),
        }
    }

    /// The id of what has this path of the API.
    pub fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.tenant())
    }
}

/// The path of the API in the name of an input: what follows `vault=NAME` and `namespace=PATH`, or begins with `auth`, `sys` or `identity`, without the ending of the file.
pub(super) fn api_path(input: &Input) -> Option<String> {
    let segments: Vec<&str> = input.name.split(['/', '\\']).collect();
    let after = segments.iter().rposition(|segment| segment.starts_with("vault=") || segment.starts_with("namespace="));
    let from = after.map(|at| at + 1).or_else(|| segments.iter().position(|segment| matches!(*segment, "auth" | "sys" | "identity")))?;
    let path = segments[from.min(segments.len())..].join("/");
    let path = path.strip_suffix(".json").unwrap_or(&path).trim_matches('/');
    (!path.is_empty()).then(|| path.to_owned())
}

/// Whether a pattern of a policy matches a path: `*` at the end stands for anything, `+` for one segment.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, open) = pattern.strip_suffix('*').map_or((pattern, false), |pattern| (pattern, true));
    let (mut patterns, mut segments) = (pattern.split('/').peekable(), path.split('/'));
    while let Some(wanted) = patterns.next() {
        let last = patterns.peek().is_none();
        let Some(found) = segments.next() else { return false };
        let fits = if last && open { wanted == "+" || found.starts_with(wanted) } else { wanted == "+" || wanted == found };
        if !fits {
            return false;
        }
        if last && open {
            return true;
        }
    }
    segments.next().is_none()
}

/// What stands before the first wildcard of a pattern.
pub(super) fn literal(pattern: &str) -> &str {
    let end = pattern.find("/+").map(|at| at + 1).unwrap_or(pattern.len());
    pattern[..end].trim_end_matches('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_vault_matches_them() {
        for (pattern, path, wanted) in [
            ("secret/data/*", "secret/data/a/b", true),
            ("secret/data/a*", "secret/data/abc/d", true),
            ("secret/data/a", "secret/data/a", true),
            ("secret/data/a", "secret/data/a/b", false),
            ("secret/+/a", "secret/data/a", true),
            ("secret/+/a", "secret/data/b", false),
            ("secret/+/a*", "secret/x/ab/c", true),
            ("*", "sys/raw/x", true),
            ("secret/data/*", "secret/metadata/a", false),
        ] {
            assert_eq!(matches(pattern, path), wanted, "{pattern} {path}");
        }
        assert_eq!((literal("a/b*"), literal("a/+/b*"), literal("a")), ("a/b", "a/", "a"));
    }

    #[test]
    fn inputs_name_their_place() {
        let path = |name: &str| api_path(&Input::new(name, ""));
        assert_eq!(path("x/vault=acme/namespace=till/auth/jwt/role/ci.json").as_deref(), Some("auth/jwt/role/ci"));
        assert_eq!(path("exports/auth/jwt/config.json").as_deref(), Some("auth/jwt/config"));
        assert_eq!(path("audit.log"), None);
        let home = Home::of(&Input::new("vault=acme/namespace=till/x", ""));
        assert_eq!((home.tenant(), home.within("root").at("kv")), ("vault://acme/ns/till".into(), "vault://acme/kv".into()));
    }
}
