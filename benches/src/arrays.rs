//! A [`Digraph`] as files: plain arrays for whoever measures beside the library, and the library's own format for what reads text.

use crate::digraph::{Digraph, Node, is_production, node_id, tenant_id};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

impl Digraph {
    /// Writes the graph as arrays, little-endian: `from.u32` and `to.u32` (edges by their ends), `tenant.u32` (of each node), `node.u8` (0 an identity,
    /// 1 a secret, 2 a crown jewel) and `production.u8` (whether its tenant is production).
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("from.u32"), bytes(&self.from))?;
        fs::write(folder.join("to.u32"), bytes(&self.to))?;
        fs::write(folder.join("tenant.u32"), bytes(&self.tenant))?;
        fs::write(folder.join("node.u8"), self.node.iter().map(|node| *node as u8).collect::<Vec<u8>>())?;
        fs::write(folder.join("production.u8"), self.tenant.iter().map(|tenant| u8::from(is_production(*tenant))).collect::<Vec<u8>>())
    }

    /// The graph that [`Digraph::write`] wrote.
    ///
    /// # Errors
    /// A file that is not there, or a node of no kind.
    pub fn read(folder: &Path) -> io::Result<Digraph> {
        let tenant = numbers(&fs::read(folder.join("tenant.u32"))?);
        let node = fs::read(folder.join("node.u8"))?.into_iter().map(node).collect::<io::Result<_>>()?;
        let (from, to) = (numbers(&fs::read(folder.join("from.u32"))?), numbers(&fs::read(folder.join("to.u32"))?));
        Ok(Digraph { tenants: tenant.iter().max().map_or(0, |last| last + 1), tenant, node, from, to })
    }

    /// Writes the estate of the graph in the library's own format, a record a line.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_ndjson(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        writeln!(file, r#"{{"record":"estate","format":"tenantgraph/1"}}"#)?;
        for tenant in 0..self.tenants {
            let environment = if is_production(tenant) { "production" } else { "testing" };
            writeln!(file, r#"{{"record":"tenant","id":"{}","kind":"gcp_project","environment":"{environment}"}}"#, tenant_id(tenant))?;
        }
        for (number, (node, tenant)) in (0..).zip(self.node.iter().zip(&self.tenant)) {
            let (record, kind) = match node {
                Node::Identity => ("identity", "service_account"),
                Node::Secret => ("secret", "api_key"),
                Node::Jewel => ("resource", "database"),
            };
            writeln!(file, r#"{{"record":"{record}","id":"{}","kind":"{kind}","tenant":"{}"}}"#, node_id(number), tenant_id(*tenant))?;
        }
        for (from, to) in self.from.iter().zip(&self.to) {
            let kind = self.kind(*from, *to).as_str();
            writeln!(file, r#"{{"record":"relation","from":"{}","kind":"{kind}","to":"{}"}}"#, node_id(*from), node_id(*to))?;
        }
        file.flush()
    }
}

/// The bytes of numbers, little-endian.
pub fn bytes(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The numbers of little-endian bytes.
pub fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number)).collect()
}

fn node(number: u8) -> io::Result<Node> {
    match number {
        0 => Ok(Node::Identity),
        1 => Ok(Node::Secret),
        2 => Ok(Node::Jewel),
        _ => Err(io::Error::other("`node.u8` holds a number that is no kind of node; write the arrays anew")),
    }
}
