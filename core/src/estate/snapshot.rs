//! The snapshot of an estate: its columns as they stand in memory, for reading a large estate again at once.
//!
//! A snapshot belongs to the release that wrote it: it names its form and the lists of words that it counts by, and another release refuses it.
//! Keep the document (`tenantgraph/1`) for anything that is to be kept.

use super::columns::{Fixed, Sink, Stored, Stream};
use super::entities::Entities;
use super::reading::Reading;
use super::relations::Relations;
use super::{Data, Estate, EstateBuilder, environment_resolution, environments};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Authentication, Certainty, DataKind, EntityType, Environment, EnvironmentSource, Guard, IdentityKind, RelationKind,
    ResolvedEnvironment, ResourceKind, Right, SecretKind, Storage, TenantKind,
};
use crate::observer::{Observer, Pace, Unobserved};
use crate::parallel;
use std::sync::Arc;

/// How a snapshot begins: a byte that no text begins with, a name, and a line end that a transfer as text would change.
const MAGIC: &[u8] = b"\x8atgsnap\r\n";
/// Counts the changes of the form.
const FORM: u32 = 2;
/// The bytes before the body: the beginning, the form, the words and the checksum.
const HEADER: usize = MAGIC.len() + 3 * size_of::<u32>();

impl Estate {
    /// The estate as a snapshot, its reading included. Costs one pass; the same estate gives the same bytes.
    ///
    /// ```
    /// use tenantgraph::model::{Secret, SecretKind};
    /// let mut builder = tenantgraph::Estate::builder();
    /// builder.add(Secret::new("key", SecretKind::AccessKey));
    /// let bytes = builder.build().to_snapshot();
    /// assert_eq!(tenantgraph::Estate::from_snapshot(&bytes)?.len(), 1);
    /// # Ok::<(), tenantgraph::Error>(())
    /// ```
    pub fn to_snapshot(&self) -> Vec<u8> {
        match self.to_snapshot_observed(&Unobserved) {
            Ok(bytes) => bytes,
            Err(_) => unreachable!("work that nobody watches is not cancelled"),
        }
    }

    /// [`Estate::to_snapshot`], watched.
    ///
    /// # Errors
    /// [`ErrorCode::Cancelled`].
    pub fn to_snapshot_observed(&self, observer: &dyn Observer) -> Result<Vec<u8>> {
        let default = environments::default_matcher();
        let environments = match self.matcher.rules() == default.rules() {
            true => self.environments.to_vec(),
            false => environment_resolution::resolve(&self.data, &default, observer)?,
        };
        let mut sink = Sink::new(observer);
        sink.bytes.extend_from_slice(&[0; HEADER]);
        sink.section(|sink| self.data.entities.store(sink));
        sink.section(|sink| self.data.relations.store(sink));
        environments.store(&mut sink);
        // Plain data of texts and numbers always has a JSON form.
        sink.bytes.extend_from_slice(&serde_json::to_vec(&self.data.reading).unwrap_or_default());
        let mut bytes = sink.finish()?;
        let mut header = MAGIC.to_vec();
        FORM.put(&mut header);
        words().put(&mut header);
        sum(&bytes[HEADER..], observer)?.put(&mut header);
        bytes[..HEADER].copy_from_slice(&header);
        Ok(bytes)
    }

    /// The estate of a snapshot, with its environments resolved by the default rules. Costs one pass, on as many threads as there are.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidInput`] for what is no snapshot, is one of another release, or is damaged.
    pub fn from_snapshot(bytes: &[u8]) -> Result<Estate> {
        Estate::from_snapshot_observed(bytes, &Unobserved)
    }

    /// [`Estate::from_snapshot`], watched.
    ///
    /// # Errors
    /// As [`Estate::from_snapshot`], and [`ErrorCode::Cancelled`].
    pub fn from_snapshot_observed(bytes: &[u8], observer: &dyn Observer) -> Result<Estate> {
        let refused = |message| Err(Error::new(ErrorCode::InvalidInput, message));
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            return refused("not a snapshot of an estate; read it as an input, or write it again");
        };
        let mut stream = Stream::new(rest, observer);
        let mut number = || u32::get(stream.take(u32::SIZE)?);
        let (form, known, stated) = (number(), number(), number());
        if (form, known) != (Some(FORM), Some(words())) {
            return refused("the snapshot was written by another release; write it again from the document or the exports");
        }
        let loaded = if Some(sum(stream.bytes, observer)?) == stated { load(&mut stream) } else { Ok(None) };
        loaded?.map_or_else(|| refused(DAMAGED), Ok)
    }
}

