//! Adds policies: a role between its holders and what its paths reach.

use super::add::Adding;
use super::names::Home;
use super::policy::{PathRule, Policy};
use super::rights;
use crate::model::{Certainty, IdentityKind, Relation, RelationKind, Resource, ResourceKind};
use std::collections::BTreeMap;

/// Adds every policy that was read or that somebody holds.
pub(super) fn add(adding: &mut Adding<'_>) {
    adding.all_policies();
}

impl<'a> Adding<'a> {
    fn all_policies(&mut self) {
        let world = self.world;
        for key in world.policies.keys() {
            self.policies.insert(key.clone(), true);
        }
        for (home, name) in self.policies.keys().cloned().collect::<Vec<_>>() {
            let identity = self.identity(&home, &format!("policies/{name}"), IdentityKind::Role);
            let id = identity.id.clone();
            self.builder.add(identity);
            if name == "root" {
                let tenant = self.tenant(&home);
                self.builder.relate(Relation::new(&id, RelationKind::Administers, tenant).permission("root"));
            }
            for (position, policy) in world.policies.get(&(home.clone(), name)).into_iter().flatten() {
                self.builder.resume(*position);
                let taken = self.taken(&home, policy);
                for (number, rule) in policy.rules.iter().enumerate().filter(|(_, rule)| !rule.denies()) {
                    self.rule(&Held { home: &home, id: &id, policy, rule }, taken.get(&number).map_or(&[][..], Vec::as_slice));
                }
            }
        }
    }

    /// The secrets of key-value stores by the rule that Vault takes for each.
    fn taken(&self, home: &Home, policy: &Policy) -> BTreeMap<usize, Vec<&'a str>> {
        let mut taken: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let world = self.world;
        let paths = world.secrets.range((home.clone(), String::new())..).map(|(key, _)| key).take_while(|(at, _)| at == home);
        for (_, path) in paths {
            if let Some(number) = policy.rule_for(path)
                && self.engines.is_key_value(home, path)
            {
                taken.entry(number).or_default().push(path);
            }
        }
        taken
    }

    /// What a rule of a policy gives, `taken` being the secrets that Vault takes it for.
    fn rule(&mut self, held: &Held<'_>, taken: &[&str]) {
        let (home, rule) = (held.home, held.rule);
        if let Some((kind, certainty)) = rights::over_namespace(rule) {
            let tenant = self.tenant(home);
            self.builder.relate(held.relation(kind, tenant, certainty));
        }
        if let Some(role) = rights::secret_id_of(rule) {
            self.builder.relate(held.relation(RelationKind::Manages, home.at(role), Certainty::Proven));
        }
        if rights::is_own(&rule.path) {
            return;
        }
        let kinds = rights::over_path(rule);
        let engines = self.engines;
        let mounts: Vec<&str> = match rule.path.strip_suffix('*') {
            Some("") => engines.of_home(home).collect(),
            Some(path) => path
                .strip_suffix('/')
                .filter(|mount| engines.kinds.contains_key(&(home.clone(), (*mount).to_owned())))
                .into_iter()
                .collect(),
            None => Vec::new(),
        };
        if !mounts.is_empty() && !held.policy.has_exceptions(rule) {
            // The whole mount: what is in it follows.
            for (mount, kind) in mounts.iter().flat_map(|mount| kinds.iter().map(move |kind| (mount, *kind))) {
                self.builder.relate(held.relation(kind, home.at(mount), Certainty::Proven));
            }
            return;
        }
        let target = home.at(&rule.path);
        let tenant = Some(self.tenant(home));
        if self.builder.get(&target).is_none() && !taken.contains(&rule.path.as_str()) {
            self.builder.add(Resource { name: Some(rule.path.clone()), tenant, ..Resource::new(&target, ResourceKind::Vault) });
        }
        for kind in &kinds {
            self.builder.relate(held.relation(*kind, target.clone(), Certainty::Proven));
        }
        for path in taken.iter().filter(|path| **path != rule.path) {
            for kind in kinds.iter().filter(|kind| **kind != RelationKind::Unmapped) {
                self.builder.relate(held.relation(*kind, home.at(path), Certainty::Proven));
            }
        }
    }
}

/// A rule of a policy that somebody holds.
struct Held<'h> {
    home: &'h Home,
    id: &'h str,
    policy: &'h Policy,
    rule: &'h PathRule,
}

impl Held<'_> {
    fn relation(&self, kind: RelationKind, to: String, certainty: Certainty) -> Relation {
        let certainty = if self.rule.conditional { Certainty::Possible } else { certainty };
        let permission = format!("{} {}", self.rule.path, self.rule.text());
        Relation::new(self.id, kind, to).permission(permission).guards(self.rule.guards).certainty(certainty)
    }
}
