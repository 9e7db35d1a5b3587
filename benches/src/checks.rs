//! Checksums of the answers, the same in every peer (`benches/peers/checks.py` has them in Python).

/// Of the nodes held: how many, the sum of their numbers, and how many stand in production.
pub fn reach(held: impl Iterator<Item = u32>, production: &[bool]) -> Vec<u64> {
    let (mut many, mut sum, mut inside) = (0, 0, 0);
    for node in held {
        many += 1;
        sum += u64::from(node);
        inside += u64::from(production[node as usize]);
    }
    vec![many, sum, inside]
}

/// Of a matrix, given by its cells that are not 0 (source, target, count; both by their place among the tenants of their class): the cells, the sum of
/// their counts, and that sum weighed by place.
pub fn matrix(cells: impl Iterator<Item = (usize, usize, u64)>) -> Vec<u64> {
    let (mut many, mut sum, mut weighed) = (0, 0, 0);
    for (source, target, count) in cells.filter(|(_, _, count)| *count > 0) {
        many += 1;
        sum += count;
        weighed += count * (source as u64 + 1) * (target as u64 + 1);
    }
    vec![many, sum, weighed]
}

/// Of what each secret opens, outside and inside production: both sums, and both weighed by the secret's place.
pub fn blast_radius(counts: impl Iterator<Item = (u64, u64)>) -> Vec<u64> {
    let mut sums = vec![0; 4];
    for (place, (outside, inside)) in (1..).zip(counts) {
        sums[0] += outside;
        sums[1] += inside;
        sums[2] += outside * place;
        sums[3] += inside * place;
    }
    sums
}

/// Of the nodes that production nodes hang on, with how many: the nodes, and the sum of the counts weighed by the node's number.
pub fn choke_points(points: impl Iterator<Item = (u32, u64)>) -> Vec<u64> {
    let (mut many, mut weighed) = (0, 0);
    for (node, count) in points.filter(|(_, count)| *count > 0) {
        many += 1;
        weighed += count * (u64::from(node) + 1);
    }
    vec![many, weighed]
}

/// Of the edges by the places of their ends among the ids: the entities, the edges, and a sum over them.
pub fn read(entities: usize, edges: impl Iterator<Item = (u32, u32)>) -> Vec<u64> {
    let (mut many, mut sum) = (0, 0u64);
    for (from, to) in edges {
        many += 1;
        sum = sum.wrapping_add(u64::from(from) * 1_000_003 + u64::from(to));
    }
    vec![entities as u64, many, sum]
}
