//! [`Take`]: keeps of an object what is needed, by what it is.

use super::credentials;
use super::fields::{Fields, id_of};
use super::reading::{Link, Surroundings};
use super::shape::Shape;
use super::world::{
    Activation, Application, Bond, Consent, Federated, Holding, Kept, Object, Origin, RoleDefinition, RoleGrant, ServicePrincipal, Subject,
    World,
};
use crate::error::Place;
use crate::importers::ImportContext;

/// The taking of one record.
pub(super) struct Take<'t, 'c> {
    pub world: &'t mut World,
    pub context: &'t mut ImportContext<'c>,
    pub origin: Origin,
    pub place: Place,
}

pub(super) const NO_ID: &str = "an object without the id that its kind must have";
const NO_OWNER: &str = "a credential that does not say what it is of; export it within its application or service principal";
const NO_ACCOUNT: &str = "a key of a storage account that does not say of which; its value was dropped";
const NO_PARENT: &str =
    "a federated credential that does not say what it is of; export it with its `@odata.context`, or within its application";
const DELETED: &str = "the object is deleted";

impl Take<'_, '_> {
    /// Leaves out what stands at this place.
    pub fn skip(&mut self, reason: &str) {
        self.context.builder.skip(self.place.clone(), reason);
    }

    /// Notes a page of a list.
    pub fn page(&mut self, name: &str, more: bool) {
        let folder = self.place.source.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder).to_owned();
        let (follow, last) = self.world.seen.pages.entry((folder, name.to_owned())).or_default();
        *follow |= more;
        *last |= !more;
    }

    /// Notes that one object is owner or member of another.
    pub fn bond(&mut self, owner: bool, over: String, of: String) {
        let kept = self.keep(Bond { over, of });
        if owner { self.world.owners.push(kept) } else { self.world.members.push(kept) }
    }

    pub(super) fn keep<T>(&self, value: T) -> Kept<T> {
        Kept { value, origin: self.origin.clone() }
    }

    /// Keeps an object of a shape.
    pub fn object(&mut self, fields: &Fields, shape: Shape, around: &Surroundings) {
        if fields.has("deletedDateTime") {
            return self.skip(DELETED);
        }
        let kept = match shape {
            Shape::Organization => self.organization(fields),
            Shape::Application => self.application(fields),
            Shape::ServicePrincipal => self.service_principal(fields),
            Shape::User | Shape::Group | Shape::Device => self.directory_object(fields, shape),
            Shape::Registration => self.registration(fields),
            Shape::RoleGrant => self.role_grant(fields),
            Shape::Consent => self.consent(fields),
            Shape::Federated => return self.federated(fields, around.parent.as_deref()),
            Shape::Holding | Shape::Eligibility => self.holding(fields, shape == Shape::Eligibility),
            Shape::RoleDefinition | Shape::DirectoryRole => self.role(fields),
            Shape::RolePolicy => self.role_policy(fields),
            Shape::SignIn => self.sign_in(fields),
            Shape::Partner | Shape::CrossTenantDefault => self.partner(fields),
            Shape::Credential => return self.credential(fields, around.parent.as_deref()),
            Shape::StorageKey => return self.skip(NO_ACCOUNT),
            Shape::AzureRoleDefinition => self.azure_role(fields),
            Shape::AzureHolding => self.azure_holding(fields),
            Shape::AzureResource | Shape::Subscription => self.azure_resource(fields, shape == Shape::Subscription),
            Shape::VaultItem => self.vault_item(fields),
            Shape::GroupHolding => self.group_holding(fields),
            Shape::AdministrativeUnit => self.unit(fields),
            Shape::ScopedRole => self.scoped_role(fields),
            Shape::AccessPolicy => self.access_rule(fields),
            Shape::SecurityDefaults => self.security_defaults(fields),
            Shape::Delegation => self.delegation(fields),
            Shape::Delegated => return self.delegated(fields, around.parent.as_deref()),
        };
        if kept.is_none() {
            return self.skip(NO_ID);
        }
        let id = fields.first_id(&["id", "objectId"]).unwrap_or_default();
        self.bonds_of(fields, &id);
        match (around.link, &around.parent) {
            (Some(link), Some(parent)) => self.bond(link == Link::Owners, parent.clone(), id),
            (Some(_), None) => self.world.seen.unbound += 1,
            _ => {}
        }
    }

    /// What `$expand` puts into an object.
    fn bonds_of(&mut self, fields: &Fields, id: &str) {
        for inner in fields.objects("scopedRoleMembers") {
            self.object(&inner, Shape::ScopedRole, &Surroundings::default());
        }
        for (list, owner) in [("owners", true), ("members", false)] {
            for inner in fields.objects(list) {
                if let Some(of) = inner.id("id") {
                    self.bond(owner, id.to_owned(), of);
                }
                if let Some(shape) = Shape::of(&inner, None) {
                    self.object(&inner, shape, &Surroundings::default());
                }
            }
        }
        for list in ["appRoleAssignments", "appRoleAssignedTo", "oauth2PermissionGrants", "federatedIdentityCredentials"] {
            let around = Surroundings { parent: Some(id.to_owned()), hint: Shape::named(list), ..Surroundings::default() };
            for inner in fields.objects(list) {
                if let Some(shape) = Shape::of(&inner, around.hint) {
                    self.object(&inner, shape, &around);
                }
            }
        }
    }

    fn organization(&mut self, fields: &Fields) -> Option<()> {
        let id = fields.first_id(&["tenantId", "id"])?.trim_start_matches("/tenants/").to_owned();
        // What AzureHound says of itself stands in each of its records, so that no folder is claimed by it.
        if !self.origin.omits_false {
            self.world.tenants.learn(self.origin.input, &id);
        }
        self.origin.tenant = Some(id);
        let name = fields.owned("displayName");
        let kept =
            self.keep(Object { id: self.origin.tenant.clone()?, name, created_at: fields.instant("createdDateTime"), ..Object::default() });
        self.world.tenants.described.push(kept);
        Some(())
    }

    fn application(&mut self, fields: &Fields) -> Option<()> {
        let app_id = fields.id("appId")?;
        if let Some(id) = fields.id("id") {
            self.world.registrations.insert(id, app_id.clone());
        }
        // A record that names its tenant says nothing of what stands beside it.
        if self.origin.tenant.is_none() {
            self.world.tenants.registered(self.origin.input, &app_id);
        }
        self.roles_of_application(fields, &app_id);
        let lock = fields.inner("servicePrincipalLockConfiguration");
        let locked = lock.map(|lock| {
            let on = |name: &str| lock.flag(name) == Some(true);
            on("isEnabled") && (on("allProperties") || on("credentialsWithUsageVerify"))
        });
        let kept = self.keep(Application {
            name: fields.owned("displayName"),
            created_at: fields.instant("createdDateTime"),
            credentials: credentials::of_object(fields, self.context.key),
            locked,
            app_id,
        });
        self.world.applications.push(kept);
        Some(())
    }

    fn service_principal(&mut self, fields: &Fields) -> Option<()> {
        let id = fields.first_id(&["id", "objectId"])?;
        let app_id = fields.id("appId");
        for owner in [Some(&id), app_id.as_ref()].into_iter().flatten() {
            self.roles_of_application(fields, owner);
        }
        // A single-tenant application stands in its own tenant only.
        let single = fields.text("signInAudience") == Some("AzureADMyOrg");
        if let Some(home) = fields.id("appOwnerOrganizationId").filter(|_| single && self.origin.tenant.is_none()) {
            self.world.tenants.at_home(self.origin.input, &home);
        }
        let resource = fields.texts("alternativeNames").into_iter().find(|name| name.starts_with("/subscriptions/"));
        self.world.seen.enabled_told |= fields.flag("accountEnabled") == Some(true) && self.origin.omits_false;
        let kept = self.keep(ServicePrincipal {
            id,
            app_id,
            name: fields.owned("displayName").or_else(|| fields.owned("appDisplayName")),
            managed: fields.text("servicePrincipalType").is_some_and(|kind| kind.eq_ignore_ascii_case("ManagedIdentity")),
            home: fields.id("appOwnerOrganizationId"),
            enabled: fields.flag("accountEnabled"),
            created_at: fields.instant("createdDateTime"),
            credentials: credentials::of_object(fields, self.context.key),
            resource: resource.map(|path| id_of(&path)),
            single,
            labels: Default::default(),
        });
        self.world.service_principals.push(kept);
        Some(())
    }

    /// The names of the permissions that an application defines.
    fn roles_of_application(&mut self, fields: &Fields, owner: &str) {
        for role in fields.objects("appRoles") {
            if let (Some(id), Some(value)) = (role.id("id"), role.text("value")) {
                self.world.permission_names.insert((owner.to_owned(), id), value.to_owned());
            }
        }
    }

    fn directory_object(&mut self, fields: &Fields, shape: Shape) -> Option<()> {
        let activity = fields.inner("signInActivity");
        let (addresses, guest_of) = if shape == Shape::User { addresses(fields) } else { Default::default() };
        self.world.seen.enabled_told |= fields.flag("accountEnabled") == Some(true) && self.origin.omits_false;
        let kept = self.keep(Object {
            id: fields.first_id(&["id", "objectId"])?,
            name: fields.owned("userPrincipalName").or_else(|| fields.owned("displayName")),
            enabled: fields.flag("accountEnabled"),
            created_at: fields.instant("createdDateTime"),
            last_used_at: activity
                .and_then(|activity| activity.instant("lastSuccessfulSignInDateTime").or_else(|| activity.instant("lastSignInDateTime"))),
            role_assignable: fields.flag("isAssignableToRole") == Some(true),
            addresses,
            guest_of,
            mfa: None,
        });
        match shape {
            Shape::User => self.world.users.push(kept),
            Shape::Group => self.world.groups.push(kept),
            _ => self.world.devices.push(kept),
        }
        Some(())
    }

    /// Whether a user registered a second factor. Only a registration, not that anything asks for it: so it is no proof of the factor.
    fn registration(&mut self, fields: &Fields) -> Option<()> {
        let mfa = fields.flag("isMfaRegistered");
        let kept = self.keep(Object { id: fields.id("id")?, name: fields.owned("userPrincipalName"), mfa, ..Object::default() });
        self.world.users.push(kept);
        Some(())
    }

    fn role_grant(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.grants = true;
        let (principal, resource, role) = (fields.id("principalId")?, fields.id("resourceId")?, fields.id("appRoleId")?);
        let kept = self.keep(RoleGrant { principal, resource, role, created_at: fields.instant("createdDateTime") });
        self.world.grants.push(kept);
        Some(())
    }

    fn consent(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.consents = true;
        let scopes = fields.text("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let kept = self.keep(Consent { client: fields.id("clientId")?, resource: fields.id("resourceId")?, scopes });
        self.world.consents.push(kept);
        Some(())
    }

    fn federated(&mut self, fields: &Fields, parent: Option<&str>) {
        self.world.seen.federated = true;
        let of_path = fields.id("id").and_then(|id| id.split_once("/federatedidentitycredentials/").map(|(owner, _)| owner.to_owned()));
        let Some(over) = of_path.or_else(|| parent.map(str::to_owned)).or_else(|| fields.first_id(&["applicationId", "appId"])) else {
            return self.skip(NO_PARENT);
        };
        let Some(issuer) = fields.text("issuer").map(|issuer| issuer.trim_end_matches('/').to_owned()) else { return self.skip(NO_ID) };
        let subject = match (fields.text("subject"), fields.inner("claimsMatchingExpression")) {
            (Some(subject), _) => Subject::Exact(subject.to_owned()),
            (None, expression) => expression.and_then(|inner| inner.text("value").and_then(subject_in)).unwrap_or(Subject::Unknown),
        };
        let kept = self.keep(Federated { over, issuer, subject });
        self.world.federated.push(kept);
    }

    fn holding(&mut self, fields: &Fields, eligible: bool) -> Option<()> {
        self.world.seen.holdings = true;
        self.world.seen.eligibility |= eligible;
        let schedule = fields.inner("scheduleInfo");
        let expiration = schedule.as_ref().and_then(|schedule| schedule.inner("expiration"));
        let kept = self.keep(Holding {
            role: fields.id("roleDefinitionId")?,
            principal: fields.id("principalId")?,
            scope: fields.id("directoryScopeId").unwrap_or_else(|| "/".to_owned()),
            eligible,
            from: fields.instant("startDateTime").or_else(|| schedule.as_ref().and_then(|schedule| schedule.instant("startDateTime"))),
            until: fields.instant("endDateTime").or_else(|| expiration.and_then(|expiration| expiration.instant("endDateTime"))),
        });
        self.world.holdings.push(kept);
        Some(())
    }

    fn role(&mut self, fields: &Fields) -> Option<()> {
        let id = fields.first_id(&["id", "templateId"])?;
        let template = fields.first_id(&["roleTemplateId", "templateId"]);
        for member in fields.objects("members").iter().filter_map(|member| member.id("id")) {
            self.world.seen.holdings = true;
            let kept =
                self.keep(Holding { role: id.clone(), principal: member, scope: "/".to_owned(), eligible: false, from: None, until: None });
            self.world.holdings.push(kept);
        }
        let permissions = fields.objects("rolePermissions");
        let actions = permissions.iter().flat_map(|permission| permission.texts("allowedResourceActions")).collect();
        let kept = self.keep(RoleDefinition { id, template, name: fields.owned("displayName"), actions });
        self.world.roles.push(kept);
        Some(())
    }

    /// What activating a role asks for: as Graph tells it in rules, and as AzureHound sums it up.
    fn role_policy(&mut self, fields: &Fields) -> Option<()> {
        let mut activation = Activation {
            approval: fields.flag("endUserAssignmentRequiresApproval") == Some(true),
            mfa: fields.flag("endUserAssignmentRequiresMFA") == Some(true)
                || fields.flag("endUserAssignmentRequiresCAPAuthenticationContext") == Some(true),
        };
        let policy = fields.inner("policy").unwrap_or_default();
        for rule in policy.objects("rules").iter().chain(&policy.objects("effectiveRules")) {
            if rule.text("id").is_some_and(|id| id.contains("EndUser_Assignment")) {
                let approval = rule.inner("setting").is_some_and(|setting| setting.flag("isApprovalRequired") == Some(true));
                activation.approval |= approval;
                activation.mfa |= rule.texts("enabledRules").iter().any(|word| word == "MultiFactorAuthentication");
            }
        }
        let role = fields.id("roleDefinitionId")?;
        // Of a group it says of which by its scope, and `member` or `owner` is the role.
        let of_group = fields.text("scopeType").is_some_and(|kind| kind.eq_ignore_ascii_case("Group"));
        let role = if of_group { activation_of(&fields.id("scopeId")?, &role) } else { role };
        let known = self.world.activations.entry(role).or_default();
        *known = Activation { approval: known.approval || activation.approval, mfa: known.mfa || activation.mfa };
        Some(())
    }

    fn sign_in(&mut self, fields: &Fields) -> Option<()> {
        self.world.seen.sign_ins = true;
        let app_id = fields.id("appId")?;
        if let Some(at) = fields.inner("lastSignInActivity").and_then(|activity| activity.instant("lastSignInDateTime")) {
            let kept = self.keep((app_id, at));
            self.world.sign_ins.push(kept);
        }
        Some(())
    }

    /// The reply to `addPassword`.
    fn credential(&mut self, fields: &Fields, parent: Option<&str>) {
        let Some(owner) = parent else { return self.skip(NO_OWNER) };
        let Some(credential) = credentials::password(fields, self.context.key) else { return self.skip(NO_ID) };
        let kept = self.keep((owner.to_owned(), credential));
        self.world.loose_credentials.push(kept);
    }
}

