//! [`References`]: what the configuration of a plan makes each attribute of, through the variables and outputs of its modules.

use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The attributes of every resource of a plan that is known so far, by its address.
pub(super) type Known = BTreeMap<String, Map<String, Value>>;

/// How many variables and outputs stand between an attribute and what it is made of.
const FAR: usize = 8;

/// What the configuration refers to.
#[derive(Default)]
pub(super) struct References {
    /// By the address of a resource without indices and the name of an attribute: what it refers to. One that refers to nothing is there too.
    attributes: BTreeMap<(String, String), Vec<String>>,
    /// By the name of a variable or output as others call it, `module.till.var.role`, `module.till.arn`: what it refers to.
    named: BTreeMap<String, Vec<String>>,
    /// The resources that the configuration has, by their addresses without indices.
    resources: BTreeSet<String>,
}

impl References {
    /// Reads them.
    pub fn of(configuration: &RawValue) -> References {
        let mut all = References::default();
        let configuration: Value = serde_json::from_str(configuration.get()).unwrap_or_default();
        let mut modules = vec![(String::new(), configuration.get("root_module"))];
        while let Some((path, module)) = modules.pop() {
            let Some(module) = module else { continue };
            for resource in module.get("resources").and_then(Value::as_array).into_iter().flatten() {
                let Some(address) = resource.get("address").and_then(Value::as_str) else { continue };
                all.resources.insert(format!("{path}{address}"));
                for (name, expression) in entries(resource, "expressions") {
                    all.attributes.insert((format!("{path}{address}"), name.clone()), named(expression, &path));
                }
            }
            for (name, output) in entries(module, "outputs").filter(|_| !path.is_empty()) {
                let named = output.get("expression").map(|expression| named(expression, &path)).unwrap_or_default();
                all.named.insert(format!("{path}{name}"), named);
            }
            for (name, call) in entries(module, "module_calls") {
                let within = format!("{path}module.{name}.");
                for (variable, expression) in entries(call, "expressions") {
                    all.named.insert(format!("{within}var.{variable}"), named(expression, &path));
                }
                modules.push((within, call.get("module")));
            }
        }
        all
    }

    /// Whether the configuration sets an attribute of a resource; `None` where it does not have the resource.
    pub fn sets(&self, address: &str, name: &str) -> Option<bool> {
        let address = bare(address);
        self.resources.contains(&address).then(|| self.attributes.contains_key(&(address, name.to_owned())))
    }

    /// The attributes of resources that an attribute is made of, each with the address of its resource; `None` where something else is in it.
    pub fn made_of(&self, address: &str, name: &str) -> Option<Vec<(String, String)>> {
        let mut parts = Vec::new();
        let named = self.attributes.get(&(bare(address), name.to_owned()))?;
        (self.follow(named, FAR, &mut parts) && !parts.is_empty()).then_some(parts)
    }

    fn follow(&self, named: &[String], far: usize, parts: &mut Vec<(String, String)>) -> bool {
        // `a.b.arn` and `a.b`, which the longer one implies.
        let implied = |one: &String| named.iter().any(|other| other.len() > one.len() && other.starts_with(one.as_str()));
        named.iter().filter(|one| !implied(one)).all(|one| {
            if let Some(behind) = self.named.get(one).filter(|_| far > 0) {
                return self.follow(behind, far - 1, parts);
            }
            match attribute_of(one) {
                Some((of, attribute)) => {
                    parts.push((of.to_owned(), attribute.to_owned()));
                    true
                }
                None => false,
            }
        })
    }
}

/// The resource and the attribute of a reference, `module.a.b.c[0].d.e` into `module.a.b.c[0]` and `d.e`; nothing where it is of no resource, or of a whole one.
fn attribute_of(reference: &str) -> Option<(&str, &str)> {
    /// What is no type of resource.
    const OTHERS: [&str; 8] = ["count", "each", "local", "module", "path", "self", "terraform", "var"];
    let (mut dots, mut within) = (Vec::new(), 0usize);
    for (at, letter) in reference.char_indices() {
        match letter {
            '[' => within += 1,
            ']' => within = within.saturating_sub(1),
            '.' if within == 0 => dots.push(at),
            _ => {}
        }
    }
    let starts: Vec<usize> = std::iter::once(0).chain(dots.iter().map(|at| at + 1)).collect();
    let part = |at: usize| Some(&reference[*starts.get(at)?..dots.get(at).copied().unwrap_or(reference.len())]);
    let mut first = 0;
    while part(first)? == "module" && starts.len() > first + 2 {
        first += 2;
    }
    let kind = if part(first)? == "data" { first + 1 } else { first };
    if OTHERS.contains(&part(kind)?) {
        return None;
    }
    let end = *dots.get(kind + 1)?;
    Some((&reference[..end], &reference[end + 1..]))
}

fn entries<'v>(of: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    of.get(name).and_then(Value::as_object).into_iter().flatten()
}

fn named(expression: &Value, path: &str) -> Vec<String> {
    let named = expression.get("references").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    named.map(|name| format!("{path}{name}")).collect()
}

/// An address without the indices of its instances: `module.a["x"].b.c[0]` is `module.a.b.c`.
fn bare(address: &str) -> String {
    let (mut bare, mut within, mut quoted) = (String::with_capacity(address.len()), false, false);
    for letter in address.chars() {
        match letter {
            '"' if within => quoted = !quoted,
            '[' if !within => within = true,
            ']' if within && !quoted => within = false,
            _ if !within => bare.push(letter),
            _ => {}
        }
    }
    bare
}

/// The index at the end of an address, `[0]`.
pub(super) fn index(address: &str) -> &str {
    address.rfind('[').filter(|_| address.ends_with(']')).map_or("", |at| &address[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_followed_through_modules() {
        let text = r#"{"root_module": {
            "resources": [{"address": "a.one", "expressions": {}},
                          {"address": "b.two", "expressions": {"x": {"references": ["module.m.out", "module.m"]}, "y": {"references": ["local.z"]}}}],
            "module_calls": {"m": {"expressions": {"v": {"references": ["a.one.arn", "a.one"]}}, "module": {
                "outputs": {"out": {"expression": {"references": ["c.three.id", "c.three"]}}},
                "resources": [{"address": "c.three", "expressions": {"role": {"references": ["var.v"]}}}]}}}}}"#;
        let references = References::of(&RawValue::from_string(text.to_owned()).expect("JSON"));
        let one = |of: &str, attribute: &str| Some(vec![(of.to_owned(), attribute.to_owned())]);
        assert_eq!(references.made_of("module.m[\"k[0]\"].c.three[1]", "role"), one("a.one", "arn"));
        assert_eq!(references.made_of("b.two", "x"), one("module.m.c.three", "id"));
        assert_eq!(references.made_of("b.two", "y"), None);
        assert_eq!(
            (references.sets("b.two", "y"), references.sets("b.two", "z"), references.sets("d.four", "z")),
            (Some(true), Some(false), None)
        );
        assert_eq!(attribute_of("module.m[\"k.l\"].data.a.b[0].c[0].d"), Some(("module.m[\"k.l\"].data.a.b[0]", "c[0].d")));
        assert!(["a", "a.b", "var.a.b", "module.m.out", "module.m.a.b", "each.value.c"].iter().all(|text| attribute_of(text).is_none()));
        assert_eq!((index("a.b[0]"), index("a.b")), ("[0]", ""));
    }
}
