//! [`Credential`]: tokens, secrets and keys of clients. A value becomes a fingerprint at once.

use super::object::{Object, application_of};
use crate::estate::FingerprintKey;
use crate::importers::objects::Fields;
use crate::model::{Instant, SecretKind};

/// A token, a client's secret or a key.
#[derive(Debug, Clone)]
pub(super) struct Credential {
    pub id: String,
    pub kind: SecretKind,
    pub name: Option<String>,
    /// Whom it proves, where that is told.
    pub of: Option<String>,
    pub fingerprint: Option<String>,
    pub created_at: Option<Instant>,
    pub rotated_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub revoked: Option<bool>,
    /// Whether addresses are restricted.
    pub network: bool,
}

/// A token of the API.
pub(super) fn token(fields: Fields<'_>) -> Option<Vec<Object>> {
    let credential = Credential::new(fields.owned("id")?, SecretKind::Token, fields.owned("userId"));
    let expires_at = fields.instant("expiresAt");
    let window = fields.text("tokenWindow").and_then(seconds);
    let used = expires_at.zip(window).map(|(end, window)| Instant::from_unix_seconds(end.unix_microseconds() / 1_000_000 - window));
    let network = fields.inner("network").and_then(|network| network.text("connection")).is_some_and(|connection| connection != "ANYWHERE");
    let (name, created_at) = (fields.owned("name"), fields.instant("created"));
    Some(vec![Object::Credential(Box::new(Credential { name, created_at, expires_at, last_used_at: used, network, ..credential }))])
}

/// A secret of a client.
pub(super) fn secret(fields: Fields<'_>, of: Option<&str>, key: &FingerprintKey) -> Option<Vec<Object>> {
    let credential = Credential::new(fields.owned("id")?, SecretKind::ClientSecret, application_of(fields, of));
    let fingerprint = fields.text("client_secret").and_then(|value| key.fingerprint(value.as_bytes()));
    Some(vec![Object::Credential(Box::new(Credential { fingerprint, ..credential.dated(fields) }))])
}

/// A key by which a client proves itself. The same modulus or point is the same private key.
pub(super) fn jwk(fields: Fields<'_>, of: Option<&str>, key: &FingerprintKey) -> Option<Vec<Object>> {
    const SHORTEST: usize = 40;
    let id = fields.owned("id").or_else(|| fields.owned("kid"))?;
    let public = fields.text("n").or_else(|| fields.text("x")).filter(|public| public.len() >= SHORTEST && !public.contains('.'));
    let fingerprint = public.and_then(|public| key.fingerprint(format!("jwk:{public}").as_bytes()));
    let credential = Credential::new(id, SecretKind::SigningKey, application_of(fields, of)).dated(fields);
    Some(vec![Object::Credential(Box::new(Credential { fingerprint, ..credential }))])
}

impl Credential {
    /// A credential of which nothing else is known.
    pub fn new(id: String, kind: SecretKind, of: Option<String>) -> Credential {
        Credential {
            id,
            kind,
            name: None,
            of,
            fingerprint: None,
            created_at: None,
            rotated_at: None,
            expires_at: None,
            last_used_at: None,
            revoked: None,
            network: false,
        }
    }

    fn dated(self, fields: Fields<'_>) -> Credential {
        Credential { created_at: fields.instant("created"), revoked: fields.text("status").map(|status| status != "ACTIVE"), ..self }
    }
}

/// The seconds of a duration: `P30D`, `PT5M`, `P1DT12H`.
fn seconds(text: &str) -> Option<i64> {
    let (mut total, mut number, mut time) = (0i64, String::new(), false);
    for letter in text.strip_prefix('P')?.chars() {
        let unit = match letter {
            'T' => {
                time = true;
                continue;
            }
            letter if letter.is_ascii_digit() && number.len() < 9 => {
                number.push(letter);
                continue;
            }
            'W' => 604_800,
            'D' => 86_400,
            'H' => 3600,
            'M' if time => 60,
            'M' => 2_592_000,
            'S' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    number.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_counted() {
        let found = ["P30D", "PT5M", "P1DT12H", "P1M", "30", "P", "PT5X", "P99999999999D"].map(seconds);
        assert_eq!(found, [Some(2_592_000), Some(300), Some(129_600), Some(2_592_000), None, Some(0), None, None]);
    }
}
