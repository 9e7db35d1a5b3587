//! The reader of the environment definitions of the Modernisation Platform: which accounts an application has, which groups hold what in each, which repositories deploy there.
//!
//! - An application is a tenant, `modernisation-platform/NAME`; each of its environments is an AWS account in it, by the account's name `NAME-ENVIRONMENT`.
//! - What a level of access gives stands in `core/data/modernisation_platform_levels.csv`.
//! - A repository that is listed acts by its tokens in every account of the application. What its role there may do is written elsewhere: possible.

use super::objects::{Around, Fields, Taken, each_object, is_json_with};
use super::subjects::{Trusted, federated};
use super::{ImportContext, ImportReading, Importer, Input};
use crate::error::Result;
use crate::estate::Coverage;
use crate::model::{Certainty, Identity, IdentityKind, Labels, Relation, RelationKind, Tenant, TenantKind};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The reader of the environment definitions of the Modernisation Platform.
#[derive(Debug)]
pub struct ModernisationPlatform;

impl Importer for ModernisationPlatform {
    fn format(&self) -> &'static str {
        "modernisation-platform"
    }

    fn summary(&self) -> &'static str {
        "Modernisation Platform environment definitions: accounts of applications, groups with their levels, repositories that deploy; JSON, one or many"
    }

    fn detects(&self, input: &Input) -> bool {
        is_json_with(input, &["\"account-type\""]) && is_json_with(input, &["\"sso_group_name\"", "\"github-oidc-team-repositories\""])
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<Reading>::default()
    }
}

#[derive(Default)]
struct Reading {
    /// Levels that were given, and whether the table has them.
    mapped: Vec<bool>,
    owned: Vec<bool>,
}

static LEVELS: LazyLock<HashMap<&'static str, Vec<RelationKind>>> = LazyLock::new(|| {
    let rows = include_str!("../../data/modernisation_platform_levels.csv").lines().skip(1);
    let row = |line: &'static str| {
        let mut cells = line.splitn(3, ',');
        Some((cells.next()?, cells.next()?.split(' ').filter_map(RelationKind::parse).collect()))
    };
    rows.filter_map(row).collect()
});

const NOTHING: &str = "no definition of an application: it has no `account-type`";
const NO_NAME: &str = "a definition that does not say its application; put it under its name, or name it by its tag `application`";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        each_object(input, context, NOTHING, &mut |context, fields, around| self.application(context, fields, around))
    }

    fn finish(self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let rows = [
            Coverage::counted(
                "modernisation_platform_levels_mapped",
                self.mapped,
                "levels of access that the table has, of all that were given; the others are kept and conduct nothing",
            ),
            Coverage::counted("modernisation_platform_owners", self.owned, "applications of which the input names an owner, of all"),
        ];
        rows.into_iter().flatten().for_each(|coverage| context.builder.cover(coverage));
        Ok(())
    }
}

impl Reading {
    fn application(&mut self, context: &mut ImportContext<'_>, fields: Fields<'_>, around: &Around<'_>) -> Taken {
        if !fields.has("account-type") {
            return Taken::LookInside;
        }
        let tags = fields.inner("tags");
        let tag = |name: &str| tags.and_then(|tags| tags.owned(name));
        let Some(name) = Some(around.under.to_owned()).filter(|under| !under.is_empty()).or_else(|| tag("application")) else {
            return Taken::Skipped(NO_NAME);
        };
        let (id, owner) = (format!("modernisation-platform/{name}"), tag("owner"));
        self.owned.push(owner.is_some());
        let labels: Labels = ["business-unit", "service-area"].iter().filter_map(|key| Some(((*key).to_owned(), tag(key)?))).collect();
        let repositories: Vec<&str> = fields.texts("github-oidc-team-repositories");
        let tenant = Tenant::new(&id, TenantKind::Other);
        context.builder.add(Tenant { name: Some(name.clone()), owner: owner.clone(), labels: labels.clone(), ..tenant });
        for environment in fields.objects("environments") {
            let Some(word) = environment.text("name") else { continue };
            let account = format!("{name}-{word}");
            let mut labels = labels.clone();
            labels.insert("environment".into(), word.to_owned());
            let tenant = Tenant::new(&account, TenantKind::AwsAccount);
            context.builder.add(Tenant { name: Some(account.clone()), parent: Some(id.clone()), owner: owner.clone(), labels, ..tenant });
            for access in environment.objects("access") {
                self.access(context, access, &account);
            }
            for repository in &repositories {
                deploys(context, repository, &account);
            }
        }
        Taken::Whole
    }

