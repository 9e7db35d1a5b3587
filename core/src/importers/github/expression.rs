//! [`Scope`]: what the expressions of a workflow stand for, as far as the file and its callers tell.
//!
//! An expression is `${{ … }}`. What it names is put in where it is known; what is not known stays as it is written, so that it can be seen that it was not
//! resolved. A choice (`a || 'b'`, an input with options) gives every value it may have, none of them for certain.

use std::collections::BTreeMap;

/// A value that a text may have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Value {
    pub text: String,
    /// Whether it is the value, rather than one of several.
    pub sure: bool,
}

/// The values that a name may have; none where it is known to be empty.
pub(super) type Values = Vec<Value>;

/// What a called workflow gets of its caller's secrets.
#[derive(Debug, Clone, Default)]
pub(super) enum Passed {
    /// The names are the repository's own: nobody called, or with `secrets: inherit`.
    #[default]
    Own,
    /// Only these, by the name that the called workflow knows: the texts that give them.
    Named(BTreeMap<String, String>),
}

impl Passed {
    /// Whether the names are those of a caller.
    pub fn is_limited(&self) -> bool {
        matches!(self, Passed::Named(_))
    }
}

/// What names stand for at a place of a workflow.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub inputs: BTreeMap<String, Values>,
    pub env: BTreeMap<String, Values>,
    pub matrix: BTreeMap<String, Values>,
    /// The variables of the repository and its organisation, as far as they are ids.
    pub variables: BTreeMap<String, String>,
    pub secrets: Passed,
    /// `OWNER/NAME`.
    pub repository: String,
}

/// The most values of one text that are followed.
const MOST: usize = 32;
/// The longest value that is followed.
const LONGEST: usize = 4096;
const OPEN: &str = "${{";
const CLOSE: &str = "}}";

/// Whether nothing in a text is left to resolve.
pub(super) fn is_resolved(text: &str) -> bool {
    !text.contains(OPEN)
}

/// The expressions in a text, without their marks.
pub(super) fn expressions(text: &str) -> impl Iterator<Item = &str> {
    text.split(OPEN).skip(1).filter_map(|rest| rest.split_once(CLOSE)).map(|(expression, _)| expression.trim())
}

