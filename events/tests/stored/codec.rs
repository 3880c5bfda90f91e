//! Bytes: what is written is read back, and what is damaged is refused without harm.

use events::{
    DecodeError, Event, EventTypeId, Metadata, PartnerEvent, PartnerUserId, Role, RoleAssigned,
    SchemaVersion,
};
use proptest::prelude::*;

use crate::{
    draw::Draw,
    samples::{CopyingSealer, metadata, sealed_events},
};

fn body(event: &Event) -> Vec<u8> {
    event.encode_body().unwrap()
}

fn decode(event: &Event, body: &[u8]) -> Result<Event, DecodeError> {
    Event::decode(event.type_id(), event.schema_version(), body)
}

#[test]
fn an_unknown_event_type_is_refused() {
    for type_id in [0x0000, 0x01ff, 0x09ab, 0xffff].map(EventTypeId) {
        let refused = Event::decode(type_id, SchemaVersion(1), &[]);
        assert_eq!(refused, Err(DecodeError::UnknownType(type_id)));
    }
}

/// The place of a role in what is stored never changes: new roles go to the end.
#[test]
fn every_role_is_stored_as_the_number_it_always_had() {
    let numbers = [
        (Role::DefaultAccess, 0),
        (Role::GlobalAdmin, 1),
        (Role::BillingAdmin, 2),
        (Role::UserManagementAdmin, 3),
        (Role::MpnPartnerAdmin, 4),
        (Role::AdminAgent, 5),
        (Role::SalesAgent, 6),
        (Role::HelpdeskAgent, 7),
        (Role::IncentivesAdmin, 8),
        (Role::IncentivesUser, 9),
        (Role::BusinessProfileAdmin, 10),
        (Role::ReferralAdmin, 11),
        (Role::AccountAdmin, 12),
        (Role::ReferralUser, 13),
        (Role::ReportViewer, 14),
        (Role::ExecutiveReportViewer, 15),
    ];
    assert_eq!(numbers.map(|(role, _)| role), Role::ALL);
    let user_id = PartnerUserId::from_uuid(uuid::Uuid::nil());
    for (role, number) in numbers {
        let event = Event::from(PartnerEvent::from(RoleAssigned { user_id, role }));
        assert_eq!(body(&event).last(), Some(&number), "{role:?}");
    }
}

#[test]
fn an_unknown_version_is_refused_whatever_the_bytes() {
    for event in sealed_events(&mut Draw::fixed()) {
        let type_id = event.type_id();
        for version in [0, event.schema_version().0 + 1, u16::MAX].map(SchemaVersion) {
            let refused = Event::decode(type_id, version, &body(&event));
            assert_eq!(refused, Err(DecodeError::UnknownVersion { type_id, version }));
        }
    }
}

#[test]
fn metadata_of_an_unknown_version_is_refused() {
    assert_eq!(Metadata::decode(&[9, 1, 2, 3]), Err(DecodeError::UnknownMetadata(9)));
    assert!(matches!(Metadata::decode(&[]), Err(DecodeError::Malformed(_))));
}

#[test]
fn a_value_that_cannot_be_is_not_read_from_bytes() {
    let quantity_zero = {
        let mut bytes = vec![16];
        bytes.extend([7; 16]);
        bytes.extend([0, 1]);
        bytes
    };
    let refused = Event::decode(EventTypeId(0x030a), SchemaVersion(1), &quantity_zero);
    let Err(DecodeError::Malformed(reason)) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("must be 1 to"), "{reason}");
}

#[test]
fn a_length_beyond_all_reason_is_refused_without_reserving_memory() {
    let mut bytes = vec![16];
    bytes.extend([7; 16]);
    bytes.push(253);
    bytes.extend(u64::MAX.to_le_bytes());
    let refused = Event::decode(EventTypeId(0x0310), SchemaVersion(1), &bytes);
    assert!(matches!(refused, Err(DecodeError::Malformed(_))), "{refused:?}");
}

proptest! {
    #[test]
    fn every_event_is_read_back_as_it_was_written(seed: u64) {
        for event in sealed_events(&mut Draw::random(seed)) {
            prop_assert_eq!(decode(&event, &body(&event)), Ok(event));
        }
    }

    #[test]
    fn metadata_is_read_back_as_it_was_written(seed: u64) {
        let mut metadata = metadata(&mut Draw::random(seed));
        metadata.seal(&mut CopyingSealer).unwrap();
        prop_assert_eq!(Metadata::decode(&metadata.encode().unwrap()), Ok(metadata));
    }

    #[test]
    fn an_event_cut_short_or_with_bytes_left_over_is_refused(seed: u64, cut: usize) {
        for event in sealed_events(&mut Draw::random(seed)) {
            let mut bytes = body(&event);
            prop_assert!(decode(&event, &bytes[..cut % bytes.len()]).is_err());
            bytes.push(0);
            prop_assert_eq!(decode(&event, &bytes), Err(DecodeError::TrailingBytes(1)));
        }
    }

    #[test]
    fn damaged_bytes_do_no_harm(seed: u64, at: usize, flip in 1_u8..=255) {
        for event in sealed_events(&mut Draw::random(seed)) {
            let mut bytes = body(&event);
            let at = at % bytes.len();
            bytes[at] ^= flip;
            // The record's checksum is what detects damage; here it must only not panic, and
            // whatever is read must be something that can be written.
            if let Ok(read) = decode(&event, &bytes) {
                prop_assert!(read.encode_body().is_ok());
            }
        }
    }

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes: Vec<u8>) {
        for (type_id, _, version) in Event::types() {
            if let Ok(read) = Event::decode(type_id, version, &bytes) {
                prop_assert!(read.encode_body().is_ok());
            }
        }
        if let Ok(read) = Metadata::decode(&bytes) {
            prop_assert!(read.encode().is_ok());
        }
    }
}
