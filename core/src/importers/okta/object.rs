//! [`Object`]: an object of Okta's API, told by its fields.

use super::credential::{Credential, jwk, secret, token};
use crate::estate::FingerprintKey;
use crate::importers::objects::Fields;
use crate::model::{Instant, SecretKind};
use serde_json::Value;

/// An object, with what is kept of it.
#[derive(Debug, Clone)]
pub(super) enum Object {
    Organization {
        name: Option<String>,
        host: Option<String>,
        created_at: Option<Instant>,
    },
    User {
        id: String,
        login: String,
        enabled: bool,
        created_at: Option<Instant>,
        last_used_at: Option<Instant>,
        of: Option<String>,
    },
    Group {
        id: String,
        name: Option<String>,
        created_at: Option<Instant>,
    },
    Application(Box<Application>),
    Credential(Box<Credential>),
    /// A user or group that may sign in to an application.
    Assignment {
        who: String,
        application: String,
    },
    /// A scope that an application was given.
    Grant {
        application: String,
        scope: String,
    },
    /// An administrator role of a user, a group or an application.
    Role {
        assignee: String,
        name: String,
        granted_at: Option<Instant>,
    },
    Permission {
        role: String,
        name: String,
    },
    CustomRole {
        id: String,
        name: Option<String>,
    },
    Provider {
        issuer: String,
        social: bool,
        active: bool,
        links: bool,
    },
    Server {
        issuer: Option<String>,
    },
    AgentPool {
        id: String,
        name: Option<String>,
    },
    /// What says nothing of who holds what.
    Other,
}

/// An application, or an integration by its vendor.
#[derive(Debug, Clone, Default)]
pub(super) struct Application {
    pub id: String,
    pub name: Option<String>,
    pub vendor: bool,
    pub owner: Option<String>,
    pub enabled: bool,
    pub signs_in: bool,
    pub acts_alone: bool,
    pub authentication: Option<String>,
    pub scopes: Vec<String>,
    pub created_at: Option<Instant>,
    /// The group whose list of applications it stands in.
    pub of: Option<String>,
}

pub(super) const NO_ID: &str = "an object without the `id` that its kind has";
pub(super) const NO_OWNER: &str = "an assignment, a role or a permission that does not say whose it is; export it with its `_links`";

impl Object {
    /// What an object is, and what goes with it; nothing where it is none of Okta's. `of` is the id in the address that the input was exported from.
    pub fn of(fields: Fields<'_>, of: Option<&str>, key: &FingerprintKey) -> Option<Result<Vec<Object>, &'static str>> {
        let has = |name: &str| fields.has(name);
        let kind = fields.text("type").unwrap_or_default();
        let profile = fields.inner("profile");
        let found = if has("subdomain") {
            organization(fields)
        } else if has("signOnMode") {
            application(fields, of, key)
        } else if has("grantedScopes") {
            integration(fields)
        } else if has("tokenWindow") {
            token(fields)
        } else if has("secret_hash") || has("client_secret") && has("status") {
            secret(fields, of, key)
        } else if has("kty") {
            jwk(fields, of, key)
        } else if has("assignmentType") {
            role(fields)
        } else if has("scopeId") {
            let (Some(application), Some(scope)) = (fields.owned("clientId"), fields.owned("scopeId")) else { return Some(Err(NO_OWNER)) };
            Some(vec![Object::Grant { application, scope }])
        } else if has("syncState") || has("scope") && link(fields, "app").is_some() {
            return Some(assignment(fields, key));
        } else if has("priority") && !has("conditions") && !has("name") {
            let who = fields.owned("id");
            let application = link(fields, "app").map(last).or_else(|| of.map(str::to_owned));
            let (Some(who), Some(application)) = (who, application) else { return Some(Err(NO_OWNER)) };
            Some(vec![Object::Assignment { who, application }])
        } else if profile.is_some_and(|profile| profile.has("login")) {
            user(fields, of)
        } else if has("objectClass") || kind.ends_with("_GROUP") || kind == "BUILT_IN" {
            let name = profile.and_then(|profile| profile.owned("name"));
            fields.owned("id").map(|id| vec![Object::Group { id, name, created_at: fields.instant("created") }])
        } else if has("protocol") {
            provider(fields, key)
        } else if has("issuer") && has("audiences") {
            server(fields)
        } else if link(fields, "role").is_some() && fields.text("label").is_some() {
            let (Some(role), Some(name)) = (link(fields, "role").map(last), fields.owned("label")) else { return Some(Err(NO_OWNER)) };
            Some(vec![Object::Permission { role, name }])
        } else if link(fields, "permissions").is_some() {
            fields.owned("id").map(|id| vec![Object::CustomRole { id, name: fields.owned("label") }])
        } else if has("agents") {
            fields.owned("id").map(|id| vec![Object::AgentPool { id, name: fields.owned("name") }])
        } else if has("priority") && has("conditions")
            || has("resourceType")
            || profile.is_some_and(|profile| profile.has("realmType"))
            || link(fields, "resources").is_some()
        {
            Some(vec![Object::Other])
        } else {
            return None;
        };
        Some(found.ok_or(NO_ID))
    }
}

/// The address of a link.
pub(super) fn link<'v>(fields: Fields<'v>, name: &str) -> Option<&'v str> {
    fields.inner("_links")?.inner(name)?.text("href")
}

