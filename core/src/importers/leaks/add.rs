//! From findings to secrets: what has one value, or one name at its provider, is one secret with an exposure a place.

use super::finding::Finding;
use super::kinds;
use super::places::Holder;
use crate::estate::{Coverage, EstateBuilder};
use crate::model::{Certainty, Exposure, Relation, RelationKind, Resource, Secret, SecretKind, Storage, Tenant, TenantKind};
use std::collections::{BTreeMap, HashMap, HashSet};

/// By what findings are of one secret.
#[derive(PartialEq, Eq, Hash)]
enum Same {
    /// The name that the provider gives the credential.
    Credential(String),
    /// The value.
    Fingerprint(String),
    /// Nothing: the same tool's report of the same place.
    Place(String),
}

/// Adds every secret that was found, where it was found, and what it opens. Costs a sort of the findings.
pub(super) fn all(findings: Vec<Finding>, builder: &mut EstateBuilder) {
    let mut counts = Counts::default();
    let mut taken = HashSet::new();
    for group in groups(findings) {
        add(&group, &mut taken, &mut counts, builder);
    }
    counts.cover(builder);
}

/// The findings by secret, each in the order of their places. The order of the secrets is that of their first places, which does not hang on the key.
fn groups(findings: Vec<Finding>) -> Vec<Vec<Finding>> {
    let mut at: HashMap<Same, usize> = HashMap::new();
    let mut groups: Vec<Vec<Finding>> = Vec::new();
    for finding in findings {
        let told = &finding.told;
        let same = match (&told.credential, &told.fingerprint) {
            (Some(credential), _) => Same::Credential(credential.clone()),
            (None, Some(fingerprint)) => Same::Fingerprint(fingerprint.clone()),
            (None, None) => Same::Place(base_id(&finding)),
        };
        let group = *at.entry(same).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(finding);
    }
    for group in &mut groups {
        group.sort_by_cached_key(base_id);
    }
    groups.sort_by_cached_key(|group| base_id(&group[0]));
    groups
}

fn base_id(finding: &Finding) -> String {
    format!("leak:{}#{}", finding.place.location(&finding.report), finding.detector)
}

fn add(group: &[Finding], taken: &mut HashSet<String>, counts: &mut Counts, builder: &mut EstateBuilder) {
    let first = &group[0];
    let credential = first.told.credential.clone();
    let id = credential.clone().unwrap_or_else(|| free(base_id(first), taken));
    builder.resume(first.position);
    let works = |wanted| group.iter().any(|finding| finding.works == Some(wanted));
    let revoked = (works(false) || group.iter().any(|finding| finding.revoked)) && !works(true);
    let kind = group.iter().find_map(|finding| finding.told.kind);
    let kind = kind.or_else(|| group.iter().map(|finding| kinds::of_detector(&finding.detector)).find(|kind| *kind != SecretKind::Generic));
    let tenant = group.iter().find_map(|finding| finding.told.tenant.clone());
    let secret = Secret {
        // A provider's reader knows its name; here it has only a place.
        name: credential.is_none().then(|| name(first)),
        tenant: tenant.clone(),
        fingerprint: fingerprint(group),
        revoked: revoked.then_some(true),
        storage: storage(group),
        exposures: exposures(group),
        ..Secret::new(&id, kind.unwrap_or(SecretKind::Generic))
    };
    counts.secrets += 1;
    counts.compared += u64::from(secret.fingerprint.is_some() || credential.is_some());
    counts.judged += u64::from(revoked || works(true));
    builder.add(secret);
    if let Some(tenant) = &tenant {
        let kind = if tenant.starts_with("arn:") { TenantKind::AwsAccount } else { TenantKind::EntraTenant };
        builder.add(Tenant::new(tenant, kind));
    }
    let opened = proves(group, &id, builder);
    counts.opening += u64::from(opened);
    stores(group, &id, builder);
}

/// An id that no other secret has: two in one place, found by one detector, are told apart by a number.
fn free(base: String, taken: &mut HashSet<String>) -> String {
    let numbered = |number: usize| if number == 1 { base.clone() } else { format!("{base}-{number}") };
    let id = (1..).map(numbered).find(|id| !taken.contains(id)).unwrap_or(base);
    taken.insert(id.clone());
    id
}

