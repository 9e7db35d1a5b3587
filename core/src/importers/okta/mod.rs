//! The reader of Okta: what its API says of users, groups, applications, roles, tokens, clients' secrets and keys, integrations and identity providers.
//!
//! - Everything has the id that Okta gives it. An organisation is named by a folder or file `organization=NAME` or the format `okta@NAME`, else by the host in
//!   the links of an object, else by the only organization that was read: `okta://HOST`.
//! - What a role or a scope reaches stands in `core/data/okta_permissions.csv`. Users, groups and applications of an organisation are collections
//!   (`ORGANIZATION/users`), which pass a right on to what is in them; those who hold an administrator role are not in the collection that lesser roles reach.
//! - What an application signs its users in to is a resource, `APPLICATION/service`: who controls the application may sign in there as anybody.
//! - A token acts as the user who made it. Its end moves with its use, so that the last use is its end less its window.
//! - An identity provider is a tenant, named by its issuer, that may sign in the users of the organisation.

mod add;
mod credential;
mod object;
mod reading;
mod rights;

use super::objects::{in_path, is_json_with};
use super::{ImportReading, Importer, Input};

/// The reader of Okta.
#[derive(Debug)]
pub struct Okta;

/// What its answers hold.
const MARKS: [&str; 18] = [
    ".okta.com/",
    ".oktapreview.com/",
    ".okta-emea.com/",
    "{yourOktaDomain}",
    "\"orn:okta:",
    "orn:okta:",
    "\"signOnMode\"",
    "\"tokenWindow\"",
    "\"secret_hash\"",
    "\"okta:user_group\"",
    "\"grantedScopes\"",
    "\"assignmentType\"",
    "\"oktaCommunication\"",
    "\"agentPools",
    "/api/v1/agentPools/",
    "\"OKTA_GROUP\"",
    "/credentials/jwks/",
    "/api/v1/apps/",
];

impl Importer for Okta {
    fn format(&self) -> &'static str {
        "okta"
    }

    fn summary(&self) -> &'static str {
        "Okta API: users, groups, applications, roles, API tokens, client secrets and keys, integrations, identity providers; organization=NAME in the path"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        // A user without links looks like many things; a folder that names an organisation tells.
        let is_user = || is_json_with(input, &["\"profile\""]) && is_json_with(input, &["\"login\""]);
        is_json_with(input, &MARKS) || in_path(input, "organization").is_some() && is_user()
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