/// Whether bytes begin like a snapshot.
pub(crate) fn is_snapshot(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Adds all that an estate says to a builder, whose current source it is, and what its own reading left out.
///
/// # Errors
/// [`ErrorCode::Cancelled`].
pub(crate) fn add_estate(builder: &mut EstateBuilder, observer: &dyn Observer, estate: &Estate) -> Result<()> {
    let mut pace = Pace::new(observer);
    let described = estate.entities().iter().filter(|entity| entity.entity_type() != EntityType::Unknown);
    for entity in described {
        pace.step()?;
        builder.record();
        builder.add(entity.to_entity());
    }
    for relation in estate.relations() {
        pace.step()?;
        builder.record();
        builder.relate(relation.to_relation(estate));
    }
    let reading = estate.reading();
    reading.skipped.iter().for_each(|skipped| builder.skip(skipped.place.clone(), &skipped.reason));
    reading.conflicts.iter().for_each(|conflict| builder.conflict(conflict.clone()));
    reading.coverage.iter().for_each(|coverage| builder.cover(coverage.clone()));
    Ok(())
}

const DAMAGED: &str = "the snapshot is damaged or cut off; write it again";

/// The estate of the rest of a snapshot; `None` where it is damaged.
fn load(stream: &mut Stream<'_>) -> Result<Option<Estate>> {
    let (Some(entities), Some(relations)) = (stream.section(), stream.section()) else { return Ok(None) };
    let observer = stream.observer();
    let loaded =
        parallel::both(observer, |observer| loaded::<Entities>(entities, observer), |observer| loaded::<Relations>(relations, observer))?;
    let (Some(entities), Some(relations)) = loaded else { return Ok(None) };
    let environments = Vec::<ResolvedEnvironment>::load(stream);
    if let Some(stopped) = stream.stopped.take() {
        return Err(stopped);
    }
    let whole = |environments: &Vec<_>| environments.len() == entities.len();
    let (Some(relations), Some(environments)) = (relations.between(entities.len()), environments.filter(whole)) else { return Ok(None) };
    let Ok(reading) = serde_json::from_slice::<Reading>(stream.bytes) else { return Ok(None) };
    let data = Arc::new(Data { entities, relations, reading });
    Estate::of(data, environments, environments::default_matcher(), observer).map(Some)
}

/// What a whole section says.
fn loaded<T: Stored>(section: &[u8], observer: &dyn Observer) -> Result<Option<T>> {
    let mut stream = Stream::new(section, observer);
    let loaded = T::load(&mut stream).filter(|_| stream.bytes.is_empty());
    stream.stopped.map_or(Ok(loaded), Err)
}

/// The checksum of a body, summed in pieces.
fn sum(body: &[u8], observer: &dyn Observer) -> Result<u32> {
    const A_PIECE: usize = 1 << 22;
    let piece = |piece: &[u8]| {
        let mut sum = crc32fast::Hasher::new();
        sum.update(piece);
        sum
    };
    let mut sum = crc32fast::Hasher::new();
    parallel::all(body.chunks(A_PIECE).collect(), observer, piece)?.iter().for_each(|piece| sum.combine(piece));
    Ok(sum.finalize())
}

/// A sum over every list of words that a snapshot counts by.
fn words() -> u32 {
    let mut sum = crc32fast::Hasher::new();
    macro_rules! lists {
        ($($list:ident)*) => { $(
            sum.update(stringify!($list).as_bytes());
            $list::ALL.iter().for_each(|word| sum.update(format!(" {word}").as_bytes()));
        )* };
    }
    lists!(Authentication Certainty DataKind EntityType Environment EnvironmentSource Guard IdentityKind RelationKind ResourceKind Right SecretKind Storage TenantKind);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, ReadOptions, read};

    const LINES: &str = r#"{"record":"tenant","id":"t-prod","kind":"gcp_project","controls":{"monitored":true},"labels":{"team":"shop","cost":"7"}}
{"record":"tenant","id":"t-dev","parent":"t-prod","owner":"ann","expires_at":"2027-01-01"}
{"record":"identity","id":"robot","name":"Robot ü","kind":"pipeline","tenant":"t-dev","enabled":false,"authentication":["mfa","password"],"vendor":"Globex"}
{"record":"secret","id":"key","kind":"token","tenant":"t-dev","fingerprint":"f","created_at":"2025-01-01","rotated_at":"2025-02-01","dynamic":false,"revoked":true,"storage":"device","exposures":[{"detector":"d","verified":true}]}
{"record":"resource","id":"vault","tenant":"t-prod","critical":true,"data":"masked","environment":"production"}
{"record":"relation","from":"key","kind":"authenticates_as","to":"robot","permission":"p","valid_from":"2025-01-01","subject":"a.*"}
{"record":"relation","from":"robot","kind":"reads","to":"vault","also":[{"entity":"key","right":"read"}],"guards":["mfa"],"certainty":"possible"}
{"record":"relation","from":"robot","kind":"unmapped","to":"lost"}
noise
"#;

    fn estate() -> Estate {
        read(&[Input::new("lines", LINES)], &ReadOptions::default()).expect("lines")
    }

    fn account(estate: &Estate) -> (String, Reading, Vec<ResolvedEnvironment>, String) {
        let environments = estate.indices().map(|entity| estate.environment(entity)).collect();
        (estate.to_document_json(), estate.reading().clone(), environments, estate.content_hash())
    }

    /// The bytes with the sum that fits them.
    fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
        let (body, sum) = (HEADER, HEADER - 4);
        let fitting = crc32fast::hash(&bytes[body..]).to_le_bytes();
        bytes[sum..body].copy_from_slice(&fitting);
        bytes
    }

    #[test]
    fn a_snapshot_says_what_the_estate_said() {
        let estate = estate();
        let bytes = estate.to_snapshot();
        let again = Estate::from_snapshot(&bytes).expect("a snapshot");
        assert_eq!(account(&again), account(&estate));
        assert_eq!(again.to_snapshot(), bytes);
        let index = again.find("robot").expect("the robot");
        assert_eq!(again.relations_from(index).count(), 2);
    }

    #[test]
    fn it_is_read_alone_and_among_others_like_any_input() {
        let (whole, snapshot) = (estate(), Input::new("s", estate().to_snapshot()));
        let alone = read(std::slice::from_ref(&snapshot), &ReadOptions::default()).expect("alone");
        assert_eq!(account(&alone), account(&whole));
        let labels = vec![Input::new("labels.csv", "id,owner\nrobot,bob\n")];
        let owned = read(&[snapshot], &ReadOptions { labels, ..ReadOptions::default() }).expect("with labels");
        assert_eq!(owned.entity(owned.find("robot").expect("the robot")).owner(), Some("bob"));
        assert_eq!((owned.len(), owned.relations().len()), (whole.len(), whole.relations().len()));
        assert_eq!(owned.reading().skipped, whole.reading().skipped);
    }

    #[test]
    fn every_change_of_a_byte_and_every_cut_is_refused() {
        let bytes = estate().to_snapshot();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            assert_eq!(Estate::from_snapshot(&damaged).map(|_| ()).expect_err("damaged").code(), ErrorCode::InvalidInput, "{at}");
            assert!(Estate::from_snapshot(&bytes[..at]).is_err(), "{at}");
        }
        let mut foreign = bytes;
        foreign[MAGIC.len()] += 1;
        assert!(Estate::from_snapshot(&summed(foreign)).expect_err("foreign").message().contains("another release"));
    }

    #[test]
    fn what_was_forged_is_refused_or_can_be_looked_at() {
        let bytes = estate().to_snapshot();
        let mut read = 0;
        for at in HEADER..bytes.len() {
            for change in [1, 0x80, 0xff] {
                let mut forged = bytes.clone();
                forged[at] ^= change;
                if let Ok(estate) = Estate::from_snapshot(&summed(forged)) {
                    read += account(&estate).0.len().min(1);
                    estate.indices().for_each(|entity| _ = estate.container(entity));
                }
            }
        }
        assert!(read > 100);
    }
}
