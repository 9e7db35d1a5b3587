//! The hash of an estate: the same for the same facts, whatever they were read from.

use super::{EntityView, Estate};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

impl Estate {
    /// A SHA-256 over every entity with its environment and every relation, as `sha256:` and 64 hexadecimal digits.
    ///
    /// Fingerprints differ from key to key, so it is their equality that is hashed: each stands for the first secret that has it. Costs one pass.
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        let mut first: HashMap<&str, &str> = HashMap::new();
        for index in self.indices() {
            let entity = self.entity(index);
            let mut view = entity.view();
            if let EntityView::Secret(secret) = &mut view {
                secret.fingerprint = secret.fingerprint.map(|fingerprint| *first.entry(fingerprint).or_insert(secret.id));
            }
            let environment = self.environment(index).environment;
            let line = match &view {
                EntityView::Tenant(it) => serde_json::to_vec(it),
                EntityView::Identity(it) => serde_json::to_vec(it),
                EntityView::Secret(it) => serde_json::to_vec(it),
                EntityView::Resource(it) => serde_json::to_vec(it),
                EntityView::Unknown(id) => serde_json::to_vec(id),
            };
            hash.update(entity.entity_type().as_str());
            hash.update(line.unwrap_or_default());
            hash.update(environment.as_str());
            hash.update(b"\n");
        }
        for relation in self.relations() {
            hash.update(serde_json::to_vec(&relation.to_relation(self)).unwrap_or_default());
            hash.update(b"\n");
        }
        let digits = hash.finalize();
        digits.iter().fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Secret, SecretKind};

    #[test]
    fn it_is_the_equality_of_fingerprints_that_counts() {
        let hash = |one: &str, two: &str| {
            let mut builder = Estate::builder();
            for (id, fingerprint) in [("one", one), ("two", two)] {
                builder.add(Secret { fingerprint: Some(fingerprint.into()), ..Secret::new(id, SecretKind::Token) });
            }
            builder.build().content_hash()
        };
        assert_eq!(hash("a", "a"), hash("b", "b"));
        assert_ne!(hash("a", "a"), hash("a", "b"));
    }
}
