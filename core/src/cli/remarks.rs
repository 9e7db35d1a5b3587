//! What a reading left out, could not settle or did not find, in lines for standard error.

use crate::estate::Reading;

/// How many of each kind are named where not all are asked for.
const SHOWN: usize = 3;

/// The lines: a count of each kind and the first of them, or all.
///
/// What is not fully known is left out where the answer says it itself.
pub(super) fn remarks(reading: &Reading, all: bool, with_coverage: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let skipped = reading.skipped.iter().map(|skipped| format!("{}: {}", skipped.place, skipped.reason));
    section(&mut lines, counted(reading.skipped.len(), "record or file was skipped", "records and files were skipped"), skipped, all);
    let conflicts = reading.conflicts.iter().map(|conflict| {
        format!("`{}` of `{}`: kept as `{}` says it, not as `{}` does", conflict.field, conflict.entity, conflict.kept, conflict.other)
    });
    section(&mut lines, counted(reading.conflicts.len(), "fact is in conflict", "facts are in conflict"), conflicts, all);
    let placeholders = reading.placeholders.iter().map(|id| format!("`{id}`"));
    let count = counted(reading.placeholders.len(), "entity is named but not described", "entities are named but not described");
    section(&mut lines, count, placeholders, all);
    let gaps: Vec<_> = reading.coverage.iter().filter(|coverage| with_coverage && coverage.known < coverage.total).collect();
    let texts = gaps.iter().map(|gap| format!("{}: {} of {} known; {}", gap.topic, gap.known, gap.total, gap.note));
    // Each says something else, and there are few.
    section(&mut lines, counted(gaps.len(), "thing is not fully known", "things are not fully known"), texts, true);
    lines
}

fn section(lines: &mut Vec<String>, title: Option<String>, items: impl ExactSizeIterator<Item = String>, all: bool) {
    let Some(title) = title else { return };
    let hidden = if all { 0 } else { items.len().saturating_sub(SHOWN) };
    let shown = items.len() - hidden;
    lines.push(format!("note: {title}"));
    lines.extend(items.take(shown).map(|item| format!("  {item}")));
    if hidden > 0 {
        lines.push(format!("  … and {hidden} more; `--verbose` names all"));
    }
}

fn counted(count: usize, one: &str, several: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {several}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use crate::estate::{Coverage, Skipped};

    #[test]
    fn a_clean_reading_needs_no_remark() {
        let coverage = Coverage { topic: "dates".into(), known: 2, total: 2, note: String::new() };
        assert!(remarks(&Reading { coverage: vec![coverage], ..Reading::default() }, false, true).is_empty());
    }

    #[test]
    fn what_is_hidden_is_counted() {
        let skipped = (1..=5).map(|line| Skipped { place: Place::new("x").line(line), reason: "not valid JSON".into() }).collect();
        let reading = Reading { skipped, ..Reading::default() };
        let lines = remarks(&reading, false, true);
        assert_eq!(lines[0], "note: 5 records and files were skipped");
        assert_eq!(lines[1], "  x:1: not valid JSON");
        assert_eq!(lines.last().map(String::as_str), Some("  … and 2 more; `--verbose` names all"));
        assert_eq!(remarks(&reading, true, true).len(), 6);
    }
}
