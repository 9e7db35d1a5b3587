//! The resources and secrets that the inputs name, and who may read, write or control them.

use super::accounts::Accounts;
use super::accounts::may_mean;
use super::holder::{About, Holder};
use super::iam::decision::Decision;
use super::iam::document::{Effect, Matcher, PolicyDocument};
use super::iam::pattern::Pattern;
use super::iam::principal::{Principal, PrincipalPattern};
use super::names::Arn;
use super::reach::beginning;
use super::trusts::{Outsider, strangers};
use super::world::World;
use crate::model::{RelationKind, ResourceKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;
use std::sync::LazyLock;

/// A row of `core/data/aws_resources.csv`: a type of resource, and the actions that give a right over it.
#[derive(Debug)]
pub(super) struct Row {
    service: &'static str,
    resource: &'static str,
    /// `None` for a secret.
    pub kind: Option<ResourceKind>,
    /// What stands in it, which the actions are on.
    within: &'static str,
    rights: [(RelationKind, Vec<&'static str>); 3],
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/aws_resources.csv").lines().skip(1);
    rows.filter_map(|row| {
        let cells: Vec<&str> = row.splitn(8, ',').collect();
        let actions = |at: usize| cells.get(at).map(|cell| cell.split_whitespace().collect()).unwrap_or_default();
        Some(Row {
            service: cells.first()?,
            resource: cells.get(1)?,
            kind: ResourceKind::parse(cells.get(2)?),
            within: cells.get(3)?,
            rights: [(RelationKind::Reads, actions(4)), (RelationKind::Writes, actions(5)), (RelationKind::Administers, actions(6))],
        })
    })
    .collect()
});

/// A resource or secret that an input names.
pub(super) struct Named {
    pub row: &'static Row,
    /// The account it stands in, where its ARN or its only user tells it.
    pub account: Option<String>,
    /// Whether the account was told by its ARN.
    pub certain: bool,
    /// Whether the end of the ARN is unknown: six characters that only a list would tell.
    pub open: bool,
}

/// The row of the table that an ARN falls under.
fn row_of(arn: &str) -> Option<&'static Row> {
    let parsed = Arn::parse(arn)?;
    ROWS.iter().find(|row| {
        row.service == parsed.service && parsed.resource.starts_with(row.resource) && parsed.resource.len() > row.resource.len()
    })
}

/// Every resource and secret that the inputs name whole: in lists, under policies of their own, and in the policies of principals.
///
/// The ARN of a bucket does not say whose it is: it is taken for the account's whose policies alone name it, and what rests on that is possible.
pub(super) fn named(accounts: &Accounts<'_>) -> BTreeMap<String, Named> {
    let world = accounts.world;
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut open = BTreeSet::new();
    for arn in world.secrets.keys().chain(world.resource_policies.keys()) {
        users.entry(arn.clone()).or_default();
    }
    for (arn, principal) in accounts.all() {
        let holder = accounts.holder(arn, principal);
        for pattern in holder.named_resources() {
            if let Some(named) = whole(pattern, world) {
                if pattern.fixed().0 != named {
                    open.insert(named.clone());
                }
                users.entry(named).or_default().insert(holder.account);
            }
        }
    }
    let named = users.into_iter().filter_map(|(arn, users)| {
        let row = row_of(&arn)?;
        let told = Arn::parse(&arn).map(|arn| arn.account).filter(|account| !account.is_empty());
        let only = users.first().filter(|_| users.len() == 1).copied();
        // A secret that no list has and that only patterns name, or whose name cannot be a whole ARN.
        let is_secret = row.kind.is_none() && !world.secrets.contains_key(&arn) && !world.resource_policies.contains_key(&arn);
        let open = is_secret && (open.contains(&arn) || !ends_as_secrets_do(&arn));
        Some((arn.clone(), Named { row, account: told.or(only).map(str::to_owned), certain: told.is_some(), open }))
    });
    named.collect()
}

/// The resource that a pattern names whole, or all but what stands in it: `arn:aws:s3:::shop/*` is the bucket.
fn whole(pattern: &Pattern, world: &World) -> Option<String> {
    let (fixed, all) = pattern.fixed();
    let row = row_of(fixed)?;
    if row.service == "s3" {
        let bucket = fixed.split_once('/').map(|(bucket, _)| bucket);
        return bucket.or(Some(fixed).filter(|_| all)).map(str::to_owned);
    }
    if row.kind.is_none() {
        // Six characters that nobody knows end the ARN of a secret: where the list is not in the input, the name goes without them.
        let after = world.secrets.range::<str, _>((Bound::Included(fixed), Bound::Unbounded)).next();
        let known = after.is_some_and(|(secret, _)| secret.starts_with(fixed));
        return match (known, all) {
            (true, false) => None,
            (_, true) => Some(fixed.to_owned()),
            (false, false) => fixed.strip_suffix('-').map(str::to_owned),
        };
    }
    let base = fixed.split_once("/index/").map_or(fixed, |(table, _)| table);
    (all || base.len() < fixed.len()).then(|| base.to_owned())
}

/// A right over a resource.
pub(super) struct ResourceRight<'n> {
    pub to: &'n str,
    pub kind: RelationKind,
    pub decision: Decision,
    pub permission: &'static str,
    /// The key without which nothing that is read can be understood.
    pub key: Option<String>,
}

