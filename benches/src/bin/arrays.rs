//! Writes a seeded graph as plain arrays, for the peers: `arrays small|medium|large FOLDER`.
//!
//! `from.u32`, `to.u32` (edges by their ends) and `tenant.u32` (of each node) are little-endian; `node.u8` says what each node is (0 an identity,
//! 1 a secret, 2 a crown jewel) and `production.u8` whether its tenant is production.

use std::path::Path;
use std::{env, fs, io};
use tenantgraph_benches::digraph::{Digraph, is_production};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [size, folder] = arguments.as_slice() else { return Err(usage()) };
    let graph = match size.as_str() {
        "small" => Digraph::small(),
        "medium" => Digraph::medium(),
        "large" => Digraph::large(),
        _ => return Err(usage()),
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    fs::write(folder.join("from.u32"), bytes(&graph.from))?;
    fs::write(folder.join("to.u32"), bytes(&graph.to))?;
    fs::write(folder.join("tenant.u32"), bytes(&graph.tenant))?;
    fs::write(folder.join("node.u8"), graph.node.iter().map(|node| *node as u8).collect::<Vec<u8>>())?;
    fs::write(folder.join("production.u8"), graph.tenant.iter().map(|tenant| u8::from(is_production(*tenant))).collect::<Vec<u8>>())
}

fn bytes(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn usage() -> io::Error {
    io::Error::other("usage: arrays small|medium|large FOLDER")
}
