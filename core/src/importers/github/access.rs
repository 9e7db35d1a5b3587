//! Who may do what with repositories: people, teams, keys, tokens, applications; and the runners and secrets of an owner.

use super::adding::{Adding, Gate, OPEN, PERHAPS};
use super::repositories::described;
use super::settings::{Access, Application, DeployKey, Installation, Owner, Purpose, Runner, Token};
use super::world::{Names, World};
use super::{ids, people, runners};
use crate::estate::EstateBuilder;
use crate::model::{
    Authentication, Identity, IdentityKind, Instant, Relation, RelationKind, Resource, ResourceKind, Right, Secret, SecretKind,
};

/// Adds who may do what with a repository.
pub(super) fn of_repository(adding: &mut Adding<'_>) {
    let settings = &adding.repository.settings;
    let pull_requests = ids::pull_requests(&adding.id);
    let opens = adding.builder.get(&pull_requests).is_some();
    for (login, access) in &settings.collaborators {
        adding.builder.resume(access.position);
        let id = people::add_user(login, adding.builder);
        adding.builder.relate(over(&id, people::access(adding.of_owner, &access.value), &adding.id, OPEN));
        if opens {
            adding.builder.relate(PERHAPS.on(Relation::new(&id, RelationKind::MemberOf, &pull_requests)).permission("pull"));
        }
    }
    for (team, access) in &settings.teams {
        adding.builder.resume(access.position);
        let id = people::add_team(adding.of_owner, &adding.tenant, team, adding.builder);
        adding.builder.relate(over(&id, people::access(adding.of_owner, &access.value), &adding.id, OPEN));
    }
    for (number, key) in &settings.deploy_keys {
        adding.builder.resume(key.position);
        deploy_key(adding, *number, &key.value);
    }
    for (number, runner) in &settings.runners {
        adding.builder.resume(runner.position);
        let id = adding.id.clone();
        add_runner(adding.builder, &id, &adding.tenant.clone(), *number, &runner.value);
    }
    other_secrets(adding);
    let any_branch = ids::any_branch(&adding.id);
    for runner in runners::usable(adding) {
        adding.builder.relate(Relation::new(&any_branch, RelationKind::RunsOn, runner).permission("runs-on"));
    }
}

/// The secrets of Codespaces and Dependabot: whoever may write opens a codespace with the first; the second go to jobs that Dependabot starts, whose code
/// whoever writes may change, possibly.
fn other_secrets(adding: &mut Adding<'_>) {
    let own = adding.repository.settings.other_secrets.iter();
    let own: Vec<_> = own.map(|(key, kept)| (adding.id.clone(), key, kept, OPEN)).collect();
    let of_owner = adding.of_owner.into_iter().flat_map(|owner| owner.other_secrets.iter().map(move |(key, kept)| (owner, key, kept)));
    let seen = of_owner.filter_map(|(owner, key, kept)| {
        let sees = match kept.value.visibility.as_deref() {
            Some("all") => Some(true),
            Some("private") => adding.repository.settings.is_private,
            _ => owner.other_secret_repositories.get(key).map(|names| names.contains(adding.name)),
        };
        (sees != Some(false)).then_some((adding.tenant.clone(), key, kept, OPEN.sure(sees == Some(true))))
    });
    let all: Vec<_> = own.into_iter().chain(seen).collect();
    for (container, (purpose, name), kept, gate) in all {
        adding.builder.resume(kept.position);
        let id = ids::of(&container, &format!("{}-secrets", purpose.word()), name);
        adding.builder.add(described(&adding.tenant, &id, name, &kept.value));
        let stores = Relation::new(&adding.id, RelationKind::Stores, id).requiring(Right::Write).permission(purpose.word());
        adding.builder.relate(gate.sure(*purpose == Purpose::Codespaces).on(stores));
    }
}

