//! [`Condition`]: one operator, key and list of values of a statement, and when it holds.

use super::document::Effect;
use super::known::{Known, Truth, When};
use super::pattern::{Case, Pattern};
use super::principal::arn_matches;
use crate::model::{Guard, Instant};

/// One line of a condition block. All lines of a statement must hold; any value of a line is enough, but for operators that negate.
///
/// Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    operator: Operator,
    /// `StringNotEquals` and the like.
    negated: bool,
    /// `…IfExists`: holds where the request does not have the key.
    if_exists: bool,
    /// How a key of several values is compared.
    set: Set,
    /// In lower case: the names of keys do not tell cases apart.
    key: String,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals(Case),
    Like,
    Bool,
    Null,
    Arn,
    Ip,
    Number(Compare),
    Date(Compare),
    /// Bytes, or an operator that nobody knows.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    One,
    All,
    Any,
}

impl Condition {
    /// Reads a line: `ForAnyValue:StringLikeIfExists`, a key, its values.
    pub fn parse(operator: &str, key: &str, values: Vec<String>) -> Self {
        let (set, operator) = match operator.split_once(':') {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => (Set::All, rest),
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => (Set::Any, rest),
            _ => (Set::One, operator),
        };
        let name = operator.to_ascii_lowercase();
        let (name, if_exists) = name.strip_suffix("ifexists").map_or((name.as_str(), false), |name| (name, true));
        let (operator, negated) = match name {
            "stringequals" => (Operator::Equals(Case::Counts), false),
            "stringnotequals" => (Operator::Equals(Case::Counts), true),
            "stringequalsignorecase" => (Operator::Equals(Case::Ignored), false),
            "stringnotequalsignorecase" => (Operator::Equals(Case::Ignored), true),
            "stringlike" => (Operator::Like, false),
            "stringnotlike" => (Operator::Like, true),
            "arnequals" | "arnlike" => (Operator::Arn, false),
            "arnnotequals" | "arnnotlike" => (Operator::Arn, true),
            "ipaddress" => (Operator::Ip, false),
            "notipaddress" => (Operator::Ip, true),
            "bool" => (Operator::Bool, false),
            "null" => (Operator::Null, false),
            "numericequals" => (Operator::Number(Compare::Equal), false),
            "numericnotequals" => (Operator::Number(Compare::Equal), true),
            "numericlessthan" => (Operator::Number(Compare::Less), false),
            "numericlessthanequals" => (Operator::Number(Compare::LessOrEqual), false),
            "numericgreaterthan" => (Operator::Number(Compare::Greater), false),
            "numericgreaterthanequals" => (Operator::Number(Compare::GreaterOrEqual), false),
            "datelessthan" => (Operator::Date(Compare::Less), false),
            "datelessthanequals" => (Operator::Date(Compare::LessOrEqual), false),
            "dategreaterthan" => (Operator::Date(Compare::Greater), false),
            "dategreaterthanequals" => (Operator::Date(Compare::GreaterOrEqual), false),
            _ => (Operator::Other, false),
        };
        Condition { operator, negated, if_exists, set, key: key.to_ascii_lowercase(), values }
    }

    /// The key, in lower case.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What the key is compared with.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether it compares text and asks for one of its values: what pins a key that every request has, as every token has a subject.
    pub fn asks_for_text(&self) -> bool {
        matches!(self.operator, Operator::Equals(_) | Operator::Like | Operator::Arn) && !self.negated
    }

    /// Whether it asks about who asks, rather than about what is asked for.
    pub fn asks_who(&self) -> bool {
        asks_who(&self.key) || self.values.iter().any(|value| Pattern::literal(value).variables().any(asks_who))
    }

    /// Whether `*` in its values stands for anything.
    pub fn knows_wildcards(&self) -> bool {
        matches!(self.operator, Operator::Like | Operator::Arn)
    }