fn name(finding: &Finding) -> String {
    let place = &finding.place;
    let holder = place.holder.as_ref().map_or(finding.report.as_str(), |holder| holder.name.as_str());
    let path = place.path.as_deref().unwrap_or(holder);
    let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{} in {path}{line}", finding.detector)
}

/// The fingerprint of the value. Scanners pair the name of a key with every value beside it: of several the one that was proved to work is its own, or else none is.
fn fingerprint(group: &[Finding]) -> Option<String> {
    let of = |wanted: &dyn Fn(&&Finding) -> bool| -> Option<String> {
        let mut all = group.iter().filter(wanted).filter_map(|finding| finding.told.fingerprint.as_ref());
        let first = all.next()?;
        all.all(|other| other == first).then(|| first.clone())
    };
    of(&|finding| finding.works == Some(true)).or_else(|| of(&|_| true))
}

/// How the value is kept, where all places that say it keep it alike.
fn storage(group: &[Finding]) -> Option<Storage> {
    let mut all = group.iter().filter_map(|finding| finding.place.storage);
    let first = all.next()?;
    Some(if all.all(|other| other == first) { first } else { Storage::Unknown })
}

/// Where it was found; a place that is reported twice is one.
fn exposures(group: &[Finding]) -> Vec<Exposure> {
    let mut exposures: Vec<_> = group.iter().map(exposure).collect();
    exposures.sort_unstable();
    exposures.dedup();
    exposures
}

fn exposure(finding: &Finding) -> Exposure {
    Exposure {
        detector: Some(finding.detector.clone()),
        location: Some(finding.place.location(&finding.report)),
        verified: finding.works,
        found_at: finding.found_at,
    }
}

/// The identities that the secret proves; whether there are any.
fn proves(group: &[Finding], id: &str, builder: &mut EstateBuilder) -> bool {
    let identities: BTreeMap<&str, _> =
        group.iter().filter_map(|finding| finding.told.identity.as_ref()).map(|identity| (identity.id.as_str(), identity)).collect();
    for identity in identities.values() {
        builder.add((*identity).clone());
        builder.relate(Relation::new(id, RelationKind::AuthenticatesAs, &identity.id).permission("leaked credential"));
        // The root user of an account of AWS is its own identity, and has the account.
        if let (Some(tenant), true) = (&identity.tenant, identity.id.ends_with(":root-user")) {
            builder.relate(Relation::new(&identity.id, RelationKind::Administers, tenant).permission("root user"));
        }
    }
    !identities.is_empty()
}

/// Whoever reads what was scanned reads the secret; only possibly, where nothing but its name was seen there.
fn stores(group: &[Finding], id: &str, builder: &mut EstateBuilder) {
    let mut holders: BTreeMap<&Holder, bool> = BTreeMap::new();
    for finding in group {
        if let Some(holder) = &finding.place.holder {
            *holders.entry(holder).or_default() |= !finding.told.is_name_only;
        }
    }
    for (holder, is_seen) in holders {
        builder.add(Resource { name: Some(holder.name.clone()), ..Resource::new(&holder.id, holder.kind) });
        let certainty = if is_seen { Certainty::Proven } else { Certainty::Possible };
        builder.relate(Relation::new(&holder.id, RelationKind::Stores, id).certainty(certainty).permission("leaked"));
    }
}

/// What of the secrets is known.
#[derive(Default)]
struct Counts {
    secrets: u64,
    compared: u64,
    judged: u64,
    opening: u64,
}

impl Counts {
    fn cover(&self, builder: &mut EstateBuilder) {
        if self.secrets == 0 {
            return;
        }
        for (topic, known, note) in [
            (
                "leak_values",
                self.compared,
                "a value that was redacted, masked or stands for another cannot be compared: each of its places counts as a secret",
            ),
            ("leak_validity", self.judged, "whether a value still works is known only where the scanner tried it or somebody said so"),
            (
                "leak_identities",
                self.opening,
                "whom a secret proves is known only where the report or the value names it, or the export of a provider does",
            ),
        ] {
            builder.cover(Coverage { topic: topic.into(), known, total: self.secrets, note: note.into() });
        }
    }
}
