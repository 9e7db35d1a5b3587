//! What the tests of the whole house share: a slow model of the rules of the graph, and random estates to hold the fast one against.

pub mod estates;
pub mod reference;
