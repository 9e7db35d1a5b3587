//! An estate goes through Parquet and Arrow and comes back the same.

use proptest::prelude::*;
use tenantgraph::report::table::{ArrowForm, to_arrow, to_parquet};
use tenantgraph::{Estate, Input, ReadOptions};
use tenantgraph_tests::corpus::scenarios;
use tenantgraph_tests::estates::{config, estates};

/// A way out of an estate, by its name.
type Way = (&'static str, fn(&Estate) -> tenantgraph::Result<Vec<u8>>);

/// What comes back, by the way it went.
fn returned(estate: &Estate) -> Vec<(&'static str, Estate)> {
    let ways: [Way; 3] = [
        ("Parquet", to_parquet),
        ("Arrow file", |estate| to_arrow(estate, ArrowForm::File)),
        ("Arrow stream", |estate| to_arrow(estate, ArrowForm::Stream)),
    ];
    let through = |(name, write): Way| {
        let bytes = write(estate).expect("it is written");
        let again = tenantgraph::read(&[Input::new("estate", bytes)], &ReadOptions::default()).expect("it is read");
        assert!(again.reading().skipped.is_empty(), "{name}: {:?}", again.reading().skipped);
        (name, again)
    };
    ways.into_iter().map(through).collect()
}

#[test]
fn every_estate_of_the_corpus_comes_back() {
    let mut entities = 0;
    for scenario in scenarios() {
        let Ok(estate) = scenario.read(&scenario.inputs()) else { continue };
        for (way, again) in returned(&estate) {
            assert_eq!(again.to_document_json(), estate.to_document_json(), "{}: {way}", scenario.name);
            assert_eq!(again.reading().placeholders, estate.reading().placeholders, "{}: {way}", scenario.name);
        }
        entities += estate.len();
    }
    assert!(entities > 1_000, "{entities}");
}

#[test]
fn random_estates_come_back() {
    proptest!(config(30, 4), |(random in estates(12, 30))| {
        let estate = random.build();
        prop_assert_eq!(to_parquet(&estate), to_parquet(&random.build()));
        for (way, again) in returned(&estate) {
            prop_assert_eq!(again.to_document_json(), estate.to_document_json(), "{}", way);
        }
    });
}
