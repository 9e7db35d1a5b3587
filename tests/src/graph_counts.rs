//! [`Counted`]: what an export of Microsoft Graph or Azure lists, counted from its JSON alone: by what an object has, wherever it stands. Nothing of the
//! reader is used, so that the reader can be held to it.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The things that an export lists, each once, in lower case.
#[derive(Debug, Default)]
pub struct Counted {
    /// The application ids of registrations.
    pub applications: BTreeSet<String>,
    /// The service principals: their ids, their applications and the tenants in which those are at home.
    pub principals: BTreeSet<(String, String, String)>,
    /// The ids of users.
    pub users: BTreeSet<String>,
    /// The ids of groups.
    pub groups: BTreeSet<String>,
    /// The issuers and subjects of federated credentials.
    pub federated: BTreeSet<(String, String)>,
    /// The key ids of passwords and certificates, in lists and in the replies that made them.
    pub credentials: BTreeSet<String>,
    /// The secrets and certificates of vaults.
    pub stored: BTreeSet<String>,
    /// The keys of vaults.
    pub keys: BTreeSet<String>,
    /// Objects and their owners.
    pub owners: BTreeSet<(String, String)>,
    /// Permissions of applications: who has them, over what, and which.
    pub grants: BTreeSet<(String, String, String)>,
    /// Directory roles: their scopes, who holds them, and which.
    pub directory_roles: BTreeSet<(String, String, String)>,
    /// Roles of Azure, in the same order.
    pub azure_roles: BTreeSet<(String, String, String)>,
    /// The resources of Azure.
    pub resources: BTreeSet<String>,
    /// The subscriptions, resource groups and management groups that are named or that something stands in.
    pub scopes: BTreeSet<String>,
}

/// The tenants that Microsoft's own applications are at home in.
const MICROSOFT: [&str; 2] = ["f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"];

impl Counted {
    /// Counts an export. Linear in it.
    pub fn of(export: &Value) -> Counted {
        let mut counted = Counted::default();
        counted.walk(export);
        counted
    }

    /// Applications, service principals, users, groups, federated credentials.
    pub fn identities(&self) -> [usize; 5] {
        [self.applications.len(), self.principals.len(), self.users.len(), self.groups.len(), self.federated.len()]
    }

    /// Passwords and certificates, what vaults store, keys of vaults.
    pub fn secrets(&self) -> [usize; 3] {
        [self.credentials.len(), self.stored.len(), self.keys.len()]
    }

    /// Owners, permissions, directory roles, roles of Azure.
    pub fn given(&self) -> [usize; 4] {
        [self.owners.len(), self.grants.len(), self.directory_roles.len(), self.azure_roles.len()]
    }

    /// The service principals whose applications are not Microsoft's own.
    pub fn instances(&self) -> usize {
        self.principals.iter().filter(|(.., home)| !MICROSOFT.contains(&home.as_str())).count()
    }

    /// The applications that are not Microsoft's own and that only service principals name.
    pub fn told_by_principals(&self) -> usize {
        let told = self
            .principals
            .iter()
            .filter(|(_, application, home)| !MICROSOFT.contains(&home.as_str()) && !self.applications.contains(application));
        told.map(|(_, application, _)| application).collect::<BTreeSet<_>>().len()
    }

    fn walk(&mut self, value: &Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(element)),
            Value::Object(fields) => {
                self.object(fields);
                fields.values().for_each(|inner| self.walk(inner));
            }
            _ => {}
        }
    }

    fn object(&mut self, fields: &Map<String, Value>) {
        let id = text(fields, "id");
        if has(fields, "appId") {
            if has(fields, "servicePrincipalType") {
                self.principals.insert((id.clone(), text(fields, "appId"), text(fields, "appOwnerOrganizationId")));
            } else if has(fields, "publisherDomain") {
                self.applications.insert(text(fields, "appId"));
            }
        } else if has(fields, "userPrincipalName") {
            self.users.insert(id.clone());
        } else if has(fields, "securityEnabled") {
            self.groups.insert(id.clone());
        }
        if has(fields, "issuer") && has(fields, "subject") {
            self.federated.insert((text(fields, "issuer").trim_end_matches('/').to_owned(), text(fields, "subject")));
        }
        if has(fields, "keyId") && has(fields, "endDateTime") {
            self.credentials.insert(text(fields, "keyId"));
        }
        if has(fields, "appRoleId") && has(fields, "principalId") {
            self.grants.insert((text(fields, "principalId"), text(fields, "resourceId"), text(fields, "appRoleId")));
        }
        self.of_azure(fields, &id);
        self.owners_of(fields);
    }

    fn of_azure(&mut self, fields: &Map<String, Value>, id: &str) {
        // An assignment as Azure replies holds what it says in `properties`, and so is met once, there.
        if has(fields, "principalId") && has(fields, "roleDefinitionId") {
            let entry = |scope| (text(fields, scope), text(fields, "principalId"), text(fields, "roleDefinitionId"));
            if has(fields, "scope") {
                self.azure_roles.insert(entry("scope"));
                self.scope(&text(fields, "scope"));
            } else {
                self.directory_roles.insert(entry("directoryScopeId"));
            }
        }
        if let Some((_, path)) = id.split_once(".vault.azure.net/") {
            let of = if path.starts_with("keys/") { &mut self.keys } else { &mut self.stored };
            of.insert(id.to_owned());
        }
        // Definitions stand at a scope because they may be given there; nothing stands in it yet.
        if id.starts_with('/') && !id.contains("/microsoft.authorization/") {
            if id.starts_with("/subscriptions/") && id.contains("/providers/") {
                self.resources.insert(id.to_owned());
            }
            self.scope(id);
        }
    }

    /// Counts what a path stands in: `/subscriptions/ID`, then `/subscriptions/ID/resourceGroups/NAME`; or a management group.
    fn scope(&mut self, path: &str) {
        let parts: Vec<&str> = path.split('/').collect();
        match parts[..] {
            ["", "subscriptions", subscription, ref rest @ ..] => {
                self.scopes.insert(format!("/subscriptions/{subscription}"));
                if let ["resourcegroups", group, ..] = rest {
                    self.scopes.insert(format!("/subscriptions/{subscription}/resourcegroups/{group}"));
                }
            }
            ["", "providers", "microsoft.management", "managementgroups", group, ..] => {
                self.scopes.insert(format!("/providers/microsoft.management/managementgroups/{group}"));
            }
            _ => {}
        }
    }

    /// The reply to `…/applications/ID/owners`.
    fn owners_of(&mut self, fields: &Map<String, Value>) {
        let address = text(fields, "uri");
        let Some((of, "")) = address.split_once("/owners").map(|(of, rest)| (of.to_owned(), rest)) else { return };
        for owner in fields["body"]["value"].as_array().into_iter().flatten() {
            let owner = owner["id"].as_str().unwrap_or_default().to_ascii_lowercase();
            self.owners.insert((of.rsplit('/').next().unwrap_or_default().to_owned(), owner));
        }
    }
}

/// The name of a field as PowerShell and Python write it.
fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let wanted = plain(name);
    fields.iter().find(|(key, value)| plain(key) == wanted && !value.is_null()).map(|(_, value)| value)
}

fn has(fields: &Map<String, Value>, name: &str) -> bool {
    field(fields, name).is_some()
}

fn text(fields: &Map<String, Value>, name: &str) -> String {
    field(fields, name).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase()
}