    /// When it holds in a statement of some effect, given what is known of the keys.
    pub fn when(&self, effect: Effect, known: &dyn Fn(&str) -> Known) -> When {
        match known(&self.key) {
            _ if self.operator == Operator::Other => When::OPEN,
            Known::Unknown => When::OPEN,
            // Whoever asks makes what is allowed hold, and what is denied not.
            Known::Chosen => {
                if effect == Effect::Allow {
                    When::ALWAYS
                } else {
                    When::Never
                }
            }
            Known::Preferred(value) => self.preferring(effect, value, known),
            Known::Guarded(guard) => self.behind(effect, guard),
            // Whoever is denied an old token asks for a new one.
            Known::After(_) if effect == Effect::Deny && self.revokes_tokens() => When::Never,
            Known::After(instant) => self.from(instant).into(),
            Known::Absent => Truth::of(self.holds_without_key()).into(),
            Known::Values(values) if values.is_empty() => Truth::of(self.holds_without_key()).into(),
            Known::Values(_) if self.operator == Operator::Null => Truth::of(self.asks_for("false")).into(),
            Known::Values(values) => self.compare(&values, known).into(),
        }
    }

    /// Whether it holds for tokens issued before some day: what AWS writes to end the sessions of a role.
    fn revokes_tokens(&self) -> bool {
        self.key == "aws:tokenissuetime" && matches!(self.operator, Operator::Date(Compare::Less | Compare::LessOrEqual))
    }

    fn asks_for(&self, value: &str) -> bool {
        self.values.iter().any(|own| own.eq_ignore_ascii_case(value))
    }

    fn holds_without_key(&self) -> bool {
        match self.operator {
            Operator::Null => self.asks_for("true"),
            _ => self.if_exists || self.negated && self.set != Set::Any || self.set == Set::All,
        }
    }

    /// When it holds for a key of which one value is best: what is denied to that value alone is not denied to the next best.
    fn preferring(&self, effect: Effect, value: String, known: &dyn Fn(&str) -> Known) -> When {
        let truth = match self.operator {
            Operator::Null => Truth::of(self.asks_for("false")),
            _ => self.compare(&[value], known),
        };
        if effect == Effect::Deny && truth == Truth::Yes && !self.negated { When::OPEN } else { truth.into() }
    }

    /// When it holds for a key that only who meets a guard can have as it is asked for.
    fn behind(&self, effect: Effect, guard: Guard) -> When {
        let (met, other) = match self.operator {
            // How long ago the guard was met: whoever can meet it does so when it helps, and whoever cannot has no such key.
            Operator::Number(_) => (effect == Effect::Allow, self.holds_without_key()),
            Operator::Null if self.key == "aws:multifactorauthage" => (self.asks_for("false"), self.holds_without_key()),
            Operator::Bool => (self.asks_for("true"), self.asks_for("false")),
            Operator::Null => (self.asks_for("false"), self.asks_for("false")),
            Operator::Ip if self.values.iter().any(|range| matches!(range.as_str(), "0.0.0.0/0" | "::/0")) => {
                return Truth::of(!self.negated).into();
            }
            _ => (!self.negated, self.negated),
        };
        // Addresses are in every request; a second factor and the name of a private network may be missing from it.
        let absent = if self.operator == Operator::Ip { other } else { self.holds_without_key() };
        match (met, absent, other) {
            (true, true, true) => When::ALWAYS,
            (true, false, false) => When::with(guard),
            (false, true, true) => When::without(guard),
            (false, false, false) => When::Never,
            // It depends on whether the credential carries the key at all.
            _ => When::OPEN,
        }
    }

    /// Whether it holds for every instant from one on, for none, or for some.
    fn from(&self, first: Instant) -> Truth {
        let Some(own) = self.values.first().and_then(|value| Instant::parse(value).ok()) else { return Truth::Unknown };
        match self.operator {
            Operator::Date(Compare::Less) if own <= first => Truth::No,
            Operator::Date(Compare::LessOrEqual) if own < first => Truth::No,
            Operator::Date(Compare::Greater) if own < first => Truth::Yes,
            Operator::Date(Compare::GreaterOrEqual) if own <= first => Truth::Yes,
            Operator::Null => Truth::of(self.asks_for("false")),
            _ => Truth::Unknown,
        }
    }

