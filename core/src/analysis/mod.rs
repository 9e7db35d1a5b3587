//! The questions: one file each, a pure function of a graph (or an estate) and options that returns a serialisable result.

mod blast_radius;
mod cuts;
mod diff;
mod isolation;
mod reach;
mod rotation;
mod step;
mod tenant_matrix;

pub use blast_radius::{BlastRadius, BlastRadiusOptions, blast_radius};
pub use cuts::{ChokePoint, CutLine, Cuts, CutsOptions, FlowStep, HeldSide, cuts};
pub use diff::{
    CrossingsDiff, Diff, EntitiesDiff, EntityChange, FindingsDiff, RelationsDiff, SecretsDiff, Snapshot, WhatIf, diff, what_if,
};
pub use isolation::{Certificate, ClosedSet, Isolation, IsolationFlow, IsolationVerdict, isolation, verify};
pub(crate) use reach::start;
pub use reach::{Crossing, Path, Reach, ReachOptions, ReachedFact, Verdict, reach};
pub use rotation::{DataProblem, Rotation, RotationShare, RotationStatus, RotationSummary, SecretRotation, rotation};
pub use step::PathStep;
pub use tenant_matrix::{MatrixCell, TenantMatrix, tenant_matrix};
