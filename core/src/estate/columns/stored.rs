//! [`Stored`]: columns as bytes, little-endian, and back. What comes back is checked: bytes that say what no column says give nothing.

use super::{Lists, Sparse, Texts};
use crate::model::{
    Authentication, Certainty, DataKind, EntityType, Environment, EnvironmentSource, GuardSet, Instant, RelationKind, ResolvedEnvironment,
    Right, Storage,
};

/// What can be written as bytes and read back.
pub(in crate::estate) trait Stored: Sized {
    /// Appends it.
    fn store(&self, out: &mut Vec<u8>);
    /// Reads it; `None` where the bytes do not say it.
    fn load(stream: &mut Stream<'_>) -> Option<Self>;
}

/// Bytes that are read from the front.
pub(in crate::estate) struct Stream<'a>(pub &'a [u8]);

impl<'a> Stream<'a> {
    /// The next bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u64::get(self.take(u64::SIZE)?)?).ok()
    }
}

/// A value of always as many bytes.
pub(in crate::estate) trait Fixed: Copy {
    const SIZE: usize;
    fn put(self, out: &mut Vec<u8>);
    /// The value of exactly so many bytes.
    fn get(bytes: &[u8]) -> Option<Self>;
}

macro_rules! numbers {
    ($($type:ident)*) => { $(
        impl Fixed for $type {
            const SIZE: usize = size_of::<$type>();

            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn get(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map($type::from_le_bytes)
            }
        }
    )* };
}
numbers!(u8 u32 u64 i64);

macro_rules! words {
    ($($type:ident)*) => { $(
        impl Fixed for $type {
            const SIZE: usize = 1;

            fn put(self, out: &mut Vec<u8>) {
                out.push(self as u8);
            }

            #[inline]
            fn get(bytes: &[u8]) -> Option<Self> {
                $type::ALL.get(usize::from(*bytes.first()?)).copied()
            }
        }
    )* };
}
words!(Authentication Certainty DataKind EntityType Environment EnvironmentSource RelationKind Right Storage);

const NO_ENVIRONMENT: u8 = u8::MAX;

impl Fixed for Option<Environment> {
    const SIZE: usize = 1;

    fn put(self, out: &mut Vec<u8>) {
        out.push(self.map_or(NO_ENVIRONMENT, |environment| environment as u8));
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        if bytes == [NO_ENVIRONMENT] { Some(None) } else { Environment::get(bytes).map(Some) }
    }
}

impl Fixed for Instant {
    const SIZE: usize = 8;

    fn put(self, out: &mut Vec<u8>) {
        self.unix_microseconds().put(out);
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        i64::get(bytes).map(Instant::from_unix_microseconds)
    }
}

impl Fixed for GuardSet {
    const SIZE: usize = 1;

    fn put(self, out: &mut Vec<u8>) {
        out.push(self.bits());
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        GuardSet::of_bits(*bytes.first()?)
    }
}

impl Fixed for ResolvedEnvironment {
    const SIZE: usize = 2;

    fn put(self, out: &mut Vec<u8>) {
        (self.environment, self.source).put(out);
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        <(Environment, EnvironmentSource)>::get(bytes).map(|(environment, source)| ResolvedEnvironment { environment, source })
    }
}

impl<A: Fixed, B: Fixed> Fixed for (A, B) {
    const SIZE: usize = A::SIZE + B::SIZE;

    fn put(self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn get(bytes: &[u8]) -> Option<Self> {
        let (first, second) = bytes.split_at_checked(A::SIZE)?;
        Some((A::get(first)?, B::get(second)?))
    }
}

impl<T: Fixed> Stored for Vec<T> {
    fn store(&self, out: &mut Vec<u8>) {
        (self.len() as u64).put(out);
        out.reserve(self.len() * T::SIZE);
        self.iter().for_each(|value| value.put(out));
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let count = stream.count()?;
        let bytes = stream.take(count.checked_mul(T::SIZE)?)?;
        bytes.chunks_exact(T::SIZE).map(T::get).collect()
    }
}

impl Stored for Texts {
    fn store(&self, out: &mut Vec<u8>) {
        let starts = std::iter::once(&0).chain(&self.ends);
        let lengths: Vec<u32> = starts.zip(&self.ends).map(|(start, end)| (end - start) as u32).collect();
        lengths.store(out);
        out.extend_from_slice(self.text.as_bytes());
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let lengths: Vec<u32> = Vec::load(stream)?;
        let mut end = 0_usize;
        let ends: Vec<usize> = lengths
            .into_iter()
            .scan((), |(), length| {
                end = end.checked_add(length as usize)?;
                Some(end)
            })
            .collect();
        let text = std::str::from_utf8(stream.take(end)?).ok()?;
        ends.iter().all(|end| text.is_char_boundary(*end)).then(|| Texts { text: text.to_owned(), ends })
    }
}

impl<T: Fixed> Stored for Sparse<T> {
    fn store(&self, out: &mut Vec<u8>) {
        self.bits.store(out);
        self.values.store(out);
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let (bits, values) = (Vec::<u64>::load(stream)?, Vec::load(stream)?);
        let mut count = 0_u64;
        let mut before = Vec::with_capacity(bits.len());
        for word in &bits {
            before.push(u32::try_from(count).ok()?);
            count += u64::from(word.count_ones());
        }
        (count == values.len() as u64).then_some(Sparse { bits, before, values })
    }
}

impl<T: Fixed> Stored for Lists<T> {
    fn store(&self, out: &mut Vec<u8>) {
        self.ends.store(out);
        self.values.store(out);
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let lists = Lists { ends: Sparse::load(stream)?, values: Vec::load(stream)? };
        let ends: &[u32] = lists.ends.values();
        let last = ends.last().copied().unwrap_or(0);
        (ends.is_sorted() && last as usize == lists.values.len()).then_some(lists)
    }
}
