//! A letter as mail programs understand it.

use std::time::SystemTime;

use events::{EmailAddress, MailFailure, SubjectLine, Timestamp};
use lettre::{
    Address, Message,
    message::{
        Mailbox, SinglePart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

/// A letter with its links in place. Not for `Debug`: all of it is personal.
pub(crate) struct OutgoingLetter {
    /// The same for every attempt to send this letter: makes a repeat recognisable.
    pub(crate) id: Uuid,
    /// The company in whose name it is sent.
    pub(crate) from_name: String,
    pub(crate) recipient: EmailAddress,
    pub(crate) subject: SubjectLine,
    pub(crate) text: String,
    pub(crate) written_at: Timestamp,
}

/// In whose name letters are sent.
pub(super) struct Sender(pub(super) Address);

/// Tells mail programs that a file holds a letter still to be sent: they open it for that.
#[derive(Clone)]
struct Unsent;

impl Header for Unsent {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Unsent")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "1".to_owned())
    }
}

impl Sender {
    /// The letter as a message; `is_unsent` marks one that somebody else is to send.
    pub(super) fn write(
        &self,
        letter: &OutgoingLetter,
        is_unsent: bool,
    ) -> Result<Message, MailFailure> {
        let recipient = letter.recipient.as_str().parse().map_err(|_| MailFailure::Refused)?;
        let builder = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.id, self.0.domain())))
            .date(SystemTime::from(letter.written_at.as_jiff()))
            .from(Mailbox::new(Some(letter.from_name.clone()), self.0.clone()))
            .to(Mailbox::new(None, recipient))
            .subject(letter.subject.as_str());
        let builder = if is_unsent { builder.header(Unsent) } else { builder };
        let body = SinglePart::plain(letter.text.clone());
        builder.singlepart(body).map_err(|_| MailFailure::Refused)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::mail) fn letter(subject: &str, text: &str) -> OutgoingLetter {
        OutgoingLetter {
            id: Uuid::from_u128(7),
            from_name: "Fabrikam, Inc. \"Ä\"".to_owned(),
            recipient: "office@reseller.example".parse().unwrap(),
            subject: subject.parse().unwrap(),
            text: text.to_owned(),
            written_at: Timestamp::EPOCH,
        }
    }

    fn written(letter: &OutgoingLetter, is_unsent: bool) -> String {
        let sender = Sender("post@fabrikam.example".parse().unwrap());
        String::from_utf8(sender.write(letter, is_unsent).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_letter_names_itself_by_the_same_id_at_every_attempt() {
        let mut letter = letter("Sell with us", "Hello\nworld");
        let first = written(&letter, false);
        letter.written_at = Timestamp::EPOCH.plus_hours(1);
        let second = written(&letter, false);
        assert_ne!(first, second, "the date is that of the attempt");
        let id = format!("Message-ID: <{}@fabrikam.example>\r\n", letter.id);
        assert!(first.contains(&id) && second.contains(&id), "{first}");
    }

    #[test]
    fn what_is_not_ascii_is_encoded_and_lines_end_as_mail_wants_it() {
        let text = written(&letter("Grüße", "one\ntwo"), false);
        assert!(text.is_ascii() && text.contains("Subject: =?utf-8?"), "{text}");
        assert!(text.contains("one\r\ntwo"), "{text}");
        assert!(!text.contains("X-Unsent"));
    }

    #[test]
    fn a_letter_for_somebody_else_to_send_says_so() {
        assert!(written(&letter("Sell with us", "Hello"), true).contains("X-Unsent: 1\r\n"));
    }
}
