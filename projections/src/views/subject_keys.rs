//! Under which data keys is a person's data sealed?

use events::{KeyId, Personal, PersonalData, PersonalVisitor, RecordedEvent, SubjectId};
use imbl::OrdMap;

use crate::view::{Contradiction, View};

/// The data keys of every subject. A fold never opens a sealed field; the id of its key stands
/// beside the ciphertext.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct SubjectKeys {
    newest: OrdMap<SubjectId, KeyId>,
    /// Keys a subject had before, where there was more than one.
    older: OrdMap<SubjectId, Vec<KeyId>>,
    highest: Option<KeyId>,
}

impl SubjectKeys {
    /// The key under which a subject's next data is to be sealed.
    #[must_use]
    pub fn newest(&self, subject: SubjectId) -> Option<KeyId> {
        self.newest.get(&subject).copied()
    }

    /// The highest id of all keys that the log names.
    #[must_use]
    pub const fn highest(&self) -> Option<KeyId> {
        self.highest
    }

    /// Every key under which data of a subject stands in the log.
    pub fn of(&self, subject: SubjectId) -> impl Iterator<Item = KeyId> {
        let older = self.older.get(&subject).into_iter().flatten().copied();
        older.chain(self.newest(subject))
    }
}

impl View for SubjectKeys {
    const NAME: &'static str = "subject_keys";

    fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), Contradiction> {
        recorded.event.visit_personal(self);
        recorded.metadata.visit_personal(self);
        Ok(())
    }
}

impl PersonalVisitor for SubjectKeys {
    fn visit<T: PersonalData>(&mut self, _name: &'static str, field: &Personal<T>) {
        let Some(key) = field.sealed().map(|sealed| sealed.key_id) else { return };
        let subject = field.subject();
        self.highest = self.highest.max(Some(key));
        match self.newest.get(&subject) {
            Some(newest) if *newest == key => {}
            Some(newest) => {
                self.older.entry(subject).or_default().push(*newest);
                self.newest.insert(subject, key);
            }
            None => drop(self.newest.insert(subject, key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::Origin;
    use uuid::Uuid;

    use super::*;
    use crate::testing::EmptySealer;

    fn about(subject: SubjectId, key: u64) -> Personal<Origin> {
        let origin = Origin { address: "192.0.2.1".to_owned(), user_agent: None };
        let mut field = Personal::open(subject, origin);
        field.seal(&mut EmptySealer(KeyId(key))).unwrap();
        field
    }

    #[test]
    fn a_subject_has_the_key_of_its_newest_field_and_every_earlier_one_is_known() {
        let [ana, bo] = [1, 2].map(|number| SubjectId::from_uuid(Uuid::from_u128(number)));
        let mut view = SubjectKeys::default();
        for (subject, key) in [(ana, 7), (bo, 8), (ana, 7), (ana, 9)] {
            view.visit("origin", &about(subject, key));
        }
        assert_eq!(view.newest(ana), Some(KeyId(9)));
        assert_eq!(view.highest(), Some(KeyId(9)));
        assert_eq!(view.of(ana).collect::<Vec<_>>(), [KeyId(7), KeyId(9)]);
        assert_eq!(view.of(bo).collect::<Vec<_>>(), [KeyId(8)]);
    }
}