fn deploy_key(adding: &mut Adding<'_>, number: u64, key: &DeployKey) {
    let id = ids::deploy_key(&adding.id, number);
    let secret = ids::of(&id, "keys", "private");
    adding.builder.add(Identity {
        name: key.title.clone(),
        tenant: Some(adding.tenant.clone()),
        owner: key.added_by.clone(),
        enabled: key.is_enabled,
        created_at: key.created_at,
        last_used_at: key.last_used,
        authentication: vec![Authentication::StaticSecret],
        ..Identity::new(&id, IdentityKind::ApiClient)
    });
    adding.builder.add(Secret {
        name: key.title.clone(),
        tenant: Some(adding.tenant.clone()),
        owner: key.added_by.clone(),
        created_at: key.created_at,
        last_used_at: key.last_used,
        ..Secret::new(&secret, SecretKind::SshKey)
    });
    adding.builder.relate(Relation::new(&secret, RelationKind::AuthenticatesAs, &id).permission("deploy key"));
    let access = if key.writes { Access::Write } else { Access::Read };
    adding.builder.relate(over(&id, access, &adding.id, OPEN));
}

/// Adds what an owner has beside its repositories.
pub(super) fn of_owner(world: &World, name: &str, owner: &Owner, builder: &mut EstateBuilder) {
    let tenant = ids::owner(name);
    for (secret, facts) in owner.secrets.iter().flatten() {
        builder.resume(facts.position);
        builder.add(described(&tenant, &ids::of(&tenant, "secrets", secret), secret, &facts.value));
    }
    for (number, runner) in &owner.runners {
        builder.resume(runner.position);
        add_runner(builder, &tenant, &tenant, *number, &runner.value);
    }
    for ((purpose, secret), facts) in &owner.other_secrets {
        builder.resume(facts.position);
        let id = ids::of(&tenant, &format!("{}-secrets", purpose.word()), secret);
        builder.add(described(&tenant, &id, secret, &facts.value));
    }
    people::of_owner(name, owner, builder);
    let mut everywhere = Everywhere { world, owner: name, tenant: &tenant, builder, is_added: false };
    for (number, installation) in &owner.installations {
        everywhere.builder.resume(installation.position);
        install(&mut everywhere, *number, &installation.value, owner.installation_repositories.get(number));
    }
    for (number, token) in &owner.tokens {
        everywhere.builder.resume(token.position);
        add_token(&mut everywhere, *number, &token.value, owner.token_repositories.get(number));
    }
    if let Some(access) = owner.base_permission {
        let members = ids::of(&tenant, "members", "all");
        let identity = Identity::new(&members, IdentityKind::Group);
        everywhere.builder.add(Identity { name: Some("members".to_owned()), tenant: Some(tenant.clone()), ..identity });
        everywhere.relate(&members, Some(access), Some("all"), None, None);
    }
}

/// Adds the applications that describe themselves.
pub(super) fn applications(world: &World, builder: &mut EstateBuilder) {
    for (slug, kept) in &world.applications {
        builder.resume(kept.position);
        let Application { name, owner, created_at } = kept.value.clone();
        let identity = Identity::new(format!("https://github.com/apps/{slug}"), IdentityKind::Application);
        builder.add(Identity { name: name.or(Some(slug.clone())), owner, created_at, ..identity });
    }
}

fn add_runner(builder: &mut EstateBuilder, container: &str, tenant: &str, number: u64, runner: &Runner) {
    let id = ids::of(container, "runners", &number.to_string());
    builder.add(Resource { name: Some(runner.name.clone()), tenant: Some(tenant.to_owned()), ..Resource::new(id, ResourceKind::Runner) });
}

fn install(everywhere: &mut Everywhere<'_>, number: u64, installation: &Installation, repositories: Option<&Names>) {
    let id = ids::of(everywhere.tenant, "installations", &number.to_string());
    everywhere.builder.add(Identity {
        name: installation.slug.clone(),
        tenant: Some(everywhere.tenant.to_owned()),
        vendor: installation.slug.clone(),
        enabled: Some(!installation.is_suspended),
        created_at: installation.created_at,
        ..Identity::new(&id, IdentityKind::ThirdPartyIntegration)
    });
    if let Some(slug) = &installation.slug {
        let application = format!("https://github.com/apps/{slug}");
        everywhere.builder.add(Identity { name: Some(slug.clone()), ..Identity::new(&application, IdentityKind::Application) });
        everywhere.builder.relate(Relation::new(application, RelationKind::Instantiates, &id).permission("installation"));
    }
    everywhere.relate(
        &id,
        Access::of_permissions(&installation.access),
        installation.selection.as_deref(),
        repositories,
        installation.created_at,
    );
}

