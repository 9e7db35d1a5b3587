//! The `tenantgraph` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    let code = tenantgraph::cli::main(std::env::args_os().skip(1));
    // Every exit code of the command is 0, 1 or 2.
    ExitCode::from(code as u8)
}