/// The host of any link of an object, unless it is a template.
pub(super) fn host(fields: Fields<'_>) -> Option<String> {
    fn address(value: &Value, depth: usize) -> Option<&str> {
        match value {
            Value::Object(links) => {
                links.get("href").and_then(Value::as_str).or_else(|| links.values().find_map(|value| address(value, depth.checked_sub(1)?)))
            }
            Value::Array(links) => links.iter().find_map(|value| address(value, depth.checked_sub(1)?)),
            _ => None,
        }
    }
    let address = address(fields.get("_links")?, 3)?;
    let host = address.split_once("://")?.1.split('/').next()?;
    (!host.contains('{') && host.contains('.')).then(|| host.to_ascii_lowercase())
}

fn last(address: &str) -> String {
    address.trim_end_matches('/').rsplit('/').next().unwrap_or(address).to_owned()
}

/// The id behind a word in an address.
fn after(address: &str, word: &str) -> Option<String> {
    let (_, rest) = address.split_once(&format!("/{word}/"))?;
    rest.split('/').next().map(str::to_owned)
}

/// The application in the links of what belongs to it.
pub(super) fn application_of(fields: Fields<'_>, of: Option<&str>) -> Option<String> {
    let links = fields.inner("_links").map(|links| links.0).into_iter().flatten();
    let mut addresses = links.filter_map(|(_, link)| link.get("href").and_then(Value::as_str));
    addresses.find_map(|address| after(address, "apps")).or_else(|| of.map(str::to_owned))
}

fn organization(fields: Fields<'_>) -> Option<Vec<Object>> {
    let host = fields.text("subdomain").map(|subdomain| format!("{subdomain}.okta.com").to_ascii_lowercase());
    let name = fields.owned("companyName");
    Some(vec![Object::Organization { name, host: self::host(fields).or(host), created_at: fields.instant("created") }])
}

fn user(fields: Fields<'_>, of: Option<&str>) -> Option<Vec<Object>> {
    let id = fields.owned("id")?;
    let login = fields.inner("profile").and_then(|profile| profile.owned("login"))?;
    let enabled = !matches!(fields.text("status"), Some("DEPROVISIONED" | "SUSPENDED"));
    let (created_at, last_used_at) = (fields.instant("created"), fields.instant("lastLogin"));
    Some(vec![Object::User { id, login, enabled, created_at, last_used_at, of: of.map(str::to_owned) }])
}

fn application(fields: Fields<'_>, of: Option<&str>, key: &FingerprintKey) -> Option<Vec<Object>> {
    let id = fields.owned("id")?;
    let client = fields.inner("credentials").and_then(|credentials| credentials.inner("oauthClient"));
    let settings = fields.inner("settings").and_then(|settings| settings.inner("oauthClient"));
    let grants = settings.map(|settings| settings.texts("grant_types")).unwrap_or_default();
    let acts_alone = grants.contains(&"client_credentials");
    let mut objects = vec![Object::Application(Box::new(Application {
        id: id.clone(),
        name: fields.owned("label").or_else(|| fields.owned("name")),
        enabled: fields.text("status") == Some("ACTIVE"),
        signs_in: !(acts_alone && settings.and_then(|settings| settings.text("application_type")) == Some("service")),
        acts_alone,
        authentication: client.and_then(|client| client.owned("token_endpoint_auth_method")),
        created_at: fields.instant("created"),
        of: of.map(str::to_owned),
        ..Application::default()
    }))];
    if let Some(value) = client.and_then(|client| client.text("client_secret")) {
        let credential = Credential::new(format!("{id}/client-secret"), SecretKind::ClientSecret, Some(id));
        objects.push(Object::Credential(Box::new(Credential { fingerprint: key.fingerprint(value.as_bytes()), ..credential })));
    }
    Some(objects)
}

