//! [`Configuration`]: what the configuration of a server or an agent says.

use super::entry::trust_domain;
use crate::estate::FingerprintKey;
use crate::importers::hcl::Body;

/// What is kept of a configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Configuration {
    pub trust_domain: String,
    pub server: bool,
    pub federates_with: Vec<String>,
    pub jwt_issuer: Option<String>,
    /// The plugins that keep the signing keys of the trust domain on disk.
    pub signing_keys_on_disk: bool,
    /// The fingerprint of the password of its database, where the configuration holds one.
    pub database_password: Option<Option<String>>,
}

const NO_CONFIGURATION: &str = "no configuration of SPIRE: it has no `server` or `agent` block with a `trust_domain`";

/// Whether a text looks like one.
pub(super) fn detects(start: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(start).or_else(|error| std::str::from_utf8(&start[..error.valid_up_to()])) else { return false };
    let block = |line: &str| line.strip_prefix("server").or_else(|| line.strip_prefix("agent")).is_some_and(|rest| rest.trim() == "{");
    text.lines().any(block) && text.lines().any(|line| line.trim_start().starts_with("trust_domain"))
}

impl Configuration {
    /// The configuration that a text is.
    pub fn of(text: &str, key: &FingerprintKey) -> Result<Configuration, (Option<u64>, &'static str)> {
        let body = Body::parse(text).map_err(|(line, reason)| (Some(line), reason))?;
        let server = body.named("server").next();
        let block = server.or_else(|| body.named("agent").next()).ok_or((None, NO_CONFIGURATION))?;
        let domain = block.body.text("trust_domain").ok_or((None, NO_CONFIGURATION))?;
        let federation = block.body.named("federation").flat_map(|federation| federation.body.named("federates_with"));
        let plugins = || body.named("plugins").flat_map(|plugins| &plugins.body.blocks);
        let is = |name: &str, label: &str| plugins().any(|plugin| plugin.name == name && plugin.labels.iter().any(|it| it == label));
        let stores = plugins().filter(|plugin| plugin.name == "DataStore").flat_map(|plugin| plugin.body.named("plugin_data"));
        Ok(Configuration {
            trust_domain: trust_domain(domain),
            server: server.is_some(),
            federates_with: federation.filter_map(|block| block.labels.first()).map(|label| trust_domain(label)).collect(),
            jwt_issuer: block.body.text("jwt_issuer").map(|issuer| issuer.trim_end_matches('/').to_owned()),
            signing_keys_on_disk: server.is_some() && (is("KeyManager", "disk") || is("UpstreamAuthority", "disk")),
            database_password: stores.filter_map(|data| data.body.text("connection_string")).find_map(|text| password(text, key)),
        })
    }
}

/// The fingerprint of the password in the address of a database; outer `None` where there is none.
fn password(address: &str, key: &FingerprintKey) -> Option<Option<String>> {
    let of_url = address.split_once("://").map_or(address, |(_, rest)| rest).rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    let of_pairs = || address.split(' ').find_map(|pair| pair.strip_prefix("password="));
    let value = of_url.map(|(_, value)| value).or_else(of_pairs).filter(|value| !value.is_empty())?;
    Some(key.fingerprint(value.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_its_domain_and_whom_it_federates_with() {
        let key = FingerprintKey::from_bytes(&[7; 32]).expect("a key");
        let text = "server {\n trust_domain = \"Till.example\"\n jwt_issuer = \"https://oidc.till.example/\"\n federation {\n  federates_with \"shop.example\" {}\n }\n}\n\
            plugins {\n DataStore \"sql\" { plugin_data { connection_string = \"dbname=spire password=a-long-password-1 host=db\" } }\n KeyManager \"disk\" {}\n}\n";
        let read = Configuration::of(text, &key).expect("a configuration");
        assert!(detects(text.as_bytes()) && read.server && read.signing_keys_on_disk);
        assert_eq!((read.trust_domain.as_str(), &read.federates_with[..]), ("till.example", &["shop.example".to_owned()][..]));
        assert_eq!(read.jwt_issuer.as_deref(), Some("https://oidc.till.example"));
        assert_eq!(read.database_password, Some(key.fingerprint(b"a-long-password-1")));
        assert_eq!(password("postgres://spire:a-long-password-1@db/spire", &key), read.database_password);
        assert_eq!(password("/opt/spire/data/datastore.sqlite3", &key), None);
        assert_eq!(Configuration::of("server {}", &key).expect_err("none").1, NO_CONFIGURATION);
        assert!(!detects(b"server:\n  trust_domain: x\n"));
    }
}
