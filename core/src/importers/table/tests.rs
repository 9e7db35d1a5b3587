//! What is no whole table is an error or a strange estate, never a panic; and no small file takes more memory than it is given.

use crate::report::table::{ArrowForm, to_arrow, to_parquet};
use crate::{ErrorCode, Estate, Input, Limited, ReadOptions, Unobserved, importers::read_observed, read};

const LINES: &str = r#"{"record":"tenant","id":"acme-prod","labels":{"team":"canary"},"controls":{"monitored":true}}
{"record":"identity","id":"robot","tenant":"acme-prod","enabled":true,"authentication":["mfa"],"last_used_at":"2026-01-01"}
{"record":"secret","id":"key","tenant":"acme-prod","rotated_at":"2025-01-01","exposures":[{"detector":"d"}]}
{"record":"relation","from":"key","kind":"authenticates_as","to":"robot","guards":["mfa"]}
{"record":"relation","from":"robot","kind":"administers","to":"acme-prod"}
"#;

fn written(estate: &Estate) -> [Vec<u8>; 3] {
    [to_parquet(estate), to_arrow(estate, ArrowForm::File), to_arrow(estate, ArrowForm::Stream)].map(|written| written.expect("a file"))
}

#[test]
fn every_change_and_every_cut_gives_an_error_or_an_estate() {
    let estate = read(&[Input::new("lines", LINES)], &ReadOptions::default()).expect("lines");
    for bytes in written(&estate) {
        let mut refused = 0_usize;
        let mut look = |bytes: Vec<u8>| {
            let options = ReadOptions { unpacked_limit: Some(1 << 24), ..ReadOptions::default() };
            match read(&[Input::new("t", bytes).format("table")], &options) {
                Ok(estate) => assert!(estate.len() < 100_000),
                Err(error) => {
                    assert!(matches!(error.code(), ErrorCode::InvalidInput | ErrorCode::InvalidDocument), "{error}");
                    assert!(error.place().is_some() && !error.to_string().contains("canary"), "{error}");
                    refused += 1;
                }
            }
        };
        // A file has tens of thousands of bytes and each reading takes milliseconds: every few of them, another change each time.
        let step = bytes.len() / 700 + 1;
        for (number, at) in (4..bytes.len()).step_by(step).enumerate() {
            let mut damaged = bytes.clone();
            damaged[at] ^= [1, 0x80, 0xff, 0x10][number % 4];
            look(damaged);
            if number % 5 == 0 {
                look(bytes[..at].to_vec());
            }
        }
        assert!(refused > 150, "{refused} of {}", bytes.len());
    }
}

#[test]
fn what_unpacks_to_more_than_its_limit_is_refused() {
    let mut builder = Estate::builder();
    for at in 0..20_000 {
        builder.add(crate::model::Tenant::new(format!("tenant-{at}"), crate::model::TenantKind::Other));
    }
    let estate = builder.build();
    for bytes in written(&estate) {
        let input = [Input::new("t", bytes)];
        let limited = ReadOptions { unpacked_limit: Some(100_000), ..ReadOptions::default() };
        let error = read(&input, &limited).expect_err("too large");
        assert!(error.message().contains("raise the limit"), "{error}");
        let error = read_observed(&input, &ReadOptions::default(), &Limited::new(&Unobserved, Some(600_000))).expect_err("too large");
        assert_eq!(error.code(), ErrorCode::LimitExceeded, "{error}");
        assert_eq!(read(&input, &ReadOptions::default()).expect("small enough").len(), 20_000);
    }
}
