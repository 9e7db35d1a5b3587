//! The files of the repository, and who names whom in its Rust code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A text file of the repository.
#[derive(Debug)]
pub struct File {
    /// Its path from the top, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every text file that is not ignored, by path.
pub fn files() -> Vec<File> {
    let ignored = ignored();
    let mut files = Vec::new();
    walk(&root(), "", &ignored, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The names and endings of the `.gitignore` files, which hold nothing more elaborate.
fn ignored() -> Vec<String> {
    let mut ignored = vec![".git".to_owned()];
    for path in [".gitignore", "bindings-node/.gitignore", "bindings-python/.gitignore"] {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        ignored.extend(text.lines().map(|line| line.trim().trim_matches('/').to_owned()).filter(|line| !line.is_empty()));
    }
    ignored
}

fn walk(folder: &Path, path: &str, ignored: &[String], files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let entry = entry.expect("an entry of the repository");
        let name = entry.file_name().to_string_lossy().into_owned();
        if ignored.iter().any(|pattern| pattern.strip_prefix('*').map_or(*pattern == name, |ending| name.ends_with(ending))) {
            continue;
        }
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        if entry.path().is_dir() {
            walk(&entry.path(), &path, ignored, files);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            files.push(File { path, text });
        }
    }
}

/// A Rust file of `core/src`, as far as it is no test.
#[derive(Debug)]
pub struct Source {
    /// Its path within `core/src`.
    pub path: String,
    /// Its module, for example `["graph", "compile"]`.
    pub module: Vec<String>,
    /// Its code without comments, up to its tests.
    pub code: String,
}

/// The Rust files of `core/src`, without those that are only tests.
pub fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for file in files() {
        let Some(path) = file.path.strip_prefix("core/src/").filter(|path| path.ends_with(".rs")) else { continue };
        let mut module: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        module.pop_if(|last| matches!(last.as_str(), "mod" | "lib"));
        if !matches!(module.last().map(String::as_str), Some("tests" | "testing")) {
            sources.push(Source { path: path.to_owned(), module, code: code(&file.text) });
        }
    }
    sources
}

/// The lines before the tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| if code.ends_with(':') { line } else { code }));
    lines.collect::<Vec<_>>().join("\n")
}

impl Source {
    /// The paths within the crate that the code names, from the crate's root: `crate::graph::Graph` is `["graph", "Graph"]`.
    pub fn names(&self) -> BTreeSet<Vec<String>> {
        let mut names = BTreeSet::new();
        for (at, _) in self.code.match_indices("crate::") {
            if !self.code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$') {
                expand(&self.code[at + "crate::".len()..], &[], &mut names);
            }
        }
        for (at, _) in self.code.match_indices("super::") {
            if self.code[..at].ends_with("super::") {
                continue;
            }
            let rest = self.code[at..].trim_start_matches("super::");
            let up = (self.code.len() - at - rest.len()) / "super::".len();
            let from = &self.module[..self.module.len().saturating_sub(up)];
            expand(rest, from, &mut names);
        }
        names
    }
}

/// Reads `a::b`, `a::{b, c::d}` and so on from the start of a text.
fn expand(text: &str, from: &[String], names: &mut BTreeSet<Vec<String>>) {
    if let Some(group) = text.strip_prefix('{') {
        for part in parts(group) {
            expand(part.trim(), from, names);
        }
        return;
    }
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    let mut path = from.to_vec();
    if end > 0 {
        path.push(text[..end].to_owned());
    }
    match text[end..].strip_prefix("::") {
        Some(rest) if end > 0 && rest.starts_with(|next: char| next.is_alphabetic() || next == '{' || next == '_') => {
            expand(rest, &path, names)
        }
        _ => {
            names.insert(path);
        }
    }
}

/// The parts of a group, up to its closing brace.
fn parts(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Which module of a folder each name comes from that the folder's `mod.rs` passes on.
pub fn passed_on(module: &Source) -> BTreeMap<String, String> {
    let mut passed = BTreeMap::new();
    for (at, _) in module.code.match_indices("use ") {
        let mut names = BTreeSet::new();
        expand(&module.code[at + "use ".len()..], &[], &mut names);
        for name in names.into_iter().filter(|name| name.len() == 2 && !matches!(name[0].as_str(), "crate" | "super" | "std")) {
            passed.insert(name[1].clone(), name[0].clone());
        }
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(module: &[&str], code: &str) -> Vec<String> {
        let source = Source { path: String::new(), module: module.iter().map(|it| (*it).to_owned()).collect(), code: code.to_owned() };
        source.names().into_iter().map(|name| name.join("::")).collect()
    }

    #[test]
    fn every_form_of_a_path_is_found() {
        assert_eq!(
            names(&["a", "b"], "use crate::model::{Entity, right::{Right, self}};"),
            ["model::Entity", "model::right::Right", "model::right::self"]
        );
        assert_eq!(names(&["a", "b"], "use super::c::D; let x = super::super::error::E;"), ["a::c::D", "error::E"]);
        assert_eq!(names(&["a"], "crate::graph::Graph::new(); $crate::x::y!()"), ["graph::Graph::new"]);
        assert_eq!(code("a; // b\n\"https://c\"\n#[cfg(test)]\nmod tests {\n d"), "a; \n\"https://c\"");
    }
}
