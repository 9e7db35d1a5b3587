//! [`Gather`]: takes an output apart into what the world keeps.

use super::export::{self, Output, When, labels};
use super::names::{Arn, account_in, control_policy_in, member_in};
use super::reading::{part, policy, principal_lists};
use super::world::{AccessKey, ControlKind, KeyUse, ManagedSecret, Member, Principal, PrincipalKind, World};
use crate::error::Place;
use crate::importers::ImportContext;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What the parts of one output go into.
pub(super) struct Gather<'w, 'c, 'b> {
    pub world: &'w mut World,
    pub place: &'w Place,
    pub context: &'c mut ImportContext<'b>,
}

const NO_ARN: &str = "a user, role, group, policy or secret without its ARN";
const NO_ID: &str = "an account, root or unit without its id";
const UNNAMED_POLICY: &str = "a policy that does not say what it stands on; put the `Arn` beside it";
const UNNAMED_VERSION: &str = "a version of a policy that does not say of which; put the `PolicyArn` beside it";
const UNNAMED_ATTRIBUTES: &str = "attributes without the ARN of their queue or topic; ask for all of them";
const UNNAMED_SERVICES: &str = "last accessed services that do not say whose; put the `Arn` beside them";
const UNNAMED_TAGS: &str = "tags that do not say whose; put the `Arn` beside them, or the number of the account in the name of the file";
const UNNAMED_TARGETS: &str = "targets that do not say of which policy; put the `PolicyId` beside them, or in the name of the file";
const OTHER_POLICY: &str = "a policy of Organizations that is neither a service nor a resource control policy; it gives and takes no right";

