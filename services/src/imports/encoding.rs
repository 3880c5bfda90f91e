//! Are these bytes text as partnerlog reads it: UTF-8, with or without a byte order mark?

/// Bytes that are not UTF-8 text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodingFault {
    /// Two bytes a character.
    #[error("the file is UTF-16: save it as UTF-8 (in Excel: \"CSV UTF-8\")")]
    Utf16,
    /// One byte a character, most likely.
    #[error(
        "line {line} is not UTF-8, the file is probably Latin-1 or Windows-1252: save it as UTF-8 \
         (in Excel: \"CSV UTF-8\")"
    )]
    NotUtf8 {
        /// The first line that is not, from 1.
        line: usize,
    },
}

const UTF8_MARK: &[u8] = &[0xef, 0xbb, 0xbf];
const UTF16_MARKS: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];

/// The text in `bytes`, without its byte order mark.
///
/// # Errors
/// When the bytes are in another encoding.
pub(super) fn text(bytes: &[u8]) -> Result<&str, EncodingFault> {
    if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) || bytes.contains(&0) {
        return Err(EncodingFault::Utf16);
    }
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        EncodingFault::NotUtf8 { line: line_after(good) }
    })
}

/// The line on which the byte after `bytes` stands, as text editors count.
fn line_after(bytes: &[u8]) -> usize {
    let ends_line = |index: usize, byte: u8| {
        byte == b'\n' || (byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'))
    };
    1 + bytes.iter().enumerate().filter(|(index, byte)| ends_line(*index, **byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_with_and_without_a_byte_order_mark() {
        assert_eq!(text(b"Email"), Ok("Email"));
        assert_eq!(text(b"\xef\xbb\xbfEmail"), Ok("Email"));
        assert_eq!(text(b""), Ok(""));
    }

    #[test]
    fn utf_16_is_told_by_its_mark_and_by_its_zero_bytes() {
        assert_eq!(text(b"\xff\xfeE\0m\0"), Err(EncodingFault::Utf16));
        assert_eq!(text(b"\xfe\xff\0E\0m"), Err(EncodingFault::Utf16));
        assert_eq!(text(b"E\0m\0a\0"), Err(EncodingFault::Utf16));
    }

    #[test]
    fn latin_1_is_told_with_the_first_line_that_shows_it() {
        let fault = Err(EncodingFault::NotUtf8 { line: 3 });
        assert_eq!(text(b"Email\r\nana\r\nJos\xe9"), fault);
        assert_eq!(text(b"Email\nana\nJos\xe9\n"), fault);
        assert_eq!(text(b"Email\rana\rJos\xe9\r"), fault);
    }
}
