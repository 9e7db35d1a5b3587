//! [`PolicyDocument`]: a policy as IAM writes it, from JSON or from JSON that was encoded for an address.

use super::condition::Condition;
use super::pattern::Pattern;
use super::principal::PrincipalPattern;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A policy: what it allows and denies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PolicyDocument {
    pub statements: Vec<Statement>,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub effect: Effect,
    pub actions: Matcher<Pattern>,
    /// Absent in a trust policy, which is about the role it stands on.
    pub resources: Option<Matcher<Pattern>>,
    /// Present in a policy that stands on a resource.
    pub principals: Option<Matcher<PrincipalPattern>>,
    pub conditions: Vec<Condition>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// What a statement names, or names all but.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Matcher<T> {
    Only(Vec<T>),
    AllBut(Vec<T>),
}

const NOT_JSON: &str = "a policy document that is not valid JSON";
const NO_STATEMENT: &str = "a policy document in which a statement has no effect, no action, or a field of a wrong type";
const TWO_SIDES: &str = "a policy statement that both names and excludes";

impl PolicyDocument {
    /// Reads a policy: a JSON object, or a string that holds one, plain or encoded for an address.
    ///
    /// # Errors
    /// A reason without text of the input. One bad statement makes the whole policy bad: IAM would not have taken it, and half a policy may lack its denials.
    pub fn parse(text: &RawValue) -> Result<Self, &'static str> {
        if !text.get().starts_with('"') {
            return Self::of_object(text.get());
        }
        let inner: String = serde_json::from_str(text.get()).map_err(|_| NOT_JSON)?;
        Self::of_object(&decoded(inner.trim()))
    }

    fn of_object(text: &str) -> Result<Self, &'static str> {
        let read: ReadDocument<'_> = serde_json::from_str(text).map_err(|error| if error.is_data() { NO_STATEMENT } else { NOT_JSON })?;
        // Variables came with the second version of the language; the first, which is the default, takes them for text.
        let variables = read.version.as_deref() == Some("2012-10-17");
        let statements = read.statement.into_iter().flat_map(OneOrMany::into_vec);
        Ok(PolicyDocument { statements: statements.map(|read| statement(read, variables)).collect::<Result<_, _>>()? })
    }

    /// The statements of one effect.
    pub fn with(&self, effect: Effect) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(move |statement| statement.effect == effect)
    }
}

impl<T> Matcher<T> {
    /// What is named, either way.
    pub fn named(&self) -> &[T] {
        match self {
            Matcher::Only(named) | Matcher::AllBut(named) => named,
        }
    }
}

#[derive(Deserialize)]
struct ReadDocument<'a> {
    #[serde(rename = "Version", borrow, default)]
    version: Option<Cow<'a, str>>,
    #[serde(rename = "Statement", borrow)]
    statement: Option<OneOrMany<ReadStatement<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReadStatement<'a> {
    effect: Effect,
    action: Option<OneOrMany<String>>,
    not_action: Option<OneOrMany<String>>,
    resource: Option<OneOrMany<String>>,
    not_resource: Option<OneOrMany<String>>,
    #[serde(borrow)]
    principal: Option<ReadPrincipal<'a>>,
    #[serde(borrow)]
    not_principal: Option<ReadPrincipal<'a>>,
    condition: Option<BTreeMap<String, BTreeMap<String, OneOrMany<Scalar>>>>,
}

/// A list, or its one element.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

/// `*`, or lists by the type of principal.
#[derive(Deserialize)]
#[serde(untagged)]
enum ReadPrincipal<'a> {
    All(#[serde(borrow)] Cow<'a, str>),
    Typed(BTreeMap<String, OneOrMany<String>>),
}

/// A value of a condition, as people write it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Flag(bool),
    Number(serde_json::Number),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Scalar::Text(text) => text,
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
        }
    }
}

