//! [`Answers`]: the questions that the rules stand on, each asked once.

use super::rule::Context;
use crate::analysis::{
    Classification, Lifecycle, Privilege, Reach, ReachOptions, Rotation, Sharing, classification, lifecycle, privilege, reach, rotation,
    sharing,
};
use crate::error::Result;
use crate::graph::Graph;
use crate::observer::Observer;
use crate::policy::Policy;

/// The answers that the rules look at.
#[derive(Debug)]
pub(crate) struct Answers {
    pub reach: Reach,
    pub rotation: Rotation,
    pub sharing: Sharing,
    pub privilege: Privilege,
    pub lifecycle: Lifecycle,
    pub classification: Classification,
}

impl Answers {
    /// Asks every question of a graph. Costs what they cost.
    pub fn of(graph: &Graph, policy: &Policy, observer: &dyn Observer) -> Result<Self> {
        let (estate, as_of) = (graph.estate(), graph.options().as_of);
        let mut options = ReachOptions::default();
        (options.paths, options.every_crossing) = (0, true);
        Ok(Answers {
            reach: reach(graph, &options, observer)?,
            rotation: rotation(estate, policy, as_of),
            sharing: sharing(estate, as_of),
            privilege: privilege(estate, policy, as_of),
            lifecycle: lifecycle(estate, policy, as_of),
            classification: classification(graph, policy, observer)?,
        })
    }

    /// What the checks look at.
    pub fn context<'a>(&'a self, graph: &'a Graph, policy: &'a Policy) -> Context<'a> {
        Context {
            estate: graph.estate(),
            graph,
            policy,
            as_of: graph.options().as_of,
            reach: &self.reach,
            rotation: &self.rotation,
            sharing: &self.sharing,
            privilege: &self.privilege,
            lifecycle: &self.lifecycle,
            classification: &self.classification,
        }
    }
}