    fn compare(&self, values: &[String], known: &dyn Fn(&str) -> Known) -> Truth {
        let one = |value: &String| {
            let any = Truth::any(self.values.iter().map(|own| self.compare_one(own, value, known)));
            if self.negated { any.not() } else { any }
        };
        match self.set {
            Set::All => Truth::any(values.iter().map(|value| one(value).not())).not(),
            _ => Truth::any(values.iter().map(one)),
        }
    }

    fn compare_one(&self, own: &str, value: &str, known: &dyn Fn(&str) -> Known) -> Truth {
        match self.operator {
            Operator::Equals(case) => Pattern::literal(own).matches(value, case, known),
            Operator::Like => Pattern::parse(own).matches(value, Case::Counts, known),
            Operator::Arn => arn_matches(own, value, known),
            Operator::Bool => Truth::of(own.eq_ignore_ascii_case(value)),
            Operator::Number(compare) => match (own.parse::<f64>(), value.parse::<f64>()) {
                (Ok(own), Ok(value)) => Truth::of(compare.holds(value, own)),
                _ => Truth::Unknown,
            },
            Operator::Ip | Operator::Null | Operator::Date(_) | Operator::Other => Truth::Unknown,
        }
    }
}

impl Compare {
    fn holds(self, value: f64, own: f64) -> bool {
        match self {
            Compare::Equal => value == own,
            Compare::Less => value < own,
            Compare::LessOrEqual => value <= own,
            Compare::Greater => value > own,
            Compare::GreaterOrEqual => value >= own,
        }
    }
}

