//! What is settled when everything was added and before the columns are made: labels that hold secrets, subjects of patterns.

use super::slot::Known;
use super::{EstateBuilder, Position};
use crate::error::Result;
use crate::estate::{FingerprintKey, secret_names, subjects};
use crate::model::{EntityType, Relation, RelationKind};
use crate::observer::Pace;

impl EstateBuilder {
    /// Notes that an identity is a subject of an issuer too, `ISSUER#SUBJECT`. Only where somebody trusts that subject, or a pattern that takes it, does it
    /// become a relation: most are trusted by nobody.
    pub fn known_as(&mut self, identity: &str, subject: &str) {
        self.aliases.insert((identity.to_owned(), subject.to_owned()));
    }

    /// Takes the values out of labels whose keys name a secret. What is plain has no labels.
    pub(super) fn hide_secrets(&mut self, pace: &mut Pace<'_>) -> Result<()> {
        let key = self.key.take().or_else(|| FingerprintKey::of_process().ok().cloned());
        for slot in &mut self.slots {
            if let Known::Whole(entity) = &mut slot.known
                && let Some(labels) = entity.labels_mut()
            {
                secret_names::hide(labels, key.as_ref());
            }
            pace.step()?;
        }
        Ok(())
    }

    /// Makes the subjects of an issuer members of the patterns that take them, whichever reader brought which.
    pub(super) fn join_subjects(&mut self, pace: &mut Pace<'_>) -> Result<()> {
        let mut trusts = std::collections::BTreeSet::new();
        for row in &self.rows.rows {
            if self.rows.names_subject(row) {
                trusts.insert(row.from);
            }
            pace.step()?;
        }
        if trusts.is_empty() {
            return Ok(());
        }
        let aliases = std::mem::take(&mut self.aliases);
        let aliases: Vec<(u32, String)> =
            aliases.into_iter().filter_map(|(identity, subject)| Some((self.ids.find(&identity)?, subject))).collect();
        let mut identities: Vec<(u32, &str)> = aliases.iter().map(|(number, subject)| (*number, subject.as_str())).collect();
        for (number, slot) in (0..).zip(&self.slots) {
            if slot.entity_type() == EntityType::Identity {
                identities.push((number, self.ids.get(number)));
            }
            pace.step()?;
        }
        let named = |(from, to): (u32, u32)| (self.ids.get(from).to_owned(), self.ids.get(to).to_owned());
        let pairs: Vec<_> = subjects::joined(identities.into_iter(), &trusts).into_iter().map(named).collect();
        let trusted = aliases.iter().filter_map(|(number, subject)| Some((*number, self.ids.find(subject)?)));
        let trusted: Vec<_> = trusted.filter(|(_, subject)| trusts.contains(subject)).map(named).collect();
        self.current = Position::default();
        for (identity, subject) in trusted {
            self.relate(Relation::new(identity, RelationKind::FederatesTo, subject).permission("identity token"));
        }
        for (subject, pattern) in pairs {
            self.relate(Relation::new(subject, RelationKind::MemberOf, pattern).permission("subject"));
            pace.step()?;
        }
        Ok(())
    }
}