impl Scope {
    /// Every value that a text may have.
    pub fn values(&self, text: &str) -> Values {
        let mut values = vec![Value { text: String::new(), sure: true }];
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            let Some((expression, behind)) = after.split_once(CLOSE) else { break };
            let mut options = self.expression(expression.trim());
            if options.is_empty() {
                options.push(Value { text: String::new(), sure: true });
            }
            values = joined(&values, before, &options);
            rest = behind;
        }
        for value in &mut values {
            value.text.push_str(rest);
        }
        values
    }

    /// The values of an expression; none where it is empty.
    fn expression(&self, text: &str) -> Values {
        let terms = split(text, "||");
        let mut values = Vec::new();
        for term in &terms {
            let operands = split(term, "&&");
            let last = operands.last().copied().unwrap_or_default();
            let found = self.atom(last);
            let decided = operands.len() == 1 && found.iter().all(|value| value.sure && is_resolved(&value.text));
            if decided && found.is_empty() {
                continue;
            }
            let alone = terms.len() == 1 && operands.len() == 1;
            let first = values.is_empty();
            values.extend(found.into_iter().map(|value| Value { sure: value.sure && (alone || decided && first), ..value }));
            // What is known to have a value hides what stands behind it.
            if decided {
                break;
            }
        }
        values.truncate(MOST);
        values
    }

    fn atom(&self, text: &str) -> Values {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            return self.expression(inner);
        }
        let sure = |text: String| if text.is_empty() { Vec::new() } else { vec![Value { text, sure: true }] };
        if let Some(literal) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            return sure(literal.replace("''", "'"));
        }
        if text.parse::<f64>().is_ok() {
            return sure(text.to_owned());
        }
        if let Some(made) = self.made(text) {
            return made;
        }
        let unknown = || vec![Value { text: format!("{OPEN} {text} {CLOSE}"), sure: true }];
        let of = |map: &BTreeMap<String, Values>, name: &str| map.get(name).cloned();
        let found = match reference(text) {
            Some(("inputs", name)) | Some(("github.event.inputs", name)) => of(&self.inputs, name),
            Some(("env", name)) => of(&self.env, name),
            Some(("matrix", name)) => of(&self.matrix, name),
            Some((axis, name)) if axis.starts_with("matrix.") => of(&self.matrix, &format!("{}.{name}", &axis["matrix.".len()..])),
            Some(("vars", name)) => self.variables.get(&name.to_ascii_uppercase()).map(|value| sure(value.clone())),
            Some(("secrets", name)) => self.secret(name),
            Some(("github", "repository")) => Some(sure(self.repository.clone())),
            Some(("github", "repository_owner")) => Some(sure(self.repository.split('/').next().unwrap_or_default().to_owned())),
            Some(("", "null" | "false")) => Some(Vec::new()),
            _ => None,
        };
        found.unwrap_or_else(unknown)
    }

    /// What is made as the job runs and is known all the same: `format('…{0}…', a)`, and a secret by a name that is known, `secrets[matrix.key]`.
    fn made(&self, text: &str) -> Option<Values> {
        let known = |text: &str| Some(self.expression(text)).filter(|values| values.iter().all(|value| is_resolved(&value.text)));
        if let Some(key) = text.strip_prefix("secrets[").and_then(|text| text.strip_suffix(']')).filter(|key| !key.starts_with(['\'', '"']))
        {
            let names = known(key)?.into_iter();
            return Some(
                names
                    .flat_map(|name| self.secret(&name.text).unwrap_or_default().into_iter().map(move |it| Value { sure: name.sure, ..it }))
                    .collect(),
            );
        }
        let arguments = text.strip_prefix("format(").and_then(|text| text.strip_suffix(')'))?;
        let mut arguments = split(arguments, ",").into_iter();
        let mut values = self.atom(arguments.next()?);
        for (at, argument) in arguments.enumerate() {
            let (place, options) = (format!("{{{at}}}"), known(argument)?);
            let put =
                |value: &Value, option: &Value| Value { text: value.text.replace(&place, &option.text), sure: value.sure && option.sure };
            values = values
                .iter()
                .flat_map(|value| options.iter().map(move |option| put(value, option)).collect::<Vec<_>>())
                .take(MOST)
                .collect();
        }
        Some(values)
    }

    /// A secret stays a reference, by the name that its repository knows.
    fn secret(&self, name: &str) -> Option<Values> {
        let name = name.to_ascii_uppercase();
        match &self.secrets {
            Passed::Own => Some(vec![Value { text: format!("{OPEN} secrets.{name} {CLOSE}"), sure: true }]),
            Passed::Named(named) => named.get(&name).map(|text| vec![Value { text: text.clone(), sure: true }]),
        }
    }

    /// The texts of a map, resolved, over those that stand there already.
    pub fn with_env(&self, env: &BTreeMap<String, String>) -> Scope {
        let mut scope = self.clone();
        for (name, text) in env {
            let values = self.values(text).into_iter().filter(|value| !value.text.is_empty()).collect();
            scope.env.insert(name.clone(), values);
        }
        scope
    }
}

/// Appends a text and each option to each value.
fn joined(values: &[Value], before: &str, options: &[Value]) -> Values {
    let pairs = values.iter().flat_map(|value| options.iter().map(move |option| (value, option)));
    pairs
        .map(|(value, option)| Value { text: bounded(format!("{}{before}{}", value.text, option.text)), sure: value.sure && option.sure })
        .take(MOST)
        .collect()
}

/// A text without what makes it too long to be any name: what expressions stand for may multiply.
fn bounded(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
    }
    text
}

/// A reference to a name of a context: `inputs.name`, `inputs['name']`, `github.event.inputs.name`.
pub(super) fn reference(text: &str) -> Option<(&str, &str)> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let text = text.trim();
    let (context, name) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
        Some((context, name)) => (context, name.trim().trim_matches(['\'', '"'])),
        None => text.rsplit_once('.').unwrap_or(("", text)),
    };
    let is_context = context.split('.').all(|part| part.is_empty() || is_name(part));
    (is_name(name) && is_context).then_some((context, name))
}

/// Cuts at an operator that stands outside strings and brackets.
fn split<'t>(text: &'t str, operator: &str) -> Vec<&'t str> {
    let (mut depth, mut quoted, mut from) = (0usize, false, 0);
    let mut parts = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            _ if !quoted && depth == 0 && at >= from && text[at..].starts_with(operator) => {
                parts.push(text[from..at].trim());
                from = at + operator.len();
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts
}

