//! The reader of an OpenAI organisation: what its administration API says of projects, people, service accounts, keys and the tokens of others it accepts.
//!
//! - A project, a service account, a person and a key have the ids that the API gives them. The organisation is named by a folder or file
//!   `organization=NAME` or by the format `openai@NAME`; a list of keys or accounts does not say its project: a folder or file `project=ID`, or one in a folder `projects`, does.
//! - A key of a service account acts as it. A key of a person acts in their name within the project only: a client, `KEY/client`, that holds what the key opens.
//! - An administration key opens the organisation: it can make accounts and keys in every project.

use super::objects::{Around, Fields, Taken, each_object, in_path, is_json_with, named};
use super::subjects::{Trusted, federated};
use super::{ImportContext, ImportReading, Importer, Input};
use crate::error::Result;
use crate::estate::Coverage;
use crate::model::{
    Authentication, Certainty, Identity, IdentityKind, Relation, RelationKind, Secret, SecretKind, Storage, Tenant, TenantKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// The reader of an OpenAI organisation.
#[derive(Debug)]
pub struct OpenAi;

/// What such replies call themselves.
const MARKS: [&str; 6] = [
    "\"organization.admin_api_key\"",
    "\"organization.project",
    "organization.project.service_account\"",
    "\"organization.user\"",
    "\"organization.service_account\"",
    "\"organization.workload_identity",
];

impl Importer for OpenAi {
    fn format(&self) -> &'static str {
        "openai"
    }

    fn summary(&self) -> &'static str {
        "OpenAI administration API: projects, users, service accounts, keys, federation; organization=NAME and project=ID in the path name them"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        is_json_with(input, &MARKS)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<Reading>::default()
    }
}

#[derive(Default)]
struct Reading {
    inputs: Vec<bool>,
    /// Keys and accounts, and those whose project is known.
    placed: BTreeMap<String, bool>,
    used: BTreeMap<String, bool>,
    providers: BTreeMap<String, Provider>,
    rules: BTreeSet<Rule>,
}

/// An issuer whose tokens are accepted.
struct Provider {
    issuer: String,
    enabled: bool,
    /// The attributes that are made of tokens, by their names.
    attributes: BTreeMap<String, String>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rule {
    provider: String,
    account: String,
    matchers: BTreeMap<String, String>,
}

const UNNAMED: &str = "openai-organization";
const NOTHING: &str = "no object of OpenAI's administration API that this reader knows";
const NO_ID: &str = "an object without its `id`";
const NO_ISSUER: &str = "a federation rule without its provider or its service account";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let organization = named(input, "organization");
        self.inputs.push(organization.is_some());
        let organization = organization.map_or(UNNAMED.to_owned(), |name| format!("openai://{name}"));
        context.builder.add(Tenant::new(&organization, TenantKind::SaasOrganization));
        let project = in_path(input, "project").map(str::to_owned);
        if let Some(project) = &project {
            context.builder.add(Tenant { parent: Some(organization.clone()), ..Tenant::new(project, TenantKind::SaasOrganization) });
        }
        let mut taking = Taking { reading: self, organization, project };
        each_object(input, context, NOTHING, &mut |context, fields, around| taking.object(context, fields, around))
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        for rule in &self.rules {
            let provider = self.providers.get(&rule.provider);
            if provider.is_some_and(|provider| !provider.enabled) {
                continue;
            }
            let issuer = provider.map_or(rule.provider.as_str(), |provider| provider.issuer.as_str());
            let subject = rule.matchers.iter().find(|(name, _)| {
                let made = provider.and_then(|provider| provider.attributes.get(*name)).unwrap_or(name);
                matches!(made.as_str(), "sub" | "subject" | "assertion.sub" | "claims.sub" | "token.sub")
            });
            let subject = subject.map(|(_, value)| value.as_str());
            // What else a token must say is not told of its subject.
            let alone = subject.is_some() && rule.matchers.len() == 1;
            let certainty = if alone { Certainty::Proven } else { Certainty::Possible };
            let relation = federated(context.builder, &Trusted { issuer, subject, wildcards: true, certainty }, &rule.account);
            context.builder.relate(relation.permission("workload identity federation"));
        }
        let rows = [
            Coverage::counted(
                "openai_organizations_named",
                self.inputs,
                "inputs that name their organisation, of all; the rest is taken to be of one (`organization=NAME` in the path)",
            ),
            Coverage::counted(
                "openai_projects_named",
                self.placed.into_values(),
                "keys and service accounts whose project is known, of all; the others are taken to be of the organisation (`project=ID` in the path)",
            ),
            Coverage::counted("openai_key_use", self.used.into_values(), "keys of which the input says when they were last used, of all"),
        ];
        rows.into_iter().flatten().for_each(|coverage| context.builder.cover(coverage));
        Ok(())
    }
}

