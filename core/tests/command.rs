//! The command as its users meet it: the built binary, its streams and its exit codes.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A small estate: a development robot uses a production key.
const ESTATE: &str = r#"{
  "format": "tenantgraph/1",
  "tenants": [
    {"id": "acme-dev", "environment": "development"},
    {"id": "acme-live", "environment": "production"}
  ],
  "identities": [
    {"id": "robot", "kind": "service_account", "tenant": "acme-dev"},
    {"id": "deployer", "kind": "service_account", "tenant": "acme-live"}
  ],
  "secrets": [{"id": "deploy-key", "kind": "api_key", "tenant": "acme-live", "created_at": "2025-01-01T00:00:00Z"}],
  "resources": [{"id": "orders", "kind": "database", "tenant": "acme-live"}],
  "relations": [
    {"from": "robot", "kind": "uses", "to": "deploy-key"},
    {"from": "deploy-key", "kind": "authenticates_as", "to": "deployer"},
    {"from": "deployer", "kind": "administers", "to": "orders", "permission": "db.owner"}
  ]
}"#;

/// What `reach` says of it to a person.
const REACHED: &str = "\
Reach as of 2026-05-01T00:00:00Z, from class=non_production to class=production
3 entities of the target held (3 proven, 0 only possible), over 1 crossing

Crossings
  robot gains read of deploy-key by uses (3 target entities from there)

The proven path to read of deploy-key, 1 hop
  robot  [service_account of acme-dev, development]
    │ uses
    ▼ gains read
  deploy-key  [api_key of acme-live, production]

The proven path to control of deployer, 2 hops
  robot  [service_account of acme-dev, development]
    │ uses
    ▼ gains read
  deploy-key  [api_key of acme-live, production]
    │ authenticates_as
    ▼ gains control
  deployer  [service_account of acme-live, production]

The proven path to control of orders, 3 hops
  robot  [service_account of acme-dev, development]
    │ uses
    ▼ gains read
  deploy-key  [api_key of acme-live, production]
    │ authenticates_as
    ▼ gains control
  deployer  [service_account of acme-live, production]
    │ administers (db.owner)
    ▼ gains control
  orders  [database of acme-live, production]
";

/// A folder of one test, empty at its start.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("command-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder of the build");
        Folder(path)
    }

    /// The folder with the small estate in `estate.json`.
    fn with_estate(test: &str) -> Self {
        let folder = Folder::new(test);
        folder.write("estate.json", ESTATE);
        folder
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of the build");
        fs::write(path, content).expect("a file of the build");
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().expect("the command starts")
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tenantgraph"));
        command.current_dir(&self.0).args(arguments.split_whitespace());
        command
    }
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("text")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("text")
}

#[track_caller]
fn refused(output: &Output, message: &str) {
    assert_eq!((output.status.code(), stdout(output), stderr(output)), (Some(2), "", format!("{message}\n").as_str()));
}

#[test]
fn reach_draws_the_path_into_production() {
    let output = Folder::with_estate("reach").run("reach estate.json --as-of 2026-05-01");
    assert_eq!(stderr(&output), "");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output), REACHED);
}

#[test]
fn an_answer_is_the_same_in_a_file_and_from_any_order_of_inputs() {
    let folder = Folder::with_estate("output");
    folder.write("more.ndjson", "{\"record\": \"identity\", \"id\": \"auditor\", \"tenant\": \"acme-dev\"}\n");
    let first = folder.run("reach estate.json more.ndjson --as-of 2026-05-01 --format json");
    assert_eq!(folder.run("reach more.ndjson estate.json --as-of 2026-05-01 --format json").stdout, first.stdout);
    let written = folder.run("reach . --as-of 2026-05-01 --format json --output answer.json");
    assert_eq!((written.status.code(), stdout(&written)), (Some(0), ""));
    assert_eq!(fs::read(folder.0.join("answer.json")).expect("the answer"), first.stdout);
}