impl Gather<'_, '_, '_> {
    pub(super) fn skip(&mut self, reason: &'static str) {
        self.context.builder.skip(self.place.clone(), reason);
    }

    pub(super) fn part<'a, T: serde::Deserialize<'a>>(&mut self, text: &'a RawValue) -> Option<T> {
        part(text, self.place, self.context)
    }

    /// Users, roles and groups.
    pub fn principals(&mut self, output: &Output<'_>) -> bool {
        let mut any = [&output.user_detail_list, &output.role_detail_list, &output.group_detail_list].iter().any(|list| list.is_some());
        self.world.seen.details |= any;
        for (kind, detailed, text) in principal_lists(output) {
            any = true;
            let Some(read) = self.part::<export::Principal<'_>>(text) else { continue };
            let Some(arn) = read.arn.clone().filter(|arn| Arn::parse(arn).is_some()) else {
                self.skip(NO_ARN);
                continue;
            };
            let principal = self.principal(kind, detailed, &arn, read);
            match self.world.principals.get_mut(&arn) {
                None => drop(self.world.principals.insert(arn, principal)),
                Some(known) => merge(known, principal),
            }
        }
        any
    }

    fn principal(&mut self, kind: PrincipalKind, detailed: bool, arn: &str, read: export::Principal<'_>) -> Principal {
        let inline = read
            .inline
            .into_iter()
            .filter_map(|own| Some((own.policy_name.unwrap_or_default(), policy(own.policy_document, self.place, self.context)?)));
        let inline = inline.collect();
        let profiles = read
            .instance_profile_list
            .into_iter()
            .filter_map(|profile| Some((profile.arn?, profile.instance_profile_name.unwrap_or_default())));
        let role_used = read.role_last_used.and_then(|used| When::instant(used.last_used_date));
        Principal {
            kind,
            name: read.name.unwrap_or_else(|| Arn::parse(arn).map(|arn| arn.name().to_owned()).unwrap_or_default()),
            unique_id: read.unique_id,
            created_at: When::instant(read.create_date),
            last_used_at: role_used.or(When::instant(read.password_last_used)),
            labels: labels(read.tags),
            detailed,
            groups: read.group_list.into_iter().collect(),
            inline,
            attached: read.attached_managed_policies.into_iter().map(|attached| attached.policy_arn).collect(),
            boundary: read.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn),
            trust: policy(read.assume_role_policy_document, self.place, self.context),
            instance_profiles: profiles.collect(),
            position: self.context.builder.position(),
        }
    }

    /// Accounts, roots, units and the organization.
    pub fn organization(&mut self, output: &Output<'_>) -> bool {
        let mut any = false;
        let lists = [&output.accounts, &output.roots, &output.organizational_units];
        let members = lists.into_iter().flatten().flatten().chain(&output.account);
        for text in members {
            any = true;
            let Some(read) = self.part::<export::Member>(text) else { continue };
            self.member(read);
        }
        if let Some(read) = output.organization.and_then(|text| self.part::<export::Member>(text)) {
            any = true;
            self.world.organization = read.id.or(self.world.organization.take());
            self.world.management_account = read.master_account_id.or(self.world.management_account.take());
        }
        self.world.seen.organization |= any;
        // The parent of one member, or its tags, in an output that does not say of whom.
        if let (Some(parents), Some(child)) =
            (&output.parents, output.target_id.clone().or_else(|| member_in(&self.place.source).map(str::to_owned)))
        {
            any = true;
            let parent = parents.first().and_then(|text| self.part::<export::ParentOf>(text));
            self.world.members.entry(child).or_default().parent = parent.map(|parent| parent.id);
        }
        any | self.tags(output)
    }

    fn member(&mut self, read: export::Member) {
        let Some(id) = read.id else { return self.skip(NO_ID) };
        // `o-…/r-…/ou-…/ACCOUNT/`: each stands in the one before.
        let path: Vec<&str> = read.paths.first().map(|path| path.split('/').filter(|part| !part.is_empty()).collect()).unwrap_or_default();
        for pair in path.windows(2) {
            self.world.members.entry(pair[1].to_owned()).or_default().parent.get_or_insert_with(|| pair[0].to_owned());
        }
        let partition = read.arn.as_deref().and_then(Arn::parse).map(|arn| arn.partition.to_owned());
        let organization =
            read.arn.as_deref().and_then(Arn::parse).and_then(|arn| arn.resource.split('/').find(|part| part.starts_with("o-")));
        let organization = organization.map(str::to_owned);
        let position = self.context.builder.position();
        let member = self.world.members.entry(id).or_default();
        let known = std::mem::take(&mut member.labels);
        *member = Member {
            name: read.name.or(member.name.take()),
            parent: read.parent_id.or(read.parents.into_iter().next().map(|parent| parent.id)).or(member.parent.take()),
            labels: known.into_iter().chain(labels(read.tags)).collect(),
            created_at: When::instant(read.joined_timestamp).or(member.created_at),
            suspended: member.suspended || matches!(read.status.as_deref(), Some("SUSPENDED" | "PENDING_CLOSURE")),
            partition: partition.or(member.partition.take()),
            position,
        };
        if self.world.organization.is_none() {
            self.world.organization = organization;
        }
    }

    /// Tags on their own.
    fn tags(&mut self, output: &Output<'_>) -> bool {
        let others = output.name.is_some() || output.secret_list.is_some() || principal_lists(output).next().is_some();
        let Some(text) = output.tags.filter(|_| !others) else { return false };
        let of_arn = |arn: &String| match Arn::parse(arn) {
            // Members of an organization are known by their ids.
            Some(arn) if arn.service == "organizations" => arn.name().to_owned(),
            _ => arn.clone(),
        };
        let owner = output.arn.as_ref().map(of_arn).or_else(|| output.target_id.clone());
        let owner = owner.or_else(|| member_in(&self.place.source).map(str::to_owned));
        match (owner, self.part::<Vec<export::Tag>>(text)) {
            (Some(owner), Some(tags)) => self.world.tags.entry(owner).or_default().extend(labels(Some(tags))),
            (None, _) => self.skip(UNNAMED_TAGS),
            _ => {}
        }
        true
    }

    /// Access keys and their last use.
    pub fn keys(&mut self, output: &Output<'_>) -> bool {
        let of_arn = output.arn.as_deref().and_then(super::iam::principal::account_of);
        let account = of_arn.or_else(|| account_in(&self.place.source)).map(str::to_owned);
        for text in output.access_key_metadata.iter().flatten() {
            self.world.seen.keys = true;
            let Some(read) = self.part::<export::AccessKey>(text) else { continue };
            let key = AccessKey {
                user: read.user_name.or_else(|| output.user_name.clone()).unwrap_or_default(),
                account: account.clone(),
                active: read.status.map(|status| status == "Active"),
                created_at: When::instant(read.create_date),
                last_used_at: When::instant(read.last_used_date),
                position: self.context.builder.position(),
            };
            self.world.access_keys.insert(read.access_key_id, key);
        }
        if let Some(used) = output.access_key_last_used.and_then(|text| self.part::<export::AccessKeyLastUsed>(text)) {
            let use_of_key = KeyUse {
                user: output.user_name.clone(),
                key: output.key_id.clone(),
                last_used_at: When::instant(used.last_used_date),
                place: self.place.clone(),
            };
            self.world.key_uses.push(use_of_key);
        }
        output.access_key_metadata.is_some() || output.access_key_last_used.is_some()
    }

    /// Secrets of the Secrets Manager.
    pub fn secrets(&mut self, output: &Output<'_>) -> bool {
        let is_secret = |arn: &str| Arn::parse(arn).is_some_and(|arn| arn.service == "secretsmanager");
        for text in output.secret_list.iter().flatten() {
            if let Some(read) = self.part::<export::Secret>(text) {
                self.secret(read);
            }
        }
        self.world.seen.secrets |= output.secret_list.is_some();
        let Some(arn) = output.arn.clone().filter(|arn| output.versions.is_some() && is_secret(arn)) else {
            return output.secret_list.is_some();
        };
        let versions: Vec<export::SecretVersion> = output.versions.iter().flatten().filter_map(|text| self.part(text)).collect();
        let current = versions.into_iter().find(|version| version.version_stages.iter().any(|stage| stage == "AWSCURRENT"));
        if let Some(written) = current.and_then(|version| When::instant(version.created_date)) {
            self.world.written.insert(arn, written);
        }
        true
    }

    /// One secret, of a list or on its own.
    pub fn secret(&mut self, read: export::Secret) {
        self.world.seen.secrets = true;
        let Some(arn) = read.arn else { return self.skip(NO_ARN) };
        let secret = ManagedSecret {
            name: read.name,
            key: read.kms_key_id,
            // The last change may be that of a tag, so it says nothing of the value.
            rotated_at: When::instant(read.last_rotated_date),
            created_at: When::instant(read.created_date),
            last_used_at: When::instant(read.last_accessed_date),
            deleted: read.deleted_date.is_some(),
            owner: read.owning_service,
            labels: labels(read.tags),
            position: self.context.builder.position(),
        };
        self.world.secrets.insert(arn, secret);
    }

    /// Managed policies, service control policies and the policies of resources.
    pub fn policies(&mut self, output: &Output<'_>) -> bool {
        for text in output.policies.iter().flatten().chain(output.policy.iter().filter(|text| text.get().starts_with('{'))) {
            if let Some(read) = self.part::<export::ManagedPolicy<'_>>(text) {
                self.managed_policy(read, output);
            }
        }
        if let Some(text) = output.policy_summary {
            let targets = output.targets.clone().unwrap_or_default();
            self.managed_policy(export::ManagedPolicy { policy_summary: Some(text), targets, ..Default::default() }, output);
        }
        self.policy_version(output);
        self.attributes(output);
        if output.targets.is_some() && output.policy_summary.is_none() && output.policy.is_none() {
            self.targets(output);
        }
        let bucket =
            output.bucket.as_ref().map(|bucket| if bucket.starts_with("arn:") { bucket.clone() } else { format!("arn:aws:s3:::{bucket}") });
        let stands_on = output.arn.clone().or(bucket).or_else(|| output.key_id.clone()).filter(|arn| Arn::parse(arn).is_some());
        let text = output.policy.filter(|text| text.get().starts_with('"')).or(output.resource_policy);
        if let Some(text) = text {
            match stands_on {
                None => self.skip(UNNAMED_POLICY),
                Some(arn) => {
                    if let Some(policy) = policy(Some(text), self.place, self.context) {
                        self.world.resource_policies.insert(arn, policy);
                    }
                }
            }
        }
        let any =
            output.policies.is_some() || output.policy.is_some() || output.policy_summary.is_some() || output.resource_policy.is_some();
        any || output.targets.is_some() || output.policy_version.is_some() || output.attributes.is_some()
    }

    /// One version of a managed policy. What is not in force decides nothing.
    fn policy_version(&mut self, output: &Output<'_>) {
        let Some(read) = output.policy_version.and_then(|text| self.part::<export::PolicyVersion<'_>>(text)) else { return };
        let Some(arn) = output.policy_arn.clone().or_else(|| output.arn.clone()) else { return self.skip(UNNAMED_VERSION) };
        if let Some(policy) = policy(read.document, self.place, self.context).filter(|_| read.is_default_version) {
            self.world.policies.insert(arn, policy);
        }
    }

    /// The attributes of a queue or topic: the policy that stands on it.
    fn attributes(&mut self, output: &Output<'_>) {
        let Some(read) = output.attributes.and_then(|text| self.part::<export::Attributes<'_>>(text)) else { return };
        let Some(arn) = read.queue_arn else { return self.skip(UNNAMED_ATTRIBUTES) };
        let text = read.policy.filter(|text| text.get() != "\"\"");
        if let Some(policy) = policy(text, self.place, self.context) {
            self.world.resource_policies.insert(arn, policy);
        }
    }

    /// What a policy of Organizations is attached to, on its own.
    fn targets(&mut self, output: &Output<'_>) {
        let id = output.policy_id.clone().or_else(|| control_policy_in(&self.place.source).map(str::to_owned));
        let Some(id) = id else { return self.skip(UNNAMED_TARGETS) };
        let targets: Vec<export::Target> = output.targets.iter().flatten().filter_map(|text| self.part(text)).collect();
        self.world.control.entry(id).or_default().targets.extend(targets.into_iter().map(|target| target.target_id));
    }

    /// The target whose policies an output lists: put beside them, or in the name of a file that says so.
    fn target_of_list(&self, output: &Output<'_>) -> Option<String> {
        let told = || Some(self.place.source.as_str()).filter(|source| source.contains("policies-for")).and_then(member_in);
        output.target_id.clone().or_else(|| told().map(str::to_owned))
    }

    fn managed_policy(&mut self, read: export::ManagedPolicy<'_>, output: &Output<'_>) {
        let summary = read.policy_summary.and_then(|text| self.part::<export::ManagedPolicy<'_>>(text));
        let (arn, kind) = match summary {
            Some(summary) => (summary.arn, summary.kind),
            None => (read.arn, read.kind),
        };
        let Some(arn) = arn else { return self.skip(NO_ARN) };
        let control = match kind.as_deref() {
            Some("RESOURCE_CONTROL_POLICY") => ControlKind::Resource,
            _ => ControlKind::Service,
        };
        match kind.as_deref() {
            Some("SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY") => {
                let content = read.content.and_then(|text| policy(Some(text), self.place, self.context));
                let targets: Vec<export::Target> =
                    read.targets.iter().chain(output.targets.iter().flatten()).filter_map(|text| self.part(text)).collect();
                self.world.seen.control_policies |= content.is_some();
                let target = self.target_of_list(output).filter(|_| output.policies.is_some());
                let id = Arn::parse(&arn).map_or(arn.as_str(), |arn| arn.name()).to_owned();
                let policy = self.world.control.entry(id).or_default();
                policy.kind = control;
                policy.document = content.or(policy.document.take());
                policy.targets.extend(targets.into_iter().map(|target| target.target_id).chain(target));
            }
            Some(_) => self.skip(OTHER_POLICY),
            None => {
                let version = read.policy_version_list.iter().find(|version| version.is_default_version);
                if let Some(policy) = policy(version.and_then(|version| version.document), self.place, self.context) {
                    self.world.policies.insert(arn, policy);
                }
            }
        }
    }

    /// When a principal last used each service.
    pub fn services(&mut self, output: &Output<'_>) -> bool {
        let Some(list) = &output.services_last_accessed else { return false };
        let Some(arn) = output.arn.clone() else {
            self.skip(UNNAMED_SERVICES);
            return true;
        };
        let read: Vec<export::ServiceLastAccessed> = list.iter().filter_map(|text| self.part(text)).collect();
        let used: BTreeMap<_, _> =
            read.into_iter().map(|service| (service.service_namespace, When::instant(service.last_authenticated))).collect();
        self.world.services.entry(arn).or_default().extend(used);
        true
    }
}

/// Adds what a second output says of a principal.
fn merge(known: &mut Principal, more: Principal) {
    known.created_at = known.created_at.or(more.created_at);
    known.last_used_at = known.last_used_at.max(more.last_used_at);
    known.detailed |= more.detailed;
    known.groups.extend(more.groups);
    known.inline.extend(more.inline);
    known.attached.extend(more.attached);
    known.boundary = known.boundary.take().or(more.boundary);
    known.trust = known.trust.take().or(more.trust);
    known.instance_profiles.extend(more.instance_profiles);
    known.unique_id = known.unique_id.take().or(more.unique_id);
    for (key, value) in more.labels {
        known.labels.entry(key).or_insert(value);
    }
}
