//! [`Place`]: where a secret was found, and [`Holder`]: what was scanned there.

use crate::model::{ResourceKind, Storage};

/// What was scanned, where that is a thing that can be read by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    /// Its id, as the readers of providers write it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: ResourceKind,
}

/// Where a secret was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// What was scanned.
    pub holder: Option<Holder>,
    /// The file in it, or the address of the message.
    pub path: Option<String>,
    pub line: Option<u64>,
    pub column: Option<u64>,
    pub commit: Option<String>,
    /// How such places keep what is in them.
    pub storage: Option<Storage>,
}

/// The digits of a commit that are shown.
const COMMIT: usize = 12;

impl Place {
    /// The place in words; `report` stands for what was scanned where nothing says it.
    pub fn location(&self, report: &str) -> String {
        let mut text = self.holder.as_ref().map_or(report, |holder| &holder.id).to_owned();
        if let Some(path) = &self.path {
            text.push(' ');
            text.push_str(path);
        }
        for number in [self.line, self.column].into_iter().flatten() {
            text.push_str(&format!(":{number}"));
        }
        if let Some(commit) = self.commit.as_deref().filter(|commit| !commit.is_empty()) {
            text.push_str(" at ");
            text.extend(commit.chars().take(COMMIT));
        }
        text
    }
}

impl Holder {
    /// A repository by any of its addresses; `None` where the text is none, such as a folder.
    pub fn repository(address: &str) -> Option<Holder> {
        let address = address.trim().trim_end_matches('/');
        let address = address.strip_suffix(".git").unwrap_or(address);
        let (host, path) = match address.split_once("://") {
            Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
            Some(_) => return None,
            // `git@github.com:acme/shop`
            None => address.split_once(':').filter(|(host, _)| host.contains('@'))?,
        };
        // Whoever clones may have put a password there.
        let host = host.rsplit('@').next().unwrap_or(host).to_lowercase();
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let written = !host.is_empty() && host.contains('.') && path.contains('/') && !path.contains('@');
        written.then(|| Holder { id: format!("https://{host}/{path}"), name: path.to_owned(), kind: ResourceKind::Repository })
    }

    /// A repository of github.com by its full name.
    pub fn github(full_name: &str) -> Option<Holder> {
        let (owner, name) = full_name.split_once('/')?;
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        (plain(owner) && plain(name)).then(|| Holder::repository(&format!("https://github.com/{full_name}"))).flatten()
    }

    /// What the caller says was scanned: a repository by address or full name, a bucket by its address or id, else anything by its name.
    pub fn named(name: &str) -> Holder {
        let known = Holder::repository(name).or_else(|| Holder::github(name)).or_else(|| Holder::bucket_named(name));
        known.unwrap_or_else(|| Holder::thing("scanned", name, ResourceKind::Other))
    }

    /// A bucket of AWS or Google, as their tools and as their readers name it.
    fn bucket_named(name: &str) -> Option<Holder> {
        let after =
            |prefixes: [&str; 2]| prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).map(|bucket| bucket.trim_end_matches('/'));
        let is_bucket = |bucket: &&str| !bucket.is_empty() && !bucket.contains('/');
        let aws = after(["s3://", "arn:aws:s3:::"]).filter(is_bucket).map(Holder::bucket_of_aws);
        aws.or_else(|| after(["gs://", "//storage.googleapis.com/"]).filter(is_bucket).map(Holder::bucket_of_google))
    }

    /// A thing of a scheme: `docker://acme/till`.
    pub fn thing(scheme: &str, name: &str, kind: ResourceKind) -> Holder {
        Holder { id: format!("{scheme}://{name}"), name: name.to_owned(), kind }
    }

    /// A bucket of AWS, by the id that its reader gives it.
    pub fn bucket_of_aws(bucket: &str) -> Holder {
        Holder { id: format!("arn:aws:s3:::{bucket}"), name: bucket.to_owned(), kind: ResourceKind::ObjectStore }
    }

    /// A bucket of Google, by the id that its reader gives it.
    pub fn bucket_of_google(bucket: &str) -> Holder {
        Holder { id: format!("//storage.googleapis.com/{bucket}"), name: bucket.to_owned(), kind: ResourceKind::ObjectStore }
    }
}

/// An address without what may hold a secret: who signs in, and the query. `None` where it is no address.
pub(super) fn address(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http"))?;
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host);
    Some(format!("{scheme}://{host}/{path}"))
}

/// A text that says something.
pub(super) fn said(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_one_id_whatever_its_address() {
        for text in [
            "https://github.com/acme/Shop",
            "https://github.com/acme/Shop.git",
            "https://ann:hunter2@GitHub.com/acme/Shop/",
            "git@github.com:acme/Shop.git",
            "ssh://git@github.com/acme/Shop",
        ] {
            assert_eq!(Holder::repository(text).map(|holder| holder.id).as_deref(), Some("https://github.com/acme/Shop"), "{text}");
        }
        for text in ["", ".", "./.git", "/srv/shop", "file:///tmp/shop", "C:\\shop", "https://github.com", "shop"] {
            assert_eq!(Holder::repository(text), None, "{text}");
        }
        assert_eq!(Holder::named("acme/shop").id, "https://github.com/acme/shop");
        assert_eq!(Holder::named("laptops").id, "scanned://laptops");
    }

    #[test]
    fn a_bucket_has_the_id_of_its_reader_whatever_its_address() {
        for (name, id) in [
            ("s3://acme-till", "arn:aws:s3:::acme-till"),
            ("arn:aws:s3:::acme-till", "arn:aws:s3:::acme-till"),
            ("gs://acme-till/", "//storage.googleapis.com/acme-till"),
            ("//storage.googleapis.com/acme-till", "//storage.googleapis.com/acme-till"),
            ("s3://", "scanned://s3://"),
            ("s3://acme-till/one/folder", "scanned://s3://acme-till/one/folder"),
        ] {
            assert_eq!(Holder::named(name).id, id);
        }
    }

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        assert_eq!(address("https://a:hunter2@x.example/b?token=hunter2#c").as_deref(), Some("https://x.example/b"));
        assert_eq!(address("hunter2"), None);
    }

    #[test]
    fn a_place_is_told_in_words() {
        let place = Place {
            holder: Holder::github("acme/shop"),
            path: Some("a/b.yml".into()),
            line: Some(3),
            column: Some(9),
            commit: Some("0123456789abcdef".into()),
            storage: None,
        };
        assert_eq!(place.location("r.json"), "https://github.com/acme/shop a/b.yml:3:9 at 0123456789ab");
        assert_eq!(Place::default().location("r.json"), "r.json");
    }
}
