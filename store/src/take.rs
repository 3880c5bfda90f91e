//! Reads numbers out of bytes that may be anything: whatever is not there is `None`.

/// What is left to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// True once everything was read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(u8::from_le_bytes)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A number of things that take at least so many bytes each: never more than can be there.
    pub(crate) fn count(&mut self, bytes_each: usize) -> Option<usize> {
        let count = usize::try_from(self.u64()?).ok()?;
        (count.checked_mul(bytes_each)? <= self.0.len()).then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_read_and_a_count_is_never_more_than_there_is() {
        let mut bytes = Take::new(&[1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 9]);
        assert_eq!(bytes.u16(), Some(0x0201));
        assert_eq!(Take::new(&[255; 8]).count(1), None);
        assert_eq!(bytes.clone().count(1), None);
        assert_eq!(bytes.u64(), Some(3));
        assert_eq!((bytes.u32(), bytes.u8(), bytes.u8()), (None, Some(9), None));
        assert!(bytes.is_empty());
    }
}
