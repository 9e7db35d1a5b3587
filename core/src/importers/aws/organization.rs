//! [`Organization`]: what an organization lays on each of its accounts.

use super::iam::decision::Level;
use super::iam::document::PolicyDocument;
use super::iam::managed::EVERYTHING;
use super::iam::principal::is_account;
use super::world::{ControlKind, World};
use std::collections::{BTreeMap, BTreeSet};

/// The policies of Organizations over each account.
pub(super) struct Organization<'w> {
    world: &'w World,
    control: BTreeMap<&'w str, Vec<Level<'w>>>,
    resource_control: BTreeMap<&'w str, Vec<&'w PolicyDocument>>,
}

/// The policy that a new organization has on every level; AWS names it in lists and seldom anybody exports its text.
const FULL_ACCESS: &str = "p-FullAWSAccess";

/// The services whose resources a resource control policy protects.
/// Source: AWS Organizations user guide, "Resource control policies", list of services that support them.
const PROTECTED: [&str; 8] = ["s3:", "sts:", "kms:", "sqs:", "secretsmanager:", "ecr:", "aoss:", "dynamodb:"];

impl<'w> Organization<'w> {
    /// Costs the policies of Organizations for each level of each account.
    pub fn new(world: &'w World) -> Self {
        let targets = world.control.values().flat_map(|policy| &policy.targets);
        let accounts: BTreeSet<&str> = world.members.keys().chain(targets).map(String::as_str).filter(|id| is_account(id)).collect();
        let mut organization = Organization { world, control: BTreeMap::new(), resource_control: BTreeMap::new() };
        // Neither kind limits the management account.
        for account in accounts.into_iter().filter(|account| world.management_account.as_deref() != Some(*account)) {
            let chain = world.chain(account);
            let levels = chain.iter().rev().map(|member| level(world, member)).filter(|level| level.unread || !level.policies.is_empty());
            organization.control.insert(account, levels.collect());
            let resource =
                chain.iter().flat_map(|member| attached(world, member, ControlKind::Resource)).filter_map(|(_, document)| document);
            organization.resource_control.insert(account, resource.collect());
        }
        organization
    }

    /// The service control policies over an account, from the root down.
    pub fn control(&self, account: &str) -> &[Level<'w>] {
        self.control.get(account).map_or(&[], Vec::as_slice)
    }

    /// The resource control policies over an account that have a say in an action.
    pub fn resource_control(&self, account: &str, action: &str) -> &[&'w PolicyDocument] {
        let protected =
            PROTECTED.iter().any(|service| action.get(..service.len()).is_some_and(|start| start.eq_ignore_ascii_case(service)));
        self.resource_control.get(account).filter(|_| protected).map_or(&[], Vec::as_slice)
    }

    /// The organization that an account is known to be in.
    pub fn of(&self, account: &str) -> Option<&'w str> {
        self.world.organization.as_deref().filter(|_| self.world.members.contains_key(account))
    }

    /// Where an account stands, as `aws:PrincipalOrgPaths` writes it: `o-…/r-…/ou-…/`. Nothing where the way up is not known whole.
    pub fn path(&self, account: &str) -> Option<String> {
        let organization = self.of(account)?;
        let mut chain: Vec<&str> = self.world.chain(account).into_iter().skip(1).collect();
        chain.retain(|member| *member != organization);
        chain.last().filter(|root| root.starts_with("r-"))?;
        Some(format!("{organization}/{}/", chain.into_iter().rev().collect::<Vec<_>>().join("/")))
    }

    /// Whether the policies over an account are known on every level up to the root, or it is under none.
    pub fn is_whole(&self, account: &str) -> bool {
        let free = self.world.management_account.as_deref() == Some(account);
        let top = self.world.chain(account).into_iter().any(|member| member.starts_with("r-"));
        free || top && self.control(account).iter().all(|level| !level.unread)
    }
}

fn level<'w>(world: &'w World, member: &str) -> Level<'w> {
    let mut level = Level::default();
    for (id, document) in attached(world, member, ControlKind::Service) {
        match document {
            Some(document) => level.policies.push(document),
            None if id == FULL_ACCESS => level.policies.push(&EVERYTHING),
            None => level.unread = true,
        }
    }
    level
}

fn attached<'w>(world: &'w World, member: &str, kind: ControlKind) -> impl Iterator<Item = (&'w str, Option<&'w PolicyDocument>)> {
    let here = world.control.iter().filter(move |(_, policy)| policy.kind == kind && policy.targets.contains(member));
    here.map(|(id, policy)| (id.as_str(), policy.document.as_deref())).collect::<Vec<_>>().into_iter()
}
