//! A form with a file, as browsers send it: `multipart/form-data`, RFC 7578.

/// The longest boundary, in bytes, as RFC 2046 has it.
const BOUNDARY_BYTES_MAX: usize = 70;
/// The most parts of a form.
const PARTS_MAX: usize = 100;

/// A field of a form, or its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    /// The name of the field.
    pub(super) name: &'a str,
    /// True for a file.
    pub(super) is_file: bool,
    /// What was sent.
    pub(super) content: &'a [u8],
}

/// What stands between the parts, as the type of a body names it; `None` for another type.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data");
    let mut named = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let (_, value) = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let boundary = value.trim().trim_matches('"');
    (is_form && (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len())).then_some(boundary)
}

/// The parts of a body in their order; `None` when it is malformed.
pub(super) fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let first = format!("--{boundary}");
    let next = format!("\r\n--{boundary}");
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (part, behind) = split_at(rest.strip_prefix(b"\r\n")?, next.as_bytes())?;
        parts.push(read(part)?);
        if parts.len() > PARTS_MAX {
            return None;
        }
        rest = behind;
    }
    Some(parts)
}

fn read(part: &[u8]) -> Option<Part<'_>> {
    let (head, content) = split_at(part, b"\r\n\r\n")?;
    let headers = std::str::from_utf8(head).ok()?.split("\r\n");
    let mut named = headers.filter_map(|header| header.split_once(':'));
    let is_disposition = |name: &str| name.trim().eq_ignore_ascii_case("content-disposition");
    let (_, disposition) = named.find(|(name, _)| is_disposition(name))?;
    let is_file = parameter(disposition, "filename").is_some();
    Some(Part { name: parameter(disposition, "name")?, is_file, content })
}

/// A quoted parameter; browsers write `%22` for a quote in it.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = header.split_once(&format!("; {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

fn split_at<'a>(bytes: &'a [u8], between: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let found = bytes.windows(between.len()).position(|window| window == between)?;
    Some((bytes.get(..found)?, bytes.get(found + between.len()..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"form_key\"\r\n\r\nk\r\n\
        --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a; name=b.csv\"\r\n\
        Content-Type: text/csv\r\n\r\n\xef\xbb\xbfA\r\n\r\n--b\r\n--x--\r\n";

    #[test]
    fn the_boundary_is_read_from_the_type() {
        assert_eq!(boundary("multipart/form-data; boundary=----x"), Some("----x"));
        assert_eq!(boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"x\""), Some("x"));
        for other in ["application/x-www-form-urlencoded", "multipart/mixed; boundary=x"] {
            assert_eq!(boundary(other), None, "{other}");
        }
        assert_eq!(boundary("multipart/form-data; boundary="), None);
    }

    #[test]
    fn fields_and_file_are_read_as_they_were_sent() {
        let file: &[u8] = b"\xef\xbb\xbfA\r\n\r\n--b";
        let expected = [
            Part { name: "form_key", is_file: false, content: b"k" },
            Part { name: "file", is_file: true, content: file },
        ];
        assert_eq!(parts(FORM, "x").unwrap(), expected);
    }

    #[test]
    fn a_body_that_breaks_off_is_refused() {
        let whole = FORM.len() - b"--\r\n".len();
        for length in 0..whole {
            assert_eq!(parts(&FORM[..length], "x"), None, "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            bytes in prop::collection::vec(prop::sample::select(b"-x\r\n:;=\"name".to_vec()), 0..200),
        ) {
            let _ = parts(&bytes, "x");
        }
    }
}
