//! The envelope of AzureHound over the same model: `{"data": [{"kind", "data"}], "meta"}`, and its records one by one.

use super::fields::Fields;
use super::reading::within;
use super::shape::Shape;
use super::take::Take;
use super::world::Origin;
use serde_json::{Map, Value};

const NO_RECORD: &str = "a record of AzureHound without a kind and data";
const UNUSED: &str = "a kind of AzureHound that this reader does not know";
const NO_TYPE: &str = "a record of AzureHound that lacks what its kind must have";

/// Whether an object is an envelope. Its `meta` stands last and may be cut off.
pub(super) fn is_envelope(object: &Map<String, Value>) -> bool {
    let of_azure = object.get("meta").and_then(|meta| meta.get("type")).and_then(Value::as_str) == Some("azure");
    let first = object.get("data").and_then(Value::as_array).and_then(|data| data.first());
    let holds = |record: &Value| record.as_object().is_some_and(is_record);
    object.get("data").is_some_and(Value::is_array) && (of_azure || first.is_some_and(holds))
}

/// Whether an object is a record.
pub(super) fn is_record(object: &Map<String, Value>) -> bool {
    object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.starts_with("AZ")) && object.contains_key("data")
}

/// Takes an envelope or a record.
pub(super) fn unwrap(take: &mut Take<'_, '_>, mut object: Map<String, Value>) {
    let (place, origin) = (take.place.clone(), take.origin.clone());
    let records = match object.remove("data") {
        Some(Value::Array(records)) => records,
        Some(data) => {
            vec![Value::from(Map::from_iter([("kind".to_owned(), object.remove("kind").unwrap_or_default()), ("data".to_owned(), data)]))]
        }
        None => Vec::new(),
    };
    for (number, record) in records.into_iter().enumerate() {
        take.place = within(&place, number);
        let Value::Object(mut record) = record else {
            take.skip(NO_RECORD);
            continue;
        };
        let kind = record.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        match record.remove("data") {
            Some(Value::Object(data)) if !kind.is_empty() => {
                let fields = Fields::of(data);
                let tenant = fields.id("tenantId").map(|id| id.trim_start_matches("/tenants/").to_owned());
                take.origin = Origin { tenant, omits_false: true, ..origin.clone() };
                if let Err(reason) = one(take, &kind, &fields) {
                    take.skip(reason);
                }
            }
            _ => take.skip(NO_RECORD),
        }
    }
    (take.place, take.origin) = (place, origin);
}

fn one(take: &mut Take<'_, '_>, kind: &str, fields: &Fields) -> Result<(), &'static str> {
    let around = super::reading::Surroundings::default();
    let mut as_shape = |shape| take.object(fields, shape, &around);
    match kind {
        "AZApp" => as_shape(Shape::Application),
        "AZServicePrincipal" => as_shape(Shape::ServicePrincipal),
        "AZUser" => as_shape(Shape::User),
        "AZGroup" | "AZGroup365" => as_shape(Shape::Group),
        "AZDevice" => as_shape(Shape::Device),
        "AZTenant" => as_shape(Shape::Organization),
        "AZRole" => as_shape(Shape::RoleDefinition),
        "AZAppRoleAssignment" => as_shape(Shape::RoleGrant),
        "AZRoleEligibilityScheduleInstance" => as_shape(Shape::Eligibility),
        "AZRoleManagementPolicyAssignment" => as_shape(Shape::RolePolicy),
        "AZSubscription" => as_shape(Shape::Subscription),
        "AZRoleAssignment" => batch(take, fields, "roleAssignments", Shape::Holding)?,
        "AZFederatedIdentityCredential" => {
            let over = fields.first_id(&["appId", "id"]).ok_or(NO_TYPE)?;
            for inner in fields.objects("fics") {
                let inner = inner.inner("fic").unwrap_or(inner);
                let around = super::reading::Surroundings { parent: Some(over.clone()), ..around.clone() };
                take.object(&inner, Shape::Federated, &around);
            }
        }
        "AZAppOwner" | "AZServicePrincipalOwner" | "AZGroupOwner" | "AZGroup365Owner" | "AZDeviceOwner" => {
            bonds(take, fields, "owners", "owner")?
        }
        "AZAppMember" | "AZGroupMember" | "AZGroup365Member" => bonds(take, fields, "members", "member")?,
        "AZKeyVaultAccessPolicy" => take.access_policy(&fields.first_id(&["keyVaultId", "id"]).ok_or(NO_TYPE)?, fields),
        "AZManagementGroupDescendant" | "AZResourceGroup" | "AZManagementGroup" => as_shape(Shape::AzureResource),
        kind if holds_assignments(kind) => {
            let mut found = 0;
            assignments(take, fields, &mut found);
            if found == 0 && fields.keys().any(|key| key == "principalid") {
                return Err(NO_TYPE);
            }
        }
        _ if fields.text("id").is_some_and(|id| id.starts_with('/')) => as_shape(Shape::AzureResource),
        _ => return Err(UNUSED),
    }
    Ok(())
}

/// Kinds that hold assignments of one Azure role at one scope: `AZSubscriptionOwner`, `AZKeyVaultKVContributor`, `AZVMRoleAssignment`.
fn holds_assignments(kind: &str) -> bool {
    ["Owner", "Contributor", "UserAccessAdmin", "RoleAssignment", "AdminLogin", "AvereContributor", "VMContributor", "WebsiteContributor"]
        .iter()
        .any(|end| kind.ends_with(end))
}

fn batch(take: &mut Take<'_, '_>, fields: &Fields, list: &str, shape: Shape) -> Result<(), &'static str> {
    if !fields.has(list) {
        // Nobody holds it: the list is left out.
        return if fields.has("roleDefinitionId") { Ok(()) } else { Err(NO_TYPE) };
    }
    for inner in fields.objects(list) {
        take.object(&inner, shape, &super::reading::Surroundings::default());
    }
    Ok(())
}

/// A batch of owners or members: `{"appId": …, "owners": [{"owner": {"id": …}, "appId": …}]}`.
fn bonds(take: &mut Take<'_, '_>, fields: &Fields, list: &str, inner: &str) -> Result<(), &'static str> {
    let over = fields.first_id(&["appId", "servicePrincipalId", "groupId", "deviceId", "id"]).ok_or(NO_TYPE)?;
    for bond in fields.objects(list) {
        let of = bond.inner(inner).and_then(|object| object.id("id")).or_else(|| bond.id("id")).ok_or(NO_TYPE)?;
        take.bond(inner == "owner", over.clone(), of);
    }
    Ok(())
}

/// The assignments of Azure roles anywhere in an object: each kind of AzureHound wraps them in words of its own.
fn assignments(take: &mut Take<'_, '_>, fields: &Fields, found: &mut usize) {
    let keys: Vec<String> = fields.keys().map(str::to_owned).collect();
    for key in keys {
        for inner in fields.objects(&key) {
            if inner.has("principalId") && inner.has("roleDefinitionId") {
                *found += 1;
                take.object(&inner, Shape::AzureHolding, &super::reading::Surroundings::default());
            } else {
                assignments(take, &inner, found);
            }
        }
    }
}
