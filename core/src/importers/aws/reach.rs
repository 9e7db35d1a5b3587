//! [`Reach`]: on which of many targets a principal may do an action, decided once for all targets that the same patterns cover, and once for all principals
//! that the same policies are about.

use super::holder::{About, Holder};
use super::iam::decision::{Boundary, Decision};
use super::iam::document::{Effect, Matcher, PolicyDocument, Statement};
use super::iam::known::{Known, Truth};
use super::iam::pattern::{Case, Pattern};
use super::iam::principal::PrincipalPattern;
use super::world::PrincipalKind;
use foldhash::fast::RandomState;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

/// The decisions over a list of targets.
#[derive(Debug)]
pub(super) struct Reach {
    /// That over every target which has none of its own.
    others: Decision,
    /// By the target's place in its list.
    apart: BTreeMap<usize, Decision>,
    count: usize,
}

impl Reach {
    /// The decision over one target.
    pub fn of(&self, at: usize) -> Decision {
        self.apart.get(&at).copied().unwrap_or(self.others)
    }

    /// The targets that are not denied, in their order. Costs those alone, and what is denied though all others are allowed.
    pub fn allowed(&self) -> Box<dyn Iterator<Item = (usize, Decision)> + '_> {
        if self.others == Decision::Denied {
            return Box::new(self.apart.iter().map(|(at, decision)| (*at, *decision)));
        }
        Box::new((0..self.count).map(|at| (at, self.of(at))).filter(|(_, decision)| *decision != Decision::Denied))
    }

    /// Whether no more than some of the targets can be allowed.
    pub fn is_few(&self) -> bool {
        self.others == Decision::Denied
    }
}

/// Targets of one kind: their names in order, and what a question about each is about.
pub(super) struct Targets<'t, 'w> {
    pub names: &'t [&'w str],
    pub about: &'t dyn Fn(usize) -> About<'t>,
}

/// What a document says of an action at all.
#[derive(Debug, Clone, Copy, Default)]
struct Mention {
    /// A statement allows it.
    allows: bool,
    /// A statement speaks of it.
    speaks: bool,
    /// A statement that speaks of it may mean one principal and not another that holds it.
    personal: bool,
}

/// Who asks, as far as it matters for an action: principals of one key get one answer.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    action: &'static str,
    passed_to: Option<&'static str>,
    /// Where the list of the targets stands; none for a question about any resource.
    targets: usize,
    account: String,
    partition: String,
    kind: PrincipalKind,
    unread: bool,
    /// Where the documents stand that speak of the action, in their order, and the boundary; none where the boundary is not known.
    documents: Vec<usize>,
    boundary: Option<usize>,
}

/// What was decided already.
#[derive(Debug, Default)]
pub(super) struct Decided {
    mentions: RefCell<Mentions>,
    reaches: RefCell<Reaches>,
    somewhere: RefCell<HashMap<Key, Decision, RandomState>>,
    /// How often policies were asked: what nearly all of the time goes to.
    asked: Cell<u64>,
}

#[derive(Debug, Default)]
struct Mentions {
    /// The number of each action that was asked for.
    numbers: HashMap<&'static str, usize, RandomState>,
    /// By where a document stands, then the number of the action.
    of: HashMap<usize, Vec<Option<Mention>>, RandomState>,
}

#[derive(Debug, Default)]
struct Reaches {
    of: HashMap<Key, Rc<Reach>, RandomState>,
    weight: usize,
}

/// How many decisions and documents of keys are kept at once. Beyond, all are forgotten and decided again, so that memory follows the input.
const KEPT: usize = 50_000;

impl Decided {
    /// Counts one more decision.
    pub fn count(&self) {
        self.asked.set(self.asked.get() + 1);
    }

    /// How many decisions were asked.
    #[cfg(test)]
    pub fn asked(&self) -> u64 {
        self.asked.get()
    }

    fn mention(&self, policy: &PolicyDocument, action: &'static str) -> Mention {
        let mentions = &mut *self.mentions.borrow_mut();
        let next = mentions.numbers.len();
        let number = *mentions.numbers.entry(action).or_insert(next);
        let of = mentions.of.entry(place(policy)).or_default();
        if of.len() <= number {
            of.resize(number + 1, None);
        }
        *of[number].get_or_insert_with(|| Mention::of(policy, action))
    }

    fn keep(&self, key: Key, reach: &Rc<Reach>) {
        let kept = &mut *self.reaches.borrow_mut();
        let weight = reach.apart.len() + key.documents.len() + 1;
        if kept.weight + weight > KEPT {
            *kept = Reaches::default();
        }
        kept.weight += weight;
        kept.of.insert(key, Rc::clone(reach));
    }
}

