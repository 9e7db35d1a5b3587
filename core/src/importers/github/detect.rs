//! Whether an input is a workflow, an action or an answer of GitHub's API, judged by its beginning.

use super::place::{File, whereabouts};
use crate::importers::Input;
use crate::importers::yaml::Documents;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;

/// Whether an input looks like a file of GitHub Actions or an answer of the API.
pub(super) fn detects(input: &Input) -> bool {
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    if is_json(start) {
        return super::rest::detects(input);
    }
    // The window may end within a character.
    let text = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let file = whereabouts(input).file();
    Documents::new(&input.name, text).take(2).any(|document| {
        let on = ["on", "true"].iter().any(|on| document.starts_like(&[on]));
        let workflow = document.starts_like(&["jobs"]) && (on || matches!(file, File::Workflow(_)));
        let action = document.starts_like(&["runs"]) && matches!(file, File::Action(_));
        workflow || action
    })
}

/// Whether bytes are JSON rather than YAML: an object or a list that opens at the start.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    matches!(text.first(), Some(b'{' | b'['))
}