/// The secrets that a text names, in the form in which GitHub keeps names, and whether it takes all of them, or one by a name that is made up as it runs.
pub(super) fn secrets_in(text: &str) -> (Vec<String>, bool) {
    let (mut names, mut any) = (Vec::new(), false);
    for expression in expressions(text) {
        let mut rest = expression;
        while let Some(at) = rest.find("secrets") {
            let before = rest[..at].chars().next_back();
            rest = &rest[at + "secrets".len()..];
            if before.is_some_and(|letter| letter.is_ascii_alphanumeric() || "_-.'".contains(letter)) {
                continue;
            }
            let word = |text: &str| text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter)).collect();
            let next = rest.trim_start();
            if let Some(name) = next.strip_prefix('.') {
                let name: String = word(name);
                if name.is_empty() { any = true } else { names.push(name.to_ascii_uppercase()) }
            } else if let Some(inner) = next.strip_prefix('[') {
                match inner.trim_start().strip_prefix(['\'', '"']) {
                    Some(literal) => names.push(word(literal).to_ascii_uppercase()),
                    None => any = true,
                }
            } else if !next.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_') {
                any = true;
            }
        }
    }
    (names, any)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(text: &str) -> Values {
        vec![Value { text: text.into(), sure: true }]
    }

    fn scope() -> Scope {
        let choice = ["dev", "live"].map(|text| Value { text: text.into(), sure: false }).to_vec();
        Scope {
            inputs: BTreeMap::from([("target".into(), sure("live")), ("choice".into(), choice), ("empty".into(), Vec::new())]),
            env: BTreeMap::from([("ACCOUNT".into(), sure("${{ secrets.PROD_ACCOUNT }}"))]),
            matrix: BTreeMap::from([("env".into(), sure("demo"))]),
            repository: "acme/shop".into(),
            ..Scope::default()
        }
    }

    fn texts(text: &str) -> Vec<(String, bool)> {
        scope().values(text).into_iter().map(|value| (value.text, value.sure)).collect()
    }

    #[test]
    fn what_is_known_is_put_in() {
        for (text, wanted) in [
            ("plain", "plain"),
            ("${{ inputs.target }}-${{matrix.env}}", "live-demo"),
            ("${{ github.event.inputs.target }}", "live"),
            ("${{ inputs['target'] }}", "live"),
            ("arn:aws:iam::${{ env.ACCOUNT }}:role/x", "arn:aws:iam::${{ secrets.PROD_ACCOUNT }}:role/x"),
            ("${{ needs.a.outputs.b }}", "${{ needs.a.outputs.b }}"),
            ("${{ inputs.empty || 'it''s' }}", "it's"),
            ("${{ inputs.target || 'dev' }}", "live"),
            ("${{ github.repository }}", "acme/shop"),
            ("${{ secrets.lower }}", "${{ secrets.LOWER }}"),
            ("open ${{ inputs.target", "open ${{ inputs.target"),
            ("${{ secrets[format('{0}_KEY', inputs.target)] }}", "${{ secrets.LIVE_KEY }}"),
            ("${{ secrets[matrix.env] }}", "${{ secrets.DEMO }}"),
            ("${{ secrets[needs.a.outputs.b] }}", "${{ secrets[needs.a.outputs.b] }}"),
        ] {
            assert_eq!(texts(text), [(wanted.to_owned(), true)], "{text}");
        }
    }

    #[test]
    fn a_choice_gives_every_value_and_none_for_certain() {
        let either = [("dev".to_owned(), false), ("live".to_owned(), false)];
        assert_eq!(texts("${{ inputs.choice }}"), either);
        assert_eq!(texts("${{ github.ref == 'refs/heads/a' && 'dev' || 'live' }}"), either);
        assert_eq!(texts("${{ needs.a.b || 'live' }}"), [("${{ needs.a.b }}".to_owned(), false), ("live".to_owned(), false)]);
    }

    #[test]
    fn secrets_are_found_in_expressions_alone() {
        let named = |text: &str| secrets_in(text);
        assert_eq!(
            named("secrets.NO ${{ secrets.A }} ${{ x && secrets['b'] || secrets.C }}"),
            (vec!["A".into(), "B".into(), "C".into()], false)
        );
        assert_eq!(named("${{ toJSON(secrets) }}"), (Vec::new(), true));
        assert_eq!(named("${{ secrets[format('X_{0}', inputs.env)] }}"), (Vec::new(), true));
        assert_eq!(named("${{ steps.secrets.outputs.a }} ${{ inputs.my-secrets }}"), (Vec::new(), false));
    }

    #[test]
    fn values_do_not_multiply_without_end() {
        let mut scope = scope();
        scope.inputs.insert("many".into(), (0..20).map(|at| Value { text: at.to_string(), sure: false }).collect());
        assert_eq!(scope.values(&"${{ inputs.many }}".repeat(50)).len(), MOST);
        let twice = BTreeMap::from([("A".to_owned(), "é${{ env.A }}${{ env.A }}".to_owned())]);
        let scope = (0..40).fold(scope, |scope, _| scope.with_env(&twice));
        assert!(scope.env["A"][0].text.len() <= 2 * LONGEST);
    }
}