impl Mention {
    fn of(policy: &PolicyDocument, action: &str) -> Self {
        let mut mention = Mention::default();
        for statement in policy.statements.iter().filter(|statement| statement.may_name(action)) {
            mention.speaks = true;
            mention.allows |= statement.effect == Effect::Allow && statement.names(action);
            mention.personal |= statement.asks_who() || statement.keys().any(asks_when) || statement.tells_principals_apart();
        }
        mention
    }
}

/// Where a document stands in memory: it tells documents apart, and nothing that is given out depends on it.
fn place(policy: &PolicyDocument) -> usize {
    std::ptr::from_ref(policy).addr()
}

/// Whether a key tells of the time: what it says depends on when the principal was made.
fn asks_when(key: &str) -> bool {
    matches!(key, "aws:tokenissuetime" | "aws:currenttime")
}

/// Whether a key tells of the target more than its name.
fn asks_of_target(key: &str) -> bool {
    key.contains(":resourcetag/") || key == "iam:permissionsboundary"
}

impl Statement {
    /// Whether it speaks of an action, or may.
    fn may_name(&self, action: &str) -> bool {
        let is = |pattern: &Pattern| pattern.matches(action, Case::Ignored, &|_| Known::Unknown);
        match &self.actions {
            Matcher::Only(patterns) => patterns.iter().any(|pattern| is(pattern) != Truth::No),
            Matcher::AllBut(patterns) => !patterns.iter().any(|pattern| is(pattern) == Truth::Yes),
        }
    }

    fn tells_principals_apart(&self) -> bool {
        let anyone = |named: &[PrincipalPattern]| named.iter().all(|it| *it == PrincipalPattern::Anyone);
        self.principals.as_ref().is_some_and(|principals| !matches!(principals, Matcher::Only(named) if anyone(named)))
    }

    /// Every key that it asks for, in lower case, the variables in its values and patterns too.
    fn keys(&self) -> impl Iterator<Item = &str> {
        let patterns = self.resources.iter().flat_map(Matcher::named).chain(self.actions.named());
        self.conditions.iter().map(|condition| condition.key()).chain(patterns.flat_map(Pattern::variables))
    }

    /// Whether what it says of a target depends on more than the target's name.
    fn asks_of_target(&self) -> bool {
        let values = self.conditions.iter().flat_map(|condition| condition.values());
        self.keys().any(asks_of_target) || values.into_iter().any(|value| Pattern::literal(value).variables().any(asks_of_target))
    }

    /// The patterns of resources by which it tells targets apart.
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.resources.iter().flat_map(Matcher::named).filter(|pattern| !pattern.is_anything())
    }

    /// Whether it is about resources that none of its patterns name.
    fn is_about_others(&self) -> bool {
        match &self.resources {
            Some(Matcher::Only(patterns)) => patterns.iter().any(Pattern::is_anything),
            _ => true,
        }
    }
}

/// The places of the names that begin with a text, of names in order.
pub(super) fn beginning(names: &[&str], start: &str) -> Range<usize> {
    let first = names.partition_point(|name| *name < start);
    first..first + names[first..].partition_point(|name| name.starts_with(start))
}

