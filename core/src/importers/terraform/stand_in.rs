//! [`StandIn`]: what stands in an estate for whom a grant of a plan will name, or for what it will be over, until that is known.

use super::aws;
use super::document::Document;
use super::resource::Resource;
use super::unsettled::{Part, Unsettled};
use crate::estate::EstateBuilder;
use crate::model::{Entity, Environment, Identity, IdentityKind, Labels, Relation, RelationKind, Resource as Store, ResourceKind};
use serde_json::{Map, Value};

/// A stand-in, named by its address in the configuration.
pub(super) struct StandIn {
    id: String,
    name: Option<String>,
    labels: Labels,
    stands_for: StandsFor,
}

enum StandsFor {
    /// Whom a grant names: the provider's reader knows over what.
    Grantee,
    /// Whom the policy of a thing lets in.
    LetInto(String),
    /// What a grant is over, or what it gives.
    Object,
}

/// Puts stand-ins in the place of what a plan does not know of grants. `state` is the name of the plan.
pub(super) fn put(document: &mut Document, state: &str) -> Vec<StandIn> {
    let account = aws::account(&document.resources);
    let unsettled = std::mem::take(&mut document.unsettled);
    let place = |unsettled: Unsettled| {
        let resource = document.resources.iter_mut().find(|resource| resource.address == unsettled.address)?;
        Some(stand_in(&unsettled, resource, state, &account))
    };
    unsettled.into_iter().filter_map(place).collect()
}

fn stand_in(unsettled: &Unsettled, resource: &mut Resource, state: &str, account: &(String, String)) -> StandIn {
    let Unsettled { address, attribute, part, names } = unsettled;
    let own = match names {
        Some((named, _)) => named.clone(),
        None => format!("{address}.{attribute}"),
    };
    let told = StandIn { id: format!("{state}#{own}"), name: None, labels: Labels::new(), stands_for: StandsFor::Object };
    let described = described(told, names.as_ref().map(|(_, values)| values), &own);
    match part {
        Part::Grantee => match grantee(resource, attribute, &own, &described.id, account) {
            // Its provider's reader names it.
            Some(id) if id != described.id => StandIn { stands_for: StandsFor::Grantee, ..nobody(id) },
            Some(_) => StandIn { stands_for: StandsFor::Grantee, ..described },
            None => described,
        },
        Part::Policy => match arn_of(resource) {
            Some(arn) => StandIn { stands_for: StandsFor::LetInto(arn), ..described },
            None => described,
        },
        Part::Object => described,
    }
}

/// What is known of the resource of the plan that is meant: its name and labels tell where it stands. Where a thing stands in the configuration does not.
fn described(told: StandIn, values: Option<&Map<String, Value>>, own: &str) -> StandIn {
    let Some(values) = values else { return StandIn { name: Some(own.to_owned()), ..nobody(told.id) } };
    let resource = Resource { address: own.to_owned(), kind: String::new(), is_data: false, values: values.clone(), sensitive: Vec::new() };
    match resource.first(&["name", "display_name", "bucket", "identifier"]) {
        Some(name) => {
            let labels = resource.labels(&["tags_all", "tags", "labels"]).into_iter();
            let labels = labels.filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).chain([known_after_apply()]).collect();
            StandIn { name: Some(name.to_owned()), labels, ..told }
        }
        None => StandIn { name: Some(own.to_owned()), ..nobody(told.id) },
    }
}

fn known_after_apply() -> (String, String) {
    (Entity::KNOWN_AFTER_APPLY.to_owned(), "true".to_owned())
}

/// A stand-in of which nothing is known but that it is one.
fn nobody(id: String) -> StandIn {
    let labels = [known_after_apply(), ("environment".to_owned(), Environment::Unknown.to_string())].into();
    StandIn { id, name: None, labels, stands_for: StandsFor::Object }
}

/// Names a stand-in as the grantee of a resource, as its provider would, and gives its id; `None` for a provider that has no name for it.
fn grantee(resource: &mut Resource, attribute: &str, own: &str, id: &str, (partition, account): &(String, String)) -> Option<String> {
    let (value, id) = match resource.kind.split_once('_')?.0 {
        "google" => (format!("group:{id}"), format!("group:{id}")),
        "azuread" | "azurerm" => (id.to_ascii_lowercase(), id.to_ascii_lowercase()),
        "aws" => (own.to_owned(), format!("arn:{partition}:iam::{account}:{}/{own}", attribute.trim_end_matches('s'))),
        _ => return None,
    };
    let is_list = matches!(attribute, "groups" | "members" | "owners" | "roles" | "users");
    let value = if is_list {
        let known = resource.texts(attribute).into_iter().map(Value::from);
        known.chain([Value::String(value)]).collect()
    } else {
        Value::String(value)
    };
    resource.values.insert(attribute.to_owned(), value);
    Some(id)
}

/// The ARN of what a policy stands on.
fn arn_of(resource: &Resource) -> Option<String> {
    match resource.kind.as_str() {
        "aws_s3_bucket" | "aws_s3_bucket_policy" => Some(format!("arn:aws:s3:::{}", resource.first(&["bucket", "id"])?)),
        "aws_secretsmanager_secret_policy" => resource.text("secret_arn").map(str::to_owned),
        _ => resource.text("arn").map(str::to_owned),
    }
}

/// Adds a stand-in. Whatever it holds it holds only possibly: it may be anybody.
pub(super) fn add(stand_in: &StandIn, builder: &mut EstateBuilder) {
    let StandIn { id, name, labels, stands_for } = stand_in;
    if let StandsFor::Object = stands_for {
        return builder.add(Store { name: name.clone(), labels: labels.clone(), ..Store::new(id, ResourceKind::Other) });
    }
    let kind = match builder.get(id).as_deref() {
        Some(Entity::Identity(known)) => known.kind,
        _ => IdentityKind::Other,
    };
    builder.add(Identity { name: name.clone(), labels: labels.clone(), ..Identity::new(id, kind) });
    builder.doubt(id);
    if let StandsFor::LetInto(arn) = stands_for {
        let kind = if arn.contains(":iam:") { RelationKind::Assumes } else { RelationKind::Administers };
        builder.relate(Relation::new(id, kind, arn).permission("policy known after apply"));
    }
}
