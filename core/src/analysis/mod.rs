//! The questions: one file each, a pure function of a graph (or an estate) and options that returns a serialisable result.

mod blast_radius;
mod classification;
mod crossing;
mod cuts;
mod diff;
mod isolation;
mod lifecycle;
mod path;
mod privilege;
mod reach;
mod reached_fact;
mod rotation;
mod sharing;
mod tenant_matrix;

pub use blast_radius::{BlastRadius, BlastRadiusOptions, blast_radius};
pub use classification::{
    Classification, Control, ControlDrift, ControlValue, Coupling, CouplingKind, DriftAgainst, LabelVerdict, ProductionData,
    TenantClassification, Unmonitored, classification,
};
pub use crossing::Crossing;
pub(crate) use crossing::start;
pub use cuts::{ChokePoint, CutLine, Cuts, CutsOptions, FlowStep, HeldSide, choke_points, cuts};
pub use diff::{
    CrossingsDiff, Diff, EntitiesDiff, EntityChange, FindingsDiff, RelationsDiff, SecretsDiff, Snapshot, Undecided, WhatIf, diff, what_if,
};
pub use isolation::{Certificate, ClosedSet, Isolation, IsolationFlow, IsolationVerdict, isolation, verify};
pub use lifecycle::{
    Dormant, Expired, Lifecycle, NotOffboarded, OffboardingReason, OwnerGap, OwnerProblem, StaleTrust, TrustProblem, lifecycle,
};
pub use path::{Path, PathStep};
pub use privilege::{
    BroaderRight, GrantCounts, IdentityPrivilege, Privilege, PrivilegeReason, PrivilegeSummary, PrivilegedGrant, TwinDrift, UnusedGrant,
    privilege,
};
pub use reach::{Reach, ReachOptions, Verdict, reach};
pub use reached_fact::{ReachedFact, ReachedFacts};
pub use rotation::{DataProblem, Rotation, RotationShare, RotationStatus, RotationSummary, SecretRotation, rotation};
pub use sharing::{SharedEntity, Sharing, SharingCategory, SharingEvidence, SharingRole, sharing};
pub use tenant_matrix::{MatrixCell, TenantMatrix, tenant_matrix};
