//! [`Stored`]: columns as bytes, little-endian, and back. What comes back is checked: bytes that say what no column says give nothing.

use super::{Lists, Sparse, Texts};
use crate::error::{Error, Result};
use crate::model::{
    Authentication, Certainty, DataKind, EntityType, Environment, EnvironmentSource, GuardSet, Instant, RelationKind, ResolvedEnvironment,
    Right, Storage,
};
use crate::observer::Observer;

/// What can be written as bytes and read back.
pub(in crate::estate) trait Stored: Sized {
    /// Appends it.
    fn store(&self, out: &mut Sink<'_>);
    /// Reads it; `None` where the bytes do not say it.
    fn load(stream: &mut Stream<'_>) -> Option<Self>;
}

/// How many values are written or read between two looks at the observer.
const A_PIECE: usize = 1 << 16;

/// Bytes that are written to the end. Once the observer stopped it, nothing more is.
pub(in crate::estate) struct Sink<'o> {
    pub bytes: Vec<u8>,
    observer: &'o dyn Observer,
    stopped: Option<Error>,
}

impl<'o> Sink<'o> {
    pub fn new(observer: &'o dyn Observer) -> Self {
        Sink { bytes: Vec::new(), observer, stopped: None }
    }

    /// What was written.
    ///
    /// # Errors
    /// As [`Observer::check`].
    pub fn finish(self) -> Result<Vec<u8>> {
        self.stopped.map_or(Ok(self.bytes), Err)
    }

    /// Writes something with its length in bytes before it.
    pub fn section(&mut self, write: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        0_u64.put(&mut self.bytes);
        write(self);
        let length = (self.bytes.len() - start - u64::SIZE) as u64;
        self.bytes[start..start + u64::SIZE].copy_from_slice(&length.to_le_bytes());
    }

    /// Whether to go on.
    fn goes_on(&mut self) -> bool {
        if self.stopped.is_none() {
            self.stopped = self.observer.check(0, 0).err();
        }
        self.stopped.is_none()
    }
}

/// Bytes that are read from the front.
pub(in crate::estate) struct Stream<'a> {
    pub bytes: &'a [u8],
    observer: &'a dyn Observer,
    /// What the observer stopped it with.
    pub stopped: Option<Error>,
}

impl<'a> Stream<'a> {
    pub fn new(bytes: &'a [u8], observer: &'a dyn Observer) -> Self {
        Stream { bytes, observer, stopped: None }
    }

    /// The next bytes.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    /// The next bytes, which tell their length first.
    pub fn section(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    /// Who watches.
    pub fn observer(&self) -> &'a dyn Observer {
        self.observer
    }

    fn look(&mut self) -> Option<()> {
        self.stopped = self.observer.check(0, 0).err();
        self.stopped.is_none().then_some(())
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

    /// Appends the values of so many bytes for each.
    fn get_all(bytes: &[u8], values: &mut Vec<Self>) -> Option<()> {
        for bytes in bytes.chunks_exact(Self::SIZE) {
            values.push(Self::get(bytes)?);
        }
        Some(())
    }
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

            fn get_all(bytes: &[u8], values: &mut Vec<Self>) -> Option<()> {
                let (bytes, _) = bytes.as_chunks();
                values.extend(bytes.iter().map(|bytes| $type::from_le_bytes(*bytes)));
                Some(())
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

            fn get_all(bytes: &[u8], values: &mut Vec<Self>) -> Option<()> {
                let known = bytes.iter().all(|byte| usize::from(*byte) < $type::ALL.len());
                known.then(|| values.extend(bytes.iter().map(|byte| $type::ALL[usize::from(*byte)])))
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
    fn store(&self, out: &mut Sink<'_>) {
        (self.len() as u64).put(&mut out.bytes);
        out.bytes.reserve(self.len() * T::SIZE);
        for values in self.chunks(A_PIECE) {
            if !out.goes_on() {
                return;
            }
            values.iter().for_each(|value| value.put(&mut out.bytes));
        }
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let count = stream.count()?;
        let bytes = stream.take(count.checked_mul(T::SIZE)?)?;
        let mut values = Vec::with_capacity(count);
        for bytes in bytes.chunks(A_PIECE * T::SIZE) {
            T::get_all(bytes, &mut values)?;
            stream.look()?;
        }
        Some(values)
    }
}

impl Stored for Texts {
    fn store(&self, out: &mut Sink<'_>) {
        let starts = std::iter::once(&0).chain(&self.ends);
        let lengths: Vec<u32> = starts.zip(&self.ends).map(|(start, end)| (end - start) as u32).collect();
        lengths.store(out);
        out.bytes.extend_from_slice(self.text.as_bytes());
    }

    fn load(stream: &mut Stream<'_>) -> Option<Self> {
        let lengths: Vec<u32> = Vec::load(stream)?;
        let (mut end, mut ends) = (0_usize, Vec::with_capacity(lengths.len()));
        for lengths in lengths.chunks(A_PIECE) {
            for length in lengths {
                end = end.checked_add(*length as usize)?;
                ends.push(end);
            }
            stream.look()?;
        }
        let text = std::str::from_utf8(stream.take(end)?).ok()?;
        stream.look()?;
        let whole = text.is_ascii() || ends.iter().all(|end| text.is_char_boundary(*end));
        stream.look()?;
        whole.then(|| Texts { text: text.to_owned(), ends })
    }
}

impl<T: Fixed> Stored for Sparse<T> {
    fn store(&self, out: &mut Sink<'_>) {
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
    fn store(&self, out: &mut Sink<'_>) {
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
