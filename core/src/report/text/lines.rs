//! [`Lines`]: text for a terminal, wrapped at words. Ids and names of an input are shown without control characters, so that they cannot command the
//! terminal.

use super::TextOptions;
use crate::estate::Coverage;
use crate::policy::Severity;

/// Lines of text.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    options: &'a TextOptions,
    text: String,
}

/// How a piece of text is coloured where colour is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Heading,
    Quiet,
    Of(Severity),
}

impl<'a> Lines<'a> {
    pub fn new(options: &'a TextOptions) -> Self {
        Lines { options, text: String::new() }
    }

    /// Adds a line, wrapped; its continuations are set in by `indent`.
    pub fn add(&mut self, indent: usize, line: impl AsRef<str>) {
        self.labelled("", None, indent, line);
    }

    /// Adds a line, wrapped, behind a label that stands in its margin of `indent`.
    pub fn labelled(&mut self, label: &str, style: Option<Style>, indent: usize, line: impl AsRef<str>) {
        let label = printable(label);
        let margin = indent.saturating_sub(label.chars().count());
        self.text.push_str(&self.styled(&label, style));
        self.text.push_str(&" ".repeat(margin));
        for (at, part) in wrapped(&printable(line.as_ref()), self.options.width.saturating_sub(indent)).into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(&" ".repeat(indent));
            }
            self.text.push_str(&part);
            self.text.push('\n');
        }
    }

    /// Adds a line as it is, in a style.
    pub fn plain(&mut self, line: impl AsRef<str>, style: Option<Style>) {
        self.text.push_str(&self.styled(&printable(line.as_ref()), style));
        self.text.push('\n');
    }

    /// Adds an empty line and a heading.
    pub fn heading(&mut self, heading: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.plain(heading, Some(Style::Heading));
    }

    /// Adds a titled list, cut with the number of what is left; nothing where it is empty.
    pub fn list(&mut self, title: &str, items: impl ExactSizeIterator<Item = String>) {
        if items.len() == 0 {
            return;
        }
        self.heading(title);
        let hidden = items.len().saturating_sub(self.options.rows);
        for item in items.take(self.options.rows) {
            self.add(2, item);
        }
        self.hidden(hidden);
    }

    /// Lists what is not known of what a question needs.
    pub fn not_known(&mut self, coverage: &[Coverage]) {
        let gaps: Vec<_> = coverage.iter().filter(|coverage| coverage.known < coverage.total).collect();
        let gap = |gap: &&Coverage| format!("{}: known of {} of {}; {}", gap.topic, number(gap.known), number(gap.total), gap.note);
        self.list("Not known", gaps.iter().map(gap));
    }

    /// Says how much of a list was left out.
    pub fn hidden(&mut self, hidden: usize) {
        if hidden > 0 {
            self.plain(format!("  … and {} more; `--format json` has all", number(hidden as u64)), Some(Style::Quiet));
        }
    }

    pub fn into_text(self) -> String {
        self.text
    }

    fn styled(&self, text: &str, style: Option<Style>) -> String {
        let code = match style.filter(|_| self.options.colour && !text.is_empty()) {
            None => return text.to_owned(),
            Some(Style::Heading) => "1",
            Some(Style::Quiet) => "2",
            Some(Style::Of(Severity::Critical)) => "1;31",
            Some(Style::Of(Severity::High)) => "31",
            Some(Style::Of(Severity::Medium)) => "33",
            Some(Style::Of(Severity::Low)) => "36",
            Some(Style::Of(Severity::Info)) => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// A number with a comma at every thousand.
pub(in crate::report) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun.
pub(in crate::report) fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { several })
}

/// The first of some things in a row, with the number of what is left.
pub(super) fn first(most: usize, items: impl ExactSizeIterator<Item = String>) -> String {
    let hidden = items.len().saturating_sub(most);
    let shown = items.take(most).collect::<Vec<_>>().join(", ");
    if hidden > 0 { format!("{shown} and {} more", number(hidden as u64)) } else { shown }
}

/// A share as whole per cent; never 0 or 100 where something is left on the other side.
pub(in crate::report) fn percent(numerator: u64, denominator: u64) -> String {
    match denominator {
        0 => "unknown".into(),
        all if numerator == 0 || numerator == all => format!("{} %", numerator / all * 100),
        all => format!("{} %", ((numerator as f64 / all as f64 * 100.0).round() as u64).clamp(1, 99)),
    }
}

/// The text with every character written as an escape that commands a terminal or deceives a reader: controls, line ends, what turns the direction of
/// writing, and what cannot be seen.
pub(crate) fn printable(text: &str) -> String {
    let shown = |character: char| {
        let escape = deceives(character).then(|| character.escape_default());
        let plain = (!deceives(character)).then_some(character);
        escape.into_iter().flatten().chain(plain)
    };
    text.chars().flat_map(shown).collect()
}

fn deceives(character: char) -> bool {
    let unseen = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    unseen || character.is_control()
}

/// The text cut at spaces into lines of a width; a longer word stands whole on a line of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(counted(1, "tenant", "tenants"), "1 tenant");
        assert_eq!([(0, 0), (0, 9), (1, 900), (899, 900), (9, 9)].map(|(a, b)| percent(a, b)), ["unknown", "0 %", "1 %", "99 %", "100 %"]);
    }

    #[test]
    fn a_row_of_things_says_what_it_leaves_out() {
        let things = || ["a", "b", "c"].map(str::to_owned).into_iter();
        assert_eq!([first(3, things()), first(1, things()), first(1, things().take(0))], ["a, b, c", "a and 2 more", ""]);
    }

    #[test]
    fn an_id_cannot_command_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\né"), "a\\u{1b}[2Jb\\né");
        assert_eq!(printable("a\u{202e}b\u{2028}c\u{feff}"), "a\\u{202e}b\\u{2028}c\\u{feff}");
    }

    #[test]
    fn lines_are_wrapped_at_words_behind_their_label() {
        let options = TextOptions { width: 20, ..TextOptions::default() };
        let mut lines = Lines::new(&options);
        lines.labelled("high", Some(Style::Of(Severity::High)), 6, "one two three four-and-a-half-times");
        assert_eq!(lines.into_text(), "high  one two three\n      four-and-a-half-times\n");
    }

    #[test]
    fn colour_is_there_only_where_it_is_wanted() {
        let options = TextOptions { colour: true, ..TextOptions::default() };
        let mut lines = Lines::new(&options);
        lines.plain("worst", Some(Style::Of(Severity::Critical)));
        assert_eq!(lines.into_text(), "\u{1b}[1;31mworst\u{1b}[0m\n");
    }
}
