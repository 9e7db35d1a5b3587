//! The command, in this process.

use napi_derive::napi;
use tenantgraph::cli;

/// Runs the `tenantgraph` command with these arguments on the standard streams and gives its exit code. Blocks until it is done.
#[napi(catch_unwind)]
pub fn command(arguments: Vec<String>) -> i32 {
    cli::main(arguments.into_iter().map(Into::into))
}
