//! What to do to end a relation, in words.

use super::CutLine;
use crate::estate::EntityIndex;
use crate::graph::Graph;
use crate::graph::network::Label;
use crate::model::{EntityType, RelationKind};

/// The ends and the kind that a label stands for. A rotated secret stands beside another record of the same value.
pub(super) fn ends(graph: &Graph, label: Label) -> Option<(EntityIndex, RelationKind, EntityIndex)> {
    match label {
        Label::Implied => None,
        Label::Relation(edge) | Label::Leaves(edge) => {
            let (from, kind, to) = graph.ends(edge);
            Some((from, kind, to?))
        }
        Label::Joins(secret) => Some((graph.other_record(secret)?, RelationKind::SameSecret, secret)),
    }
}

/// The line of a cut.
pub(super) fn line(graph: &Graph, label: Label, cost: u64) -> Option<CutLine> {
    let (from, kind, to) = ends(graph, label)?;
    let estate = graph.estate();
    let id = |entity: EntityIndex| estate.entity(entity).id().to_owned();
    let rotated = if let Label::Joins(_) = label { to } else { from };
    let tenant = estate.entity(to).entity_type() == EntityType::Tenant;
    let action = action(kind, &id(from), &id(to), &id(rotated), tenant);
    Some(CutLine { from: id(from), kind, to: id(to), cost, action })
}

fn action(kind: RelationKind, from: &str, to: &str, rotated: &str, tenant: bool) -> String {
    use RelationKind as K;
    match kind {
        K::Contains if tenant => {
            format!("move the tenant `{to}` out of `{from}`, or take the control over `{from}` away from what reaches it")
        }
        K::Contains => format!("move `{to}` out of `{from}` into a tenant of its own environment"),
        K::SameSecret => format!("rotate `{rotated}`, so that it no longer has the value of another record"),
        K::AuthenticatesAs => format!("revoke `{from}`, or replace it by federation, so that it no longer opens `{to}`"),
        K::Uses => format!("give `{from}` a secret of its own instead of `{to}`"),
        K::Stores => format!("take `{to}` out of `{from}`"),
        K::Assumes => format!("take from `{from}` the right to act as `{to}`"),
        K::FederatesTo => format!("remove the federation by which `{from}` is accepted as `{to}`, or narrow its subject"),
        K::MemberOf => format!("remove `{from}` from `{to}`"),
        K::Instantiates => format!("remove `{to}`, the presence of the application `{from}` in that tenant"),
        K::Manages => format!("take from `{from}` the right to add credentials, owners or trust to `{to}`"),
        K::Reads | K::Writes | K::Administers => format!("take from `{from}` the grant over `{to}`"),
        K::DeploysTo => format!("stop `{from}` from deploying to `{to}`, or put an approval before it"),
        K::RunsOn => format!("give the jobs of `{from}` runners of their own instead of `{to}`"),
        K::RunsAs => format!("run what stands on `{from}` as another identity than `{to}`"),
        K::CopyOf => format!("replace the copy of `{to}` in `{from}` by masked or made-up data"),
        K::TrustedBy => format!("remove the trust of `{to}` in `{from}`"),
        K::Custom | K::Unmapped => format!("end what `{from}` may do to `{to}`"),
    }
}