/// Under what the policy of a group's members or owners is kept.
pub(super) fn activation_of(group: &str, role: &str) -> String {
    format!("{group}/{role}")
}

/// The addresses of a user, and that of the account at home where it is a guest: `ann_acme.example#EXT#@other.example` is `ann@acme.example`.
fn addresses(fields: &Fields) -> (Vec<String>, Option<String>) {
    let name = fields.id("userPrincipalName");
    let own = name.iter().cloned().chain(fields.id("mail")).collect();
    let invited = name.as_deref().and_then(|name| name.split_once("#ext#")).and_then(|(home, _)| home.rsplit_once('_'));
    let guest = fields.text("userType").is_some_and(|kind| kind.eq_ignore_ascii_case("Guest"));
    let home = invited.map(|(name, domain)| format!("{name}@{domain}")).or_else(|| fields.id("mail").filter(|_| guest));
    (own, home)
}

/// The subject that an expression over claims asks for: `claims['sub'] eq 'x'`, `claims['sub'] matches 'x*'`; more than that is not read.
fn subject_in(expression: &str) -> Option<Subject> {
    let rest = expression.trim().strip_prefix("claims['sub']")?.trim_start();
    let (pattern, quoted) = match (rest.strip_prefix("eq "), rest.strip_prefix("matches ")) {
        (Some(quoted), _) => (false, quoted),
        (_, Some(quoted)) => (true, quoted),
        _ => return None,
    };
    let text = quoted.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    let plain = !text.contains('\'');
    plain.then(|| if pattern { Subject::Pattern(text.to_owned()) } else { Subject::Exact(text.to_owned()) })
}