fn add_token(everywhere: &mut Everywhere<'_>, number: u64, token: &Token, repositories: Option<&Names>) {
    let id = ids::of(everywhere.tenant, "personal-access-tokens", &number.to_string());
    let secret = ids::of(&id, "tokens", "value");
    let never = token.tells_end && token.expires_at.is_none() && token.is_expired != Some(true);
    let expires_at = token.expires_at.or(never.then_some(Instant::NEVER));
    everywhere.builder.add(Identity {
        name: token.name.clone(),
        tenant: Some(everywhere.tenant.to_owned()),
        owner: token.owner.clone(),
        expires_at,
        last_used_at: token.last_used,
        authentication: vec![Authentication::StaticSecret],
        ..Identity::new(&id, IdentityKind::ApiClient)
    });
    everywhere.builder.add(Secret {
        name: token.name.clone(),
        tenant: Some(everywhere.tenant.to_owned()),
        owner: token.owner.clone(),
        expires_at,
        last_used_at: token.last_used,
        revoked: (token.is_expired == Some(true) && token.expires_at.is_none()).then_some(true),
        ..Secret::new(&secret, SecretKind::Token)
    });
    everywhere.builder.relate(Relation::new(&secret, RelationKind::AuthenticatesAs, &id).permission("personal access token"));
    if let Some(login) = &token.owner {
        let user = people::add_user(login, everywhere.builder);
        everywhere.builder.relate(Relation::new(&user, RelationKind::Uses, &secret).permission("personal access token"));
    }
    everywhere.relate(&id, Access::of_permissions(&token.access), token.selection.as_deref(), repositories, token.granted_at);
}

/// The repositories of an owner, for whoever may reach all of them: a collection, so that relations grow with both and not with their product.
struct Everywhere<'a> {
    world: &'a World,
    owner: &'a str,
    tenant: &'a str,
    builder: &'a mut EstateBuilder,
    is_added: bool,
}

impl Everywhere<'_> {
    /// What somebody may do, in the repositories that are selected.
    fn relate(&mut self, id: &str, access: Option<Access>, selection: Option<&str>, selected: Option<&Names>, granted_at: Option<Instant>) {
        let Some(access) = access else { return };
        let over = |repository: &str, gate| Relation { granted_at, ..over(id, access, repository, gate) };
        match (selection, selected) {
            (Some("none"), _) => {}
            (Some("all"), _) => {
                let all = self.all();
                self.builder.relate(over(&all, OPEN));
            }
            (_, Some(names)) => {
                names.iter().for_each(|name| self.builder.relate(over(&ids::repository(self.owner, name), OPEN)));
            }
            // Which ones nobody says.
            (_, None) => {
                let all = self.all();
                self.builder.relate(over(&all, PERHAPS));
            }
        }
    }

    fn all(&mut self) -> String {
        let id = ids::of(self.tenant, "repositories", "all");
        if !self.is_added {
            self.is_added = true;
            let resource = Resource::new(&id, ResourceKind::Other);
            self.builder.add(Resource { name: Some("repositories".to_owned()), tenant: Some(self.tenant.to_owned()), ..resource });
            for (owner, name) in self.world.repositories.keys().filter(|(owner, _)| owner == self.owner) {
                let repository = ids::repository(owner, name);
                for right in [Right::Read, Right::Write, Right::Control] {
                    let relation = Relation::new(&id, RelationKind::Custom, &repository).requiring(right).granting(right);
                    self.builder.relate(relation.permission("repository"));
                }
            }
        }
        id
    }
}

/// What somebody may do with a repository. Who may write may read.
fn over(id: &str, access: Access, repository: &str, gate: Gate) -> Relation {
    let (kind, permission) = match access {
        Access::Administer => (RelationKind::Administers, "admin"),
        Access::Write => (RelationKind::Writes, "push"),
        Access::Read => (RelationKind::Reads, "pull"),
    };
    gate.on(Relation::new(id, kind, repository)).permission(permission)
}
