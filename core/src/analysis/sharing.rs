//! [`sharing`]: what serves more than one environment: secrets, identities, vaults, runners, stores, tenants and the credentials of vendors.

mod environments;
mod passage;
mod pipelines;
mod sides;
mod ties;

use crate::estate::{EntityIndex, EntityRef, EntityView, Estate, Tie};
use crate::model::words::words;
use crate::model::{Environment, EnvironmentClass, Instant, ResourceKind};
use environments::Environments;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use ties::{Face, Found, Ties};

words! {
    /// What is shared, in the order in which the answer lists it.
    SharingCategory {
        /// A secret: one value, whatever the number of its records.
        Secret => "secret",
        /// An identity.
        Identity => "identity",
        /// An identity that a vendor runs, or a secret of one.
        VendorCredential => "vendor_credential",
        /// A vault or a key that is used in place.
        Vault => "vault",
        /// A machine that runs the jobs of pipelines.
        Runner => "runner",
        /// A store of data, images or messages.
        Store => "store",
        /// A cluster, host or function.
        Compute => "compute",
        /// A tenant: a cloud project, a namespace, a cluster.
        Tenant => "tenant",
        /// Any other resource.
        Other => "other",
    }
}

words! {
    /// How something has to do with an environment.
    SharingRole {
        /// It stands there itself; for a secret, one of its records does.
        Belongs => "belongs",
        /// It contains something of there.
        Contains => "contains",
        /// It leads to something of there.
        Serves => "serves",
        /// Something of there leads to it.
        UsedFrom => "used_from",
    }
}

/// The answer of [`sharing`], by category then id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sharing {
    /// What is shared.
    pub shared: Vec<SharedEntity>,
}

/// Something that serves more than one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedEntity {
    /// What it is.
    pub category: SharingCategory,
    /// Its id; for a secret that of its first record.
    pub entity: String,
    /// The ids of all records of a secret; of anything else its own.
    pub records: Vec<String>,
    /// The word of its kind.
    pub kind: &'static str,
    /// The vendor who runs it, where that is known.
    pub vendor: Option<String>,
    /// The environments it serves; `shared` and `unknown` are none.
    pub environments: Vec<Environment>,
    /// Their classes.
    pub classes: Vec<EnvironmentClass>,
    /// The environments in which it has rights.
    pub rights: Vec<Environment>,
    /// Those of them in which it has one that nobody has to approve.
    pub unapproved: Vec<Environment>,
    /// The ids of the pipelines that an identity is, or that act as it without an approval, and of the runners that do; none for anything else.
    pub pipelines: Vec<String>,
    /// How many ties it has to each of them.
    pub ties: BTreeMap<Environment, u64>,
    /// The first 25 ties of each environment.
    pub evidence: Vec<SharingEvidence>,
}

/// One tie to an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SharingEvidence {
    /// The environment.
    pub environment: Environment,
    /// How it has to do with it.
    pub role: SharingRole,
    /// The id of the other entity: the member who uses it by a role or a group; itself, or the record, where it stands there.
    pub entity: String,
    /// The relation; null where there is none: it stands there, or contains the other by that one's tenant.
    pub relation: Option<Tie>,
}

impl SharedEntity {
    /// Whether it serves production and non-production.
    pub fn spans_production(&self) -> bool {
        self.classes.contains(&EnvironmentClass::Production) && self.classes.contains(&EnvironmentClass::NonProduction)
    }

    /// Whether it has rights in production and in non-production.
    pub fn rights_span_production(&self) -> bool {
        let has = |class| self.rights.iter().any(|environment| environment.class() == class);
        has(EnvironmentClass::Production) && has(EnvironmentClass::NonProduction)
    }

    /// Its ties to the environments of a class.
    pub fn ties_to(&self, class: EnvironmentClass) -> impl Iterator<Item = &SharingEvidence> {
        self.evidence.iter().filter(move |tie| tie.environment.class() == class)
    }
}

