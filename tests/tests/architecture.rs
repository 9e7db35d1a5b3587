//! The lines of the house that a compiler does not hold: who may import whom, what the core must not touch, what no file may hold.

use std::collections::BTreeSet;
use tenantgraph_tests::house::{File, Source, files, passed_on, sources};

/// Each layer of the core and what it may name besides itself. `lib` is the map and names everything.
const LAYERS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("observer", &["error"]),
    ("parallel", &["error", "observer"]),
    ("aside", &["error", "observer"]),
    ("model", &["error"]),
    ("estate", &["model", "error", "observer", "parallel", "aside"]),
    ("importers", &["estate", "model", "error", "observer", "parallel"]),
    ("graph", &["estate", "model", "error", "observer", "parallel"]),
    ("policy", &["estate", "model", "error"]),
    ("analysis", &["graph", "policy", "estate", "model", "error", "observer", "parallel"]),
    ("rules", &["analysis", "graph", "policy", "estate", "model", "error", "observer"]),
    ("report", &["rules", "analysis", "graph", "policy", "estate", "model", "error", "observer", "aside"]),
    ("door", &["report", "rules", "analysis", "graph", "policy", "importers", "estate", "model", "error", "observer", "aside"]),
    ("cli", &["door", "report", "rules", "analysis", "graph", "policy", "importers", "estate", "model", "error", "observer"]),
    ("bin", &["cli"]),
];

/// Names that the crate's root passes on, and the layer they come from.
fn layer_of(source: &[Source], name: &str) -> String {
    let root = source.iter().find(|source| source.module.is_empty()).expect("lib.rs");
    passed_on(root).remove(name).unwrap_or_else(|| name.to_owned())
}

fn no_faults(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn layers_only_look_down() {
    let sources = sources();
    let mut faults = BTreeSet::new();
    for source in sources.iter().filter(|source| !source.module.is_empty()) {
        let layer = &source.module[0];
        let Some((_, below)) = LAYERS.iter().find(|(name, _)| name == layer) else {
            faults.insert(format!("{}: `{layer}` is no layer", source.path));
            continue;
        };
        for name in source.names().iter().filter_map(|name| name.first()) {
            let named = layer_of(&sources, name);
            if named != *layer && !below.contains(&named.as_str()) {
                faults.insert(format!("{}: `{layer}` must not name `{named}`", source.path));
            }
        }
    }
    no_faults(faults);
}

/// The modules of a folder that stand in its list, by the text that makes one stand there.
fn listed(folder: &Source, sign: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let modules = folder.code.lines().filter_map(|line| line.trim().strip_prefix("mod ")?.strip_suffix(';'));
    modules.filter(|module| sign(module)).map(str::to_owned).collect()
}

#[test]
fn importers_analyses_and_rules_do_not_name_each_other() {
    let sources = sources();
    let mut faults = BTreeSet::new();
    for layer in ["importers", "analysis", "rules"] {
        let folder = sources.iter().find(|source| source.module == [layer]).expect("the folder has a mod.rs");
        let passed = passed_on(folder);
        let units = listed(folder, |module| match layer {
            // A question is a function of the name of its file.
            "analysis" => passed.contains_key(module),
            "rules" => folder.code.contains(&format!("&{module}::RULE")),
            _ => sources
                .iter()
                .any(|source| source.module.starts_with(&[layer.into(), module.into()]) && source.code.contains("impl Importer for")),
        });
        assert!(!units.is_empty(), "{layer} has no listed modules");
        for source in
            sources.iter().filter(|source| source.module.len() > 1 && source.module[0] == layer && units.contains(&source.module[1]))
        {
            for name in source.names().iter().filter(|name| name.len() > 1 && name[0] == layer) {
                let named = passed.get(&name[1]).unwrap_or(&name[1]);
                if *named != source.module[1] && units.contains(named) {
                    faults.insert(format!("{}: names `{}` of `{named}`; what they share moves down", source.path, name[1]));
                }
            }
        }
    }
    no_faults(faults);
}

#[test]
fn the_core_touches_no_clock_file_network_environment_or_terminal() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "SystemTime",
        "std::time",
        "Utc::now",
        "Local::",
        "std::os",
        "stdin()",
        "stdout()",
        "stderr()",
        "println!",
        "print!(",
        "dbg!",
        "env!(\"HOME",
        "option_env!",
        "std::path",
    ];
    let within = |source: &&Source| !matches!(source.module.first().map(String::as_str), Some("cli" | "bin"));
    no_faults(sources().iter().filter(within).flat_map(|source| {
        let found = forbidden.iter().filter(|word| source.code.contains(*word));
        found.map(|word| format!("{}: `{word}`", source.path)).collect::<Vec<_>>()
    }));
}

