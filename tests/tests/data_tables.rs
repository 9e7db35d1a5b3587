//! The tables under `core/data`: each row stands once and says where it comes from.

use std::collections::BTreeSet;
use tenantgraph_tests::house::files;

#[test]
fn every_row_of_a_data_table_is_whole_and_has_a_source() {
    let mut tables = 0;
    for file in files().iter().filter(|file| file.path.starts_with("core/data/") && file.path.ends_with(".csv")) {
        let mut lines = file.text.lines();
        let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
        // What a name tells is checked against the rules; it has no source but itself. Catalogues name theirs beside them.
        let sourced = header.contains(&"source");
        assert!(sourced || file.path.contains("standards/") || file.path.ends_with("environment_names.csv"), "{}", file.path);
        let mut seen = BTreeSet::new();
        for (at, line) in lines.enumerate() {
            let place = format!("{}:{}", file.path, at + 2);
            assert!(line.split(',').count() >= header.len(), "{place}: a row is short");
            assert!(!line.ends_with(',') && !line.ends_with(' '), "{place}: the last cell is empty");
            assert!(seen.insert(line), "{place}: a row stands twice");
        }
        assert!(!seen.is_empty(), "{}: an empty table", file.path);
        tables += 1;
    }
    assert!(tables > 5);
}
