//! `third-party-over-scoped`: a vendor's integration serves both sides, or holds more than it needs.

use super::rule::{Context, Draft, Rule};
use super::vendors::{Excess, ThirdParty, third_parties};
use super::wording::{counted, granted, listed};
use super::{Evidence, Standards};
use crate::estate::Tie;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "third-party-over-scoped",
    title: "Third party with more than it needs",
    why: "A breach of a vendor is a breach of everybody who let the vendor in, as far as they did. One integration for test and production lets it from one into \
          the other; one that controls what it is joined to can do there whatever the vendor's burglar likes.",
    remedy: "Give each environment an integration and credential of its own, with the rights that its task needs, and review them with the vendor's contract. \
             Where a vendor needs more, say so in `third_party.vendors` of the policy.",
    example: "The monitoring vendor's application administers the production account, and the same one reads staging. Give it two, each of which reads.",
    severity: Severity::Medium,
    severity_reason: "how the vendor guards it nobody here can see or mend",
    standards: Standards::new(&["NHI3:2025"], &["GV.SC-07"], &["SA-9"]).ai_rmf(&["GOVERN 6.1", "MAP 4.2", "MANAGE 3.1"]),
    check,
};

/// How much evidence is shown.
const SHOWN: usize = 25;

/// One finding an integration or a vendor's tenant. Its rights are those that were granted to it, or to whom it is proven to act as; the policy says which
/// are allowed. What must be asked for each time is no standing right, and what is the vendor's own is none of ours. Which identities vendors run, and what
/// a right means that nobody mapped, may not be in the input; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    third_parties(context).iter().filter_map(|party| draft(context, party)).collect()
}

fn draft(context: &Context<'_>, party: &ThirdParty<'_>) -> Option<Draft> {
    let all = party.excess.len() as u64;
    let mut problems = Vec::new();
    if let [Some(production), Some(outside)] = party.sides {
        problems.push(format!("serves production ({}) and what is not ({})", context.name(production), context.name(outside)));
    }
    if all > 0 {
        let rights = listed(party.excess.iter().map(|excess| said(context, excess)).collect(), all);
        problems.push(format!("holds {} more than the policy allows a third party: {rights}", counted(all, "right", "rights")));
    }
    if problems.is_empty() {
        return None;
    }
    let vendor = party.vendor.map_or_else(|| "a third party".to_owned(), |vendor| format!("third party `{vendor}`"));
    let message = format!("{} ({vendor}) {}", context.name(party.entity), problems.join(", and "));
    let draft = Draft::new(vec![context.id(party.entity)], message).weight(all).raised_by(vec![party.entity]);
    let ties = party.ties.iter().flatten().chain(party.excess.iter().map(|excess| &excess.relation)).take(SHOWN);
    let mut shown: Vec<_> = ties.map(|relation| Tie::of(context.estate, *relation)).collect();
    shown.dedup();
    Some(shown.into_iter().fold(draft, |draft, relation| draft.show(Evidence::Relation { relation })))
}

fn said(context: &Context<'_>, excess: &Excess<'_>) -> String {
    let right = granted(context, &Tie::of(context.estate, excess.relation));
    match excess.acts_as {
        Some(other) => format!("{right}, as {}", context.name(other)),
        None => right,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Guard, GuardSet, Identity, IdentityKind, Relation, RelationKind, Tenant, TenantKind};
    use crate::rules::testing::Scene;

    fn scene() -> Scene {
        let vendor = Identity { vendor: Some("globex".into()), ..Identity::new("sync", IdentityKind::Application) };
        Scene::new().tenant("acme-dev").tenant("acme-prod").add(vendor).add(Identity::new("role", IdentityKind::Role))
    }

    fn right(kind: RelationKind, to: &str) -> Relation {
        Relation::new("sync", kind, to)
    }

    fn messages(scene: Scene, policy: &str) -> Vec<String> {
        scene.findings("third-party-over-scoped", policy).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_integration_of_both_sides_is_found() {
        let scene = scene().relate(right(RelationKind::Reads, "acme-dev")).relate(right(RelationKind::Reads, "acme-prod"));
        assert_eq!(messages(scene, ""), ["`sync` (third party `globex`) serves production (`acme-prod`) and what is not (`acme-dev`)"]);
    }

    #[test]
    fn more_than_the_policy_allows_is_found_also_as_whom_it_acts() {
        let more = "`sync` (third party `globex`) holds 1 right more than the policy allows a third party: ";
        let direct = || scene().relate(right(RelationKind::Administers, "acme-dev"));
        assert_eq!(messages(direct(), ""), [format!("{more}`administers` over `acme-dev`")]);
        assert!(messages(direct(), "third_party.vendors.globex = ['control']").is_empty());
        let acts = scene().relate(right(RelationKind::Assumes, "role"));
        let acts = acts.relate(Relation::new("role", RelationKind::Administers, "acme-dev"));
        assert_eq!(messages(acts, ""), [format!("{more}`administers` over `acme-dev`, as `role`")]);
        let reads = scene().relate(right(RelationKind::Reads, "acme-dev"));
        assert_eq!(messages(reads, "third_party.rights = []").len(), 1);
    }

    #[test]
    fn a_tenant_of_a_vendor_is_a_third_party_and_so_is_who_lives_there() {
        let vendor = || Scene::new().tenant("acme-dev").add(Tenant::new("globex", TenantKind::Vendor));
        let trusted = vendor().relate(Relation::new("globex", RelationKind::TrustedBy, "acme-dev"));
        assert_eq!(messages(trusted, "").len(), 1);
        let inside = vendor().identity("sync", "globex").relate(right(RelationKind::Administers, "acme-dev"));
        assert!(messages(inside, "")[0].starts_with("`sync` (third party `globex`) holds 1 right"));
    }

    #[test]
    fn what_is_allowed_asked_for_or_ones_own_is_silent() {
        assert!(
            messages(scene().relate(right(RelationKind::Writes, "acme-dev")).relate(right(RelationKind::Reads, "acme-dev")), "").is_empty()
        );
        let asked = right(RelationKind::Administers, "acme-dev").guards(GuardSet::NONE.with(Guard::JustInTime));
        assert!(messages(scene().relate(asked), "").is_empty());
        let own = scene().identity("robot", "acme-dev").relate(Relation::new("robot", RelationKind::Administers, "acme-dev"));
        assert!(messages(own, "").is_empty());
        let secret = scene().secret(crate::model::Secret::new("key", crate::model::SecretKind::ApiKey));
        assert!(messages(secret.relate(right(RelationKind::Uses, "key")), "").is_empty());
    }

    #[test]
    fn where_nobody_names_a_vendor_and_what_nobody_mapped_is_counted() {
        let known = |scene: Scene| {
            let coverage = scene.with_context("", crate::rules::coverage);
            let own = coverage.into_iter().filter(|it| it.topic.starts_with("third_part"));
            own.map(|it| format!("{} {}/{}", it.topic, it.known, it.total)).collect::<Vec<_>>()
        };
        assert_eq!(known(Scene::new().tenant("acme-dev").identity("robot", "acme-dev")), ["third_parties 0/1"]);
        let unmapped = scene().relate(right(RelationKind::Unmapped, "acme-dev")).relate(right(RelationKind::Reads, "acme-dev"));
        assert_eq!(known(unmapped), ["third_party_rights 1/2"]);
    }
}
