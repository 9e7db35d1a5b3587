//! From what was added to an [`Estate`].

use super::slot::{Known, Slot};
use super::{EstateBuilder, name};
use crate::error::Result;
use crate::estate::Estate;
use crate::estate::entities::{Described, Entities};
use crate::estate::reading::{Conflict, Reading};
use crate::estate::relations::{Places, Relations};
use crate::model::{End, Entity, EntityType};
use crate::observer::{Observer, Pace, Part, Unobserved};
use crate::parallel;

/// The steps of building, as an observer is told of them.
const STEPS: u64 = 5;

impl EstateBuilder {
    /// The estate of all that was added. The value of a label whose key names a secret (`password`, `api-token`) leaves a fingerprint in its place.
    pub fn build(self) -> Estate {
        match self.build_observed(&Unobserved) {
            Ok(estate) => estate,
            Err(_) => unreachable!("work that nobody watches is not cancelled"),
        }
    }

    /// [`EstateBuilder::build`], watched.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn build_observed(mut self, observer: &dyn Observer) -> Result<Estate> {
        let part = |step: u64| Part::new(observer, step, 1, STEPS);
        self.take_withdrawn();
        self.hide_secrets(&mut Pace::new(&part(0)))?;
        self.join_subjects(&mut Pace::new(&part(0)))?;
        let containers = self.containers(&mut Pace::new(&part(0)))?;
        let named = self.well_typed_rows(&containers, &mut Pace::new(&part(1)))?;
        let (order, places) = self.order(&named, &part(2))?;
        let (names, permissions) = std::mem::take(&mut self.permissions).sorted();
        self.report_no_tenants(&containers, &order, &mut Pace::new(&part(2)))?;
        let placeholders = order.iter().filter(|number| matches!(self.slots[**number as usize].known, Known::Nothing));
        let placeholders = placeholders.map(|number| self.ids.get(*number).to_owned()).collect();
        let rows = std::mem::take(&mut self.rows);
        let of = Places { of: &places, entities: order.len(), names: &names, permissions: &permissions };
        let (entities, relations) = parallel::both(
            &part(3),
            |observer| self.entities_in(&order, &containers, &places, &mut Pace::new(observer)),
            |observer| Relations::new(rows, &of, observer),
        )?;
        let reading = Reading {
            sources: self.sources,
            skipped: self.skipped.into_iter().collect(),
            conflicts: self.conflicts.into_iter().collect(),
            placeholders,
            coverage: self.coverage.into_iter().collect(),
        };
        Estate::new(entities, relations, reading, &part(4))
    }

    /// The number of each entity's tenant or parent. One that nobody described gets its number here.
    fn containers(&mut self, pace: &mut Pace<'_>) -> Result<Vec<Option<u32>>> {
        let mut containers = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            containers.push(match &slot.known {
                Known::Nothing => None,
                Known::Plain(plain) => plain.container(),
                Known::Whole(entity) => entity.container().map(|container| self.ids.number(container)),
            });
            pace.step()?;
        }
        self.slots.resize_with(self.ids.len(), Slot::default);
        containers.resize(self.ids.len(), None);
        Ok(containers)
    }

    /// Leaves out the relations whose ends are not what their kind joins; these are skipped, each with a reason. Gives what is described or named: what only a
    /// skipped relation named is named no more.
    fn well_typed_rows(&mut self, containers: &[Option<u32>], pace: &mut Pace<'_>) -> Result<Vec<bool>> {
        let types: Vec<EntityType> = self.slots.iter().map(Slot::entity_type).collect();
        let mut named: Vec<bool> = self.slots.iter().map(|slot| !matches!(slot.known, Known::Nothing)).collect();
        containers.iter().flatten().for_each(|number| named[*number as usize] = true);
        let rows = std::mem::take(&mut self.rows.rows);
        let mut ill_typed = Vec::new();
        for (at, row) in (0..).zip(&rows) {
            let table = row.kind.row();
            if table.from.fits(types[row.from as usize]) && table.to.fits(types[row.to as usize]) {
                self.rows.named(row).for_each(|number| named[number as usize] = true);
            } else {
                ill_typed.push(at);
            }
            pace.step()?;
        }
        for at in &ill_typed {
            let table = rows[*at as usize].kind.row();
            let (from, to) = (table.from.as_str(), table.to.as_str());
            let reason = format!("a relation of kind `{}` goes from {from} to {to}, and an end of this one is something else", table.kind);
            self.skip_at(self.origins.of(*at), &reason);
            pace.step()?;
        }
        self.rows.rows = rows;
        if !ill_typed.is_empty() {
            let (mut at, mut ill_typed) = (0, ill_typed.into_iter().peekable());
            self.rows.rows.retain(|_| {
                at += 1;
                ill_typed.next_if_eq(&(at - 1)).is_none()
            });
        }
        Ok(named)
    }

    /// The numbers of the entities in the order of their ids, and for each number its place in that order. What is not named has no place.
    fn order(&self, named: &[bool], observer: &dyn Observer) -> Result<(Vec<u32>, Vec<u32>)> {
        let order = (0..self.ids.len() as u32).filter(|number| named[*number as usize]).collect();
        let order = self.ids.sorted(order, observer)?;
        let mut places = vec![u32::MAX; self.ids.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        Ok((order, places))
    }

    /// What is known to be no tenant contains nothing by being named as one, and that is reported.
    fn report_no_tenants(&mut self, containers: &[Option<u32>], order: &[u32], pace: &mut Pace<'_>) -> Result<()> {
        for number in order {
            pace.step()?;
            let container = containers.get(*number as usize).copied().flatten();
            let Some(container) = container.map(|container| &self.slots[container as usize]) else { continue };
            if End::Tenant.fits(container.entity_type()) {
                continue;
            }
            let slot = &self.slots[*number as usize];
            let field = if slot.entity_type() == EntityType::Tenant { "parent" } else { "tenant" };
            let (kept, other) = (name(&self.sources, container.source), name(&self.sources, slot.source));
            self.conflicts.insert(Conflict { entity: self.ids.get(*number).to_owned(), field: field.into(), kept, other });
        }
        Ok(())
    }

    /// The entities of these numbers, placeholders for what is only named.
    fn entities_in(&mut self, order: &[u32], containers: &[Option<u32>], places: &[u32], pace: &mut Pace<'_>) -> Result<Entities> {
        let (ids, texts, slots) = (&self.ids, &self.texts, &mut self.slots);
        let take = |number: &u32| {
            let entity = match std::mem::take(&mut slots[*number as usize].known) {
                Known::Nothing => Described::Whole(Entity::Unknown(ids.get(*number).to_owned())),
                Known::Plain(plain) => Described::Plain(plain, ids.get(*number), texts),
                Known::Whole(entity) => Described::Whole(entity),
            };
            (entity, containers[*number as usize].map(|container| places[container as usize]))
        };
        Entities::new(order.iter().map(take), pace)
    }
}
