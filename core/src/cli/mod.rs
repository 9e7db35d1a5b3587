//! The `tenantgraph` command (feature `cli`): the only code that touches files, clock and terminal. Both bindings run this same code.

mod arguments;
mod change;
mod change_arguments;
pub mod files;
mod lists;
mod output;
mod progress;
mod questions;
mod read;
mod remarks;
mod run;

pub use output::Terminal;
pub use read::policy;
pub use run::{main, run};
