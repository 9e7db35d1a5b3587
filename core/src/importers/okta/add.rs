//! Adds what all inputs together say.

use super::credential::Credential;
use super::object::{Application, Object};
use super::reading::Kept;
use super::rights::{self, Effect};
use crate::estate::{Coverage, EstateBuilder};
use crate::importers::subjects;
use crate::model::{
    Authentication, Certainty, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, ResourceKind, Right,
    Secret, Storage, Tenant, TenantKind,
};
use std::collections::BTreeSet;

/// The adding of what was read.
struct Adding<'a> {
    builder: &'a mut EstateBuilder,
    /// The organisation of what names none: the only one that there is.
    only: Option<String>,
    /// Who holds an administrator role.
    administrators: BTreeSet<&'a str>,
    /// The ids of custom roles.
    custom: BTreeSet<&'a str>,
    /// Permissions, roles and scopes that were given, and whether the table has them.
    mapped: Vec<bool>,
    named: Vec<bool>,
}

const UNNAMED: &str = "okta-organization";
/// How many subjects of tokens are written out: applications that act alone, at each authorization server.
const MOST_SUBJECTS: usize = 100_000;

/// Adds everything.
pub(super) fn all(objects: &[Kept], builder: &mut EstateBuilder) {
    let named = objects.iter().filter_map(|kept| match &kept.object {
        Object::Organization { host: Some(host), .. } => kept.organization.clone().or_else(|| Some(host.clone())),
        _ => kept.organization.clone(),
    });
    let named: BTreeSet<String> = named.collect();
    let mut adding = Adding {
        builder,
        only: named.first().filter(|_| named.len() == 1).cloned(),
        administrators: BTreeSet::new(),
        custom: BTreeSet::new(),
        mapped: Vec::new(),
        named: Vec::new(),
    };
    for kept in objects {
        match &kept.object {
            Object::Role { assignee, .. } => drop(adding.administrators.insert(assignee)),
            Object::Permission { role, .. } => drop(adding.custom.insert(role)),
            Object::CustomRole { id, .. } => drop(adding.custom.insert(id)),
            _ => {}
        }
    }
    for kept in objects {
        adding.object(kept);
    }
    adding.issued(objects);
    adding.coverage(objects);
}

impl<'a> Adding<'a> {
    fn organization(&mut self, kept: &Kept) -> String {
        let named = kept.organization.as_ref().or(self.only.as_ref());
        let id = named.map_or(UNNAMED.to_owned(), |name| format!("okta://{name}"));
        if self.builder.get(&id).is_none() {
            self.builder.add(Tenant { name: named.cloned(), ..Tenant::new(&id, TenantKind::OktaOrganization) });
        }
        id
    }

    /// A collection of an organisation, which it adds.
    fn collection(&mut self, organization: &str, name: &str) -> String {
        let id = format!("{organization}/{name}");
        if self.builder.get(&id).is_none() {
            self.builder.add(Resource {
                name: Some(name.into()),
                tenant: Some(organization.to_owned()),
                ..Resource::new(&id, ResourceKind::Other)
            });
        }
        id
    }

    fn in_collection(&mut self, organization: &str, name: &str, what: &str) {
        // What lesser roles reach does not include those who administer.
        if !self.administrators.contains(what) {
            let collection = self.collection(organization, name);
            self.builder.relate(Relation::new(collection, RelationKind::Contains, what));
        }
    }