/// What is named, found by its row and by whom its policy may name.
pub(super) struct Index<'n> {
    named: &'n BTreeMap<String, Named>,
    policies: &'n BTreeMap<String, Rc<PolicyDocument>>,
    /// By row: the ARNs, in order.
    rows: Vec<Vec<&'n str>>,
    /// Those whose policy names a principal by its ARN, those that name accounts, and those that may mean anybody.
    by_arn: BTreeMap<&'n str, Vec<&'n str>>,
    by_account: BTreeMap<&'n str, Vec<&'n str>>,
    by_anyone: Vec<&'n str>,
    /// The keys of KMS that have policies, by account and by name.
    keys: BTreeMap<(&'n str, &'n str), &'n str>,
}

impl<'n> Index<'n> {
    /// Costs one pass over what is named and over the policies of resources.
    pub fn new(named: &'n BTreeMap<String, Named>, world: &'n World) -> Self {
        let mut index = Index {
            named,
            policies: &world.resource_policies,
            rows: ROWS.iter().map(|_| Vec::new()).collect(),
            by_arn: BTreeMap::new(),
            by_account: BTreeMap::new(),
            by_anyone: Vec::new(),
            keys: BTreeMap::new(),
        };
        for (arn, resource) in named {
            if let Some(row) = ROWS.iter().position(|row| std::ptr::eq(row, resource.row)) {
                index.rows[row].push(arn);
            }
        }
        for (arn, policy) in &world.resource_policies {
            if let Some(key) = Arn::parse(arn).filter(|arn| arn.service == "kms") {
                index.keys.entry((key.account, key.name())).or_insert(arn);
            }
            if named.contains_key(arn) {
                index.learn(arn, policy);
            }
        }
        index
    }

    fn learn(&mut self, arn: &'n str, policy: &'n PolicyDocument) {
        for statement in policy.with(Effect::Allow) {
            let Some(Matcher::Only(named)) = &statement.principals else {
                self.by_anyone.push(arn);
                continue;
            };
            for principal in named {
                match principal {
                    PrincipalPattern::Account(account) => self.by_account.entry(account).or_default().push(arn),
                    PrincipalPattern::Arn(named) if !named.contains(":sts:") => self.by_arn.entry(named).or_default().push(arn),
                    PrincipalPattern::Anyone | PrincipalPattern::Arn(_) | PrincipalPattern::Other => self.by_anyone.push(arn),
                    PrincipalPattern::Service(_) | PrincipalPattern::Federated(_) | PrincipalPattern::Deleted(_) => {}
                }
            }
        }
    }