fn statement(read: ReadStatement<'_>, variables: bool) -> Result<Statement, &'static str> {
    // `${$}` is a dollar that begins no variable.
    let text = |text: String| if variables { text } else { text.replace("${", "${$}{") };
    let patterns = |list: Vec<String>| list.into_iter().map(|it| Pattern::parse(&text(it))).collect();
    let actions = either(read.action.map(OneOrMany::into_vec), read.not_action.map(OneOrMany::into_vec), patterns)?;
    let resources = either(read.resource.map(OneOrMany::into_vec), read.not_resource.map(OneOrMany::into_vec), patterns)?;
    let principals = either(read.principal, read.not_principal, principals)?;
    let conditions = read.condition.into_iter().flatten().flat_map(|(operator, keys)| {
        keys.into_iter().map(move |(key, values)| {
            Condition::parse(&operator, &key, values.into_vec().into_iter().map(|value| text(value.into_text())).collect())
        })
    });
    let conditions = conditions.collect();
    Ok(Statement { effect: read.effect, actions: actions.ok_or(NO_STATEMENT)?, resources, principals, conditions })
}

fn either<R, T>(named: Option<R>, excluded: Option<R>, read: impl Fn(R) -> Vec<T>) -> Result<Option<Matcher<T>>, &'static str> {
    match (named, excluded) {
        (Some(_), Some(_)) => Err(TWO_SIDES),
        (Some(named), None) => Ok(Some(Matcher::Only(read(named)))),
        (None, Some(excluded)) => Ok(Some(Matcher::AllBut(read(excluded)))),
        (None, None) => Ok(None),
    }
}

fn principals(read: ReadPrincipal<'_>) -> Vec<PrincipalPattern> {
    match read {
        ReadPrincipal::All(text) => vec![PrincipalPattern::parse("AWS", &text)],
        ReadPrincipal::Typed(lists) => {
            let all = lists.into_iter().flat_map(|(kind, list)| list.into_vec().into_iter().map(move |text| (kind.clone(), text)));
            all.map(|(kind, text)| PrincipalPattern::parse(&kind, &text)).collect()
        }
    }
}

/// The text behind `%22` and the like; text that holds none stays.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.starts_with('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'%');
        let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        rest = if byte.is_some() { &after[2..] } else { after };
        bytes.push(byte.unwrap_or(*first));
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PolicyDocument, &'static str> {
        PolicyDocument::parse(&RawValue::from_string(text.to_owned()).expect("JSON"))
    }

    #[test]
    fn every_form_of_a_document_is_read() {
        let one = parse(r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#).expect("a policy");
        let many = parse(r#"{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Action":["s3:*"],"Resource":["*"]}]}"#);
        assert_eq!(Ok(&one), many.as_ref());
        let encoded = "\"%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D\"";
        assert_eq!(Ok(&one), parse(encoded).as_ref());
        let quoted = serde_json::to_string(r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#).expect("JSON");
        assert_eq!(Ok(&one), parse(&quoted).as_ref());
        assert!(parse("{}").is_ok_and(|policy| policy.statements.is_empty()));
    }

    #[test]
    fn only_the_second_version_knows_variables() {
        let variables = |version: &str| {
            let text = format!(r#"{{{version}"Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"home/${{aws:username}}/*"}}}}"#);
            let policy = parse(&text).expect("a policy");
            policy.statements[0].resources.iter().flat_map(Matcher::named).flat_map(Pattern::variables).count()
        };
        assert_eq!((variables(r#""Version":"2012-10-17","#), variables(r#""Version":"2008-10-17","#), variables("")), (1, 0, 0));
    }

    #[test]
    fn a_bad_statement_makes_the_policy_bad() {
        for (text, reason) in [
            (r#"{"Statement":{"Effect":"Perhaps","Action":"*"}}"#, NO_STATEMENT),
            (r#"{"Statement":{"Effect":"Allow"}}"#, NO_STATEMENT),
            (r#"{"Statement":[{"Effect":"Allow","Action":7}]}"#, NO_STATEMENT),
            (r#"{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*"}}"#, TWO_SIDES),
            ("\"%7B%22canary\"", NOT_JSON),
            ("\"\"", NOT_JSON),
        ] {
            assert_eq!(parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn values_of_conditions_may_be_flags_and_numbers() {
        let text = r#"{"Statement":{"Effect":"Deny","NotAction":"iam:*","Resource":"*","Principal":"*",
            "Condition":{"Bool":{"aws:MultiFactorAuthPresent":false},"NumericLessThan":{"aws:MultiFactorAuthAge":[3600]}}}}"#;
        let policy = parse(text).expect("a policy");
        assert_eq!(policy.statements[0].conditions.len(), 2);
        assert!(matches!(policy.statements[0].actions, Matcher::AllBut(_)));
    }
}
