//! Many starts at once: 64 share a pass.

use super::compile::Graph;
use super::propagate::{Visitor, propagate, propagate_without};
use super::{EntityIndex, Fact};
use crate::error::Result;
use crate::model::{Certainty, Right};
use crate::observer::Observer;

/// What one of many starts came to hold over an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// The number of the start.
    pub start: usize,
    /// The fact.
    pub fact: Fact,
    /// The least number of hops.
    pub depth: u32,
}

/// How many starts share a pass.
const WIDTH: usize = 64;

impl Graph {
    /// Tells, for each of many starts on its own, the facts it comes to hold over the entities of interest; each fact once a start, in no fixed order
    /// among starts, nearest first within one. Costs one traversal a 64 starts.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn many(
        &self,
        starts: &[Vec<Fact>],
        admitted: Certainty,
        interest: &[bool],
        observer: &dyn Observer,
        mut tell: impl FnMut(Lane),
    ) -> Result<()> {
        for (chunk, starts) in starts.chunks(WIDTH).enumerate() {
            let first = chunk * WIDTH;
            let lanes = starts.iter().enumerate().flat_map(|(lane, facts)| facts.iter().map(move |fact| (*fact, 1u64 << lane)));
            let mut teller = Teller { first, interest, told: vec![0; interest.len() * 3], tell: &mut tell };
            propagate(self, lanes, admitted, observer, &mut teller)?;
        }
        Ok(())
    }

    /// For each start on its own, how many of the entities of interest it comes to hold at all.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub fn count_many(&self, starts: &[Vec<Fact>], admitted: Certainty, interest: &[bool], observer: &dyn Observer) -> Result<Vec<u64>> {
        let mut counts = vec![0; starts.len()];
        for (chunk, starts) in starts.chunks(WIDTH).enumerate() {
            let lanes = starts.iter().enumerate().flat_map(|(lane, facts)| facts.iter().map(move |fact| (*fact, 1u64 << lane)));
            let held = propagate(self, lanes, admitted, observer, &mut Ignored)?;
            count(&held, interest, &mut counts[chunk * WIDTH..]);
        }
        Ok(counts)
    }

    /// For each of these facts, how many of the entities of interest are held at all from a start in a world where that fact cannot be held.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Cancelled`].
    pub(crate) fn count_without(
        &self,
        start: &[Fact],
        without: &[Fact],
        admitted: Certainty,
        interest: &[bool],
        observer: &dyn Observer,
    ) -> Result<Vec<u64>> {
        let mut counts = vec![0; without.len()];
        for (chunk, facts) in without.chunks(WIDTH).enumerate() {
            let mut barred = vec![0u64; self.estate.len() * 3];
            for (lane, fact) in facts.iter().enumerate() {
                barred[fact.position()] |= 1 << lane;
            }
            let all = u64::MAX >> (WIDTH - facts.len());
            let lanes = start.iter().map(|fact| (*fact, all));
            let held = propagate_without(self, lanes, &barred, admitted, observer, &mut Ignored)?;
            count(&held, interest, &mut counts[chunk * WIDTH..]);
        }
        Ok(counts)
    }
}

/// Adds, a lane, the entities of interest over which anything is held.
fn count(held: &[u64], interest: &[bool], counts: &mut [u64]) {
    for (facts, _) in held.chunks_exact(3).zip(interest).filter(|(_, interest)| **interest) {
        let mut lanes = facts[0] | facts[1] | facts[2];
        while lanes != 0 {
            counts[lanes.trailing_zeros() as usize] += 1;
            lanes &= lanes - 1;
        }
    }
}

struct Teller<'a, T> {
    first: usize,
    interest: &'a [bool],
    told: Vec<u64>,
    tell: &'a mut T,
}

impl<T: FnMut(Lane)> Visitor<u64> for Teller<'_, T> {
    fn derived(&mut self, fact: Fact, lanes: u64, depth: u32, _: Option<u32>) {
        if !self.interest[fact.entity.position()] {
            return;
        }
        let told = &mut self.told[fact.position()];
        let mut lanes = lanes & !*told;
        *told |= lanes;
        while lanes != 0 {
            (self.tell)(Lane { start: self.first + lanes.trailing_zeros() as usize, fact, depth });
            lanes &= lanes - 1;
        }
    }
}

struct Ignored;

impl Visitor<u64> for Ignored {
    fn derived(&mut self, _: Fact, _: u64, _: u32, _: Option<u32>) {}
}

/// The strongest of the rights held, in the order control, write, read.
pub(crate) fn strongest(rights: impl IntoIterator<Item = Right>) -> Option<Right> {
    rights.into_iter().min_by_key(|right| match right {
        Right::Control => 0,
        Right::Write => 1,
        Right::Read => 2,
    })
}

/// A list with a `true` for each of these entities of an estate of that many.
pub(crate) fn marks(entities: &[EntityIndex], len: usize) -> Vec<bool> {
    let mut marks = vec![false; len];
    for entity in entities {
        marks[entity.position()] = true;
    }
    marks
}