    fn object(&mut self, kept: &'a Kept) {
        self.builder.resume(kept.position);
        let organization = self.organization(kept);
        if !matches!(kept.object, Object::Other) {
            self.named.push(organization != UNNAMED);
        }
        let tenant = Some(organization.clone());
        match &kept.object {
            Object::Organization { name, created_at, .. } => {
                let organization = Tenant::new(organization, TenantKind::OktaOrganization);
                self.builder.add(Tenant { name: name.clone().filter(|_| self.only.is_none()), created_at: *created_at, ..organization });
            }
            Object::User { id, login, enabled, created_at, last_used_at, of } => {
                let (enabled, created_at, last_used_at) = (Some(*enabled), *created_at, *last_used_at);
                let user = Identity::new(id, IdentityKind::Human);
                self.builder.add(Identity { name: Some(login.clone()), tenant, enabled, created_at, last_used_at, ..user });
                self.in_collection(&organization, "users", id);
                if let Some(group) = of {
                    self.builder.relate(Relation::new(id, RelationKind::MemberOf, group.as_str()));
                }
            }
            Object::Group { id, name, created_at } => {
                self.builder.add(Identity {
                    name: name.clone(),
                    tenant,
                    created_at: *created_at,
                    ..Identity::new(id, IdentityKind::Group)
                });
                self.in_collection(&organization, "groups", id);
            }
            Object::Application(application) => self.application(&organization, application),
            Object::Credential(credential) => self.credential(&organization, credential),
            Object::Assignment { who, application } => {
                let service = self.service(&organization, application);
                self.builder.relate(Relation::new(who, RelationKind::Reads, service).permission("assigned"));
            }
            Object::Grant { application, scope } => self.grant(&organization, application, scope, false, None),
            Object::Role { assignee, name, .. } if self.custom.contains(name.as_str()) => {
                self.builder.relate(Relation::new(assignee, RelationKind::MemberOf, name.as_str()));
            }
            Object::Role { assignee, name, granted_at } => self.grant(&organization, assignee, name, false, *granted_at),
            Object::Permission { role, name } => {
                self.builder.add(Identity { tenant, ..Identity::new(role, IdentityKind::Role) });
                // Which users and groups a custom role is for stands in the bindings of its resource set.
                self.grant(&organization, role, name, true, None);
            }
            Object::CustomRole { id, name } => {
                self.builder.add(Identity { name: name.clone(), tenant, ..Identity::new(id, IdentityKind::Role) })
            }
            Object::Provider { issuer, social, active, links, .. } if *active => {
                let kind = if *social { TenantKind::Vendor } else { TenantKind::Other };
                self.builder.add(Tenant::new(issuer, kind));
                let users = self.collection(&organization, "users");
                let certainty = if *links { Certainty::Proven } else { Certainty::Possible };
                let relation = Relation::new(issuer, RelationKind::Custom, users).requiring(Right::Control).granting(Right::Control);
                self.builder.relate(relation.permission("identity provider").certainty(certainty));
            }
            Object::AgentPool { id, name } => {
                self.builder.add(Identity { name: name.clone(), tenant, ..Identity::new(id, IdentityKind::Workload) });
                let users = self.collection(&organization, "users");
                let relation = Relation::new(id, RelationKind::Administers, users).permission("directory agent");
                self.builder.relate(relation.certainty(Certainty::Possible));
            }
            Object::Provider { .. } | Object::Server { .. } | Object::Other => {}
        }
    }

    fn application(&mut self, organization: &str, application: &Application) {
        let authentication = match application.authentication.as_deref() {
            Some("private_key_jwt") => vec![Authentication::Certificate],
            Some(method) if method.starts_with("client_secret") => vec![Authentication::StaticSecret],
            _ => Vec::new(),
        };
        let kind = match (application.vendor, application.acts_alone) {
            (true, _) => IdentityKind::ThirdPartyIntegration,
            (false, true) => IdentityKind::ApiClient,
            _ => IdentityKind::Application,
        };
        self.builder.add(Identity {
            name: application.name.clone(),
            tenant: Some(organization.to_owned()),
            owner: application.owner.clone(),
            enabled: Some(application.enabled),
            created_at: application.created_at,
            authentication,
            vendor: application.name.clone().filter(|_| application.vendor),
            ..Identity::new(&application.id, kind)
        });
        self.in_collection(organization, "applications", &application.id);
        for scope in &application.scopes {
            self.grant(organization, &application.id, scope, false, None);
        }
        if application.signs_in && !application.vendor {
            let service = self.service(organization, &application.id);
            self.builder.add(Resource { name: application.name.clone(), ..Resource::new(&service, ResourceKind::Saas) });
            self.builder.relate(Relation::new(&application.id, RelationKind::Administers, service.as_str()).permission("single sign-on"));
            if let Some(group) = &application.of {
                self.builder.relate(Relation::new(group, RelationKind::Reads, service).permission("assigned"));
            }
        }
    }

    /// What an application signs its users in to.
    fn service(&mut self, organization: &str, application: &str) -> String {
        let id = format!("{application}/service");
        self.builder.add(Resource { tenant: Some(organization.to_owned()), ..Resource::new(&id, ResourceKind::Saas) });
        id
    }

    fn credential(&mut self, organization: &str, credential: &Credential) {
        self.builder.add(Secret {
            name: credential.name.clone(),
            tenant: Some(organization.to_owned()),
            owner: credential.of.clone(),
            fingerprint: credential.fingerprint.clone(),
            created_at: credential.created_at,
            rotated_at: credential.rotated_at,
            expires_at: credential.expires_at,
            last_used_at: credential.last_used_at,
            revoked: credential.revoked,
            storage: Some(Storage::Unknown),
            ..Secret::new(&credential.id, credential.kind)
        });
        if let Some(of) = &credential.of {
            let guards = if credential.network { GuardSet::NONE.with(Guard::Network) } else { GuardSet::NONE };
            self.builder.relate(Relation::new(&credential.id, RelationKind::AuthenticatesAs, of.as_str()).guards(guards));
        }
    }

