//! What a secret is, by the name of the detector that found it.

use crate::importers::values::kind_of_name;
use crate::model::SecretKind;

/// Words of detectors in small letters, and what they find; the first row that has a word decides.
const WORDS: [(&[&str], SecretKind); 9] = [
    (&["aws-access", "aws access", "aws api cred", "aws_access", "aws key", "awskey", "hmac"], SecretKind::AccessKey),
    (&["google service account", "gcp service account", "gcp-service-account", "google_cloud_service_account"], SecretKind::AccessKey),
    (&["ssh", "openssh", "putty"], SecretKind::SshKey),
    (&["certificate", "pkcs12", "pkcs-12", "pfx"], SecretKind::Certificate),
    (&["client secret", "client-secret", "client_secret", "clientsecret", "azure_entra"], SecretKind::ClientSecret),
    (&["api key", "api-key", "api_key", "apikey"], SecretKind::ApiKey),
    (&["webhook", "private key", "private-key", "private_key", "privatekey"], SecretKind::Generic),
    (&["token", "jwt", "oauth", "-pat", "_pat", "github", "gitlab", "slack"], SecretKind::Token),
    (
        &["password", "passwd", "basic auth", "basic-auth", "basicauth", "credential", "connection", "jdbc", "mongodb", "postgres"],
        SecretKind::Password,
    ),
];

/// What a detector finds.
pub(super) fn of_detector(detector: &str) -> SecretKind {
    let name = detector.to_lowercase();
    let known = WORDS.iter().find(|(words, _)| words.iter().any(|word| name.contains(word))).map(|(_, kind)| *kind);
    // `AWS` and `URI`, as TruffleHog calls them.
    let whole = match name.as_str() {
        "aws" | "gcp" => Some(SecretKind::AccessKey),
        "uri" => Some(SecretKind::Password),
        _ => None,
    };
    whole.or(known).or_else(|| kind_of_name(&name.replace(' ', "_"))).unwrap_or(SecretKind::Generic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detectors_tell_what_they_find() {
        for (detector, kind) in [
            ("aws-access-token", SecretKind::AccessKey),
            ("AWS", SecretKind::AccessKey),
            ("AWS API Credentials", SecretKind::AccessKey),
            ("generic-api-key", SecretKind::ApiKey),
            ("GitHub Personal Access Token", SecretKind::Token),
            ("github_personal_access_token", SecretKind::Token),
            ("Generic Password (double quoted)", SecretKind::Password),
            ("Basic Auth Credentials", SecretKind::Password),
            ("PrivateKey", SecretKind::Generic),
            ("Secret Keyword", SecretKind::Generic),
            ("high-entropy", SecretKind::Generic),
            ("JSON Web Token", SecretKind::Token),
            ("azure_active_directory_application_secret", SecretKind::Generic),
        ] {
            assert_eq!(of_detector(detector), kind, "{detector}");
        }
    }
}
