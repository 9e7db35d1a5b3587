//! Estates and answers as Arrow record batches, and an estate's tables back into records.
//!
//! An instant is a timestamp in microseconds, UTC; a whole number is 64 bits; a list of words is a list; what has fields of its own (`labels`,
//! `controls`, `exposures`, `also`) is JSON text, which every consumer of Arrow, Parquet and CSV takes alike.

mod answer;
mod assessment;
mod change;
mod columns;
mod estate;
mod reading;
mod records;
mod rotation;
mod steps;

pub use answer::{
    blast_radius_entities, blast_radius_rotate, crossings, matrix_cells, matrix_steps, reach_crossings, reach_reached, reach_steps,
};
pub use assessment::{findings, report_findings, report_metrics, report_steps};
pub use change::{cuts_choke_points, cuts_cut, cuts_flow, diff_relations_added, diff_relations_removed, isolation_flows};
pub use estate::{entities, identities, relations, resources, secrets, tenants};
pub use reading::{conflicts, coverage, placeholders, skipped, sources};
pub use records::to_document;
pub use rotation::{rotation_data_problems, rotation_secrets, rotation_shares};
