//! [`World`]: what answers of the API say of projects and groups, until it can be joined.

use super::place::Project;
use super::settings::Settings;
use std::collections::BTreeMap;

/// What answers of the API say.
#[derive(Debug, Default)]
pub(super) struct World {
    pub projects: BTreeMap<Project, Settings>,
    /// By host and path.
    pub groups: BTreeMap<(String, String), Settings>,
    /// Records of another kind.
    pub other: u64,
}

impl World {
    /// What is exported of a project, and of the groups that it is in, the nearest first.
    pub fn of(&self, project: &Project) -> Vec<(String, &Settings)> {
        let own = self.projects.iter().find(|(other, _)| other.host == project.host && other.path == project.path);
        let own = own.map(|(_, settings)| (project.id(), settings));
        let groups = (1..project.path.len()).rev().filter_map(|count| {
            let path = project.path[..count].join("/");
            let settings = self.groups.get(&(project.host.clone(), path.clone()))?;
            Some((format!("https://{}/{path}", project.host), settings))
        });
        own.into_iter().chain(groups).collect()
    }
}
