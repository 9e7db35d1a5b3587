//! [`Selector`] and [`Selection`]: which entities a question is about.

use super::{EntityIndex, EntityRef, Estate};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{EntityType, Environment, EnvironmentClass};
use regex::Regex;
use std::fmt;

/// One condition on entities: every part that is given must hold.
///
/// As text: `class=production`, `environment=staging,kind=service_account`, `tenant=acme-*`, `id=serviceAccount:*`. `id` and `tenant` are globs: `*`
/// stands for any text and `?` for one character, everything else (brackets too) for itself. `tenant` is compared with the id and the name of the
/// entity's own tenant (a tenant is its own), `kind` with the kind or the type (`identity`, `secret`, …). A comma inside a value is written `\,`.
#[derive(Debug, Clone, Default)]
pub struct Selector {
    class: Option<EnvironmentClass>,
    environment: Option<Environment>,
    tenant: Option<Glob>,
    kind: Option<String>,
    id: Option<Glob>,
}

/// Several selectors, any of which may hold.
#[derive(Debug, Clone)]
pub struct Selection {
    any: Vec<Selector>,
}

impl Selector {
    /// Every entity of a class.
    pub fn class(class: EnvironmentClass) -> Self {
        Selector { class: Some(class), ..Selector::default() }
    }

    /// The entity of an id, taken literally.
    pub fn id(id: &str) -> Self {
        Selector { id: Some(Glob::literal(id)), ..Selector::default() }
    }

    /// Reads a selector from text.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidSelector`] for an unknown key, an unknown word, a missing `=` or a key given twice.
    pub fn parse(text: &str) -> Result<Self> {
        let mut selector = Selector::default();
        for part in split(text) {
            let Some((key, value)) = part.split_once('=') else {
                return Err(invalid("a selector is `key=value,key=value`; the keys are `class`, `environment`, `tenant`, `kind` and `id`"));
            };
            selector.set(key.trim(), value.trim())?;
        }
        Ok(selector)
    }

    /// Sets one part of the selector.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidSelector`] as [`Selector::parse`].
    pub fn set(&mut self, key: &str, value: &str) -> Result<()> {
        if value.is_empty() {
            return Err(invalid(format!("the value of `{key}` is empty; leave the key out to match everything")));
        }
        let taken = match key {
            "class" => self
                .class
                .replace(EnvironmentClass::parse(value).ok_or_else(|| unknown(key, EnvironmentClass::ALL.iter().map(|it| it.as_str())))?)
                .is_some(),
            "environment" => self
                .environment
                .replace(Environment::parse(value).ok_or_else(|| unknown(key, Environment::ALL.iter().map(|it| it.as_str())))?)
                .is_some(),
            "tenant" => self.tenant.replace(Glob::new(value)).is_some(),
            "kind" => self.kind.replace(known_kind(value)?).is_some(),
            "id" => self.id.replace(Glob::new(value)).is_some(),
            _ => return Err(invalid("unknown selector key; the keys are `class`, `environment`, `tenant`, `kind` and `id`")),
        };
        if taken {
            return Err(invalid(format!("the key `{key}` is given twice; repeat the whole selector to mean either")));
        }
        Ok(())
    }

    fn matches(&self, estate: &Estate, index: EntityIndex) -> bool {
        let entity = estate.entity(index);
        let environment = estate.environment(index);
        self.class.is_none_or(|class| environment.class() == class)
            && self.environment.is_none_or(|wanted| environment.environment == wanted)
            && self.kind.as_deref().is_none_or(|kind| entity.kind() == kind || entity.entity_type().as_str() == kind)
            && self.id.as_ref().is_none_or(|glob| glob.matches(entity.id()))
            && self
                .tenant
                .as_ref()
                .is_none_or(|glob| estate.own_tenant(index).is_some_and(|tenant| glob.matches_entity(estate.entity(tenant))))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("class", self.class.map(|it| it.to_string())),
            ("environment", self.environment.map(|it| it.to_string())),
            ("tenant", self.tenant.as_ref().map(|it| it.text.clone())),
            ("kind", self.kind.clone()),
            ("id", self.id.as_ref().map(|it| it.text.clone())),
        ];
        let mut first = true;
        for (key, value) in parts {
            let Some(value) = value else { continue };
            if !std::mem::take(&mut first) {
                f.write_str(",")?;
            }
            write!(f, "{key}={}", value.replace('\\', "\\\\").replace(',', "\\,"))?;
        }
        Ok(())
    }
}

impl Selection {
    /// The entities that any of the selectors matches.
    pub fn any(any: Vec<Selector>) -> Self {
        Selection { any }
    }

    /// Every entity of a class.
    pub fn class(class: EnvironmentClass) -> Self {
        Selection::any(vec![Selector::class(class)])
    }

    /// Reads a selection from texts, any of which may hold.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidSelector`] as [`Selector::parse`].
    pub fn parse<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self> {
        Ok(Selection::any(texts.into_iter().map(Selector::parse).collect::<Result<_>>()?))
    }

