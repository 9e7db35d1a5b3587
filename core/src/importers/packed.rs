//! What gzip or Zstandard packed, told by its first bytes and unpacked in memory, up to a limit.

use super::Input;
use crate::error::{Error, ErrorCode, Place, Result};
use crate::observer::Observer;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use std::borrow::Cow;
use std::io::Read;

/// How an input is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zstandard,
}

/// How much is unpacked between two looks at the observer, and of how much a format is told.
const STEP: u64 = 1 << 20;
/// Nothing packs tighter; what is reserved in advance stays far below the limit.
const RESERVED: usize = 4;

/// An input as it was before it was packed; itself where it was not. Unpacks one layer, and takes what was unpacked from the limit.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is damaged or cut off, [`ErrorCode::LimitExceeded`], [`ErrorCode::Cancelled`].
pub(super) fn unpacked<'i>(input: &'i Input, limit: &mut u64, observer: &dyn Observer) -> Result<Cow<'i, Input>> {
    let Some(packing) = packing(&input.bytes) else { return Ok(Cow::Borrowed(input)) };
    let refused = |code, message: String| Err(Error::new(code, message).at(Place::new(&input.name)));
    let mut bytes = Vec::with_capacity(input.bytes.len().saturating_mul(RESERVED).min(usize::try_from(*limit).unwrap_or(usize::MAX)));
    let whole = unpack(packing, &input.bytes, &mut |part| {
        loop {
            if observer.cancelled() {
                return Stop::Cancelled;
            }
            match part.take(STEP).read_to_end(&mut bytes) {
                Ok(0) => return Stop::End,
                Ok(_) if bytes.len() as u64 > *limit => return Stop::Limit,
                Ok(_) => {}
                Err(_) => return Stop::Damaged,
            }
        }
    });
    match whole {
        Stop::End => {
            *limit -= bytes.len() as u64;
            Ok(Cow::Owned(Input { name: input.name.clone(), bytes, format: input.format.clone() }))
        }
        Stop::Limit => refused(
            ErrorCode::LimitExceeded,
            format!(
                "unpacked it is larger than the limit of packed inputs leaves room for, {limit} bytes; raise the limit or unpack it yourself"
            ),
        ),
        Stop::Damaged => refused(ErrorCode::InvalidInput, format!("the {} data is damaged or cut off; pack it again", packing.name())),
        Stop::Cancelled => Err(Error::new(ErrorCode::Cancelled, "the work was cancelled by its caller")),
    }
}

/// The beginning of an input as it was before it was packed, for a look at its format; itself where it was not packed.
pub(super) fn beginning(input: &Input) -> Cow<'_, Input> {
    let Some(packing) = packing(&input.bytes) else { return Cow::Borrowed(input) };
    let mut bytes = Vec::new();
    unpack(packing, &input.bytes, &mut |part| {
        // What goes wrong later on is told when it is read.
        _ = part.take(STEP).read_to_end(&mut bytes);
        Stop::Limit
    });
    Cow::Owned(Input { name: input.name.clone(), bytes, format: input.format.clone() })
}

impl Packing {
    const fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            Packing::Zstandard => "Zstandard",
        }
    }
}

fn packing(bytes: &[u8]) -> Option<Packing> {
    match bytes {
        [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstandard),
        _ => None,
    }
}

/// Why unpacking came to an end.
enum Stop {
    End,
    Limit,
    Damaged,
    Cancelled,
}

/// Gives each part of what was packed to be read, until there is none left.
fn unpack(packing: Packing, mut packed: &[u8], take: &mut dyn FnMut(&mut dyn Read) -> Stop) -> Stop {
    if packing == Packing::Gzip {
        return take(&mut MultiGzDecoder::new(packed));
    }
    while !packed.is_empty() {
        let mut decoder = match StreamingDecoder::new(&mut packed) {
            Ok(decoder) => decoder,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                packed = packed.get(length as usize..).unwrap_or_default();
                continue;
            }
            Err(_) => return Stop::Damaged,
        };
        match take(&mut decoder) {
            Stop::End => {}
            stop => return stop,
        }
        let decoder = decoder.into_frame_decoder();
        if decoder.get_checksum_from_data().is_some_and(|stated| decoder.get_calculated_checksum() != Some(stated)) {
            return Stop::Damaged;
        }
    }
    Stop::End
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReadOptions, Unobserved, read};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write;

    const LINES: &str = "{\"record\":\"tenant\",\"id\":\"one\"}\nnoise canary\n{\"record\":\"tenant\",\"id\":\"two\"}\n";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn zstandard(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, CompressionLevel::Fastest)
    }

    #[test]
    fn what_was_packed_reads_like_what_was_not() {
        let account = |bytes: Vec<u8>| {
            let estate = read(&[Input::new("estate", bytes)], &ReadOptions::default()).expect("an estate");
            (estate.to_document_json(), estate.reading().clone())
        };
        let plain = account(LINES.into());
        assert_eq!(plain.1.skipped[0].place.line, Some(2));
        let (first, rest) = LINES.split_at(40);
        for pack in [gzip, zstandard] {
            assert_eq!(account(pack(LINES.as_bytes())), plain);
            // Members and frames one after another are one input.
            assert_eq!(account([pack(first.as_bytes()), pack(rest.as_bytes())].concat()), plain);
        }
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7][..], &zstandard(b"more")].concat();
        let (mut limit, packed) = (100, Input::new("x", [zstandard(b"text"), skippable].concat()));
        assert_eq!((unpacked(&packed, &mut limit, &Unobserved).expect("two frames").bytes.as_slice(), limit), (&b"textmore"[..], 92));
    }

    #[test]
    fn what_is_damaged_or_cut_off_is_an_error_without_its_text() {
        for pack in [gzip, zstandard] {
            let packed = pack(LINES.repeat(50).as_bytes());
            let mut damaged = packed.clone();
            let last = damaged.len() - 2;
            damaged[last] ^= 0x55;
            for bytes in [damaged, packed[..packed.len() - 3].to_vec(), packed[..12].to_vec()] {
                let error = unpacked(&Input::new("x", bytes), &mut 100_000, &Unobserved).expect_err("no whole input");
                assert_eq!((error.code(), error.place().map(|place| place.source.as_str())), (ErrorCode::InvalidInput, Some("x")));
                assert!(!error.to_string().contains("canary"));
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![b' '; 50_000_000]);
        assert!(bomb.len() < 100_000);
        let options = ReadOptions { unpacked_limit: Some(10_000_000), ..ReadOptions::default() };
        let error = read(&[Input::new("bomb.gz", bomb)], &options).expect_err("too large");
        assert_eq!(error.code(), ErrorCode::LimitExceeded);
        assert!(error.message().contains("10000000 bytes"), "{error}");
        // Several inputs share one limit.
        let options = ReadOptions { unpacked_limit: Some(100), ..ReadOptions::default() };
        let inputs = ["a", "b"].map(|name| Input::new(name, gzip(LINES.as_bytes())));
        assert!(read(&inputs[..1], &options).is_ok());
        assert!(read(&inputs, &options).is_err());
    }
}
