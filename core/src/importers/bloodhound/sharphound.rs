//! An object of SharpHound: a node, and the edges that lead to and from it.

use super::entity::Node;
use super::graph::{Edge, End};
use crate::estate::FingerprintKey;
use crate::importers::objects::Fields;
use std::collections::BTreeSet;

/// The kinds of nodes by the type that a file says its objects are of.
const TYPES: [(&str, &str); 13] = [
    ("aiacas", "AIACA"),
    ("certtemplates", "CertTemplate"),
    ("computers", "Computer"),
    ("containers", "Container"),
    ("domains", "Domain"),
    ("enterprisecas", "EnterpriseCA"),
    ("gpos", "GPO"),
    ("groups", "Group"),
    ("issuancepolicies", "IssuancePolicy"),
    ("ntauthstores", "NTAuthStore"),
    ("ous", "OU"),
    ("rootcas", "RootCA"),
    ("users", "User"),
];

/// The kind of the objects of a file.
pub(super) fn kind_of(file: Fields<'_>) -> Option<&'static str> {
    let kind = file.inner("meta")?.text("type")?;
    TYPES.iter().find(|(name, _)| *name == kind).map(|(_, kind)| *kind)
}

/// The node and the edges of an object; nothing of what is deleted.
pub(super) fn object(kind: &str, fields: Fields<'_>, key: &FingerprintKey) -> Option<(Node, Vec<Edge>)> {
    let id = fields.text("ObjectIdentifier")?;
    let node = Node::of(id, vec![kind.to_owned()], fields.inner("Properties"), key);
    let mut edges = Vec::new();
    let mut edge = |kind: &str, from: &str, to: &str| {
        edges.push(Edge { kind: kind.to_owned(), from: End::Id(from.to_owned()), to: End::Id(to.to_owned()) });
    };
    let mut changes: [BTreeSet<&str>; 2] = Default::default();
    for ace in fields.objects("Aces") {
        if let (Some(who), Some(right)) = (ace.text("PrincipalSID"), ace.text("RightName")) {
            edge(right, who, id);
            match right {
                "GetChanges" => drop(changes[0].insert(who)),
                "GetChangesAll" => drop(changes[1].insert(who)),
                _ => {}
            }
        }
    }
    // Only who holds both may ask a domain controller for every hash.
    for who in changes[0].intersection(&changes[1]) {
        edge("DCSync", who, id);
    }
    for member in fields.objects("Members").filter_map(|member| member.text("ObjectIdentifier")) {
        edge("MemberOf", member, id);
    }
    if let Some(group) = fields.text("PrimaryGroupSID") {
        edge("MemberOf", id, group);
    }
    for (list, kind) in
        [("AllowedToDelegate", "AllowedToDelegate"), ("HasSIDHistory", "HasSIDHistory"), ("DumpSMSAPassword", "DumpSMSAPassword")]
    {
        for other in fields.objects(list).filter_map(|other| other.text("ObjectIdentifier")) {
            edge(kind, id, other);
        }
    }
    for other in fields.objects("AllowedToAct").filter_map(|other| other.text("ObjectIdentifier")) {
        edge("AllowedToAct", other, id);
    }
    if let Some(container) = fields.inner("ContainedBy").and_then(|container| container.text("ObjectIdentifier")) {
        edge("Contains", container, id);
    }
    for child in fields.objects("ChildObjects").filter_map(|child| child.text("ObjectIdentifier")) {
        edge("Contains", id, child);
    }
    for link in fields.objects("Links").filter_map(|link| link.text("GUID")) {
        edge("GPLink", link, id);
    }
    for sessions in ["Sessions", "PrivilegedSessions", "RegistrySessions"] {
        let results = fields.inner(sessions).into_iter().flat_map(|sessions| sessions.objects("Results"));
        for user in results.filter_map(|session| session.text("UserSID")) {
            edge("HasSession", id, user);
        }
    }
    for group in fields.objects("LocalGroups") {
        let kind = group.text("ObjectIdentifier").and_then(local);
        for member in group.objects("Results").filter_map(|member| member.text("ObjectIdentifier")) {
            kind.into_iter().for_each(|kind| edge(kind, member, id));
        }
    }
    for trust in fields.objects("Trusts") {
        let (Some(other), direction) = (trust.text("TargetDomainSid"), direction(trust)) else { continue };
        if direction.0 {
            edge("TrustedBy", other, id);
        }
        if direction.1 {
            edge("TrustedBy", id, other);
        }
    }
    if let Some(host) = fields.text("HostingComputer") {
        edge("HostsCAService", host, id);
    }
    Some((node, edges))
}

/// What membership in a local group of a computer gives over it, by the number at the end of its id.
fn local(id: &str) -> Option<&'static str> {
    match id.rsplit('-').next()? {
        "544" => Some("AdminTo"),
        "555" => Some("CanRDP"),
        "562" => Some("ExecuteDCOM"),
        "580" => Some("CanPSRemote"),
        _ => None,
    }
}

/// Whether the other domain's principals are accepted here, and this one's there.
fn direction(trust: Fields<'_>) -> (bool, bool) {
    match trust.get("TrustDirection") {
        Some(value) if value == 1 || value == "Inbound" => (false, true),
        Some(value) if value == 2 || value == "Outbound" => (true, false),
        Some(value) if value == 3 || value == "Bidirectional" => (true, true),
        _ => (false, false),
    }
}
