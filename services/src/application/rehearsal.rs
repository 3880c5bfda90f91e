//! What would a command lead to now? It is authorised and decided like the command itself, and
//! nothing is recorded: for pages on which people look before they say yes.

use events::Event;

use super::{Application, Call, CommandError, Transaction, UseCase};

impl Application {
    /// What the command would record now.
    ///
    /// # Errors
    /// When it would be refused, or something cannot be read.
    pub(crate) async fn rehearse<U: UseCase>(
        &self,
        call: &Call,
        use_case: &U,
    ) -> Result<Vec<Event>, CommandError> {
        let mut transaction = Transaction::new(self, call);
        let decided = use_case.decide(&mut transaction).await;
        if let Err(error) = &decided {
            self.note_refusal(call, use_case.name(), Some(use_case.primary()), error);
        }
        decided?;
        Ok(transaction.writes.into_iter().flat_map(|decided| decided.events).collect())
    }
}
