//! In how many spellings does the same request arrive? Clients of the contract differ: one doubles
//! slashes, one writes names in capitals, one sends members that are null or unknown.

use serde_json::{Map, Value};

/// How requests are spelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    /// As the table has them.
    Plain,
    /// As old clients send them: doubled and trailing slashes, capitals, a byte order mark.
    Old,
}

impl Dialect {
    /// A path, with what follows the question mark.
    pub(crate) fn path(self, path: &str) -> String {
        let (path, query) = path.split_once('?').map_or((path, ""), |(path, query)| (path, query));
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        match self {
            Self::Plain => format!("{path}{query}"),
            Self::Old => {
                let path = path.replacen("/v1/", "/V1//", 1);
                let spelled = path.split('/').map(|segment| {
                    if segment.len() == 36 {
                        segment.to_ascii_uppercase()
                    } else {
                        segment.to_owned()
                    }
                });
                let spelled: Vec<String> = spelled.collect();
                format!("{}/{query}", spelled.join("/"))
            }
        }
    }

    /// A body.
    pub(crate) fn body(self, body: &Value) -> Vec<u8> {
        match self {
            Self::Plain => body.to_string().into_bytes(),
            Self::Old => {
                let mut spelled = pascal(body);
                if let Value::Object(members) = &mut spelled {
                    members.insert("SomethingNew".to_owned(), Value::Null);
                }
                format!("\u{feff}{spelled}").into_bytes()
            }
        }
    }

    /// Headers that say who sends it.
    pub(crate) const fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Plain => &[],
            Self::Old => &[
                ("Accept", "application/json"),
                ("MS-Contract-Version", "v1"),
                ("MS-PartnerCenter-Client", "Partner Center .NET SDK"),
                ("MS-SdkVersion", "3.4.0"),
                ("X-Locale", "en-US"),
            ],
        }
    }
}

fn pascal(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let spelled = members.iter().map(|(name, value)| {
                let mut letters = name.chars();
                let first = letters.next().map(|first| first.to_ascii_uppercase());
                (first.into_iter().chain(letters).collect(), pascal(value))
            });
            Value::Object(spelled.collect::<Map<String, Value>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(pascal).collect()),
        other => other.clone(),
    }
}