/// Whether a key tells who asks.
pub(crate) fn asks_who(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("aws:principal") || matches!(key.as_str(), "aws:username" | "aws:userid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(key: &str) -> Known {
        match key {
            "aws:username" => Known::Values(vec!["ann".into()]),
            "aws:principalarn" => Known::Values(vec!["arn:aws:iam::111122223333:role/ops/deploy".into()]),
            "aws:tagkeys" => Known::Values(vec!["team".into(), "cost".into()]),
            "aws:multifactorauthpresent" | "aws:multifactorauthage" => Known::Guarded(Guard::Mfa),
            "aws:sourceip" | "aws:sourcevpc" => Known::Guarded(Guard::Network),
            "aws:requestedregion" => Known::Chosen,
            "s3:prefix" => Known::Absent,
            "aws:tokenissuetime" => Known::After(Instant::parse("2022-01-01").expect("a date")),
            "depth" => Known::Values(vec!["3".into()]),
            _ => Known::Unknown,
        }
    }

    fn allow(operator: &str, key: &str, value: &str) -> When {
        Condition::parse(operator, key, vec![value.into()]).when(Effect::Allow, &known)
    }

    fn deny(operator: &str, key: &str, value: &str) -> When {
        Condition::parse(operator, key, vec![value.into()]).when(Effect::Deny, &known)
    }

    #[test]
    fn known_values_are_compared() {
        for (operator, key, value, holds) in [
            ("StringEquals", "aws:UserName", "ann", true),
            ("StringEquals", "aws:username", "Ann", false),
            ("StringEqualsIgnoreCase", "aws:username", "Ann", true),
            ("StringNotEquals", "aws:username", "ann", false),
            ("StringLike", "aws:username", "a*", true),
            ("StringNotLike", "aws:username", "a*", false),
            ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ops/*", true),
            ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/ops/*", false),
            ("ForAllValues:StringEquals", "aws:TagKeys", "team", false),
            ("ForAnyValue:StringEquals", "aws:TagKeys", "team", true),
            ("NumericLessThan", "depth", "4", true),
            ("NumericGreaterThanEquals", "depth", "4", false),
            ("Null", "aws:username", "false", true),
            ("Null", "aws:username", "true", false),
        ] {
            assert_eq!(allow(operator, key, value), Truth::of(holds).into(), "{operator} {key} {value}");
        }
    }

    #[test]
    fn a_key_that_is_not_there_holds_only_what_negates_or_asks_if_it_exists() {
        for (operator, holds) in [
            ("StringEquals", false),
            ("StringNotEquals", true),
            ("StringEqualsIfExists", true),
            ("ForAllValues:StringEquals", true),
            ("ForAnyValue:StringEquals", false),
            ("Null", false),
        ] {
            assert_eq!(allow(operator, "s3:prefix", "home"), Truth::of(holds).into(), "{operator}");
        }
        assert_eq!(allow("Null", "s3:prefix", "true"), When::ALWAYS);
    }

    #[test]
    fn a_second_factor_is_a_guard_unless_the_key_may_be_missing() {
        let key = "aws:MultiFactorAuthPresent";
        assert_eq!(allow("Bool", key, "true"), When::with(Guard::Mfa));
        assert_eq!(deny("BoolIfExists", key, "false"), When::without(Guard::Mfa));
        // An access key does not carry the key: this lets it through, and that does not stop it.
        assert_eq!(allow("BoolIfExists", key, "true"), When::OPEN);
        assert_eq!(deny("Bool", key, "false"), When::OPEN);
        let age = "aws:MultiFactorAuthAge";
        assert_eq!(allow("NumericLessThan", age, "3600"), When::with(Guard::Mfa));
        assert_eq!(deny("NumericGreaterThanIfExists", age, "3600"), When::without(Guard::Mfa));
        assert_eq!(deny("NumericGreaterThan", age, "3600"), When::Never);
    }

    #[test]
    fn no_token_is_older_than_its_holder() {
        for (operator, date, holds) in [
            ("DateLessThan", "2020-01-01T00:00:01Z", Truth::No),
            ("DateGreaterThan", "2020-01-01T00:00:01Z", Truth::Yes),
            ("DateLessThan", "2030-01-01T00:00:00Z", Truth::Unknown),
            ("DateGreaterThanEquals", "2030-01-01T00:00:00Z", Truth::Unknown),
            ("DateEquals", "2022-01-01T00:00:00Z", Truth::Unknown),
        ] {
            assert_eq!(allow(operator, "aws:TokenIssueTime", date), holds.into(), "{operator} {date}");
        }
    }

    #[test]
    fn networks_are_guards() {
        assert_eq!(allow("IpAddress", "aws:SourceIp", "203.0.113.0/24"), When::with(Guard::Network));
        assert_eq!(allow("IpAddress", "aws:SourceIp", "0.0.0.0/0"), When::ALWAYS);
        assert_eq!(deny("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"), When::without(Guard::Network));
        assert_eq!(deny("NotIpAddressIfExists", "aws:SourceIp", "203.0.113.0/24"), When::without(Guard::Network));
        assert_eq!(deny("StringNotEquals", "aws:SourceVpc", "vpc-1"), When::without(Guard::Network));
        assert_eq!(allow("StringEquals", "aws:SourceVpc", "vpc-1"), When::with(Guard::Network));
        assert_eq!(allow("StringEqualsIfExists", "aws:SourceVpc", "vpc-1"), When::OPEN);
    }

    #[test]
    fn what_the_caller_chooses_is_chosen_well_and_the_rest_is_open() {
        assert_eq!(allow("StringEquals", "aws:RequestedRegion", "eu-west-1"), When::ALWAYS);
        assert_eq!(deny("StringNotEquals", "aws:RequestedRegion", "eu-west-1"), When::Never);
        assert_eq!(allow("StringEquals", "ec2:ResourceTag/team", "red"), When::OPEN);
        assert_eq!(allow("DateLessThan", "aws:username", "2030-01-01T00:00:00Z"), When::OPEN);
        assert_eq!(allow("SomethingNew", "aws:username", "ann"), When::OPEN);
    }
}
