//! [`Permissions`]: the providers' names of rights.

use crate::error::Result;
use crate::estate::columns::UniqueTexts;
use crate::observer::Pace;

/// The providers' names of rights, each once. Number 0 is "none".
#[derive(Debug, Default)]
pub(in crate::estate) struct Permissions(UniqueTexts);

impl Permissions {
    /// The number of a name.
    pub fn number(&mut self, name: Option<&str>) -> u32 {
        name.map_or(0, |name| self.0.number(name) + 1)
    }

    /// The numbers of the names of another list, by their numbers there.
    ///
    /// # Errors
    /// As [`crate::Observer::check`].
    pub fn adopt(&mut self, other: &Permissions, pace: &mut Pace<'_>) -> Result<Vec<u32>> {
        let numbers = self.0.adopt(&other.0, pace)?;
        Ok([0].into_iter().chain(numbers.into_iter().map(|number| number + 1)).collect())
    }

    /// The names in order, and for each number its place there, from 1: the order of relations must not depend on the order of reading.
    pub fn sorted(&self) -> (Vec<Box<str>>, Vec<u32>) {
        let mut order: Vec<u32> = (0..self.0.len() as u32).collect();
        order.sort_unstable_by_key(|number| self.0.get(*number));
        let mut places = vec![0; order.len() + 1];
        for (place, number) in (1..).zip(&order) {
            places[*number as usize + 1] = place;
        }
        (order.into_iter().map(|number| self.0.get(number).into()).collect(), places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Unobserved;

    #[test]
    fn numbers_follow_the_order_of_sight_and_places_that_of_the_names() {
        let mut permissions = Permissions::default();
        assert_eq!(["b", "a", "b"].map(|name| permissions.number(Some(name))), [1, 2, 1]);
        let (names, places) = permissions.sorted();
        assert_eq!((names, places), (vec!["a".into(), "b".into()], vec![0, 2, 1]));
        let mut others = Permissions::default();
        others.number(Some("a"));
        assert_eq!((others.adopt(&permissions, &mut Pace::new(&Unobserved)), others.number(None)), (Ok(vec![0, 2, 1]), 0));
    }
}
