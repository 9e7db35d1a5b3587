//! The resources and secrets that the inputs name, and who may read, write or control them.

use super::accounts::Accounts;
use super::holder::{About, Holder};
use super::iam::decision::Decision;
use super::iam::pattern::Pattern;
use super::names::Arn;
use super::world::World;
use crate::model::{RelationKind, ResourceKind};
use std::collections::{BTreeMap, BTreeSet};
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
    for arn in world.secrets.keys().chain(world.resource_policies.keys()) {
        users.entry(arn.clone()).or_default();
    }
    for (arn, principal) in accounts.all() {
        let holder = accounts.holder(arn, principal);
        for pattern in holder.named_resources() {
            if let Some(named) = whole(pattern, world) {
                users.entry(named).or_default().insert(holder.account);
            }
        }
    }
    let named = users.into_iter().filter_map(|(arn, users)| {
        let row = row_of(&arn)?;
        let told = Arn::parse(&arn).map(|arn| arn.account).filter(|account| !account.is_empty());
        let only = users.first().filter(|_| users.len() == 1).copied();
        Some((arn.clone(), Named { row, account: told.or(only).map(str::to_owned), certain: told.is_some() }))
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
        let known = world.secrets.keys().any(|secret| secret.starts_with(fixed));
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

/// The rights of a principal over what is named. `commands` tells the accounts that it commands anyhow.
pub(super) fn rights<'n>(
    holder: &Holder<'_>,
    named: &'n BTreeMap<String, Named>,
    world: &World,
    commands: &dyn Fn(&str) -> bool,
) -> Vec<ResourceRight<'n>> {
    let mut rights = Vec::new();
    for (arn, resource) in named.iter().filter(|(_, resource)| !resource.account.as_deref().is_some_and(commands)) {
        let mut controlled = false;
        for (kind, actions) in resource.row.rights.iter().rev() {
            let within = format!("{arn}{}", if *kind == RelationKind::Administers { "" } else { resource.row.within });
            let policy = world.resource_policies.get(arn).map(|policy| &**policy);
            let about = About {
                resource: &within,
                policy,
                policy_decides: resource.row.service == "kms" && policy.is_some(),
                account: resource.account.as_deref(),
                ..About::default()
            };
            let best = actions.iter().filter(|action| holder.mentions(action)).map(|action| (holder.may(action, about), *action));
            let best =
                best.fold(
                    (Decision::Denied, ""),
                    |best, next| if best.0.or(next.0) == best.0 && best.0 != Decision::Denied { best } else { next },
                );
            let decision = if resource.certain { best.0 } else { best.0.and(super::takeover::IF_THERE) };
            if decision == Decision::Denied || controlled {
                continue;
            }
            controlled = *kind == RelationKind::Administers && decision == Decision::ALLOWED;
            rights.push(ResourceRight { to: arn, kind: *kind, decision, permission: best.1, key: None });
        }
    }
    rights.into_iter().map(|right| with_key(right, world)).collect()
}

/// What is read of a secret under a key of the customer's is of use only with that key: it becomes a second premise where the key's policy is known, and
/// leaves the right possible where it is not.
fn with_key<'n>(mut right: ResourceRight<'n>, world: &World) -> ResourceRight<'n> {
    let key = world.secrets.get(right.to).and_then(|secret| secret.key.clone()).filter(|key| !key.contains("alias/aws/"));
    let Some(key) = key.filter(|_| right.kind == RelationKind::Reads) else { return right };
    let account = Arn::parse(right.to).map(|arn| arn.account).unwrap_or_default();
    let arn = world
        .resource_policies
        .keys()
        .find(|arn| Arn::parse(arn).is_some_and(|it| it.service == "kms" && it.account == account && (**arn == key || it.name() == key)));
    match arn {
        Some(arn) => right.key = Some(arn.clone()),
        None => right.decision = right.decision.and(super::takeover::IF_THERE),
    }
    right
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
