//! The reader of an Anthropic organisation: what its administration API says of workspaces, people, keys, service accounts and the tokens of others it accepts.
//!
//! - Everything has the id that the API gives it. The organisation is the one that an input describes or that a folder or file `organization=NAME` or
//!   the format `anthropic@NAME` names; what names no workspace is of the default one, `ORGANISATION/workspaces/default`.
//! - A key acts as a client, `KEY/client`, that uses the models and the files of its workspace.
//! - A federation rule lets subjects of an issuer act as a service account. A rule that asks for more than a subject is possible, not proven.

use super::objects::{Around, Fields, Taken, each_object, is_json_with, named};
use super::subjects::{Trusted, federated};
use super::{ImportContext, ImportReading, Importer, Input};
use crate::error::Result;
use crate::estate::{Coverage, Position};
use crate::model::{
    Authentication, Certainty, Identity, IdentityKind, Instant, Relation, RelationKind, Secret, SecretKind, Storage, Tenant, TenantKind,
};
use std::collections::BTreeMap;

/// The reader of an Anthropic organisation.
#[derive(Debug)]
pub struct Anthropic;

/// Ids that no other service gives.
const MARKS: [&str; 6] = ["\"apikey_0", "\"wrkspc_0", "\"workspace_role\"", "\"svac_0", "\"fdrl_0", "\"fdis_0"];

impl Importer for Anthropic {
    fn format(&self) -> &'static str {
        "anthropic"
    }

    fn summary(&self) -> &'static str {
        "Anthropic administration API: workspaces, members, keys, service accounts, federation; organization=NAME in the path names the organisation"
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
    /// Keys, and whether the input says when they were made.
    dated: BTreeMap<String, bool>,
    issuers: BTreeMap<String, String>,
    rules: BTreeMap<String, Rule>,
}

struct Rule {
    position: Position,
    issuer: String,
    account: String,
    subject: Option<String>,
    alone: bool,
    scope: String,
    workspaces: Vec<String>,
    archived_at: Option<Instant>,
}

const UNNAMED: &str = "anthropic-organization";
const NOTHING: &str = "no object of Anthropic's administration API that this reader knows";
const NO_ID: &str = "an object without its `id`";
const NO_ISSUER: &str = "a federation rule without its issuer or its service account";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        let organization = named(input, "organization");
        self.inputs.push(organization.is_some());
        let organization = organization.map_or(UNNAMED.to_owned(), |name| format!("anthropic://{name}"));
        context.builder.add(Tenant::new(&organization, TenantKind::SaasOrganization));
        let mut taking = Taking { reading: self, organization };
        each_object(input, context, NOTHING, &mut |context, fields, around| taking.object(context, fields, around))
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        for rule in self.rules.values() {
            context.builder.resume(rule.position);
            let issuer = self.issuers.get(&rule.issuer).unwrap_or(&rule.issuer);
            let certainty = if rule.alone { Certainty::Proven } else { Certainty::Possible };
            let trusted = Trusted { issuer, subject: rule.subject.as_deref(), wildcards: true, certainty };
            let relation = federated(context.builder, &trusted, &rule.account).permission(rule.scope.as_str());
            context.builder.relate(Relation { valid_until: rule.archived_at, ..relation });
            for workspace in rule.workspaces.iter().filter(|_| rule.archived_at.is_none()) {
                hold(context, &rule.account, Some(&rule.scope), workspace);
            }
        }
        context.builder.resume(position);
        let rows = [
            Coverage::counted(
                "anthropic_organizations_named",
                self.inputs,
                "inputs that name their organisation, of all; the rest is taken to be of one (`organization=NAME` in the path)",
            ),
            Coverage::counted(
                "anthropic_key_dates",
                self.dated.values().copied(),
                "keys of which the input says when they were made, of all",
            ),
            Coverage::counted(
                "anthropic_key_use",
                self.dated.values().map(|_| false),
                "keys of which anybody says when they were last used, of all; the administration API does not",
            ),
        ];
        rows.into_iter().flatten().for_each(|coverage| context.builder.cover(coverage));
        Ok(())
    }
}

/// The taking of one input.
struct Taking<'r> {
    reading: &'r mut Reading,
    organization: String,
}

