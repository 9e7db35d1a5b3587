//! [`Reading`]: takes inputs record by record, keeps what is needed of each, and adds it all when the last was read.

use super::export::{self, Output};
use super::iam::document::PolicyDocument;
use super::world::{PrincipalKind, World};
use super::{add, gather, report};
use crate::error::{Place, Result, json_reason};
use crate::importers::records::{Record, Records};
use crate::importers::{ImportContext, ImportReading, Input};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A reading of any number of outputs.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) world: World,
}

/// How many records are read between two looks at the observer.
const STEP: u64 = 1024;
const NO_OUTPUT: &str = "no output of AWS that this reader knows";
const NOT_GATHERED: &str = "stands beside outputs of AWS under a name of its own, and is none that this reader knows";
const BARE_POLICY: &str = "a policy on its own says neither who holds it nor what it stands on; put its `Arn` beside it";
const NO_REPORT: &str = "the credential report has no content; generate it and get it again";
const NOT_BASE64: &str = "the content of the credential report is neither base64 nor a table";
const NO_KEY: &str = "the last use of a key that it does not name: its user has none in the input, or several; put the `KeyId` beside it";
pub(super) const NO_TYPE: &str = "a field of a wrong type";

pub(super) type Bad = (Place, &'static str);

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        if report::is_table(&input.bytes) {
            report::take(&mut self.world, &input.bytes, &Place::new(&input.name), context);
            return Ok(());
        }
        let mut records = Records::new(&input.name, &input.bytes)?;
        while let Some(record) = records.next() {
            if context.builder.record().is_multiple_of(STEP) {
                context.observer.check(records.taken(), input.bytes.len() as u64)?;
            }
            if let Err((place, reason)) = self.record(&record, context) {
                context.builder.skip(place, reason);
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        for place in self.world.settle_key_uses() {
            context.builder.skip(place, NO_KEY);
        }
        let position = context.builder.position();
        add::all(&self.world, context)?;
        context.builder.resume(position);
        Ok(())
    }
}

impl Reading {
    fn record(&mut self, record: &Record<'_>, context: &mut ImportContext<'_>) -> Result<(), Bad> {
        let place = record.place();
        let output: Output<'_> = record.parse()?;
        // `describe-secret`: the secret is the output.
        if output.is_secret() {
            let secret = record.parse()?;
            gather::Gather { world: &mut self.world, place: &place, context }.secret(secret);
            return Ok(());
        }
        if self.output(output, &place, context)? {
            return Ok(());
        }
        // Several outputs gathered under names of their own.
        let gathered: BTreeMap<String, &RawValue> = record.parse()?;
        let mut known = false;
        let mut left = Vec::new();
        for text in gathered.values().filter(|text| holds_records(text)) {
            let output = serde_json::from_str::<Output<'_>>(text.get()).map(|output| self.output(output, &place, context));
            match output {
                Ok(Ok(true)) => known = true,
                Ok(Ok(false)) | Err(_) => left.push((place.clone().field("gathered"), NOT_GATHERED)),
                Ok(Err(bad)) => left.insert(0, bad),
            }
        }
        if !known {
            return Err(left.into_iter().find(|(_, reason)| *reason != NOT_GATHERED).unwrap_or((place, NO_OUTPUT)));
        }
        left.into_iter().for_each(|(place, reason)| context.builder.skip(place, reason));
        Ok(())
    }

    /// Keeps what an output says; whether it is one.
    fn output(&mut self, output: Output<'_>, place: &Place, context: &mut ImportContext<'_>) -> Result<bool, Bad> {
        let world = &mut self.world;
        let mut gather = gather::Gather { world, place, context };
        let mut known = gather.principals(&output);
        known |= gather.organization(&output);
        known |= gather.keys(&output);
        known |= gather.secrets(&output);
        known |= gather.policies(&output);
        known |= gather.services(&output);
        known |= gather.pod_identities(output.pod_identity_associations.as_ref(), output.pod_identity_association);
        if output.report_format.is_some() {
            known = true;
            let content = output.content.as_deref().filter(|content| !content.is_empty()).ok_or((place.clone(), NO_REPORT))?;
            let table = report::decoded(content).ok_or((place.clone(), NOT_BASE64))?;
            report::take(&mut self.world, &table, place, context);
        }
        if !known && output.statement.is_some() {
            return Err((place.clone(), BARE_POLICY));
        }
        if let Some(list) = paged(&output) {
            let more = output.is_truncated == Some(true) || output.marker.is_some();
            self.world.pages.entry(list).or_default()[usize::from(!more)] += 1;
        }
        Ok(known)
    }
}

/// Whether something that stands under a name holds an object, and so perhaps what AWS said; a flag or a name beside it does not.
fn holds_records(text: &RawValue) -> bool {
    text.get().starts_with(['{', '[']) && text.get().contains('"') && text.get().contains('{')
}

/// What an output lists that AWS gives in pages.
fn paged(output: &Output<'_>) -> Option<&'static str> {
    let details = [&output.user_detail_list, &output.group_detail_list, &output.role_detail_list];
    let lists = [
        (details.iter().any(|list| list.is_some()), "details"),
        (output.users.is_some(), "users"),
        (output.roles.is_some(), "roles"),
        (output.secret_list.is_some(), "secrets"),
        (output.accounts.is_some(), "accounts"),
        (output.services_last_accessed.is_some(), "services"),
    ];
    lists.into_iter().find_map(|(is, list)| is.then_some(list))
}

/// Reads a policy, or says why not and goes on.
pub(super) fn policy(text: Option<&RawValue>, place: &Place, context: &mut ImportContext<'_>) -> Option<Rc<PolicyDocument>> {
    match PolicyDocument::parse(text?) {
        Ok(policy) => Some(Rc::new(policy)),
        Err(reason) => {
            context.builder.skip(place.clone(), reason);
            None
        }
    }
}

/// Reads a part of an output, or says why not and goes on.
pub(super) fn part<'a, T: serde::Deserialize<'a>>(text: &'a RawValue, place: &Place, context: &mut ImportContext<'_>) -> Option<T> {
    match serde_json::from_str(text.get()) {
        Ok(part) => Some(part),
        Err(error) => {
            context.builder.skip(place.clone(), if error.is_data() { NO_TYPE } else { json_reason(&error) });
            None
        }
    }
}

/// The lists of principals of an output, with what they are.
pub(super) fn principal_lists<'o, 'a>(output: &'o Output<'a>) -> impl Iterator<Item = (PrincipalKind, bool, &'a RawValue)> + use<'o, 'a> {
    let list = |list: &'o Option<Vec<&'a RawValue>>, kind, detailed| list.iter().flatten().map(move |text| (kind, detailed, *text));
    let one = |one: &'o Option<&'a RawValue>, kind| one.iter().map(move |text| (kind, false, *text));
    list(&output.user_detail_list, PrincipalKind::User, true)
        .chain(list(&output.role_detail_list, PrincipalKind::Role, true))
        .chain(list(&output.group_detail_list, PrincipalKind::Group, true))
        .chain(list(&output.users, PrincipalKind::User, false))
        .chain(list(&output.roles, PrincipalKind::Role, false))
        .chain(list(&output.groups, PrincipalKind::Group, false))
        .chain(one(&output.user, PrincipalKind::User))
        .chain(one(&output.role, PrincipalKind::Role))
}

/// Whether an output has anything that this reader knows; for detection.
pub(super) fn is_output(output: &export::Output<'_>) -> bool {
    principal_lists(output).next().is_some()
        || [&output.user_detail_list, &output.role_detail_list, &output.group_detail_list].iter().any(|list| list.is_some())
        || [&output.access_key_metadata, &output.secret_list, &output.services_last_accessed].iter().any(|list| list.is_some())
        || output.access_key_last_used.is_some()
        || output.report_format.is_some()
        || output.arn.as_deref().is_some_and(|arn| arn.starts_with("arn:"))
        || output.policy_summary.is_some()
        || output.policy_version.is_some_and(|text| text.get().contains("\"Document\""))
        || output.attributes.is_some_and(|text| text.get().contains("arn:aws"))
        || output.pod_identity_associations.iter().flatten().chain(&output.pod_identity_association).any(|it| it.get().contains(":eks:"))
}
