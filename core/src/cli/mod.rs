//! The `tenantgraph` command (feature `cli`): the only code that touches files, clock and terminal. Both bindings run this same code.

mod arguments;
pub mod files;
mod lines;
mod output;
mod progress;
mod remarks;
mod run;
mod text;

pub use output::Terminal;
pub use run::{main, run};
