//! Writes the seeded data that the library and its peers are measured on: `arrays small|medium|large FOLDER`.
//!
//! The graph and the secrets as plain arrays, and for the readers the graph as `estate.ndjson`; of the large graph, whose text would take six gigabytes, none.

use std::path::Path;
use std::{env, io};
use tenantgraph_benches::digraph::Digraph;
use tenantgraph_benches::secrets::Secrets;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [size, folder] = arguments.as_slice() else { return Err(usage()) };
    let (graph, secrets) = match size.as_str() {
        "small" => (Digraph::small(), 100_000),
        "medium" => (Digraph::medium(), 10_000_000),
        "large" => (Digraph::large(), 10_000_000),
        _ => return Err(usage()),
    };
    let folder = Path::new(folder);
    graph.write(folder)?;
    Secrets::new(secrets).write(folder)?;
    if size != "large" {
        graph.write_ndjson(&folder.join("estate.ndjson"))?;
    }
    Ok(())
}

fn usage() -> io::Error {
    io::Error::other("usage: arrays small|medium|large FOLDER")
}
