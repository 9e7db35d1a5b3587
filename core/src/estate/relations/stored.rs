//! [`Relations`] as bytes, for the snapshot.

use super::Relations;
use super::Rights;
use super::columns::starts;
use crate::estate::columns::{Fixed, Sink, Stored, Stream};

impl Stored for Relations {
    fn store(&self, out: &mut Sink<'_>) {
        self.from.store(out);
        self.to.store(out);
        self.kinds.store(out);
        self.rights.store(out);
        self.guards.store(out);
        self.texts.store(out);
        self.permissions.store(out);
        self.also.store(out);
        self.granted_at.store(out);
        self.valid_from.store(out);
        self.valid_until.store(out);
        self.last_used_at.store(out);
        self.subjects.store(out);
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        Some(Relations {
            starts: Vec::new(),
            from: Stored::load(stream)?,
            to: Stored::load(stream)?,
            kinds: Stored::load(stream)?,
            rights: Stored::load(stream)?,
            guards: Stored::load(stream)?,
            texts: Stored::load(stream)?,
            permissions: Stored::load(stream)?,
            also: Stored::load(stream)?,
            granted_at: Stored::load(stream)?,
            valid_from: Stored::load(stream)?,
            valid_until: Stored::load(stream)?,
            last_used_at: Stored::load(stream)?,
            subjects: Stored::load(stream)?,
        })
    }
}

impl Relations {
    /// The relations that were loaded, between so many entities; `None` where the columns do not agree or refer to what there is not.
    pub fn between(mut self, entities: usize) -> Option<Relations> {
        let (count, texts) = (self.len(), self.texts.len() as u32);
        let known = |entity: &u32| (*entity as usize) < entities;
        let agree = [self.to.len(), self.kinds.len(), self.rights.len(), self.guards.len()] == [count; 4]
            && self.from.is_sorted()
            && self.from.last().is_none_or(known)
            && self.to.iter().all(known)
            && self.also.values().iter().all(|(entity, _)| known(entity))
            && [&self.permissions, &self.subjects].into_iter().all(|column| column.values().iter().all(|text| *text < texts));
        if !agree {
            return None;
        }
        self.starts = starts(self.from.iter().copied(), entities);
        Some(self)
    }
}

impl Fixed for Rights {
    const SIZE: usize = 1;

    fn put(self, out: &mut Vec<u8>) {
        out.push(self.0);
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        bytes.first().map(|bits| Rights(*bits))
    }

    fn get_all(bytes: &[u8], values: &mut Vec<Self>) -> Option<()> {
        values.extend(bytes.iter().map(|bits| Rights(*bits)));
        Some(())
    }
}