    /// The selected entities in order. Costs one pass over the estate, or a lookup a selector where all are exact ids.
    pub fn of(&self, estate: &Estate) -> Vec<EntityIndex> {
        estate.indices().filter(|index| self.matches(estate, *index)).collect()
    }

    /// The selectors as text, any of which holds.
    pub fn texts(&self) -> Vec<String> {
        self.any.iter().map(Selector::to_string).collect()
    }

    /// Whether every id and tenant that a selector names literally is there: a mistyped one would answer "nothing is held".
    ///
    /// # Errors
    /// [`ErrorCode::UnknownEntity`] for an `id` or a `tenant` without `*` and `?` that names nothing of the estate.
    pub fn check(&self, estate: &Estate) -> Result<()> {
        for selector in &self.any {
            let unknown = |key: &str, glob: &Glob| {
                let message = format!("`{key}={}` names nothing of the estate; ids and names are compared letter by letter", glob.text);
                Err(Error::new(ErrorCode::UnknownEntity, message))
            };
            if let Some(glob) = selector.id.as_ref().filter(|glob| glob.pattern.is_none())
                && estate.find(&glob.text).is_none()
            {
                return unknown("id", glob);
            }
            if let Some(glob) = selector.tenant.as_ref().filter(|glob| glob.pattern.is_none())
                && !estate.entities().iter().any(|entity| entity.entity_type() == EntityType::Tenant && glob.matches_entity(entity))
            {
                return unknown("tenant", glob);
            }
        }
        Ok(())
    }

    /// Whether an entity is selected.
    pub fn matches(&self, estate: &Estate, index: EntityIndex) -> bool {
        self.any.iter().any(|selector| selector.matches(estate, index))
    }
}

impl serde::Serialize for Selection {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.any.iter().map(Selector::to_string))
    }
}

/// A glob over ids and names: only `*` and `?` are special, for ids hold brackets and braces.
#[derive(Debug, Clone)]
pub(crate) struct Glob {
    text: String,
    pattern: Option<Regex>,
}

impl Glob {
    /// The glob of a text.
    pub fn new(text: &str) -> Self {
        if !text.contains(['*', '?']) {
            return Glob::literal(text);
        }
        let mut source = String::from("(?s)^");
        for character in text.chars() {
            match character {
                '*' => source.push_str(".*"),
                '?' => source.push('.'),
                other => source.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
            }
        }
        source.push('$');
        // A text too long for a regex matches itself only.
        Glob { text: text.to_owned(), pattern: Regex::new(&source).ok() }
    }

    /// The glob that matches one text only.
    pub fn literal(text: &str) -> Self {
        Glob { text: text.to_owned(), pattern: None }
    }

    /// Whether a text matches. An id that itself holds `*` matches its own text.
    pub fn matches(&self, text: &str) -> bool {
        self.text == text || self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }

    /// Whether the id or the name of an entity matches.
    pub fn matches_entity(&self, entity: EntityRef<'_>) -> bool {
        self.matches(entity.id()) || self.matches(entity.name())
    }
}

/// Splits at commas; `\,` and `\\` stand for a comma and a backslash.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let last = parts.len() - 1;
        match character {
            '\\' => parts[last].push(characters.next().unwrap_or('\\')),
            ',' => parts.push(String::new()),
            other => parts[last].push(other),
        }
    }
    parts
}

fn known_kind(kind: &str) -> Result<String> {
    use crate::model::{IdentityKind, ResourceKind, SecretKind, TenantKind};
    let known = EntityType::parse(kind).is_some()
        || TenantKind::parse(kind).is_some()
        || IdentityKind::parse(kind).is_some()
        || SecretKind::parse(kind).is_some()
        || ResourceKind::parse(kind).is_some();
    if known {
        Ok(kind.to_owned())
    } else {
        Err(invalid("unknown kind; give the kind of a tenant, identity, secret or resource, or one of these four words"))
    }
}

fn unknown<'w>(key: &str, words: impl Iterator<Item = &'w str>) -> Error {
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    invalid(format!("unknown {key}; give one of {}", words.join(", ")))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::InvalidSelector, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_stand_for_themselves() {
        assert!(Glob::new("serviceAccount:p.svc.id.goog[ns/*]").matches("serviceAccount:p.svc.id.goog[ns/robot]"));
        assert!(!Glob::new("a[bc]").matches("ab"));
        assert!(Glob::new("a?c*").matches("abc") && !Glob::new("a?c").matches("ac"));
    }

    #[test]
    fn a_selector_shows_as_it_is_read() {
        for text in ["class=production", "environment=staging,tenant=acme-*,kind=service_account", "id=a\\,b"] {
            assert_eq!(Selector::parse(text).expect("a selector").to_string(), text);
        }
        for text in ["", "class", "class=live", "kind=robot", "class=production,class=shared", "color=red", "id="] {
            assert_eq!(Selector::parse(text).expect_err("no selector").code(), ErrorCode::InvalidSelector, "{text}");
        }
    }
}