    /// The resources that a principal's own statements may cover, and those whose policies may name it. Costs a look for each pattern, not one for each
    /// resource.
    fn worth_asking(&self, holder: &Holder<'_>, mentioned: &BTreeSet<&'static str>) -> BTreeSet<&'n str> {
        let by_account = self.by_account.get(holder.account).into_iter().flatten();
        let by_arn = self.by_arn.get(holder.arn).into_iter().flatten();
        let mut asked: BTreeSet<&'n str> = by_account.chain(by_arn).chain(&self.by_anyone).copied().collect();
        for (row, names) in ROWS.iter().zip(&self.rows).filter(|(_, names)| !names.is_empty()) {
            let actions: BTreeSet<&str> = row.actions().filter(|action| mentioned.contains(action)).collect();
            let Some(patterns) = holder.resources_for(&actions) else {
                asked.extend(names);
                continue;
            };
            for fixed in patterns.into_iter().map(|pattern| pattern.fixed().0) {
                asked.extend(&names[beginning(names, fixed)]);
                // What the pattern names may stand in the resource, or be its name and the characters that end the ARN of a secret.
                let ends = fixed.match_indices('/').map(|(at, _)| at).chain(fixed.strip_suffix('-').map(str::len));
                asked.extend(ends.filter_map(|end| self.named.get_key_value(&fixed[..end])).map(|(arn, _)| arn.as_str()));
            }
        }
        asked
    }

    /// The key of an account by its ARN or name, where its policy is known.
    fn key(&self, account: &str, key: &str) -> Option<&'n str> {
        let whole = Arn::parse(key).filter(|arn| arn.service == "kms" && arn.account == account);
        let whole = whole.and_then(|_| self.policies.get_key_value(key)).map(|(arn, _)| arn.as_str());
        whole.or_else(|| self.keys.get(&(account, key)).copied())
    }
}

/// The rights of a principal over what is named. `commands` tells the accounts that it commands anyhow.
pub(super) fn rights<'n>(holder: &Holder<'_>, index: &Index<'n>, world: &World, commands: &dyn Fn(&str) -> bool) -> Vec<ResourceRight<'n>> {
    // Most principals may do next to nothing: what their own policies never mention is not asked again for each resource.
    let mentioned: BTreeSet<&'static str> = ROWS.iter().flat_map(Row::actions).filter(|action| holder.mentions(action)).collect();
    let itself = Principal::aws(holder.arn);
    let mut rights = Vec::new();
    for arn in index.worth_asking(holder, &mentioned) {
        let Some(resource) = index.named.get(arn).filter(|resource| !resource.account.as_deref().is_some_and(commands)) else { continue };
        let policy = world.resource_policies.get(arn).map(|policy| &**policy);
        let named = policy.is_some_and(|policy| may_mean(policy, &itself));
        if !named && !resource.row.actions().any(|action| mentioned.contains(action)) {
            continue;
        }
        let mut controlled = false;
        for (kind, actions) in resource.row.rights.iter().rev().filter(|(_, actions)| !actions.is_empty()) {
            let within = resource.within(arn, *kind);
            let about = About {
                resource: &within,
                policy,
                policy_decides: resource.row.service == "kms" && policy.is_some(),
                account: resource.account.as_deref(),
                region: Arn::parse(arn).map_or("", |arn| arn.region),
                ..About::default()
            };
            let asked = actions.iter().filter(|action| named || mentioned.contains(*action));
            let (decision, permission) = easiest(asked.map(|action| (holder.may(action, about), *action)));
            let decision = resource.as_far_as_known(decision, policy.is_some());
            if decision == Decision::Denied || controlled {
                continue;
            }
            controlled = *kind == RelationKind::Administers && decision == Decision::ALLOWED;
            rights.push(ResourceRight { to: arn, kind: *kind, decision, permission, key: None });
        }
    }
    rights.into_iter().filter_map(|right| with_key(holder.account, right, index, world)).collect()
}

/// The easiest of several decisions, the first among equals.
fn easiest<'x>(all: impl Iterator<Item = (Decision, &'x str)>) -> (Decision, &'x str) {
    all.fold((Decision::Denied, ""), |best, next| if best.0 == Decision::Denied || best.0.or(next.0) != best.0 { next } else { best })
}

