//! Whether an input is a configuration of GitLab's pipelines, judged by its name and its keys.

use crate::importers::Input;
use crate::importers::yaml::Documents;

/// How far into an input its marks must show.
const WINDOW: usize = 64 * 1024;

/// Whether a name is that of the file in which a project's configuration begins.
pub(super) fn is_root(file: &str) -> bool {
    file.ends_with(".gitlab-ci.yml") || file.ends_with(".gitlab-ci.yaml")
}

/// Whether an input looks like such a configuration: the file itself, or one that it may include, which has jobs with scripts.
pub(super) fn detects(input: &Input) -> bool {
    let start = &input.bytes[..input.bytes.len().min(WINDOW)];
    // The window may end within a character.
    let text = start.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    if trimmed.starts_with(['{', '[']) {
        return super::answers::detects(input);
    }
    if trimmed.is_empty() {
        return false;
    }
    let last = input.name.rsplit(['/', '\\']).next().unwrap_or(&input.name);
    if is_root(last) {
        return true;
    }
    let file = last.ends_with(".yml") || last.ends_with(".yaml");
    let holds = |key: &str| text.lines().any(|line| line.starts_with([' ', '\t']) && line.trim_start().starts_with(key));
    let other =
        Documents::new(&input.name, text).take(1).any(|document| document.starts_like(&["jobs"]) || document.starts_like(&["apiVersion"]));
    file && !other && holds("script:") && ["stage:", "extends:", "rules:", "id_tokens:"].iter().any(|key| holds(key))
}