impl Taking<'_> {
    fn object(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, around: &Around<'_>) -> Taken {
        let Some(kind) = fields.text("type") else { return Taken::LookInside };
        if kind == "workspace_member" {
            return self.member(context, fields);
        }
        let known = ["organization", "workspace", "api_key", "user", "service_account", "federation_issuer", "federation_rule", "invite"];
        if !known.contains(&kind) {
            return Taken::LookInside;
        }
        let Some(id) = fields.text("id") else { return Taken::Skipped(NO_ID) };
        match kind {
            "organization" => {
                let tenant = Tenant { name: fields.owned("name"), ..Tenant::new(&self.organization, TenantKind::SaasOrganization) };
                context.builder.add(tenant);
            }
            "workspace" => context.builder.add(Tenant {
                name: fields.owned("name"),
                parent: Some(self.organization.clone()),
                created_at: fields.instant("created_at"),
                expires_at: fields.instant("archived_at"),
                ..Tenant::new(id, TenantKind::SaasOrganization)
            }),
            "api_key" => self.key(context, fields, id),
            "user" if around.under != "created_by" => {
                let name = fields.owned("email").or_else(|| fields.owned("name"));
                let tenant = Some(self.organization.clone());
                context.builder.add(Identity { name, tenant, ..Identity::new(id, IdentityKind::Human) });
                hold(context, id, fields.text("role"), &self.organization);
            }
            "service_account" => context.builder.add(Identity {
                name: fields.owned("name"),
                tenant: Some(self.organization.clone()),
                enabled: fields.has("archived_at").then(|| fields.get("archived_at").is_none()),
                created_at: fields.instant("created_at"),
                authentication: vec![Authentication::Federated],
                ..Identity::new(id, IdentityKind::ServiceAccount)
            }),
            "federation_issuer" => {
                let Some(issuer) = fields.owned("issuer_url") else { return Taken::Skipped(NO_ISSUER) };
                self.reading.issuers.insert(id.to_owned(), issuer);
            }
            "federation_rule" => return self.rule(context, fields, id),
            _ => {}
        }
        Taken::Whole
    }

    fn workspace(&self, context: &mut ImportContext<'_>, id: Option<&str>) -> String {
        let id = id.map_or_else(|| format!("{}/workspaces/default", self.organization), str::to_owned);
        if context.builder.get(&id).is_none() {
            context.builder.add(Tenant { parent: Some(self.organization.clone()), ..Tenant::new(&id, TenantKind::SaasOrganization) });
        }
        id
    }

    fn key(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, id: &str) {
        let workspace = self.workspace(context, fields.text("workspace_id"));
        let created_at = fields.instant("created_at");
        self.reading.dated.entry(id.to_owned()).and_modify(|known| *known |= created_at.is_some()).or_insert(created_at.is_some());
        let owner = fields.inner("created_by").and_then(|by| by.owned("id"));
        context.builder.add(Secret {
            name: fields.owned("name"),
            tenant: Some(workspace.clone()),
            owner: owner.clone(),
            fingerprint: fields.text("key").and_then(|value| context.key.fingerprint(value.as_bytes())),
            created_at,
            expires_at: fields.instant("expires_at"),
            revoked: fields.text("status").map(|status| status != "active"),
            storage: Some(Storage::Unknown),
            ..Secret::new(id, SecretKind::ApiKey)
        });
        let client = format!("{id}/client");
        context.builder.add(Identity {
            name: fields.owned("name"),
            tenant: Some(workspace.clone()),
            owner,
            authentication: vec![Authentication::StaticSecret],
            ..Identity::new(&client, IdentityKind::ApiClient)
        });
        context.builder.relate(Relation::new(id, RelationKind::AuthenticatesAs, client.as_str()));
        hold(context, &client, Some("workspace:developer"), &workspace);
    }

    fn member(&self, context: &mut ImportContext<'_>, fields: Fields<'_>) -> Taken {
        let (Some(who), Some(workspace)) = (fields.text("user_id").or(fields.text("service_account_id")), fields.text("workspace_id"))
        else {
            return Taken::Skipped(NO_ID);
        };
        hold(context, who, fields.text("workspace_role"), workspace);
        Taken::Whole
    }

    fn rule(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, id: &str) -> Taken {
        let account = fields.inner("target").and_then(|target| target.owned("service_account_id"));
        let (Some(issuer), Some(account)) = (fields.owned("issuer_id"), account) else { return Taken::Skipped(NO_ISSUER) };
        let matched = fields.inner("match");
        let subject = matched.and_then(|matched| matched.owned("subject_prefix"));
        let more = matched.is_some_and(|matched| {
            matched.text("condition").is_some() || matched.inner("claims").is_some_and(|claims| !claims.0.is_empty())
        });
        let mut workspaces: Vec<String> = fields.texts("workspace_ids").into_iter().map(str::to_owned).collect();
        workspaces.extend(fields.owned("workspace_id"));
        if fields.flag("applies_to_all_workspaces") == Some(true) {
            workspaces.push(self.organization.clone());
        }
        let scope = fields.owned("oauth_scope").unwrap_or_default();
        if scope == "org:admin" {
            workspaces = vec![self.organization.clone()];
        }
        let (alone, archived_at) = (subject.is_some() && !more, fields.instant("archived_at"));
        let position = context.builder.position();
        self.reading.rules.insert(id.to_owned(), Rule { position, issuer, account, subject, alone, scope, workspaces, archived_at });
        Taken::Whole
    }
}