#[test]
fn a_directory_is_read_whole_and_says_what_it_left_out() {
    let folder = Folder::new("directory");
    folder.write("exports/estate.json", ESTATE);
    folder.write("exports/labels.csv", "id,environment\nacme-dev,production\n");
    folder.write("exports/notes.txt", "nothing for a machine");
    folder.write("exports/.cache/x.json", ESTATE);
    let output = folder.run("matrix exports --as-of 2026-05-01 --format json");
    // The overlay says that the robot's tenant is production too.
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "[]\n"));
    let remarks = stderr(&output);
    assert!(remarks.contains("exports/notes.txt: no reader recognises this file"), "{remarks}");
    assert!(remarks.contains("exports/.cache: hidden"), "{remarks}");
    let quoted = folder.run("matrix exports/*.json --as-of 2026-05-01 --format json");
    assert!(stdout(&quoted).contains("\"source\": \"acme-dev\""));
}

#[test]
fn packed_inputs_and_overlays_are_read_up_to_the_limit() {
    let pack = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text.as_bytes()).expect("memory takes it");
        packed.finish().expect("memory takes it")
    };
    let folder = Folder::new("packed");
    folder.write("estate.json.gz", pack(ESTATE));
    folder.write("labels.csv.gz", pack("id,environment\nacme-dev,production\n"));
    let output = folder.run("matrix . --as-of 2026-05-01 --format json --unpacked-limit 4KiB");
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "[]\n"));
    let output = folder.run("matrix . --as-of 2026-05-01 --format json --unpacked-limit 100");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("larger than the limit of packed inputs leaves room for, 100 bytes"), "{}", stderr(&output));
}

#[test]
fn labels_given_by_hand_beat_those_that_were_found() {
    let folder = Folder::with_estate("labels");
    folder.write("labels.csv", "id,environment\nacme-dev,production\n");
    folder.write("stronger.csv", "id,environment\nacme-dev,testing\n");
    let output = folder.run("matrix estate.json labels.csv --labels stronger.csv --as-of 2026-05-01 --format json");
    assert!(stdout(&output).contains("\"source\": \"acme-dev\""), "{}", stdout(&output));
}

#[test]
fn what_was_lost_may_be_called_by_its_name() {
    let folder = Folder::with_estate("names");
    let secrets = r#"{"format": "tenantgraph/1", "secrets": [{"id": "s/1", "name": "deploy-key"}, {"id": "s/2", "name": "twin"}, {"id": "s/3", "name": "twin"}]}"#;
    folder.write("secrets.json", secrets);
    let ask = |lost| folder.run(&format!("blast-radius secrets.json --as-of 2026-05-01 --format json --lost {lost}"));
    assert_eq!(stdout(&ask("deploy-key")), stdout(&ask("s/1")));
    assert!(stdout(&ask("s/1")).contains("\"s/1\""));
    refused(&ask("twin"), "error: several entities have the name `twin`, `s/2` and `s/3` among them; give an id");
}

