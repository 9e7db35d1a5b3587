//! The labels overlay: what the people of an organisation know and its exports do not say.
//!
//! A CSV file with a header: `id` (one entity) or `pattern` (a glob over ids and names: `*` and `?`), `environment`, `owner`, `critical`
//! (`true` or `false`, for resources); every other column is a label of that key. An empty cell says nothing. Of the facts for one entity and
//! column that of an `id` row counts before those of patterns, and an earlier pattern before a later one; two patterns that disagree are a
//! conflict. What an overlay says replaces what the sources say, which is a conflict where they said something else. Of several overlays the
//! later one counts. A row that matches nothing is reported like a bad one, so that a slip of the pen is not lost.

mod overlay;

use super::EstateBuilder;
use super::reading::Conflict;
use crate::error::{Place, Result};
use crate::model::{Entity, Environment, Labels};
use crate::observer::{Observer, Pace};
pub(crate) use overlay::environment_of_word;
use overlay::{Fact, Field, Overlay};

/// Applies overlays, given by name and content, over everything that was added.
///
/// # Errors
/// What an overlay that is no table gives, and as [`Observer::check`].
pub(crate) fn apply_labels(builder: &mut EstateBuilder, overlays: &[(&str, &[u8])], observer: &dyn Observer) -> Result<()> {
    if overlays.is_empty() {
        return Ok(());
    }
    let overlays: Vec<_> = overlays.iter().map(|(name, bytes)| Overlay::read(builder, name, bytes)).collect::<Result<_>>()?;
    let mut used: Vec<Vec<Use>> = overlays.iter().map(|overlay| vec![Use::default(); overlay.rows.len()]).collect();
    let mut conflicts = Vec::new();
    let mut pace = Pace::new(observer);
    for number in builder.described() {
        // Every pattern is held against every entity.
        pace.steps(1 + overlays.iter().map(|overlay| overlay.patterns.len()).sum::<usize>())?;
        let said = said_of(builder.id_and_name(number), &overlays, &mut used, &mut conflicts);
        if said.is_empty() {
            continue;
        }
        let entity = builder.entity_mut(number);
        for saying in said {
            let used = &mut used[saying.overlay][saying.row];
            match set(entity, saying.field, saying.fact) {
                Set::Replaced => {
                    let kept = overlays[saying.overlay].name.clone();
                    conflicts.push((conflict(entity.id(), saying.field, kept, String::new()), Some(number)));
                    used.critical_set |= *saying.field == Field::Critical;
                }
                Set::Silently => used.critical_set |= *saying.field == Field::Critical,
                Set::Impossible => used.critical_lost |= *saying.fact == Fact::Critical(true),
            }
        }
    }
    for (mut conflict, number) in conflicts {
        if let Some(number) = number {
            conflict.other = builder.source_of_fact(number, &conflict.field);
        }
        builder.conflict(conflict);
    }
    report_unused(builder, &overlays, &used);
    Ok(())
}

/// What became of a row.
#[derive(Clone, Default)]
struct Use {
    matched: bool,
    critical_set: bool,
    critical_lost: bool,
}

/// What a row says of an entity.
#[derive(Clone, Copy)]
struct Saying<'o> {
    overlay: usize,
    row: usize,
    field: &'o Field,
    fact: &'o Fact,
}

/// What the overlays say of an entity, each field once: the later overlay, the id, the earlier pattern first.
fn said_of<'o>(
    (id, name): (&str, &str),
    overlays: &'o [Overlay],
    used: &mut [Vec<Use>],
    conflicts: &mut Vec<(Conflict, Option<u32>)>,
) -> Vec<Saying<'o>> {
    let mut said: Vec<Saying<'o>> = Vec::new();
    for (number, overlay) in overlays.iter().enumerate().rev() {
        let exact = overlay.by_id.get(id).copied();
        let matching = overlay.patterns.iter().filter(|(pattern, _)| pattern.matches(id) || pattern.matches(name)).map(|(_, row)| *row);
        for row in exact.into_iter().chain(matching) {
            used[number][row].matched = true;
            for (column, fact) in &overlay.rows[row].facts {
                let Some(field) = &overlay.fields[*column] else { continue };
                let Some(known) = said.iter().find(|saying| saying.field == field) else {
                    said.push(Saying { overlay: number, row, field, fact });
                    continue;
                };
                if known.fact != fact && !(known.overlay == number && Some(known.row) == exact) {
                    let (kept, other) = names(overlays, known, number, row);
                    conflicts.push((conflict(id, field, kept, other), None));
                }
            }
        }
    }
    said
}

