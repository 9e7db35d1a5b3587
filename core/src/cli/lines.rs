//! [`Lines`]: text for a terminal. Ids and names of an input are shown without control characters, so that they cannot command the terminal.

/// How many items of a list are written.
const SHOWN: usize = 20;

/// Lines of text.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
}

impl Lines {
    /// Adds a line.
    pub fn add(&mut self, line: impl AsRef<str>) {
        self.text.push_str(&printable(line.as_ref()));
        self.text.push('\n');
    }

    /// Adds an empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds a titled list, cut with the number of what is left; nothing where it is empty.
    pub fn list(&mut self, title: &str, items: impl ExactSizeIterator<Item = String>) {
        let hidden = items.len().saturating_sub(SHOWN);
        if items.len() == 0 {
            return;
        }
        self.blank();
        self.add(title);
        for item in items.take(SHOWN) {
            self.add(format!("  {item}"));
        }
        if hidden > 0 {
            self.add(format!("  … and {hidden} more; `--format json` has all"));
        }
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// A count with its noun.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The text with every control character written as an escape.
pub(super) fn printable(text: &str) -> String {
    let shown = |character: char| {
        let escape = character.is_control().then(|| character.escape_default());
        let plain = (!character.is_control()).then_some(character);
        escape.into_iter().flatten().chain(plain)
    };
    text.chars().flat_map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_command_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\né"), "a\\u{1b}[2Jb\\né");
    }

    #[test]
    fn a_long_list_says_what_it_hides() {
        let mut lines = Lines::default();
        lines.list("all:", (0..22).map(|item| item.to_string()));
        assert!(lines.into_text().ends_with("  19\n  … and 2 more; `--format json` has all\n"));
    }
}
