//! [`Tenants`]: which tenant an object is of. Graph does not say it in the object, so what stands beside it must.

use super::world::{Kept, Object, Origin};
use std::collections::{BTreeMap, BTreeSet};

/// The id of the tenant of what names none.
pub(super) const UNNAMED: &str = "entra-tenant";

/// What the inputs tell of tenants.
#[derive(Debug, Default)]
pub(super) struct Tenants {
    inputs: Vec<Source>,
    /// Every tenant that an organization was read of.
    pub organizations: BTreeSet<String>,
    /// What was read of them.
    pub described: Vec<Kept<Object>>,
    /// The tenant of each input, once all is read.
    resolved: Vec<Option<String>>,
    used_unnamed: std::cell::Cell<bool>,
}

#[derive(Debug, Default)]
struct Source {
    folders: Vec<String>,
    /// The tenant that the caller named.
    given: Option<String>,
    named: Option<String>,
    organizations: BTreeSet<String>,
    /// The application ids of the registrations in it.
    registrations: BTreeSet<String>,
    /// The homes of single-tenant applications whose service principals are in it.
    homes: BTreeSet<String>,
}

impl Tenants {
    /// Starts an input, and gives its number; `given` is the name of the tenant where the caller says it.
    pub fn start(&mut self, name: &str, given: Option<&str>) -> usize {
        let mut folders: Vec<String> = name.split(['/', '\\']).map(str::to_owned).collect();
        folders.pop();
        let named = folders.iter().enumerate().rev().find_map(|(at, folder)| match folder.split_once('=') {
            Some(("tenant", name)) if !name.is_empty() => Some(name.to_ascii_lowercase()),
            _ if at > 0 && folders[at - 1] == "tenants" => Some(folder.to_ascii_lowercase()),
            _ => None,
        });
        let given = given.map(str::to_ascii_lowercase);
        self.inputs.push(Source { folders, given, named, ..Source::default() });
        self.inputs.len() - 1
    }

    /// Learns that an organization stands in an input.
    pub fn learn(&mut self, input: usize, tenant: &str) {
        self.organizations.insert(tenant.to_owned());
        if let Some(source) = self.inputs.get_mut(input) {
            source.organizations.insert(tenant.to_owned());
        }
    }

    /// Learns that the registration of an application stands in an input.
    pub fn registered(&mut self, input: usize, app_id: &str) {
        if let Some(source) = self.inputs.get_mut(input) {
            source.registrations.insert(app_id.to_owned());
        }
    }

    /// Learns that the service principal of an application stands in an input that no other tenant than its home may have.
    pub fn at_home(&mut self, input: usize, home: &str) {
        if let Some(source) = self.inputs.get_mut(input) {
            source.homes.insert(home.to_owned());
        }
    }

    /// Decides, when all is read; `homes` are the tenants of applications, as service principals tell them.
    pub fn settle(&mut self, homes: &BTreeMap<String, String>) {
        let resolved = (0..self.inputs.len()).map(|at| self.decide(at, homes)).collect();
        self.resolved = resolved;
    }

    fn decide(&self, at: usize, homes: &BTreeMap<String, String>) -> Option<String> {
        let source = &self.inputs[at];
        if let Some(tenant) = only(source.organizations.iter()) {
            return Some(tenant.clone());
        }
        if source.given.is_some() {
            return source.given.clone();
        }
        // An input that tells of several tenants says of no object which is its.
        if source.organizations.len() > 1 {
            return None;
        }
        // The folder, then those above it, up to one that names a tenant.
        for depth in (1..=source.folders.len()).rev() {
            let within = || self.inputs.iter().filter(|other| other.folders.starts_with(&source.folders[..depth]));
            let there: BTreeSet<&String> = within().flat_map(|other| &other.organizations).collect();
            if !there.is_empty() {
                return only(there.into_iter()).cloned().or_else(|| source.named.clone());
            }
            if source.named.is_some() && source.folders[depth - 1].to_ascii_lowercase().ends_with(source.named.as_deref().unwrap_or("/")) {
                return source.named.clone();
            }
            let here: BTreeSet<&String> = within().flat_map(|other| other.told(homes)).collect();
            if let Some(tenant) = only(here.into_iter()) {
                return Some(tenant.clone());
            }
        }
        let own: BTreeSet<&String> = source.told(homes).collect();
        only(own.into_iter()).or_else(|| only(self.organizations.iter())).cloned()
    }

    /// The tenant of what was read at an origin; [`UNNAMED`] where nothing tells.
    pub fn of(&self, origin: &Origin) -> String {
        self.known(origin).unwrap_or_else(|| {
            self.used_unnamed.set(true);
            UNNAMED.to_owned()
        })
    }

    /// The tenant of what was read at an origin, where something tells.
    pub fn known(&self, origin: &Origin) -> Option<String> {
        origin.tenant.clone().or_else(|| self.resolved.get(origin.input).cloned().flatten())
    }

    /// Whether something is of a tenant that nothing names.
    pub fn used_unnamed(&self) -> bool {
        self.used_unnamed.get()
    }

    /// How many inputs there are, and of how many the tenant is known.
    pub fn counted(&self) -> (usize, usize) {
        (self.resolved.iter().flatten().count(), self.resolved.len())
    }
}

impl Source {
    /// The tenants that the applications in it are at home in, and so it is of.
    fn told<'s>(&'s self, homes: &'s BTreeMap<String, String>) -> impl Iterator<Item = &'s String> {
        self.registrations.iter().filter_map(|app| homes.get(app)).chain(&self.homes)
    }
}

/// The one element, where there is one only.
fn only<T>(mut elements: impl Iterator<Item = T>) -> Option<T> {
    let first = elements.next()?;
    elements.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tenants: &Tenants, input: usize) -> String {
        tenants.of(&Origin { input, ..Origin::default() })
    }

    #[test]
    fn what_stands_beside_an_object_tells_its_tenant() {
        let mut tenants = Tenants::default();
        let names = ["a/apps.json", "a/org.json", "tenants/Blue/apps.json", "c/apps.json", "d.json", "e/two.json"];
        let inputs: Vec<usize> = names.iter().map(|name| tenants.start(name, None)).collect();
        tenants.learn(inputs[1], "t-a");
        tenants.registered(inputs[3], "app-c");
        tenants.learn(inputs[5], "t-1");
        tenants.learn(inputs[5], "t-2");
        tenants.settle(&BTreeMap::from([("app-c".to_owned(), "t-c".to_owned())]));
        let known: Vec<String> = inputs.iter().map(|input| of(&tenants, *input)).collect();
        assert_eq!(known, ["t-a", "t-a", "blue", "t-c", UNNAMED, UNNAMED]);
        assert!(tenants.used_unnamed());
    }

    #[test]
    fn the_only_organization_is_that_of_all() {
        let mut tenants = Tenants::default();
        let (one, other) = (tenants.start("a.json", None), tenants.start("b.json", None));
        tenants.learn(one, "t");
        tenants.settle(&BTreeMap::new());
        assert_eq!((of(&tenants, one).as_str(), of(&tenants, other).as_str()), ("t", "t"));
    }
}
