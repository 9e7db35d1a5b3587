//! Plants a value that looks like a secret wherever a report of a scanner may hold one, and looks for it in everything that comes out.

use serde_json::Value;
use tenantgraph::Input;
use tenantgraph_tests::canary::{CANARY, lines, planted, silent, with_unknown_fields, with_wrong_types};
use tenantgraph_tests::house::root;
use tenantgraph_tests::outputs::of_inputs;

/// A record of every tool, with the value in each field that may hold one.
fn reports() -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("tests/data/leaks/reports.ndjson")).expect("the reports");
    planted(&text).lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
}

fn leaks(text: impl Into<Vec<u8>>) -> Input {
    Input::new("reports", text).format("leaks@acme/shop")
}

/// Maps whose keys are names of files or of kinds of source.
const NAMES: [&str; 2] = ["results", "Data"];

#[test]
fn values_of_reports_stay_inside() {
    let mut reports = reports();
    for text in [lines(&reports), Value::from(reports.clone()).to_string()] {
        let read = of_inputs(&[leaks(text.clone())], &[]);
        let good =
            ["hmac-sha256:", "AKIAACMETILLDEPLOYER", "robot@acme-till.iam.gserviceaccount.com", "n/y.py:9:1", "i.js:2:1", "sarif.py:5:1"];
        assert!(good.iter().all(|part| read.contains(part)), "the reports are good");
        silent("as reported", &read);
        silent("detected", &of_inputs(&[Input::new("reports", text)], &[]));
    }
    let table = planted(
        "RuleID,Commit,File,Secret,Match,StartLine,Author,Message,Date\nr,c,f.py,CANARY,CANARY,CANARY,CANARY,CANARY,CANARY\n\"CANARY\n",
    );
    silent("a table", &of_inputs(&[leaks(table)], &[]));
    reports.iter_mut().for_each(|report| with_unknown_fields(report, &NAMES));
    silent("with unknown fields", &of_inputs(&[leaks(lines(&reports))], &[]));
}

#[test]
fn fields_of_reports_of_the_wrong_type_stay_inside() {
    let broken: Vec<Value> = reports().iter().flat_map(|report| with_wrong_types(report, &[])).collect();
    assert!(broken.len() > 300);
    silent("all at once", &of_inputs(&[leaks(lines(&broken))], &[]));
    for report in broken.iter().step_by(4) {
        silent(&report.to_string(), &of_inputs(&[leaks(report.to_string())], &[]));
    }
}

#[test]
fn a_report_that_ends_in_a_value_does_not_show_it() {
    let text = lines(&reports());
    let array = Value::from(reports()).to_string();
    for text in [&text, &array] {
        for (at, _) in text.match_indices(CANARY).step_by(4) {
            for length in [8, 15, CANARY.len()] {
                silent("cut", &of_inputs(&[leaks(&text.as_bytes()[..at + length])], &[]));
            }
        }
    }
}
