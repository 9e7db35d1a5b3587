//! [`Arcs`]: the edges between nodes in compressed sparse rows, four bytes each.

/// The arcs of every node. After the facts stand the groups of equal secrets, then a joint for each relation that needs more than FROM.
///
/// A hop is an arc with the number of its edge. An arc without one ([`FREE`]) costs nothing: from control to what it implies, from a group to its records, from a joint to
/// what its relation grants once all that it needs is held.
#[derive(Debug)]
pub(super) struct Arcs {
    /// For each node where its arcs start; one more than there are nodes.
    pub first: Vec<u32>,
    /// Where they lead.
    pub to: Vec<u32>,
    /// For each node the number of the edge of its first arc; or where its numbers are listed.
    pub numbers: Vec<u32>,
    /// The numbers of the edges of those nodes whose arcs are not a run of plain edges.
    pub listed: Vec<u32>,
}

pub(super) const LISTED: u32 = 1 << 31;

/// The number of an arc that is no hop.
pub(super) const FREE: u32 = u32::MAX;

/// The numbers of the edges of a node's arcs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numbers<'a> {
    /// Plain edges, one after the other from this one.
    From(u32),
    /// Any, [`FREE`] too.
    Listed(&'a [u32]),
}

/// A relation that needs more than FROM.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joint {
    pub edge: u32,
    /// How many facts it needs.
    pub needs: u32,
}

impl Arcs {
    /// The number of nodes, groups and joints included.
    pub fn nodes(&self) -> usize {
        self.first.len() - 1
    }

    /// Where a node's arcs lead.
    pub fn of_node(&self, node: u32) -> &[u32] {
        &self.to[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }

    /// Where the arcs of nodes that stand one after the other lead.
    pub fn of_nodes(&self, nodes: std::ops::Range<u32>) -> &[u32] {
        &self.to[self.first[nodes.start as usize] as usize..self.first[nodes.end as usize] as usize]
    }

    /// Where a node's arcs lead, and the numbers of their edges.
    pub fn numbered(&self, node: u32) -> (&[u32], Numbers<'_>) {
        let to = self.of_node(node);
        let number = self.numbers[node as usize];
        let numbers = if number & LISTED == 0 {
            Numbers::From(number)
        } else {
            let first = (number & !LISTED) as usize;
            Numbers::Listed(&self.listed[first..first + to.len()])
        };
        (to, numbers)
    }

    /// Whether the arcs of a node are not a run of plain edges: only then may some of them be free.
    #[inline]
    pub fn is_listed(&self, node: u32) -> bool {
        self.numbers[node as usize] & LISTED != 0
    }

    /// Where the free arcs of a node lead.
    pub fn free_arcs(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let (to, numbers) = self.numbered(node);
        let listed = if let Numbers::Listed(listed) = numbers { listed } else { &[] };
        listed.iter().zip(to).filter(|(number, _)| **number == FREE).map(|(_, to)| *to)
    }
}