/// What serves more than one environment, at an instant.
///
/// Something is shared in one of three ways: what it holds stands in more than one environment, it has rights in more than one, or it is used from more than
/// one. What stands in production and is used from outside it is crossed, not shared. Every tie of a secret counts together: where its records stand, whom
/// it authenticates as, who `uses` and `stores` it.
///
/// Counted are relations that are valid and mapped, between entities that live, guarded or not. Groups, and identities and secrets of no side, pass on: a right
/// that is held through them is held where it leads, but what spans production by itself is told of itself alone. A role is used from where its members
/// stand, and a group whose members are known, a provider's own agents aside. An identity is used by who acts as it, outside production not by production. A
/// resource outside production is shared where production relies on it, not where production looks into a store, fills or sets up something; an identity of
/// production does not serve both sides by reading or filling a store outside it. A registry is not shared because the other side pulls from it. A tenant
/// counts what it contains (one that groups tenants not those), and who holds rights over it only where it belongs to neither side itself.
///
/// Costs a few passes over the entities and the relations, and the evidence of what is shared.
pub fn sharing(estate: &Estate, as_of: Instant) -> Sharing {
    let ties = Ties::new(estate, as_of);
    let mut spreads = vec![Spread::default(); estate.len()];
    ties.each(|found| spreads[found.subject.position()].add(&found));
    let mut places = HashMap::new();
    let mut gathered = Vec::new();
    for subject in estate.indices().filter(|entity| spreads[entity.position()].is_shared()) {
        places.insert(subject, gathered.len());
        let spread = spreads[subject.position()];
        gathered.push(Gathered { subject, spread, ties: BTreeMap::new(), evidence: Vec::new() });
    }
    ties.each(|found| {
        if let Some(at) = places.get(&found.subject).filter(|at| gathered[**at].spread.spans(found.face)) {
            gathered[*at].add(estate, found);
        }
    });
    let mut shared: Vec<_> = gathered.into_iter().map(|gathered| gathered.finish(estate, &ties)).collect();
    shared.sort_by(|a, b| (a.category, &a.entity).cmp(&(b.category, &b.entity)));
    Sharing { shared }
}

/// How many ties of one environment are shown.
const SHOWN: u64 = 25;

/// The environments of each way of being shared, and those that rights lead to without an approval.
#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    faces: [Environments; 3],
    unapproved: Environments,
}

impl Spread {
    fn add(&mut self, found: &Found<'_>) {
        self.faces[found.face as usize].add(found.environment);
        if found.face == Face::Rights && found.unapproved {
            self.unapproved.add(found.environment);
        }
    }

    fn spans(&self, face: Face) -> bool {
        self.faces[face as usize].count() > 1
    }

    fn is_shared(&self) -> bool {
        [Face::Content, Face::Rights, Face::Users].into_iter().any(|face| self.spans(face))
    }
}

struct Gathered {
    subject: EntityIndex,
    spread: Spread,
    ties: BTreeMap<Environment, u64>,
    evidence: Vec<SharingEvidence>,
}

impl Gathered {
    fn add(&mut self, estate: &Estate, found: Found<'_>) {
        let ties = self.ties.entry(found.environment).or_default();
        *ties += 1;
        if *ties <= SHOWN {
            self.evidence.push(SharingEvidence {
                environment: found.environment,
                role: found.role,
                entity: estate.entity(found.other).id().to_owned(),
                relation: found.relation.map(|relation| Tie::of(estate, relation)),
            });
        }
    }

    fn finish(mut self, estate: &Estate, ties: &Ties<'_>) -> SharedEntity {
        self.evidence.sort_unstable();
        let entity = estate.entity(self.subject);
        let environments: Vec<_> = self.ties.keys().copied().collect();
        let mut classes: Vec<_> = environments.iter().map(|environment| environment.class()).collect();
        classes.sort_unstable();
        classes.dedup();
        let vendor = ties.vendor(self.subject);
        SharedEntity {
            category: if vendor.is_some() { SharingCategory::VendorCredential } else { category(entity) },
            entity: entity.id().to_owned(),
            records: ties.records(self.subject).iter().map(|record| estate.entity(*record).id().to_owned()).collect(),
            kind: entity.kind(),
            vendor: vendor.flatten().map(str::to_owned),
            environments,
            classes,
            rights: self.spread.faces[Face::Rights as usize].iter().collect(),
            unapproved: self.spread.unapproved.iter().collect(),
            pipelines: ties.pipelines(self.subject).map(|pipeline| estate.entity(pipeline).id().to_owned()).collect(),
            ties: self.ties,
            evidence: self.evidence,
        }
    }
}

/// Whether it is there to hold data, images or messages.
fn is_store(kind: ResourceKind) -> bool {
    use ResourceKind as K;
    matches!(kind, K::Database | K::ObjectStore | K::MailboxStore | K::ArtifactRegistry | K::Queue)
}

fn category(entity: EntityRef<'_>) -> SharingCategory {
    match entity.view() {
        EntityView::Secret(_) => SharingCategory::Secret,
        EntityView::Identity(_) => SharingCategory::Identity,
        EntityView::Tenant(_) => SharingCategory::Tenant,
        EntityView::Unknown(_) => SharingCategory::Other,
        EntityView::Resource(resource) => match resource.kind {
            ResourceKind::Vault | ResourceKind::KeyManagementKey => SharingCategory::Vault,
            ResourceKind::Runner => SharingCategory::Runner,
            kind if is_store(kind) => SharingCategory::Store,
            ResourceKind::Cluster | ResourceKind::Compute | ResourceKind::Function => SharingCategory::Compute,
            _ => SharingCategory::Other,
        },
    }
}

#[cfg(test)]
mod tests;