#[test]
fn petgraph_stays_in_the_graph_and_nothing_is_unsafe() {
    no_faults(sources().iter().flat_map(|source| {
        let petgraph = source.code.contains("petgraph::") && source.module.first().is_none_or(|layer| layer != "graph");
        let unsafe_code = source.code.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == "unsafe");
        [(petgraph, "names petgraph"), (unsafe_code, "is unsafe")]
            .into_iter()
            .filter(|(fault, _)| *fault)
            .map(|(_, what)| format!("{}: {what}", source.path))
    }));
}

/// Files that a program wrote.
const GENERATED: &[&str] = &[
    "bindings-node/native.d.ts",
    "bindings-node/native.js",
    "bindings-node/types/tables.d.ts",
    "bindings-node/types/words.d.ts",
    "bindings-node/package-lock.json",
    "Cargo.lock",
];

fn is_written_by_hand(file: &&File) -> bool {
    let kinds = [".rs", ".py", ".pyi", ".js", ".mjs", ".ts", ".md", ".toml", ".yml", "Makefile"];
    kinds.iter().any(|kind| file.path.ends_with(kind)) && !GENERATED.contains(&file.path.as_str())
}

#[test]
fn files_are_short() {
    let files = files();
    let too_long = files.iter().filter(is_written_by_hand).filter(|file| file.text.lines().count() > 400);
    no_faults(too_long.map(|file| format!("{}: {} lines", file.path, file.text.lines().count())));
    let core = |file: &&File| file.path.starts_with("core/src/") && file.path.ends_with(".rs");
    let mut lengths: Vec<usize> = files.iter().filter(core).map(|file| file.text.lines().count()).collect();
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= 150, "half of the files of the core have more than {} lines", lengths[lengths.len() / 2]);
}

#[test]
fn no_file_names_a_registry_or_a_path_of_a_machine() {
    // Written in two parts, for this file is read too.
    let registries =
        ["crates|.io", "docs|.rs", "pypi|.org", "pythonhosted|.org", "registry.npmjs|.org", "registry.yarnpkg|.com", "npmmirror|.com"];
    let machines = ["/work|/", "/root|/", "/home|/", "/Users|/", "C:|\\Users"];
    let forbidden: Vec<String> = registries.iter().chain(&machines).map(|word| word.replace('|', "")).collect();
    let standard = format!("source = \"registry+https://github.com/rust-lang/{}-index\"", forbidden[0]);
    no_faults(files().iter().flat_map(|file| {
        let lines = file.text.lines().enumerate().filter(|(_, line)| *line != standard || !file.path.ends_with("Cargo.lock"));
        let found = lines.flat_map(|(at, line)| forbidden.iter().filter(move |word| line.contains(*word)).map(move |word| (at, word)));
        found.map(|(at, word)| format!("{}:{}: `{word}`", file.path, at + 1)).collect::<Vec<_>>()
    }));
}

#[test]
fn lock_files_hold_no_download_addresses() {
    let locks = ["Cargo.lock", "package-lock.json", "uv.lock", "requirements-dev.txt"];
    let files = files();
    let locks: Vec<&File> = files.iter().filter(|file| locks.iter().any(|lock| file.path.ends_with(lock))).collect();
    assert!(locks.iter().any(|file| file.path == "Cargo.lock"));
    // Addresses of sponsors are the packages' own words; what says where to load from is not.
    let loads =
        |line: &str| line.contains("\"resolved\"") || line.contains("-index") || line.contains("--find-links") || line.contains(" @ ");
    no_faults(locks.into_iter().flat_map(|file| {
        let lines = file.text.lines().filter(|line| loads(line) && !line.starts_with("source = \"registry+"));
        lines.map(|line| format!("{}: {line}", file.path)).collect::<Vec<_>>()
    }));
}
