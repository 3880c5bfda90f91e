//! How a code is written: `#` stands for a digit, `@` for a letter, `*` for either, a blank for one
//! that may be left out; everything else stands for itself, letters in any case.

/// A way to write a code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pattern(pub(super) &'static str);

impl Pattern {
    /// Whether the text is written like this.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = text.trim().chars().peekable();
        for wanted in self.0.chars() {
            let is_there = match wanted {
                ' ' => {
                    rest.next_if_eq(&' ');
                    true
                }
                '#' => rest.next_if(char::is_ascii_digit).is_some(),
                '@' => rest.next_if(char::is_ascii_alphabetic).is_some(),
                '*' => rest.next_if(char::is_ascii_alphanumeric).is_some(),
                literal => rest.next_if(|c| c.eq_ignore_ascii_case(&literal)).is_some(),
            };
            if !is_there {
                return false;
            }
        }
        rest.next().is_none()
    }

    /// An example: the pattern with a digit or a letter where one stands.
    pub(crate) fn sample(&self) -> String {
        self.0.replace(['#', '*'], "1").replace('@', "A")
    }

    /// The regular expression for one of several patterns; `None` where there are none.
    pub(crate) fn regex(patterns: &[Self]) -> Option<String> {
        let all: Vec<String> = patterns.iter().map(Self::expression).collect();
        (!all.is_empty()).then(|| format!("^({})$", all.join("|")))
    }

    fn expression(&self) -> String {
        let mut expression = String::new();
        for (wanted, count) in runs(self.0) {
            let class = match wanted {
                ' ' => " ?".to_owned(),
                '#' => "[0-9]".to_owned(),
                '@' => "[A-Za-z]".to_owned(),
                '*' => "[0-9A-Za-z]".to_owned(),
                '.' | '/' | '-' => format!("\\{wanted}"),
                letter if letter.is_ascii_alphabetic() => {
                    format!("[{}{}]", letter.to_ascii_uppercase(), letter.to_ascii_lowercase())
                }
                literal => literal.to_string(),
            };
            expression.push_str(&class);
            if count > 1 {
                let times = count.to_string();
                expression.extend(["{", times.as_str(), "}"]);
            }
        }
        expression
    }
}

/// The characters of a text, each with how often it follows itself.
fn runs(text: &str) -> Vec<(char, usize)> {
    let mut runs: Vec<(char, usize)> = Vec::new();
    for c in text.chars() {
        match runs.last_mut() {
            Some((last, count)) if *last == c => *count += 1,
            Some(_) | None => runs.push((c, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_matches_with_and_without_its_blank_and_in_any_case() {
        let canadian = Pattern("@#@ #@#");
        for good in ["K1A 0B1", "k1a0b1", " K1A 0B1 "] {
            assert!(canadian.matches(good), "{good}");
        }
        for bad in ["K1A  0B1", "K1A-0B1", "11A 0B1", "K1A 0B", "K1A 0B1X", ""] {
            assert!(!canadian.matches(bad), "{bad}");
        }
        assert!(Pattern("LV-####").matches("lv-1050"));
        assert!(!Pattern("LV-####").matches("LT-1050"));
    }

    #[test]
    fn the_regular_expression_says_the_same() {
        let patterns = [Pattern("#####"), Pattern("#####-####")];
        assert_eq!(Pattern::regex(&patterns).unwrap(), "^([0-9]{5}|[0-9]{5}\\-[0-9]{4})$");
        let vat = Pattern::regex(&[Pattern("ATU########")]).unwrap();
        assert_eq!(vat, "^([Aa][Tt][Uu][0-9]{8})$");
        assert_eq!(Pattern::regex(&[]), None);
    }
}
