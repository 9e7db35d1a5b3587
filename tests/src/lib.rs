//! What the tests of the whole house share: the corpus of scenarios, a slow model of the rules of the graph, and random estates to hold the fast one against.

pub mod canary;
pub mod cluster_counts;
pub mod corpus;
pub mod dealt;
pub mod estates;
pub mod facts_graph;
pub mod graph_counts;
pub mod house;
pub mod large;
pub mod outputs;
pub mod reference;

/// The Rust of the README, run as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
