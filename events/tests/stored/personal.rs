//! Personal fields: sealed before they are stored, and never shown in passing.

use events::{Event, Personal, PersonalData, PersonalVisitor};

use crate::{
    draw::Draw,
    samples::{CopyingSealer, events, metadata, sealed_events},
};

/// What the sample events tell about people.
const PERSONAL_TEXTS: [&str; 13] = [
    "Ana Lima",
    "ana@provider.example",
    "office@",
    "Please open",
    "Main Street",
    "10115",
    "Jensen",
    "7654321",
    "203.0.113.7",
    "admin has left",
    "Passport 42",
    "Please call",
    "Mail migration",
];

/// The events that tell about people, in the order of the samples.
#[rustfmt::skip]
const WITH_PERSONAL_DATA: &[&str] = &[
    "PartnerUserAdded",
    "PartnerUserEdited",
    "PartnershipRequested",
    "CustomerCreated",
    "CustomerDetailsEdited",
    "CustomerUserCreated",
    "CustomerUserEdited",
    "InvitationEdited",
    "RelationshipRequested",
    "RelationshipDraftEdited",
    "LeadReferred",
    "PartnerProfileEdited",
    "ServiceRequestLogged",
    "ServiceRequestNoted",
    "ServiceRequestDeclined",
    "ElevationVerified",
    "CustomerAgreementConfirmed",
    "OperatorAdded",
    "AuditorAdmitted",
    "PartnerUserSkillsEdited",
];

/// Counts the personal fields and checks that what was sealed is the data, written again the same.
#[derive(Default)]
struct Reader {
    fields: usize,
}

impl PersonalVisitor for Reader {
    fn visit<T: PersonalData>(&mut self, name: &'static str, field: &Personal<T>) {
        self.fields += 1;
        let Some(sealed) = field.sealed() else { return };
        let data = Personal::<T>::read_opened(&sealed.ciphertext).unwrap();
        let mut again = Personal::open(field.subject(), data);
        again.seal(&mut CopyingSealer).unwrap();
        assert!(again == *field, "{name} is not what was sealed");
    }
}

fn personal_fields(event: &Event) -> usize {
    let mut reader = Reader::default();
    event.visit_personal(&mut reader);
    reader.fields
}

#[test]
fn an_open_personal_field_cannot_be_stored() {
    let open: Vec<Event> =
        events(&mut Draw::fixed()).into_iter().filter(|event| personal_fields(event) > 0).collect();
    let names: Vec<_> = open.iter().map(Event::name).collect();
    assert_eq!(names, WITH_PERSONAL_DATA);
    for event in open {
        assert!(event.encode_body().is_err(), "{}", event.name());
    }
    assert!(metadata(&mut Draw::fixed()).encode().is_err());
}

#[test]
fn sealing_twice_changes_nothing() {
    for event in sealed_events(&mut Draw::fixed()) {
        let mut again = event.clone();
        again.seal(&mut CopyingSealer).unwrap();
        assert_eq!(again, event);
    }
}

#[test]
fn what_was_sealed_is_opened_as_the_same_data() {
    let fields: usize = sealed_events(&mut Draw::fixed()).iter().map(personal_fields).sum();
    assert_eq!(fields, WITH_PERSONAL_DATA.len(), "each has one personal field");
    let mut metadata = metadata(&mut Draw::fixed());
    metadata.seal(&mut CopyingSealer).unwrap();
    let mut reader = Reader::default();
    metadata.visit_personal(&mut reader);
    assert_eq!(reader.fields, 2);
}

#[test]
fn neither_json_nor_debug_output_shows_personal_data_open_or_sealed() {
    let metadata = metadata(&mut Draw::fixed());
    let mut shown = vec![serde_json::to_string(&metadata).unwrap(), format!("{metadata:?}")];
    let all = events(&mut Draw::fixed()).into_iter().chain(sealed_events(&mut Draw::fixed()));
    for event in all {
        shown.push(serde_json::to_string(&event).unwrap());
        shown.push(format!("{event:?}"));
    }
    for text in shown {
        for personal in PERSONAL_TEXTS {
            assert!(!text.contains(personal), "{personal} in {text}");
        }
    }
}

#[test]
fn json_names_the_person_whose_data_is_sealed() {
    let event = &events(&mut Draw::fixed())[1];
    let json = serde_json::to_value(event).unwrap();
    assert_eq!(json["profile"]["$sealed"], json["userId"]);
}