    fn access(&mut self, context: &mut ImportContext<'_>, access: Fields<'_>, account: &str) {
        let (Some(group), Some(level)) = (access.text("sso_group_name"), access.text("level")) else { return };
        let id = format!("modernisation-platform/groups/{group}");
        context.builder.add(Identity { name: Some(group.to_owned()), ..Identity::new(&id, IdentityKind::Group) });
        let known = LEVELS.get(level);
        self.mapped.push(known.is_some());
        let kinds = known.filter(|kinds| !kinds.is_empty()).map_or(&[RelationKind::Unmapped][..], Vec::as_slice);
        for kind in kinds {
            context.builder.relate(Relation::new(&id, *kind, account).permission(level));
        }
    }
}

/// A repository whose workflows act in an account.
fn deploys(context: &mut ImportContext<'_>, repository: &str, account: &str) {
    let role = format!("{account}/github-actions");
    let identity = Identity::new(&role, IdentityKind::Role);
    context.builder.add(Identity { name: Some("github-actions".into()), tenant: Some(account.to_owned()), ..identity });
    let subject = format!("repo:{repository}:*");
    let trusted = Trusted { issuer: ISSUER, subject: Some(&subject), wildcards: true, certainty: Certainty::Possible };
    let relation = federated(context.builder, &trusted, &role).permission("github-oidc-team-repositories");
    context.builder.relate(relation);
    let relation = Relation::new(role, RelationKind::Writes, account).permission("github-oidc-team-repositories");
    context.builder.relate(relation.certainty(Certainty::Possible));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environment;
    use crate::{ReadOptions, read};

    #[test]
    fn applications_have_accounts_in_which_groups_hold_levels() {
        let text = r#"{"till":{"account-type":"member","tags":{"application":"till","owner":"Tills: ann@acme.example","business-unit":"Shops"},
            "github-oidc-team-repositories":["acme/till",""],
            "environments":[{"name":"production","access":[{"sso_group_name":"tills","level":"developer"},{"sso_group_name":"audit","level":"view-only"}]},
            {"name":"test","access":[{"sso_group_name":"tills","level":"sandbox"},{"sso_group_name":"x","level":"new"},{"level":"developer"}]}]}}"#;
        let estate = read(&[Input::new("environments.json", text)], &ReadOptions::default()).expect("an estate");
        let relations: Vec<String> = estate
            .relations()
            .map(|it| format!("{} {} {}", estate.entity(it.from()).id(), it.kind(), estate.entity(it.to()).id()))
            .collect();
        assert_eq!(
            relations,
            [
                "https://token.actions.githubusercontent.com#repo:acme/till:* federates_to till-production/github-actions",
                "https://token.actions.githubusercontent.com#repo:acme/till:* federates_to till-test/github-actions",
                "modernisation-platform/groups/audit unmapped till-production",
                "modernisation-platform/groups/tills reads till-production",
                "modernisation-platform/groups/tills writes till-production",
                "modernisation-platform/groups/tills administers till-test",
                "modernisation-platform/groups/x unmapped till-test",
                "till-production/github-actions writes till-production",
                "till-test/github-actions writes till-test",
            ]
        );
        let environment = |id: &str| estate.environment(estate.find(id).expect("an account")).environment;
        assert_eq!((environment("till-production"), environment("till-test")), (Environment::Production, Environment::Testing));
        let levels = estate.reading().coverage.iter().find(|it| it.topic.ends_with("mapped")).expect("the coverage");
        assert_eq!((levels.known, levels.total), (3, 4));
    }
}