/// What a role or the scope of a token holds: administrators make members and keys, developers keys; the others use the models.
fn hold(context: &mut ImportContext<'_>, who: &str, role: Option<&str>, home: &str) {
    let kinds: &[RelationKind] = match role {
        Some("admin" | "owner" | "primary_owner" | "workspace_admin" | "org:admin") => &[RelationKind::Administers],
        Some("developer" | "workspace_developer" | "workspace:developer") => &[RelationKind::Reads, RelationKind::Writes],
        Some("user" | "claude_code_user" | "workspace_user" | "workspace:inference") => &[RelationKind::Writes],
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

    fn estate(text: &str) -> Estate {
        read(&[Input::new("organization=acme/list.json", text)], &ReadOptions::default()).expect("an estate")
    }

    #[test]
    fn a_key_opens_its_workspace() {
        let estate = estate(
            r#"{"has_more":false,"data":[
            {"type":"api_key","id":"apikey_01A","name":"till","workspace_id":"wrkspc_01L","created_at":"2024-10-30T23:58:27.427722Z","status":"active",
             "partial_key_hint":"sk-ant-api03-R2D...igAA","created_by":{"id":"user_01A","type":"user"}},
            {"type":"api_key","id":"apikey_01B","workspace_id":null,"status":"archived"}]}"#,
        );
        assert_eq!(
            relations(&estate),
            [
                "apikey_01A authenticates_as apikey_01A/client",
                "apikey_01A/client reads wrkspc_01L",
                "apikey_01A/client writes wrkspc_01L",
                "apikey_01B authenticates_as apikey_01B/client",
                "apikey_01B/client reads anthropic://acme/workspaces/default",
                "apikey_01B/client writes anthropic://acme/workspaces/default",
            ]
        );
        let key = estate.entity(estate.find("apikey_01B").expect("the key")).as_secret().expect("a secret");
        assert_eq!((key.revoked, key.fingerprint), (Some(true), None));
        let known: Vec<_> = estate.reading().coverage.iter().map(|it| (it.topic.as_str(), it.known, it.total)).collect();
        assert_eq!(known, [("anthropic_key_dates", 1, 2), ("anthropic_key_use", 0, 2), ("anthropic_organizations_named", 1, 1)]);
    }

    #[test]
    fn federation_rules_take_subjects_and_members_hold_their_roles() {
        let estate = estate(
            r#"[{"type":"federation_rule","id":"fdrl_01A","issuer_id":"fdis_01A","match":{"subject_prefix":"repo:acme/till:*","claims":null},
                 "target":{"type":"service_account","service_account_id":"svac_01A"},"oauth_scope":"workspace:developer","workspace_ids":["wrkspc_01L"]},
                {"type":"federation_rule","id":"fdrl_01B","issuer_id":"fdis_01A","match":{"claims":{"team":"till"}},"archived_at":"2026-01-01T00:00:00Z",
                 "target":{"type":"service_account","service_account_id":"svac_01A"},"oauth_scope":"org:admin"},
                {"type":"federation_issuer","id":"fdis_01A","issuer_url":"https://git.example"},
                {"type":"service_account","id":"svac_01A","name":"deployer","archived_at":null},
                {"type":"workspace_member","user_id":"user_01A","workspace_id":"wrkspc_01L","workspace_role":"workspace_admin"},
                {"type":"user","id":"user_01A","email":"ann@acme.example","role":"billing"},
                {"type":"federation_rule","id":"fdrl_01C"}]"#,
        );
        assert_eq!(
            relations(&estate),
            [
                "https://git.example#* federates_to? svac_01A",
                "https://git.example#repo:acme/till:* federates_to svac_01A",
                "https://git.example#repo:acme/till:* member_of https://git.example#*",
                "svac_01A reads wrkspc_01L",
                "svac_01A writes wrkspc_01L",
                "user_01A administers wrkspc_01L",
                "user_01A unmapped anthropic://acme",
            ]
        );
        assert_eq!(estate.reading().skipped.len(), 1);
    }
}
