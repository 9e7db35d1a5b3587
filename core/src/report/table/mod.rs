//! Estates and answers as Arrow record batches; an estate, or one table, as a Parquet file or as an Arrow file or stream.
//!
//! An instant is a timestamp in microseconds, UTC; a whole number is 64 bits; a list of words is a list; what has fields of its own (`labels`,
//! `controls`, `exposures`, `also`) is JSON text, which every consumer of Arrow, Parquet and CSV takes alike.

mod answer;
mod assessment;
mod change;
mod classification;
mod columns;
mod document;
mod estate;
mod ipc;
mod lifecycle;
mod parquet;
mod privilege;
mod reading;
mod relation;
mod rotation;
mod sharing;
mod steps;

pub use answer::{
    blast_radius_entities, blast_radius_rotate, crossings, matrix_cells, matrix_steps, reach_crossings, reach_reached, reach_steps,
};
pub use assessment::{findings, report_findings, report_metric_shares, report_metrics, report_steps};
pub use change::{cuts_choke_points, cuts_cut, cuts_flow, diff_relations_added, diff_relations_removed, isolation_flows, undecided};
pub use classification::{
    classification_claims, classification_control_drift, classification_evidence, classification_steps, classification_tenants,
    classification_unmonitored,
};
pub use estate::{entities, identities, relations, resources, secrets, tenants};
pub use ipc::{ArrowForm, named_stream, table_to_arrow, to_arrow};
pub use lifecycle::{
    lifecycle_dormant, lifecycle_expired, lifecycle_held_by, lifecycle_offboarding, lifecycle_owners, lifecycle_trusted_by,
    lifecycle_trusts,
};
pub use parquet::{table_to_parquet, to_parquet};
pub use privilege::{
    privilege_broader_rights, privilege_broader_than_production, privilege_identities, privilege_privileged, privilege_unused_grants,
};
pub use reading::{conflicts, coverage, placeholders, skipped, sources};
pub use rotation::{rotation_data_problems, rotation_secrets, rotation_shares};
pub use sharing::{sharing_evidence, sharing_shared};