    /// A role, a scope or a permission that somebody holds. Of a custom role it is not told over whom.
    fn grant(&mut self, organization: &str, who: &str, permission: &str, custom: bool, granted_at: Option<Instant>) {
        let effects = rights::of(permission);
        self.mapped.push(effects.is_some());
        let certainty = if custom { Certainty::Possible } else { Certainty::Proven };
        let mut relations = Vec::new();
        for effect in effects.unwrap_or_default() {
            let (kind, to) = match effect {
                Effect::Administer => (RelationKind::Administers, organization.to_owned()),
                Effect::Write => (RelationKind::Writes, organization.to_owned()),
                Effect::Read => (RelationKind::Reads, organization.to_owned()),
                Effect::Users => (RelationKind::Administers, self.collection(organization, "users")),
                Effect::Groups => (RelationKind::Administers, self.collection(organization, "groups")),
                Effect::Applications => (RelationKind::Administers, self.collection(organization, "applications")),
            };
            relations.push((kind, to));
        }
        if relations.is_empty() {
            relations.push((RelationKind::Unmapped, organization.to_owned()));
        }
        for (kind, to) in relations {
            let relation = Relation::new(who, kind, to).permission(permission).certainty(certainty);
            self.builder.relate(Relation { granted_at, ..relation });
        }
    }

    /// The subjects that applications which act alone are in the tokens of authorization servers.
    fn issued(&mut self, objects: &[Kept]) {
        let servers = objects.iter().filter_map(|kept| match &kept.object {
            Object::Server { issuer: Some(issuer), .. } => Some((kept.organization.as_ref(), issuer)),
            _ => None,
        });
        let servers: Vec<_> = servers.collect();
        let alone =
            objects.iter().filter(|kept| matches!(&kept.object, Object::Application(application) if application.acts_alone)).count();
        if servers.len().saturating_mul(alone) > MOST_SUBJECTS {
            let note = "subjects of applications in the tokens of authorization servers: too many to be written out; what others trust in them joins nothing";
            let total = alone as u64;
            return self.builder.cover(Coverage { topic: "okta_token_subjects".into(), known: 0, total, note: note.into() });
        }
        for kept in objects {
            let Object::Application(application) = &kept.object else { continue };
            if !application.acts_alone || application.vendor {
                continue;
            }
            for (_, issuer) in
                servers.iter().filter(|(of, _)| of.is_none() || kept.organization.is_none() || *of == kept.organization.as_ref())
            {
                self.builder.resume(kept.position);
                let subject = subjects::id(issuer, &application.id, false);
                self.builder.add(Identity { name: application.name.clone(), ..Identity::new(&subject, IdentityKind::ApiClient) });
                self.builder.relate(Relation::new(&application.id, RelationKind::FederatesTo, subject).permission("access token"));
            }
        }
    }

    fn coverage(&mut self, objects: &[Kept]) {
        let is = |wanted: fn(&Object) -> bool| objects.iter().any(|kept| wanted(&kept.object));
        let applications = is(|object| matches!(object, Object::Application(_)));
        let people = is(|object| matches!(object, Object::User { .. } | Object::Group { .. }));
        let mut rows = vec![
            Coverage::counted(
                "okta_organizations_named",
                std::mem::take(&mut self.named),
                "objects whose organisation is known (`organization=NAME` in the path, or the host in their links), of all; the rest is taken to be of one",
            ),
            Coverage::counted(
                "okta_permissions_mapped",
                std::mem::take(&mut self.mapped),
                "roles, scopes and permissions that the table has, of all that were given; the others are kept and conduct nothing",
            ),
        ];
        if people || applications {
            let found = is(|object| matches!(object, Object::Role { .. }));
            rows.push(Coverage::counted(
                "okta_role_assignments",
                [found],
                "whether administrator roles are in the input; without them nobody knows who administers the organisation",
            ));
        }
        if applications {
            let found = is(|object| matches!(object, Object::Credential(_)));
            rows.push(Coverage::counted(
                "okta_client_credentials",
                [found],
                "whether secrets and keys of clients are in the input; an application has each in a list of its own",
            ));
            rows.push(Coverage::counted(
                "okta_application_use",
                [false],
                "whether anything says when applications were last used; the API does not",
            ));
        }
        rows.into_iter().flatten().for_each(|coverage| self.builder.cover(coverage));
    }
}

#[cfg(test)]
mod tests {
    use crate::importers::testing::relations;
    use crate::{Estate, Input, ReadOptions, read};

