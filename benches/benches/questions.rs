//! How long reading, compiling and the questions take, on estates of 10,000 and, with `TENANTGRAPH_BENCH_SIZE=large`, of 1,000,000 entities.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::time::Duration;
use tenantgraph::analysis::{ReachOptions, reach, rotation, tenant_matrix};
use tenantgraph::graph::{Graph, GraphOptions};
use tenantgraph::model::Instant;
use tenantgraph::policy::Policy;
use tenantgraph::{Input, ReadOptions, Unobserved, read};

/// Five relations an entity.
const SMALL: u64 = 10_000;
const LARGE: u64 = 1_000_000;

fn questions(criterion: &mut Criterion) {
    let large = std::env::var("TENANTGRAPH_BENCH_SIZE").is_ok_and(|size| size == "large");
    for entities in [SMALL].into_iter().chain(large.then_some(LARGE)) {
        size(criterion, entities);
    }
}

fn size(criterion: &mut Criterion, entities: u64) {
    let inputs = [Input::new("seeded.ndjson", tenantgraph_benches::document(entities))];
    let estate = read(&inputs, &ReadOptions::default()).expect("the seeded estate is valid");
    assert_eq!(estate.len() as u64, entities);
    assert!(estate.reading().skipped.is_empty());
    let as_of = Instant::parse("2026-05-01").expect("a date");
    let compile = || Graph::compile(&estate, GraphOptions::at(as_of), &Unobserved).expect("nobody cancels");
    let graph = compile();
    let policy = Policy::default();

    let mut group = criterion.benchmark_group(format!("{entities} entities"));
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    group.throughput(Throughput::Bytes(inputs[0].bytes.len() as u64));
    group.bench_function("read", |bencher| bencher.iter(|| read(&inputs, &ReadOptions::default())));
    group.throughput(Throughput::Elements(entities));
    group.bench_function("compile", |bencher| bencher.iter(compile));
    group.bench_function("reach", |bencher| bencher.iter(|| reach(&graph, &ReachOptions::default(), &Unobserved)));
    group.bench_function("matrix", |bencher| bencher.iter(|| tenant_matrix(&graph, &Unobserved)));
    group.bench_function("rotation", |bencher| bencher.iter(|| rotation(&estate, &policy, as_of)));
    group.finish();
}

criterion_group!(benches, questions);
criterion_main!(benches);