/// The taking of one input.
struct Taking<'r> {
    reading: &'r mut Reading,
    organization: String,
    project: Option<String>,
}

impl Taking<'_> {
    fn object(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, _: &Around<'_>) -> Taken {
        let Some(object) = fields.text("object") else { return Taken::LookInside };
        let Some(id) = fields.text("id") else {
            return if object == "list" || object == "page" { Taken::LookInside } else { Taken::Skipped(NO_ID) };
        };
        // A list of service accounts was seen whose `object` repeats its own name.
        match object.rsplit(": ").next().unwrap_or(object) {
            "organization.project" => self.project(context, fields, id),
            "organization.user" | "organization.project.user" => self.person(context, fields, id),
            "organization.service_account" | "organization.project.service_account" => self.account(context, fields, id),
            "organization.admin_api_key" => self.key(context, fields, id, true),
            "organization.project.api_key" | "organization.project.service_account.api_key" => self.key(context, fields, id, false),
            "organization.workload_identity_provider" => return self.provider(fields, id),
            "organization.workload_identity_federation_rule" => return self.rule(fields),
            // Invitations, limits and records of the audit log say nothing of who holds what.
            known if known.starts_with("organization.") => {}
            _ => return Taken::LookInside,
        }
        Taken::Whole
    }

    fn home(&self) -> String {
        self.project.clone().unwrap_or_else(|| self.organization.clone())
    }

    fn project(&self, context: &mut ImportContext<'_>, fields: Fields<'_>, id: &str) {
        context.builder.add(Tenant {
            name: fields.owned("name"),
            parent: Some(self.organization.clone()),
            created_at: fields.instant("created_at"),
            expires_at: fields.instant("archived_at"),
            ..Tenant::new(id, TenantKind::SaasOrganization)
        });
    }

    fn person(&self, context: &mut ImportContext<'_>, fields: Fields<'_>, id: &str) {
        let name = fields.owned("email").or_else(|| fields.owned("name"));
        let tenant = Some(self.organization.clone());
        context.builder.add(Identity { name, tenant, ..Identity::new(id, IdentityKind::Human) });
        let home = if fields.text("object") == Some("organization.user") { self.organization.clone() } else { self.home() };
        hold(context, id, fields.text("role"), &home);
    }

    fn account(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, id: &str) {
        let home = self.home();
        self.reading.placed.entry(id.to_owned()).and_modify(|known| *known |= self.project.is_some()).or_insert(self.project.is_some());
        context.builder.add(Identity {
            name: fields.owned("name"),
            tenant: self.project.clone(),
            created_at: fields.instant("created_at"),
            ..Identity::new(id, IdentityKind::ServiceAccount)
        });
        hold(context, id, fields.text("role"), &home);
        // What was just made shows its key, once.
        if let Some(key) = fields.inner("api_key")
            && let Some(key_id) = key.text("id")
        {
            self.key(context, key, key_id, false);
            context.builder.relate(Relation::new(key_id, RelationKind::AuthenticatesAs, id));
        }
    }

    fn key(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, id: &str, administers: bool) {
        let home = if administers { self.organization.clone() } else { self.home() };
        if !administers {
            self.reading.placed.entry(id.to_owned()).and_modify(|known| *known |= self.project.is_some()).or_insert(self.project.is_some());
        }
        let last_used_at = fields.instant("last_used_at");
        self.reading.used.entry(id.to_owned()).and_modify(|known| *known |= last_used_at.is_some()).or_insert(last_used_at.is_some());
        let owner = fields.inner("owner");
        let of = |kind: &str| owner.filter(|owner| owner.text("type") == Some(kind)).map(|owner| owner.inner(kind).unwrap_or(owner));
        let (account, person) = (of("service_account"), of("user"));
        let owner = account.or(person);
        let value = fields.text("value").and_then(|value| context.key.fingerprint(value.as_bytes()));
        context.builder.add(Secret {
            name: fields.owned("name"),
            tenant: if administers { Some(home.clone()) } else { self.project.clone() },
            owner: owner.and_then(|owner| owner.text("email").or(owner.text("name")).or(owner.text("id"))).map(str::to_owned),
            fingerprint: value,
            created_at: fields.instant("created_at"),
            expires_at: fields.instant("expires_at"),
            last_used_at,
            storage: Some(Storage::Unknown),
            ..Secret::new(id, SecretKind::ApiKey)
        });
        if let (Some(account), false) = (account.and_then(|account| account.text("id")), administers) {
            let fields =
                Identity { authentication: vec![Authentication::StaticSecret], ..Identity::new(account, IdentityKind::ServiceAccount) };
            context.builder.add(Identity { tenant: self.project.clone(), ..fields });
            context.builder.relate(Relation::new(id, RelationKind::AuthenticatesAs, account));
        } else if fields.text("object") != Some("organization.project.service_account.api_key") {
            let client = format!("{id}/client");
            context.builder.add(Identity {
                name: fields.owned("name"),
                tenant: Some(home.clone()),
                owner: owner.and_then(|owner| owner.text("email").or(owner.text("name")).or(owner.text("id"))).map(str::to_owned),
                authentication: vec![Authentication::StaticSecret],
                ..Identity::new(&client, IdentityKind::ApiClient)
            });
            context.builder.relate(Relation::new(id, RelationKind::AuthenticatesAs, client.as_str()));
            hold(context, &client, Some(if administers { "owner" } else { "member" }), &home);
        }
    }

    fn provider(&mut self, fields: Fields<'_>, id: &str) -> Taken {
        let Some(issuer) = fields.owned("issuer") else { return Taken::Skipped(NO_ISSUER) };
        let made = fields.objects("attribute_transformations");
        let attributes = made.filter_map(|made| Some((made.owned("attribute")?, made.owned("expression")?))).collect();
        self.reading.providers.insert(id.to_owned(), Provider { issuer, enabled: fields.flag("enabled") != Some(false), attributes });
        Taken::Whole
    }

    fn rule(&mut self, fields: Fields<'_>) -> Taken {
        let (Some(provider), Some(account)) = (fields.owned("workload_identity_provider_id"), fields.owned("service_account_id")) else {
            return Taken::Skipped(NO_ISSUER);
        };
        if fields.flag("enabled") != Some(false) {
            let texts = fields.inner("attribute_matchers").map(|matchers| matchers.0).into_iter().flatten();
            let texts = texts.map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
            self.reading.rules.insert(Rule { provider, account, matchers: texts.collect() });
        }
        Taken::Whole
    }
}