    fn estate(inputs: &[(&str, &str)]) -> Estate {
        let inputs: Vec<Input> = inputs.iter().map(|(name, text)| Input::new(*name, *text)).collect();
        read(&inputs, &ReadOptions::default()).expect("an estate")
    }

    #[test]
    fn roles_scopes_and_tokens_lead_on() {
        let role = |id: &str, kind: &str| {
            format!(
                r#"{{"id":"r","type":"{kind}","assignmentType":"USER","_links":{{"assignee":{{"href":"https://acme.okta.com/api/v1/users/{id}"}}}}}}"#
            )
        };
        let user = |id: &str| {
            format!(
                r#"{{"id":"{id}","status":"ACTIVE","profile":{{"login":"{id}@acme.example"}},"_links":{{"self":{{"href":"https://acme.okta.com/api/v1/users/{id}"}}}}}}"#
            )
        };
        let token = r#"{"id":"t","name":"x","userId":"a","tokenWindow":"P30D","created":"2026-01-01T00:00:00.000Z","expiresAt":"2026-03-31T00:00:00.000Z","network":{"connection":"ZONE"},"_links":{"self":{"href":"https://acme.okta.com/x"}}}"#;
        let list = [role("a", "SUPER_ADMIN"), role("b", "HELP_DESK_ADMIN"), user("a"), user("c"), token.to_owned()].join("\n");
        let service = r#"{"id":"s","type":"x","name":"X","grantedScopes":["okta.users.read","okta.apps.manage","okta.new.manage"],"createdAt":"2026-01-01T00:00:00.000Z"}"#;
        let estate = estate(&[("list.json", &list), ("service.json", service)]);
        assert_eq!(
            relations(&estate),
            [
                "a administers okta://acme.okta.com",
                "b administers okta://acme.okta.com/users",
                "okta://acme.okta.com/applications contains s",
                "okta://acme.okta.com/users contains c",
                "s reads okta://acme.okta.com",
                "s administers okta://acme.okta.com/applications",
                "s unmapped okta://acme.okta.com",
                "t authenticates_as a",
            ]
        );
        let token = estate.entity(estate.find("t").expect("the token")).as_secret().expect("a secret");
        assert_eq!(token.last_used_at.map(|at| at.date()).as_deref(), Some("2026-03-01"));
        let mapped = estate.reading().coverage.iter().find(|it| it.topic == "okta_permissions_mapped").expect("the coverage");
        assert_eq!((mapped.known, mapped.total), (4, 5));
    }

    #[test]
    fn an_application_signs_in_and_its_credentials_are_its_own() {
        let app = r#"{"id":"0oa1","label":"Pay","status":"ACTIVE","signOnMode":"OPENID_CONNECT","credentials":{"oauthClient":{"token_endpoint_auth_method":"client_secret_basic"}}}"#;
        let service = r#"{"id":"0oa2","label":"Jobs","status":"INACTIVE","signOnMode":"OPENID_CONNECT","settings":{"oauthClient":{"application_type":"service","grant_types":["client_credentials"]}}}"#;
        let secret = r#"{"id":"ocs1","status":"INACTIVE","client_secret":"made-up-client-secret-1","secret_hash":"x","_links":{"activate":{"href":"https://{yourOktaDomain}/api/v1/apps/0oa1/credentials/secrets/ocs1"}}}"#;
        let server = r#"{"id":"aus1","issuer":"https://acme.okta.com/oauth2/aus1","audiences":["x"],"credentials":{"signing":{"kid":"k","lastRotated":"2026-01-01T00:00:00.000Z"}}}"#;
        let assigned = r#"{"id":"u","syncState":"X","_links":{"app":{"href":"https://{yourOktaDomain}/api/v1/apps/0oa1"},"user":{"href":"https://{yourOktaDomain}/api/v1/users/u"}}}"#;
        let lost = r#"{"id":"g","priority":0}"#;
        let estate = estate(&[("okta.json", &[app, service, secret, server, assigned, lost].join("\n"))]);
        assert_eq!(
            relations(&estate),
            [
                "0oa1 administers 0oa1/service",
                "0oa2 federates_to https://acme.okta.com/oauth2/aus1#0oa2",
                "ocs1 authenticates_as 0oa1",
                "okta-organization/applications contains 0oa1",
                "okta-organization/applications contains 0oa2",
                "u reads 0oa1/service",
            ]
        );
        assert_eq!(estate.reading().skipped.len(), 1);
        let secret = estate.entity(estate.find("ocs1").expect("the secret")).as_secret().expect("a secret");
        assert!(secret.revoked == Some(true) && secret.fingerprint.is_some());
    }
}
