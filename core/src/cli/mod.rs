//! The `tenantgraph` command (feature `cli`): the only code that touches files, clock and terminal. Both bindings run this same code.

pub mod files;
