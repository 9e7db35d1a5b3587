//! The same records in other files and in another order.

use tenantgraph::Input;

/// Deals lines to so many files, in the order that the places tell, as lines or as arrays.
pub fn dealt(lines: &[String], places: &[u32], files: usize, arrays: bool) -> Vec<Input> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|at| (places[at % places.len()].wrapping_add((*at as u32).wrapping_mul(places[0])), *at));
    let mut texts = vec![Vec::new(); files];
    for (at, line) in order.into_iter().enumerate() {
        texts[(places[at % places.len()] as usize + at) % files].push(lines[line].clone());
    }
    texts.retain(|text| !text.is_empty());
    let text = |lines: &[String]| if arrays { format!("[{}]", lines.join(",")) } else { lines.join("\n") };
    texts.iter().enumerate().map(|(at, lines)| Input::new(format!("part-{at}"), text(lines))).collect()
}