impl Row {
    /// Every action that gives a right.
    fn actions(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.rights.iter().flat_map(|(_, actions)| actions.iter().copied())
    }
}

/// Whether a text ends with a hyphen and six letters or digits. Source: Secrets Manager user guide, "Secret name".
fn ends_as_secrets_do(arn: &str) -> bool {
    arn.rsplit_once('-').is_some_and(|(_, end)| end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

impl Named {
    /// What the actions of a right are on.
    fn within(&self, arn: &str, kind: RelationKind) -> String {
        // Of a secret that only a pattern names, the six characters that end its ARN are not known: any will do.
        let ending = if self.open { "-xxxxxx" } else { "" };
        let within = if kind == RelationKind::Administers { "" } else { self.row.within };
        format!("{arn}{ending}{within}")
    }

    /// A bucket whose account nobody tells may be another's, and a key whose policy nobody tells may not heed its account.
    fn as_far_as_known(&self, decision: Decision, policy: bool) -> Decision {
        if self.certain && (policy || self.row.service != "kms") { decision } else { decision.and(Decision::POSSIBLE) }
    }
}

/// The rights that the policy of a resource gives to whoever is not in the input.
pub(super) fn outsiders(accounts: &Accounts<'_>, arn: &str, named: &Named, policy: &PolicyDocument) -> Vec<(RelationKind, Outsider)> {
    let mut rights = Vec::new();
    for (kind, actions) in named.row.rights.iter().filter(|(_, actions)| !actions.is_empty()) {
        let within = named.within(arn, *kind);
        for stranger in strangers(accounts, arn, policy) {
            let (decision, action) = easiest(actions.iter().map(|action| (stranger.may(accounts, &within, policy, action), *action)));
            rights.extend(stranger.with(decision, action).map(|outsider| (*kind, outsider)));
        }
    }
    rights
}

/// What is read of a secret under a key of the customer's is of use only with that key: it becomes a second premise where the key's policy is known, and
/// leaves the right possible where it is not. The key of AWS itself serves nobody of another account.
/// Source: Secrets Manager user guide, "Access secrets from a different account".
fn with_key<'n>(account: &str, mut right: ResourceRight<'n>, index: &Index<'_>, world: &World) -> Option<ResourceRight<'n>> {
    let Some(secret) = world.secrets.get(right.to).filter(|_| right.kind == RelationKind::Reads) else { return Some(right) };
    let of = Arn::parse(right.to).map(|arn| arn.account).unwrap_or_default();
    let Some(key) = secret.key.as_ref().filter(|key| !key.contains("alias/aws/")) else { return (of == account).then_some(right) };
    match index.key(of, key) {
        Some(arn) => right.key = Some(arn.to_owned()),
        None => right.decision = right.decision.and(Decision::POSSIBLE),
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows = include_str!("../../../data/aws_resources.csv").lines().skip(1).filter(|row| !row.is_empty());
        assert_eq!(rows.count(), ROWS.len());
        assert!(ROWS.iter().all(|row| row.kind.is_some() || row.service == "secretsmanager"));
        assert!(ROWS.iter().all(|row| row.rights.iter().any(|(_, actions)| !actions.is_empty())));
    }

    #[test]
    fn what_a_pattern_names_whole_is_told() {
        let named = |text: &str| whole(&Pattern::parse(text), &World::default());
        assert_eq!(named("arn:aws:s3:::shop/*").as_deref(), Some("arn:aws:s3:::shop"));
        assert_eq!(named("arn:aws:s3:::shop").as_deref(), Some("arn:aws:s3:::shop"));
        assert_eq!(named("arn:aws:s3:::shop*"), None);
        assert_eq!(named("*"), None);
        assert_eq!(
            named("arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*").as_deref(),
            Some("arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
        );
        assert_eq!(
            named("arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db-??????").as_deref(),
            Some("arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/db")
        );
        assert_eq!(named("arn:aws:iam::111122223333:role/x"), None);
    }
}