#[test]
fn what_cannot_be_read_is_one_line_that_says_why() {
    let folder = Folder::with_estate("refused");
    folder.write("notes.txt", "nothing for a machine");
    folder.write("empty/.keep", "");
    refused(&folder.run("reach lost.json"), "error: lost.json: no such file or directory; check the path");
    refused(&folder.run("reach lost/*.json"), "error: lost/*.json: there is no file here to read; check the path");
    refused(
        &folder.run("reach estate.json --output lost/answer.json"),
        "error: lost/answer.json: no such file or directory; check the path",
    );
    refused(
        &folder.run("blast-radius estate.json --lost nobody"),
        "error: no entity of the estate has the id or the name `nobody`; list ids with `tenantgraph convert`",
    );
    // A slip in the arguments is told before anything is read.
    let slip = folder.run("reach lost.json --from colour=red");
    assert!(stderr(&slip).contains("unknown selector key") && !stderr(&slip).contains("lost.json"), "{}", stderr(&slip));
    for arguments in [
        "reach notes.txt",
        "reach empty",
        "reach --input carrier-pigeon:estate.json",
        "reach",
        "fly",
        "reach estate.json --from colour=red",
        "reach estate.json --as-of yesterday",
        "assess estate.json --fail-on terrible",
        "assess estate.json --policy lost.toml",
    ] {
        let output = folder.run(arguments);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{arguments}");
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
}

#[test]
fn a_file_that_is_named_is_read_as_its_format_or_refused() {
    let folder = Folder::with_estate("format");
    let forced = folder.run("reach --input tenantgraph:estate.json --as-of 2026-05-01 --format json");
    assert_eq!(forced.stdout, folder.run("reach estate.json --as-of 2026-05-01 --format json").stdout);
    folder.write("broken.json", "\u{1}\u{2}\u{3}");
    assert_eq!(folder.run("reach broken.json").status.code(), Some(2));
    assert_eq!(folder.run("reach --input tenantgraph:broken.json").status.code(), Some(2));
}

#[test]
fn blast_radius_lists_what_to_rotate() {
    let output = Folder::with_estate("blast").run("blast-radius estate.json --lost robot --as-of 2026-05-01");
    assert!(stdout(&output).contains("Gained, nearest first\n  read of deploy-key after 1 hop, proven\n"), "{}", stdout(&output));
    assert!(stdout(&output).ends_with("Rotate these secrets, in this order\n  1. deploy-key\n"), "{}", stdout(&output));
}

#[test]
fn a_graph_for_bloodhound_reads_as_the_same_estate_and_paths_are_written() {
    let folder = Folder::with_estate("opengraph");
    assert_eq!(folder.run("convert estate.json --format opengraph --output graph.json").status.code(), Some(0));
    assert_eq!(folder.run("convert graph.json").stdout, folder.run("convert estate.json").stdout);
    let paths = folder.run("reach estate.json --as-of 2026-05-01 --format opengraph");
    assert!(stdout(&paths).contains("\"path_steps\""), "{}", stdout(&paths));
    assert_eq!(folder.run("rotation estate.json --as-of 2026-05-01 --format opengraph").status.code(), Some(2));
    assert!(stdout(&folder.run("schema --of opengraph")).contains("\"is_traversable\""));
}

#[test]
fn what_is_converted_reads_as_the_same_estate() {
    let folder = Folder::with_estate("convert");
    let json = folder.run("convert estate.json");
    assert_eq!((json.status.code(), stderr(&json)), (Some(0), ""));
    folder.write("again.json", &json.stdout);
    assert_eq!(folder.run("convert again.json").stdout, json.stdout);
    folder.write("again.ndjson", &folder.run("convert estate.json --format ndjson").stdout);
    assert_eq!(folder.run("convert again.ndjson").stdout, json.stdout);
    assert_eq!(folder.run("convert estate.json --format snapshot --output again.snapshot").status.code(), Some(0));
    assert_eq!(folder.run("convert again.snapshot").stdout, json.stdout);
}

#[test]
fn rotation_judges_by_the_policy_that_is_given() {
    let folder = Folder::with_estate("rotation");
    let status = |arguments: &str| {
        let output = folder.run(&format!("rotation estate.json --as-of 2025-02-01 --format json {arguments}"));
        assert_eq!(stderr(&output), "");
        let statuses = ["within", "due_soon", "overdue"];
        let found = statuses.iter().find(|status| stdout(&output).contains(&format!("\"status\": \"{status}\"")));
        found.copied().unwrap_or_default()
    };
    assert_eq!(status(""), "within");
    folder.write("strict.toml", "[limits]\napi_key = { age_days = 10 }\n");
    assert_eq!(status("--policy strict.toml"), "overdue");
    folder.write("strict.json", r#"{"limits": {"api_key": {"age_days": 40}}}"#);
    assert_eq!(status("--policy strict.json"), "due_soon");
    folder.write("broken.toml", "due_soon_days = \"soon\"");
    let broken = folder.run("rotation estate.json --policy broken.toml");
    assert_eq!(broken.status.code(), Some(2));
    assert!(stderr(&broken).starts_with("error: broken.toml:1:"), "{}", stderr(&broken));
}

#[test]
fn assess_fails_only_on_what_it_is_told_to() {
    let folder = Folder::with_estate("assess");
    let code = |arguments: &str| {
        let output = folder.run(&format!("assess estate.json --as-of 2026-05-01 --format json {arguments}"));
        assert!(stdout(&output).contains("\"rule\": \"cross-environment-path\""), "{}", stderr(&output));
        output.status.code()
    };
    assert_eq!(code(""), Some(0));
    assert_eq!(code("--fail-on info"), Some(1));
    let waive = |rule: &&tenantgraph::rules::Rule| {
        format!("[[exceptions]]\nrule = \"{}\"\nsubject = \"*\"\nreason = \"a test\"\nowner = \"acme\"\nexpires = 2027-01-01\n", rule.id)
    };
    folder.write("waived.toml", tenantgraph::rules::RULES.iter().map(waive).collect::<String>());
    assert_eq!(code("--fail-on info --policy waived.toml"), Some(0));
}

#[test]
fn a_report_is_written_for_people_and_for_tools() {
    let folder = Folder::with_estate("report");
    let text = folder.run("assess estate.json --as-of 2026-05-01");
    assert_eq!((text.status.code(), stderr(&text)), (Some(0), ""));
    // The words of a report are for its own tests; here it is that it comes, with a path.
    assert!(stdout(&text).contains("  robot  [service_account of acme-dev, development]\n    │ uses\n"), "{}", stdout(&text));
    assert!(!stdout(&text).contains('\u{1b}'), "no colour where nobody looks");
    let sarif = folder.run("assess estate.json --as-of 2026-05-01 --format sarif");
    assert_eq!(sarif.status.code(), Some(0));
    assert!(stdout(&sarif).contains("\"version\": \"2.1.0\"") && stdout(&sarif).contains("\"ruleId\": \"cross-environment-path\""));
    let markdown = folder.run("report estate.json --as-of 2026-05-01 --format markdown");
    assert_eq!(markdown.status.code(), Some(0));
    assert!(stdout(&markdown).contains("1. gains read of `deploy-key` (api key of `acme-live`, production) by `uses`\n"));
    assert_eq!(markdown.stdout, folder.run("assess estate.json --as-of 2026-05-01 --format markdown").stdout);
}

#[test]
fn the_lists_are_those_of_the_library() {
    let folder = Folder::new("lists");
    for rule in tenantgraph::rules::RULES {
        for arguments in ["rules", "rules --format json"] {
            assert!(stdout(&folder.run(arguments)).contains(rule.id), "{arguments}: {}", rule.id);
        }
    }
    assert_eq!(stdout(&folder.run("schema")), tenantgraph::estate::document::schema());
    let policy = folder.run("policy");
    assert_eq!(stdout(&policy), tenantgraph::policy::Policy::DEFAULT_TOML);
    folder.write("policy.toml", &policy.stdout);
    assert_eq!(folder.run("policy --policy policy.toml --format json").stdout, folder.run("policy --format json").stdout);
}

#[test]
fn a_rule_is_explained_or_the_nearest_are_named() {
    let folder = Folder::new("explain");
    let page = folder.run("explain rotation-overdue");
    assert_eq!(page.status.code(), Some(0));
    assert!(
        stdout(&page).starts_with("rotation-overdue (")
            && stdout(&page).contains("\nExample\n  ")
            && stdout(&page).contains("PR.AC-1: in version 2.0: ")
    );
    assert!(stdout(&folder.run("explain rotation-overdue --format json")).contains("\"severity_reason\": \""));
    assert!(stdout(&folder.run("explain rotation-overdue --format markdown")).contains("\n## How to fix it\n"));
    refused(&folder.run("explain rotation-overdu"), "error: no rule of this name; the nearest are `rotation-overdue`");
}

#[test]
fn an_id_cannot_command_the_terminal() {
    let folder = Folder::new("escape");
    folder.write("estate.json", ESTATE.replace("robot", "ro\\u001b[2Jbot"));
    let output = folder.run("reach estate.json --as-of 2026-05-01");
    assert!(stdout(&output).contains("ro\\u{1b}[2Jbot"), "{}", stdout(&output));
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = Folder::with_estate("pipe");
    let mut child = folder
        .command("reach estate.json --as-of 2026-05-01 --format json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), stderr(&output)), (Some(0), ""));
}

#[test]
fn help_names_every_command_and_format() {
    let folder = Folder::new("help");
    let help = folder.run("--help");
    assert_eq!(help.status.code(), Some(0));
    for command in tenantgraph::door::QUESTIONS.iter().map(|question| question.name).chain(["convert", "verify"]) {
        assert!(stdout(&help).contains(command), "{}", stdout(&help));
        let own = folder.run(&format!("{command} --help"));
        assert_eq!(own.status.code(), Some(0));
        for importer in tenantgraph::importers::IMPORTERS {
            assert!(stdout(&own).contains(importer.format()), "{}", stdout(&own));
        }
    }
}