fn integration(fields: Fields<'_>) -> Option<Vec<Object>> {
    Some(vec![Object::Application(Box::new(Application {
        id: fields.owned("id")?,
        name: fields.owned("name").or_else(|| fields.owned("type")),
        vendor: true,
        owner: fields.owned("createdBy"),
        enabled: true,
        acts_alone: true,
        authentication: Some("client_secret_basic".into()),
        scopes: fields.texts("grantedScopes").into_iter().map(str::to_owned).collect(),
        created_at: fields.instant("createdAt").or_else(|| fields.instant("created")),
        ..Application::default()
    }))])
}

fn role(fields: Fields<'_>) -> Option<Vec<Object>> {
    let assignee = last(link(fields, "assignee")?);
    let name = fields.owned("role").filter(|_| fields.text("type") == Some("CUSTOM")).or_else(|| fields.owned("type"))?;
    Some(vec![Object::Role { assignee, name, granted_at: fields.instant("created") }])
}

fn assignment(fields: Fields<'_>, key: &FingerprintKey) -> Result<Vec<Object>, &'static str> {
    let who = link(fields, "user").or_else(|| link(fields, "group")).map(last).or_else(|| fields.owned("id"));
    let (Some(who), Some(application)) = (who, link(fields, "app").map(last)) else { return Err(NO_OWNER) };
    let mut objects = vec![Object::Assignment { who, application }];
    let embedded = fields.inner("_embedded").and_then(|embedded| embedded.inner("user"));
    if let Some(Ok(user)) = embedded.and_then(|user| Object::of(user, None, key)) {
        objects.extend(user);
    }
    Ok(objects)
}

fn provider(fields: Fields<'_>, key: &FingerprintKey) -> Option<Vec<Object>> {
    let (id, protocol) = (fields.owned("id")?, fields.inner("protocol")?);
    let credentials = protocol.inner("credentials");
    let trust = credentials.and_then(|credentials| credentials.inner("trust")).and_then(|trust| trust.owned("issuer"));
    let issuer = protocol.inner("issuer").and_then(|issuer| issuer.owned("url"));
    let social = trust.is_none() && issuer.is_none();
    let issuer =
        issuer.or(trust).or_else(|| fields.text("type").map(|kind| format!("identity-provider://{}", kind.to_ascii_lowercase())))?;
    let link = fields.inner("policy").and_then(|policy| policy.inner("accountLink"));
    let links = link.is_some_and(|link| link.text("action") == Some("AUTO") && link.get("filter").is_none());
    let active = fields.text("status") == Some("ACTIVE");
    let mut objects = vec![Object::Provider { issuer, social, active, links }];
    if let Some(value) = credentials.and_then(|credentials| credentials.inner("client")).and_then(|client| client.text("client_secret")) {
        let credential = Credential::new(format!("{id}/client-secret"), SecretKind::ClientSecret, None);
        objects.push(Object::Credential(Box::new(Credential { fingerprint: key.fingerprint(value.as_bytes()), ..credential })));
    }
    Some(objects)
}

fn server(fields: Fields<'_>) -> Option<Vec<Object>> {
    let id = fields.owned("id")?;
    let issuer = fields.owned("issuer").filter(|issuer| !issuer.contains('{'));
    let mut objects = vec![Object::Server { issuer }];
    let signing = fields.inner("credentials").and_then(|credentials| credentials.inner("signing"));
    if let Some(kid) = signing.and_then(|signing| signing.text("kid")) {
        let credential = Credential::new(format!("{id}/keys/{kid}"), SecretKind::SigningKey, None);
        let (created_at, rotated_at) = (fields.instant("created"), signing.and_then(|signing| signing.instant("lastRotated")));
        objects.push(Object::Credential(Box::new(Credential { created_at, rotated_at, ..credential })));
    }
    Some(objects)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn links_say_where_an_object_is_from() {
        let value = json!({"_links": {"logo": [{"href": "https://{yourOktaDomain}/x"}], "self": {"href": "https://Acme.okta.com/api/v1/apps/0oa1/credentials/secrets/ocs1"}}});
        let fields = Fields(value.as_object().expect("an object"));
        assert_eq!(application_of(fields, None).as_deref(), Some("0oa1"));
        let one = json!({"_links": {"self": {"href": "https://Acme.okta.com/api/v1/users/1"}}});
        assert_eq!(host(Fields(one.as_object().expect("an object"))).as_deref(), Some("acme.okta.com"));
    }
}
