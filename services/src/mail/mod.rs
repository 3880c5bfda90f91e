//! Letters on their way out: what a letter is, and where this installation puts it.
//!
//! Nothing here decides whether a letter goes out or is tried again: that is asked for, decided and
//! recorded as events. What servers say is not passed on, for it names people; only its sort is.

mod eml;
mod letter;
mod settings;
mod smtp;

use events::{MailFailure, MailRoute};

use self::{eml::EmlDirectory, letter::Sender, smtp::SmtpServer};
pub(crate) use self::{
    letter::OutgoingLetter,
    settings::{MailError, MailSettings},
};

/// Where letters go, and in whose name.
pub(crate) struct Post {
    sender: Sender,
    way: Way,
    /// The address of this program in links that leave it, without a slash at its end.
    public_address: String,
}

enum Way {
    Directory(EmlDirectory),
    Smtp(SmtpServer),
}

impl Post {
    /// The address of this program in links that leave it, without a slash at its end.
    pub(crate) fn public_address(&self) -> &str {
        &self.public_address
    }

    /// Sends a letter, or writes it down for somebody else to send.
    ///
    /// # Errors
    /// With the sort of trouble.
    pub(crate) async fn send(&self, letter: &OutgoingLetter) -> Result<MailRoute, MailFailure> {
        match &self.way {
            Way::Directory(directory) => {
                let message = self.sender.write(letter, true)?;
                directory.put(letter.id, message.formatted()).await.map(|()| MailRoute::File)
            }
            Way::Smtp(server) => {
                let message = self.sender.write(letter, false)?;
                server.send(message).await.map(|()| MailRoute::Smtp)
            }
        }
    }
}
