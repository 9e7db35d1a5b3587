//! [`Standards`]: what a rule answers to, and the catalogue of the standards' own ids and titles.

use serde::Serialize;
use serde::ser::SerializeStruct;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The items of published standards that a rule answers to. Every id is in the catalogue of its standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standards {
    /// OWASP Non-Human Identities Top 10, 2025.
    pub owasp_nhi: &'static [&'static str],
    /// NIST Cybersecurity Framework 2.0.
    pub nist_csf: &'static [&'static str],
    /// NIST SP 800-53, revision 5.
    pub nist_800_53: &'static [&'static str],
    /// NIST AI Risk Management Framework 1.0: what the rule means where the identity is that of an AI agent or model.
    pub ai_rmf: &'static [&'static str],
}

/// An item of a published standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardItem {
    /// The name of the standard.
    pub standard: &'static str,
    /// The id of the item.
    pub id: &'static str,
    /// Its title; of an item of the Cybersecurity Framework 1.1 what it became in 2.0, by which its titles are found.
    pub title: String,
}

impl Standards {
    pub(super) const fn new(
        owasp_nhi: &'static [&'static str],
        nist_csf: &'static [&'static str],
        nist_800_53: &'static [&'static str],
    ) -> Self {
        Standards { owasp_nhi, nist_csf, nist_800_53, ai_rmf: &[] }
    }

    /// The same, with these items of the AI Risk Management Framework.
    pub(super) const fn ai_rmf(mut self, ids: &'static [&'static str]) -> Self {
        self.ai_rmf = ids;
        self
    }

    /// The ids of the Cybersecurity Framework 1.1 that became those of 2.0: many readers still know only these.
    pub fn nist_csf_1_1(&self) -> Vec<&'static str> {
        let became = |new: &Vec<&str>| self.nist_csf.iter().any(|id| new.contains(id));
        CATALOGUE.withdrawn.iter().filter(|(_, new)| became(new)).map(|(id, _)| *id).collect()
    }

    /// Every id of the five lists, those of 1.1 last.
    pub fn ids(&self) -> Vec<&'static str> {
        [self.owasp_nhi, self.nist_csf, self.nist_800_53, self.ai_rmf].concat().into_iter().chain(self.nist_csf_1_1()).collect()
    }

    /// Every item with the name of its standard and its title, in the order of [`Standards::ids`].
    pub fn items(&self) -> Vec<StandardItem> {
        let of = |standard: &'static str, ids: &[&'static str]| -> Vec<StandardItem> {
            ids.iter().map(|id| StandardItem { standard, id, title: Standards::title(id).unwrap_or_default().to_owned() }).collect()
        };
        let mut items = of("OWASP Non-Human Identities Top 10, 2025", self.owasp_nhi);
        items.extend(of("NIST Cybersecurity Framework 2.0", self.nist_csf));
        items.extend(of("NIST SP 800-53, revision 5", self.nist_800_53));
        items.extend(of("NIST AI Risk Management Framework 1.0", self.ai_rmf));
        for (id, became) in CATALOGUE.withdrawn.iter().filter(|(id, _)| self.nist_csf_1_1().contains(id)) {
            let title = format!("in version 2.0: {}", became.join(", "));
            items.push(StandardItem { standard: "NIST Cybersecurity Framework 1.1", id, title });
        }
        items
    }

    /// The title of an item of one of the standards, where the catalogue has it.
    pub fn title(id: &str) -> Option<&'static str> {
        CATALOGUE.titles.get(id).copied()
    }
}

impl Serialize for Standards {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Standards", 5)?;
        fields.serialize_field("owasp_nhi", self.owasp_nhi)?;
        fields.serialize_field("nist_csf", self.nist_csf)?;
        fields.serialize_field("nist_csf_1_1", &self.nist_csf_1_1())?;
        fields.serialize_field("nist_800_53", self.nist_800_53)?;
        fields.serialize_field("ai_rmf", self.ai_rmf)?;
        fields.end()
    }
}

/// The tables of `core/data/standards`.
struct Catalogue {
    titles: BTreeMap<&'static str, &'static str>,
    withdrawn: Vec<(&'static str, Vec<&'static str>)>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let tables = [
        include_str!("../../data/standards/owasp_nhi.csv"),
        include_str!("../../data/standards/nist_csf.csv"),
        include_str!("../../data/standards/nist_800_53.csv"),
        include_str!("../../data/standards/nist_ai_rmf.csv"),
    ];
    let titles = tables.into_iter().flat_map(rows).collect();
    let withdrawn = rows(include_str!("../../data/standards/nist_csf_1_1.csv"));
    Catalogue { titles, withdrawn: withdrawn.map(|(id, new)| (id, new.split(' ').collect())).collect() }
});

/// The rows of a table of two columns below its heading. An id holds no comma, so what stands after the first one is the title.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(id, title)| (id, title.trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn every_id_that_a_rule_names_is_in_the_catalogue_of_its_standard() {
        let table = |text: &'static str| rows(text).map(|(id, _)| id).collect::<Vec<_>>();
        let owasp = table(include_str!("../../data/standards/owasp_nhi.csv"));
        let csf = table(include_str!("../../data/standards/nist_csf.csv"));
        let controls = table(include_str!("../../data/standards/nist_800_53.csv"));
        let framework = table(include_str!("../../data/standards/nist_ai_rmf.csv"));
        for rule in RULES {
            let standards = &rule.standards;
            assert!(standards.owasp_nhi.iter().all(|id| owasp.contains(id)), "{}", rule.id);
            assert!(!standards.nist_csf.is_empty() && standards.nist_csf.iter().all(|id| csf.contains(id)), "{}", rule.id);
            assert!(standards.ai_rmf.iter().all(|id| framework.contains(id)), "{}", rule.id);
            assert!(!standards.nist_800_53.is_empty() && standards.nist_800_53.iter().all(|id| controls.contains(id)), "{}", rule.id);
        }
    }

    #[test]
    fn the_tables_are_whole_and_what_was_renamed_leads_to_what_is_there() {
        assert_eq!(CATALOGUE.titles.len(), 10 + 17 + 18 + 16);
        assert!(CATALOGUE.titles.values().all(|title| !title.is_empty() && !title.contains('"')));
        for (id, new) in &CATALOGUE.withdrawn {
            assert!(new.iter().all(|new| CATALOGUE.titles.contains_key(new)) && !CATALOGUE.titles.contains_key(id), "{id}");
        }
        let renamed = |nist_csf| Standards::new(&[], nist_csf, &[]).nist_csf_1_1();
        assert_eq!(renamed(&["PR.AA-01"]), ["PR.AC-1"]);
        assert_eq!(renamed(&["PR.AA-05"]), ["PR.AC-1", "PR.AC-3", "PR.AC-4"]);
        assert!(renamed(&["ID.RA-07"]).is_empty());
        assert_eq!(Standards::title("NHI8:2025"), Some("Environment Isolation"));
    }
}
