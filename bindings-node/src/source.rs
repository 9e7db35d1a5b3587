//! [`Source`]: what JavaScript gives to be read, paths and contents alike.

use napi::bindgen_prelude::{Either, Uint8Array};
use napi_derive::napi;
use tenantgraph::cli::files::{Files, NamedPath, mapping_file, read_file};
use tenantgraph::importers::TableMapping;
use tenantgraph::{Input, ReadOptions, Result};

/// A content with its name, or a path, a directory or a glob.
#[napi(object, object_to_js = false)]
pub struct Source {
    /// The name shown in places, or the path where there is no content.
    pub name: String,
    /// The content.
    pub content: Option<Either<Uint8Array, String>>,
    /// The format to read it as; detected where absent.
    pub format: Option<String>,
}

/// A [`Source`] that JavaScript can no longer change: made on the main thread, read off it.
pub enum Given {
    /// A content.
    Content(Input),
    /// A path, a directory or a glob.
    Path(NamedPath),
}

impl From<Source> for Given {
    fn from(source: Source) -> Self {
        let Source { name, content, format } = source;
        match content {
            Some(Either::A(bytes)) => Given::Content(Input { name, bytes: bytes.to_vec(), format }),
            Some(Either::B(text)) => Given::Content(Input { name, bytes: text.into_bytes(), format }),
            None => Given::Path(NamedPath { path: name.into(), format }),
        }
    }
}

/// The inputs, overlays and mappings that are meant. Reads files, so it belongs off the main thread.
///
/// # Errors
/// [`tenantgraph::ErrorCode::Io`] for what cannot be read, and what gathering files gives.
pub fn gather(inputs: Vec<Given>, labels: Vec<Given>, mappings: Vec<Given>) -> Result<(Vec<Input>, ReadOptions)> {
    let mapping = |given: Given| match given {
        Given::Content(content) => TableMapping::from_json(&String::from_utf8_lossy(&content.bytes)),
        Given::Path(path) => mapping_file(&path.path),
    };
    let mappings = mappings.into_iter().map(mapping).collect::<Result<Vec<_>>>()?;
    let mut paths = Vec::new();
    let mut contents = Vec::new();
    for input in inputs {
        match input {
            Given::Content(content) => contents.push(content),
            Given::Path(path) => paths.push(path),
        }
    }
    let mut files = Files::gather_mapped(&paths, &mappings)?;
    files.inputs.append(&mut contents);
    for overlay in labels {
        files.labels.push(match overlay {
            Given::Content(content) => content,
            Given::Path(path) => read_file(&path.path)?,
        });
    }
    let Files { inputs, labels, found, skipped } = files;
    Ok((inputs, ReadOptions { labels, mappings, key: None, skipped, found, ..ReadOptions::default() }))
}