/// What a role holds: an owner makes accounts and keys, a member uses the models and the data of the project, a reader looks.
fn hold(context: &mut ImportContext<'_>, who: &str, role: Option<&str>, home: &str) {
    let kinds: &[RelationKind] = match role {
        Some("owner") => &[RelationKind::Administers],
        Some("member") => &[RelationKind::Reads, RelationKind::Writes],
        Some("reader" | "viewer") => &[RelationKind::Reads],
        Some(_) => &[RelationKind::Unmapped],
        None => &[],
    };
    for kind in kinds {
        context.builder.relate(Relation::new(who, *kind, home).permission(role.unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importers::testing::relations;
    use crate::{Estate, ReadOptions, read};

    fn estate(inputs: &[(&str, &str)]) -> Estate {
        let inputs: Vec<Input> = inputs.iter().map(|(name, text)| Input::new(*name, *text).format("openai")).collect();
        read(&inputs, &ReadOptions::default()).expect("an estate")
    }

    const KEYS: &str = r#"{"object":"list","has_more":false,"data":[
        {"object":"organization.project.api_key","id":"key_a","name":"till","redacted_value":"sk-abc","created_at":1711471533,"last_used_at":null,
         "owner":{"type":"service_account","service_account":{"id":"svc_1","name":"till","role":"member"}}},
        {"object":"organization.project.api_key","id":"key_b","created_at":1711471533,"last_used_at":1711471534,"owner":{"type":"user","user":{"id":"user_1","email":"ann@acme.example"}}}]}"#;

    #[test]
    fn keys_open_what_their_owners_hold() {
        let estate = estate(&[("organization=acme/project=proj_live/keys.json", KEYS)]);
        assert_eq!(
            relations(&estate),
            [
                "key_a authenticates_as svc_1",
                "key_b authenticates_as key_b/client",
                "key_b/client reads proj_live",
                "key_b/client writes proj_live",
            ]
        );
        let key = estate.entity(estate.find("key_b").expect("the key"));
        assert_eq!((key.owner(), key.container()), (Some("ann@acme.example"), Some("proj_live")));
        let known: Vec<_> = estate.reading().coverage.iter().map(|it| (it.topic.as_str(), it.known, it.total)).collect();
        assert_eq!(known, [("openai_key_use", 1, 2), ("openai_organizations_named", 1, 1), ("openai_projects_named", 2, 2)]);
    }

    #[test]
    fn an_administration_key_opens_the_organisation() {
        let admin = r#"{"object":"organization.admin_api_key","id":"key_z","value":"sk-admin-0123456789abcdef","owner":{"type":"user","id":"user_1","role":"owner"}}"#;
        let estate = estate(&[("k.json", admin)]);
        assert_eq!(relations(&estate), ["key_z authenticates_as key_z/client", "key_z/client administers openai-organization"]);
        assert!(estate.entity(estate.find("key_z").expect("the key")).as_secret().expect("a secret").fingerprint.is_some());
    }

    #[test]
    fn rules_of_federation_take_subjects() {
        let text = r#"{"object":"list","data":[
            {"object":"organization.workload_identity_provider","id":"wip_1","issuer":"https://git.example/","enabled":true,
             "attribute_transformations":[{"attribute":"who","expression":"assertion.sub"}]},
            {"object":"organization.workload_identity_federation_rule","id":"r1","workload_identity_provider_id":"wip_1","service_account_id":"svc_1","attribute_matchers":{"who":"repo:acme/till:*"}},
            {"object":"organization.workload_identity_federation_rule","id":"r2","workload_identity_provider_id":"wip_1","service_account_id":"svc_2","attribute_matchers":{"team":"till"}},
            {"object":"organization.workload_identity_federation_rule","id":"r3","workload_identity_provider_id":"wip_1","service_account_id":"svc_3","enabled":false},
            {"object":"organization.workload_identity_federation_rule","id":"r4"}, 7]}"#;
        let estate = estate(&[("f.json", text)]);
        assert_eq!(
            relations(&estate),
            [
                "https://git.example#* federates_to? svc_2",
                "https://git.example#repo:acme/till:* federates_to svc_1",
                "https://git.example#repo:acme/till:* member_of https://git.example#*",
            ]
        );
        assert_eq!(estate.reading().skipped.len(), 2);
    }
}
