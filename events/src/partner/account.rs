//! The account of a partner.

use super::PartnerEvent;
use crate::{
    ids::PartnerId,
    values::{CompanyName, CountryCode, MpnId, PartnerKind},
};

events! {
    /// A company got an account as a partner.
    PartnerRegistered = 0x0101 v 1 {
        /// The partner.
        clear partner_id: PartnerId,
        /// What kind of partner.
        clear kind: PartnerKind,
        /// The company's name.
        clear name: CompanyName,
        /// Where it sells.
        clear country: CountryCode,
        /// Its id in the partner network.
        clear mpn_id: MpnId,
    }
}

aggregate_events! {
    /// What happens to the account of a partner.
    PartnerAccountEvent in PartnerEvent {
        PartnerRegistered,
    }
}
