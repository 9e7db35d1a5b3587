//! Every closed list of words stands in the door's list of them, from which type files and help are derived.

use std::fs;
use std::path::Path;
use tenantgraph::door;

#[test]
fn every_list_of_words_is_in_the_door() {
    let mut types = Vec::new();
    lists(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src"), &mut types);
    assert!(types.len() > 15, "the lists of words were not found: {types:?}");
    let known: Vec<_> = door::words().iter().map(|list| list.name.to_owned()).collect();
    for name in types.iter().map(|name| snake_case(name)) {
        assert!(known.contains(&name), "add `{name}` to core/src/door/words.rs, then run `make --directory bindings-node generate-node`");
    }
}

/// The names of the types that the macro `words!` makes in a folder.
fn lists(folder: &Path, types: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            lists(&path, types);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            let mut lines = text.lines();
            while lines.any(|line| line == "words! {") {
                let opening = lines.find(|line| line.ends_with(" {")).expect("the name of the list");
                types.push(opening.trim().trim_end_matches(" {").to_owned());
            }
        }
    }
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
