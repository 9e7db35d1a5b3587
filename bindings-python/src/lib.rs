//! The native part of the Python package: a thin layer over `tenantgraph::door`. What Python people see is `python/tenantgraph/`.

use pyo3::prelude::*;

mod answer;
mod error;
mod estate;
mod policy;
mod rule;
mod stream;
mod table;
mod watch;

/// What the façade stands on. Not public: use `tenantgraph`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::answer::Answer;
    #[pymodule_export]
    use crate::estate::{Estate, command, formats, instant, questions, read};
    #[pymodule_export]
    use crate::policy::Policy;
    #[pymodule_export]
    use crate::rule::{RulePage, explain};
    #[pymodule_export]
    use crate::table::{Table, table_input, words};

    /// The version of the library.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