/// The names of two sayings: by line within one overlay.
fn names(overlays: &[Overlay], known: &Saying<'_>, other: usize, row: usize) -> (String, String) {
    let overlay = &overlays[other];
    if known.overlay != other {
        return (overlays[known.overlay].name.clone(), overlay.name.clone());
    }
    let at = |row: usize| Place::new(&overlay.name).line(overlay.rows[row].line).to_string();
    (at(known.row), at(row))
}

fn conflict(entity: &str, field: &Field, kept: String, other: String) -> Conflict {
    let field = match field {
        Field::Environment => "environment".to_owned(),
        Field::Owner => "owner".to_owned(),
        Field::Critical => "critical".to_owned(),
        Field::Label(key) => format!("labels.{key}"),
    };
    Conflict { entity: entity.to_owned(), field, kept, other }
}

enum Set {
    /// In the place of another fact.
    Replaced,
    Silently,
    /// The entity has no such field.
    Impossible,
}

/// Sets a fact of an entity.
fn set(entity: &mut Entity, field: &Field, fact: &Fact) -> Set {
    let replaced = match (field, fact) {
        (Field::Critical, Fact::Critical(critical)) => match entity {
            Entity::Resource(resource) => replace(&mut resource.critical, *critical),
            _ => return Set::Impossible,
        },
        (_, fact) => match (entity_facts(entity), field, fact) {
            (Some((environment, ..)), Field::Environment, Fact::Environment(word)) => replace(environment, *word),
            (Some((_, owner, _)), Field::Owner, Fact::Text(text)) => replace(owner, text.clone()),
            (Some((.., labels)), Field::Label(key), Fact::Text(text)) => {
                labels.insert(key.clone(), text.clone()).is_some_and(|before| before != *text)
            }
            _ => return Set::Impossible,
        },
    };
    if replaced { Set::Replaced } else { Set::Silently }
}

/// Replaces a fact and says whether there was another one.
fn replace<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    let differs = slot.as_ref().is_some_and(|before| *before != value);
    *slot = Some(value);
    differs
}

type Facts<'e> = (&'e mut Option<Environment>, &'e mut Option<String>, &'e mut Labels);

fn entity_facts(entity: &mut Entity) -> Option<Facts<'_>> {
    match entity {
        Entity::Tenant(it) => Some((&mut it.environment, &mut it.owner, &mut it.labels)),
        Entity::Identity(it) => Some((&mut it.environment, &mut it.owner, &mut it.labels)),
        Entity::Secret(it) => Some((&mut it.environment, &mut it.owner, &mut it.labels)),
        Entity::Resource(it) => Some((&mut it.environment, &mut it.owner, &mut it.labels)),
        Entity::Unknown(_) => None,
    }
}

