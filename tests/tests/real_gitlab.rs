//! The real pipelines of GitLab, where they are at hand: the counts are those that were counted by other means.

use std::collections::BTreeSet;
use std::path::PathBuf;
use tenantgraph::model::RelationKind;
use tenantgraph::{Estate, Input, ReadOptions, read};

/// The estate of a project; `None`, said loudly, where the data is not at hand.
fn project(name: &str) -> Option<Estate> {
    let Some(folder) = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("cicd/gitlab")) else {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose cicd/gitlab holds the real pipelines");
        return None;
    };
    let bytes = std::fs::read(folder.join(name).join(".gitlab-ci.yml")).expect("the pipeline");
    let estate = read(&[Input::new(format!("{name}/.gitlab-ci.yml"), bytes)], &ReadOptions::default()).expect("the pipeline is read");
    assert!(estate.reading().skipped.is_empty() && estate.reading().sources[0].format == "gitlab", "{name}");
    Some(estate)
}

/// The jobs with a relation of a kind to an entity whose id has a part.
fn jobs<'e>(estate: &'e Estate, kind: RelationKind, part: &str) -> BTreeSet<&'e str> {
    let relations = estate.relations().filter(|relation| relation.kind() == kind && estate.entity(relation.to()).id().contains(part));
    relations.map(|relation| estate.entity(relation.from()).id()).filter(|id| id.contains("/jobs/")).collect()
}

/// A project: jobs, jobs with tokens of their own, sets of tags, jobs that start the pipeline of another project.
type Row = (&'static str, usize, usize, usize, usize);

#[test]
fn every_pipeline_is_read_and_its_counts_are_right() {
    let rows: [Row; 2] = [("DataDog__datadog-operator", 48, 7, 3, 14), ("DataDog__datadog-lambda-extension", 3, 1, 2, 0)];
    for (name, all, tokens, tags, triggers) in rows {
        let Some(estate) = project(name) else { return };
        let found = [
            estate.entities().iter().filter(|entity| entity.id().contains("/jobs/")).count(),
            jobs(&estate, RelationKind::Assumes, "#project_path:").len(),
            estate.entities().iter().filter(|entity| entity.id().contains("/runner-tags/")).count(),
        ];
        let of_other = estate.relations().filter(|relation| relation.permission() == Some("trigger")).count();
        assert_eq!((found[0], found[1], found[2], of_other), (all, tokens, tags, triggers), "{name}");
    }
}

#[test]
fn samples_are_as_they_were_read_by_hand() {
    let Some(estate) = project("DataDog__datadog-operator") else { return };
    let job = |name: &str| {
        estate.find(&format!("https://gitlab.com/DataDog/datadog-operator/-/pipelines/.gitlab-ci.yml/jobs/{name}")).expect("a job")
    };
    // It extends a job that says its tags.
    let runs_on: Vec<&str> = estate
        .relations_from(job("build_operator_image_fips_arm64"))
        .filter(|relation| relation.kind() == RelationKind::RunsOn)
        .map(|relation| estate.entity(relation.to()).name())
        .collect();
    assert_eq!(runs_on, ["arch:arm64"]);
    let downstream = estate.relations_from(job("publish_nightly_workflow")).find(|relation| relation.permission() == Some("trigger"));
    assert_eq!(
        downstream.map(|it| estate.entity(it.to()).id()),
        Some("https://gitlab.com/DataDog/k8s-datadog-agent-ops/-/pipelines/.gitlab-ci.yml")
    );
    assert!(estate.reading().coverage.iter().any(|coverage| coverage.topic == "gitlab_settings"));
    // A pipeline that is made as it runs is not in any file.
    let Some(estate) = project("DataDog__datadog-lambda-extension") else { return };
    assert!(estate.reading().coverage.iter().any(|coverage| coverage.topic == "gitlab_files" && coverage.total == 1));
}
