//! [`Reading`]: takes the files of pipelines, puts those of a project together when the last was read, and adds what they say.

use super::adding::{Adding, Counts};
use super::config::{Files, config, matching};
use super::detect::is_root;
use super::place::Project;
use super::rights::Rights;
use super::world::World;
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{Coverage, Position};
use crate::importers::yaml::Documents;
use crate::importers::{ImportContext, ImportReading, Input};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A reading of any number of inputs.
#[derive(Default)]
pub(super) struct Reading {
    files: Vec<File>,
    world: World,
}

/// A file as it was read.
struct File {
    /// The input without its bytes: its name and format.
    input: Input,
    /// The folders and the name.
    path: Vec<String>,
    content: Map<String, Value>,
    position: Position,
}

/// The files of a project by their path in it, and where each was read.
#[derive(Default)]
struct Read {
    files: Files,
    positions: BTreeMap<String, Position>,
    roots: BTreeSet<String>,
}

const NO_MAP: &str = "the configuration is no map of jobs";

/// What stands at the top of a configuration and need be no map.
const KEYWORDS: [&str; 8] = ["include", "stages", "image", "services", "before_script", "after_script", "cache", "types"];

impl ImportReading for Reading {
    fn take(&mut self, input: &Input, context: &mut ImportContext<'_>) -> Result<()> {
        if input.bytes.trim_ascii_start().starts_with(b"{") || input.bytes.trim_ascii_start().starts_with(b"[") {
            return super::answers::take(&mut self.world, input, context);
        }
        let invalid = |message| Err(Error::new(ErrorCode::InvalidInput, message).at(Place::new(&input.name)));
        let Ok(text) = std::str::from_utf8(&input.bytes) else {
            return invalid("the text is not UTF-8; write it again as UTF-8");
        };
        let (mut content, mut any) = (Map::new(), false);
        // A file may begin with a document that says what it takes, `spec`.
        for document in Documents::new(&input.name, text) {
            context.observer.check(0, input.bytes.len() as u64)?;
            let number = context.builder.record();
            let at = document.place().record(number);
            match document.parse() {
                Ok(Value::Object(fields)) => {
                    any = true;
                    content.extend(fields.into_iter().filter(|(name, _)| name != "spec"));
                }
                Ok(_) => context.builder.skip(at, NO_MAP),
                Err((place, reason)) => context.builder.skip(place.record(number), reason),
            }
        }
        let blank = text.trim_start_matches('\u{feff}').trim().is_empty();
        if !any && (blank || text.contains('\0')) {
            return invalid("nothing is in it; give the file as it stands in the repository");
        }
        if !content.is_empty() && !content.iter().any(is_of_a_pipeline) {
            return invalid("no job and no keyword of a pipeline is in it; give the file as it stands in the repository");
        }
        let path = input.name.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect();
        let named = Input { name: input.name.clone(), bytes: Vec::new(), format: input.format.clone() };
        self.files.push(File { input: named, path, content, position: context.builder.position() });
        Ok(())
    }

    fn finish(mut self: Box<Self>, context: &mut ImportContext<'_>) -> Result<()> {
        let position = context.builder.position();
        let world = std::mem::take(&mut self.world);
        let mut counts = Counts::default();
        let mut settled = 0;
        let inputs = self.files.len() as u64;
        let (mut projects, told) = self.projects();
        for project in world.projects.keys() {
            if !projects.keys().any(|other| other.id() == project.id()) {
                projects.insert(project.clone(), Read::default());
            }
        }
        for (project, read) in &projects {
            let mut reached = BTreeSet::new();
            let rights = Rights { project, all: world.of(project) };
            settled += u64::from(rights.is_told());
            let mut adding = Adding::new(&rights, context.key, context.builder, &mut counts);
            adding.project();
            for root in &read.roots {
                context.observer.check(0, 0)?;
                adding.builder.resume(read.positions.get(root).copied().unwrap_or(position));
                adding.pipeline(&read.files, root, &config(&read.files, root));
                reach(&read.files, root, &mut reached);
            }
            counts.left_out += read.files.keys().filter(|file| !reached.contains(*file)).count() as u64;
        }
        if told < inputs {
            context.builder.cover(Coverage {
                topic: "gitlab_inputs_named".into(),
                known: told,
                total: inputs,
                note: "files that do not tell their project on purpose are taken to be of the folders before `.gitlab-ci.yml`; name each by the format \
                       `gitlab@GROUP/PROJECT` or a folder `GROUP__PROJECT`"
                    .to_owned(),
            });
        }
        if world.other > 0 {
            let note = "answers of the API that tell nothing here".to_owned();
            context.builder.cover(Coverage { topic: "gitlab_records_read".into(), known: 0, total: world.other, note });
        }
        counts.cover(settled, projects.len() as u64, context.builder);
        context.builder.resume(position);
        Ok(())
    }
}

impl Reading {
    /// The files by project, and how many inputs tell theirs on purpose.
    fn projects(self) -> (BTreeMap<Project, Read>, u64) {
        let is_root_file = |file: &File| file.path.last().is_some_and(|name| is_root(name));
        let folder = |file: &File| file.path[..file.path.len().saturating_sub(1)].to_vec();
        let mut bases: Vec<Vec<String>> = self.files.iter().filter(|file| is_root_file(file)).map(folder).collect();
        bases.sort_by_key(|base| std::cmp::Reverse(base.len()));
        let (mut projects, mut told): (BTreeMap<Project, Read>, u64) = (BTreeMap::new(), 0);
        for file in self.files {
            let within = |base: &&Vec<String>| file.path.starts_with(base);
            let base = bases.iter().find(within).cloned().unwrap_or_else(|| folder(&file));
            let project = Project::of(&file.input, &base);
            told += u64::from(project.told);
            let read = projects.entry(project).or_default();
            let path = file.path[base.len()..].join("/");
            if is_root_file(&file) {
                read.roots.insert(path.clone());
            }
            read.positions.entry(path.clone()).or_insert(file.position);
            read.files.entry(path).or_insert(file.content);
        }
        for read in projects.values_mut().filter(|read| read.roots.is_empty()) {
            read.roots = read.files.keys().cloned().collect();
        }
        (projects, told)
    }
}

/// Whether an entry at the top may be of a pipeline: a job, a map of settings, or a keyword.
fn is_of_a_pipeline((key, value): (&String, &Value)) -> bool {
    value.is_object() || KEYWORDS.contains(&key.as_str())
}

/// The files that a file includes, or that its jobs start as pipelines of their own.
fn reach(files: &Files, file: &str, reached: &mut BTreeSet<String>) {
    if !reached.insert(file.to_owned()) {
        return;
    }
    let mut named = Vec::new();
    if let Some(content) = files.get(file) {
        locals(content.get("include"), &mut named);
        content.values().for_each(|job| locals(job.get("trigger").and_then(|trigger| trigger.get("include")), &mut named));
    }
    for file in named.iter().flat_map(|path| matching(files, path)) {
        reach(files, &file, reached);
    }
}

fn locals(include: Option<&Value>, named: &mut Vec<String>) {
    match include {
        Some(Value::Array(entries)) => entries.iter().for_each(|entry| locals(Some(entry), named)),
        Some(Value::String(path)) => named.push(path.clone()),
        Some(entry) => named.extend(entry.get("local").and_then(Value::as_str).map(str::to_owned)),
        None => {}
    }
}