/// Reports the rows that changed nothing.
fn report_unused(builder: &mut EstateBuilder, overlays: &[Overlay], used: &[Vec<Use>]) {
    for (overlay, used) in overlays.iter().zip(used) {
        for (row, used) in overlay.rows.iter().zip(used) {
            let reason = match used {
                Use { matched: false, .. } => "no entity that an input describes matches this row; look at its id or pattern",
                Use { critical_lost: true, critical_set: false, .. } => {
                    "`critical` is for resources, and this row matches none; the rest of it is kept"
                }
                _ => continue,
            };
            builder.skip(Place::new(&overlay.name).line(row.line), reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;
    use crate::estate::EntityRef;
    use crate::model::{Environment, Identity, IdentityKind, Resource, ResourceKind, Tenant, TenantKind};
    use crate::{Error, Estate};

    fn builder() -> EstateBuilder {
        let mut builder = Estate::builder();
        builder.source("export.json", "made-up");
        builder.add(Tenant { environment: Some(Environment::Testing), ..Tenant::new("projects/acme-a", TenantKind::GcpProject) });
        builder.add(Tenant { name: Some("Payments".into()), ..Tenant::new("projects/acme-b", TenantKind::GcpProject) });
        builder.add(Identity { owner: Some("ann".into()), ..Identity::new("robot[1]", IdentityKind::Other) });
        builder.add(Resource::new("bucket", ResourceKind::ObjectStore));
        builder
    }

    fn laid(overlays: &[(&str, &str)]) -> std::result::Result<Estate, Error> {
        let mut builder = builder();
        let overlays: Vec<_> = overlays.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        apply_labels(&mut builder, &overlays, &crate::Unobserved)?;
        Ok(builder.build())
    }

    fn entity<'e>(estate: &'e Estate, id: &str) -> EntityRef<'e> {
        estate.entity(estate.find(id).expect("an id"))
    }

    fn conflicts(estate: &Estate) -> Vec<String> {
        let show = |it: &Conflict| format!("{} {}: {} over {}", it.entity, it.field, it.kept, it.other);
        estate.reading().conflicts.iter().map(show).collect()
    }

    fn skipped(estate: &Estate) -> Vec<String> {
        estate.reading().skipped.iter().map(|it| format!("{}: {}", it.place, it.reason)).collect()
    }

    #[test]
    fn an_id_beats_a_pattern_and_an_earlier_pattern_a_later_one() {
        let text = "\u{feff}ID,Pattern,Environment,owner,critical,team\r\n\
            ,projects/acme-?,prod,,,red\r\n,pay*,staging,bob,,\r\nprojects/acme-b,,,carl,,\r\nrobot[1],,,,,\"a,b\"\r\nbucket,,,,TRUE,\r\n";
        let estate = laid(&[("labels.csv", text)]).expect("labels");
        let b = entity(&estate, "projects/acme-b");
        assert_eq!((b.declared_environment(), b.owner()), (Some(Environment::Production), Some("carl")));
        assert_eq!(b.labels().and_then(|labels| labels.get("team")), Some("red"));
        assert_eq!(entity(&estate, "robot[1]").labels().and_then(|labels| labels.get("team")), Some("a,b"));
        assert_eq!(entity(&estate, "bucket").as_resource().and_then(|bucket| bucket.critical), Some(true));
        assert_eq!(conflicts(&estate), ["projects/acme-a environment: labels.csv over export.json"]);
        assert_eq!(skipped(&estate), ["labels.csv:3: no entity that an input describes matches this row; look at its id or pattern"]);
    }

    #[test]
    fn patterns_that_disagree_and_later_overlays_are_conflicts() {
        let first = "pattern,environment,owner\n*acme*,prod,zoe\nPay*,demo,zoe\n";
        let second = "id,owner\nprojects/acme-b,yan\n";
        let estate = laid(&[("one.csv", first), ("two.csv", second)]).expect("labels");
        let b = entity(&estate, "projects/acme-b");
        assert_eq!((b.declared_environment(), b.owner()), (Some(Environment::Production), Some("yan")));
        assert_eq!(
            conflicts(&estate),
            [
                "projects/acme-a environment: one.csv over export.json",
                "projects/acme-b environment: one.csv:2 over one.csv:3",
                "projects/acme-b owner: two.csv over one.csv",
            ]
        );
    }

    #[test]
    fn bad_rows_are_skipped_with_their_line_and_without_their_text() {
        let text = "id,pattern,environment,critical,\nbucket,,canary,,\nbucket,,,canary,\n,,prod,,\nbucket,b*,,,\nbucket\nbucket,,,,canary\n\
            bucket,,,,\nbucket,,prod,,\ncanary,,prod,,\nrobot[1],,,true,\n";
        let estate = laid(&[("l.csv", text)]).expect("labels");
        let skipped = skipped(&estate);
        let lines: Vec<_> = skipped.iter().map(|text| text.split([' ', ':']).nth(1).unwrap_or_default()).collect();
        assert_eq!(lines, ["2", "3", "4", "5", "6", "7", "9", "10", "11"]);
        assert!(!skipped.join(" ").contains("canary"), "{skipped:#?}");
        assert_eq!(estate.reading().sources[1].records, 10);
    }

    #[test]
    fn a_file_without_a_usable_header_is_an_error_with_its_place() {
        for text in ["", "canary", "name,environment\n", "id;environment\n", "id,env,env\n", "id,ID\n", "\u{0}\u{1}"] {
            let error = laid(&[("l.csv", text)]).expect_err("no header");
            assert_eq!(error.code(), ErrorCode::InvalidLabels, "{text}");
            assert!(error.to_string().starts_with("l.csv:1: ") && !error.to_string().contains("canary"), "{error}");
        }
        let mut builder = builder();
        assert!(apply_labels(&mut builder, &[("l.csv", b"\xff\xfe\x00")], &crate::Unobserved).is_err());
    }
}
