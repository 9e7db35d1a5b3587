//! Reads real exports of an organisation's tenants, identities, secrets and trust relationships, joins them into one typed graph, and says which
//! non-production tenant reaches production, by which path.

pub mod analysis;
mod aside;
#[cfg(feature = "cli")]
pub mod cli;
pub mod door;
mod error;
pub mod estate;
pub mod graph;
pub mod importers;
pub mod model;
mod observer;
mod parallel;
pub mod policy;
pub mod report;
pub mod rules;

pub use error::{Error, ErrorCode, Place, Result};
pub use estate::Estate;
pub use importers::{Input, ReadOptions, read};
pub use observer::{Limited, Observer, Unobserved};
