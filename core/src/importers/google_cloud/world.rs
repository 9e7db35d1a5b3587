//! [`World`]: what all inputs of a reading together say about names: projects, parents, accounts, roles, and what stands in which tenant.

use super::accounts::RunsAs;
use super::effects::{Effects, Target};
use super::members::account_id;
use super::names::{Projects, ResourceName};
use super::roles::Roles;
use crate::estate::EstateBuilder;
use crate::model::Identity;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What was in the inputs at all.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub resources: bool,
    pub policies: bool,
    pub keys: bool,
}

/// What stands in a tenant, as far as roles reach it.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// The resources by the service whose roles reach them.
    pub resources: BTreeMap<Target, BTreeSet<String>>,
    /// The service accounts that somebody may act as.
    pub accounts: BTreeSet<String>,
    /// The federated principals of the tenant's pools.
    pub federated: BTreeSet<String>,
}

/// What all inputs of a reading together say.
#[derive(Debug, Default)]
pub(super) struct World {
    pub seen: Seen,
    pub projects: Projects,
    pub roles: Roles,
    /// The code that runs as accounts: the resource, the accounts, the workload identity pool.
    pub code: Vec<(String, Vec<RunsAs>, Option<String>)>,
    /// What stands in each tenant, by its canonical name.
    pub contents: BTreeMap<String, Content>,
    /// The roles that are held on a tenant as a whole, with that tenant: each becomes an identity.
    pub held: BTreeMap<(String, String), Effects>,
    parents: BTreeMap<String, String>,
    emails: HashMap<String, String>,
    added: HashSet<String>,
}

impl World {
    /// Learns that a tenant is in another; names as they are written. The least answer stays, so that the order of the inputs tells nothing.
    pub fn place_in(&mut self, child: &str, parent: &str) {
        let known = self.parents.entry(child.to_owned()).or_insert_with(|| parent.to_owned());
        if parent < known.as_str() {
            parent.clone_into(known);
        }
    }

    /// Puts the ids of projects in place of their numbers among the parents: once, when all is read.
    pub fn settle(&mut self) {
        let parents = std::mem::take(&mut self.parents);
        for (child, parent) in parents {
            let (child, parent) = (self.projects.tenant(&child), self.projects.tenant(&parent));
            if child != parent {
                self.place_in(&child, &parent);
            }
        }
    }

    /// The tenants that are known to be there, with their parents.
    pub fn parents(&self) -> &BTreeMap<String, String> {
        &self.parents
    }

    /// The tenant and those above it, from below; a loop ends where it closes.
    pub fn chain(&self, tenant: &str) -> Vec<&str> {
        let mut chain: Vec<&str> = Vec::new();
        let mut at = self.parents.get_key_value(tenant).map(|(tenant, _)| tenant.as_str());
        while let Some(tenant) = at.filter(|tenant| !chain.contains(tenant)) {
            chain.push(tenant);
            at = self.parents.get(tenant).map(String::as_str);
        }
        chain
    }

    /// The deeper of two tenants one of which is the other or above it.
    pub fn deeper(&self, one: &str, other: &str) -> Option<String> {
        if one == other || self.chain(one).contains(&other) {
            Some(one.to_owned())
        } else if self.chain(other).contains(&one) {
            Some(other.to_owned())
        } else {
            None
        }
    }

    /// Learns the address of a service account that names give by its number.
    pub fn learn_account(&mut self, number: &str, email: &str) {
        if !number.contains('@') {
            self.emails.insert(number.to_owned(), email.to_owned());
        }
    }

    /// The service accounts that are known by a number, with it: the subject of the tokens that Google signs for them.
    pub fn numbered_accounts(&self) -> impl Iterator<Item = (&str, &str)> {
        let numbered = self.emails.iter().filter(|(number, _)| number.len() > 15 && number.bytes().all(|digit| digit.is_ascii_digit()));
        numbered.map(|(number, email)| (number.as_str(), email.as_str()))
    }

    /// The id of the service account that a full resource name is of, or whose key it is. Where its address was never learnt, its name.
    pub fn account_of(&self, name: &str) -> String {
        let given = ResourceName::parse(name).and_then(|name| name.after("serviceAccounts"));
        match given.map(|given| (given, self.emails.get(given))) {
            Some((_, Some(email))) => account_id(email),
            Some((email, None)) if email.contains('@') => account_id(email),
            _ => {
                let canonical = self.projects.canonical(name);
                canonical.split_once("/keys/").map_or(canonical.as_str(), |(account, _)| account).to_owned()
            }
        }
    }

    /// Adds an identity that a policy or a resource names; each once.
    pub fn name(&mut self, builder: &mut EstateBuilder, identity: Identity) -> String {
        let id = identity.id.clone();
        if self.added.insert(id.clone()) {
            builder.add(identity);
        }
        id
    }

    /// What stands in a tenant, to be added to.
    pub fn content(&mut self, tenant: &str) -> &mut Content {
        self.contents.entry(tenant.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_settled_whatever_the_order() {
        let mut world = World::default();
        world.place_in("projects/12", "folders/2");
        world.place_in("folders/2", "organizations/1");
        world.projects.learn("12", "acme-prod");
        world.settle();
        assert_eq!(world.chain("projects/acme-prod"), ["projects/acme-prod", "folders/2", "organizations/1"]);
        assert_eq!(world.deeper("folders/2", "projects/acme-prod").as_deref(), Some("projects/acme-prod"));
        assert_eq!(world.deeper("folders/3", "projects/acme-prod"), None);
        world.place_in("organizations/1", "projects/acme-prod");
        assert_eq!(world.chain("folders/2").len(), 3);
    }
}