impl Holder<'_> {
    /// Whether any statement lets it do an action at all: asked first, for most ask for nothing that matters here.
    pub fn mentions(&self, action: &'static str) -> bool {
        self.identity.iter().any(|policy| self.accounts.decided.mention(policy, action).allows)
    }

    /// The easiest way to do an action on some resource, whichever.
    pub fn may_somewhere(&self, action: &'static str) -> Decision {
        let Some(key) = self.key(action, None, 0) else { return self.decide_somewhere(action) };
        let known = &self.accounts.decided.somewhere;
        if let Some(decision) = known.borrow().get(&key) {
            return *decision;
        }
        let decision = self.decide_somewhere(action);
        let mut known = known.borrow_mut();
        if known.len() * 4 > KEPT {
            known.clear();
        }
        known.insert(key, decision);
        decision
    }

    /// On which targets it may do an action. Only what an allowing statement of its own may cover is looked at, so it is not for resources with policies.
    pub fn reach(&self, action: &'static str, passed_to: Option<&'static str>, targets: &Targets<'_, '_>) -> Rc<Reach> {
        let key = self.key(action, passed_to, targets.names.as_ptr().addr());
        let known = key.as_ref().and_then(|key| self.accounts.decided.reaches.borrow().of.get(key).cloned());
        known.unwrap_or_else(|| {
            let reach = Rc::new(self.decide_reach(action, passed_to, targets));
            if let Some(key) = key {
                self.accounts.decided.keep(key, &reach);
            }
            reach
        })
    }

    /// The places of the names that a statement of its own may let it do an action on, in order.
    pub fn worth_asking(&self, action: &str, names: &[&str]) -> Vec<usize> {
        let allows = || self.allows().filter(|statement| statement.may_name(action));
        if allows().any(|statement| !matches!(statement.resources, Some(Matcher::Only(_))) || statement.is_about_others()) {
            return (0..names.len()).collect();
        }
        let mut places: Vec<usize> = allows().flat_map(Statement::patterns).flat_map(|it| beginning(names, it.fixed().0)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// What tells it from others who ask the same; nothing where a policy asks who it is.
    fn key(&self, action: &'static str, passed_to: Option<&'static str>, targets: usize) -> Option<Key> {
        let decided = &self.accounts.decided;
        let boundary = match self.boundary {
            Boundary::Policy(policy) => Some(policy),
            _ => None,
        };
        let organization = &self.accounts.organization;
        let control = organization.control(self.account).iter().flat_map(|level| &level.policies);
        let mut over = control.chain(organization.resource_control(self.account, action)).chain(&boundary);
        if over.any(|policy| decided.mention(policy, action).personal) {
            return None;
        }
        let mut documents = Vec::new();
        for policy in &self.identity {
            let mention = decided.mention(policy, action);
            if mention.personal {
                return None;
            }
            documents.extend(mention.speaks.then(|| place(policy)));
        }
        Some(Key {
            action,
            passed_to,
            targets,
            account: self.account.to_owned(),
            partition: self.partition.to_owned(),
            kind: self.principal.kind,
            unread: self.unread,
            documents,
            boundary: match self.boundary {
                Boundary::None => Some(0),
                Boundary::Policy(policy) => Some(place(policy)),
                Boundary::Unknown => None,
            },
        })
    }

    fn decide_reach(&self, action: &str, passed_to: Option<&str>, targets: &Targets<'_, '_>) -> Reach {
        let count = targets.names.len();
        let about = |at: usize| About { passed_to, ..(targets.about)(at) };
        let speaking: Vec<&Statement> = self.over(action).filter(|statement| statement.may_name(action)).collect();
        let allows = || self.allows().filter(|statement| statement.may_name(action));
        let any = allows().any(Statement::is_about_others);
        if !any && allows().next().is_none() {
            return Reach { others: Decision::Denied, apart: BTreeMap::new(), count };
        }
        let marks = self.marks(action, &speaking, targets);
        let mut apart: BTreeMap<usize, Decision> = BTreeMap::new();
        if speaking.iter().any(|statement| statement.asks_of_target()) {
            let asked: Vec<usize> = if any { (0..count).collect() } else { marks.into_keys().collect() };
            apart.extend(asked.into_iter().map(|at| (at, self.may(action, about(at)))));
            apart.retain(|_, decision| *decision != Decision::Denied);
            return Reach { others: Decision::Denied, apart, count };
        }
        // Targets that the same patterns cover are the same to every statement.
        let unmarked = (0..count).find(|at| !marks.contains_key(at)).filter(|_| any);
        let mut others = unmarked.map_or(Decision::Denied, |at| self.may(action, about(at)));
        let mut by_marks: HashMap<&[u32], Decision> = HashMap::new();
        for (at, marks) in &marks {
            apart.insert(*at, *by_marks.entry(marks).or_insert_with(|| self.may(action, about(*at))));
        }
        // Where patterns cover every target, what most of them get is that of the others.
        if marks.len() == count {
            others = apart.values().next().copied().unwrap_or(Decision::Denied);
        }
        apart.retain(|_, decision| *decision != others);
        Reach { others, apart, count }
    }

    /// For each target that a pattern covers, or may, which patterns do.
    fn marks(&self, action: &str, speaking: &[&Statement], targets: &Targets<'_, '_>) -> BTreeMap<usize, Vec<u32>> {
        let mut marks: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for (number, pattern) in (0u32..).zip(speaking.iter().flat_map(|statement| statement.patterns())) {
            for at in beginning(targets.names, pattern.fixed().0) {
                let known = |key: &str| self.known(action, key, &(targets.about)(at));
                match pattern.matches(targets.names[at], Case::Counts, &known) {
                    Truth::No => {}
                    Truth::Yes => marks.entry(at).or_default().push(number * 2),
                    Truth::Unknown => marks.entry(at).or_default().push(number * 2 + 1),
                }
            }
        }
        marks
    }

    /// The statements of every policy that has a say, but for those of resources.
    fn over(&self, action: &str) -> impl Iterator<Item = &Statement> {
        let boundary = match self.boundary {
            Boundary::Policy(policy) => Some(policy),
            _ => None,
        };
        let organization = &self.accounts.organization;
        let control = organization.control(self.account).iter().flat_map(|level| level.policies.iter().copied());
        let resource = organization.resource_control(self.account, action).iter().copied();
        self.identity.iter().copied().chain(boundary).chain(control).chain(resource).flat_map(|policy| &policy.statements)
    }
}
