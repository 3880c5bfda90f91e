//! What a provider shows of itself to resellers and customers.

use serde::{Deserialize, Serialize};

use super::PartnerEvent;
use crate::{
    personal::Clear,
    service_request::ServiceRequestId,
    values::{CompanyName, CountryCode, WebAddress},
};

/// A provider's public profile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct PublicProfile {
    /// The name under which it appears.
    pub name: CompanyName,
    /// Where its logo is.
    pub logo: Option<WebAddress>,
    /// Where visitors of each location are sent.
    pub locations: Vec<ProfileLocation>,
}

/// One location of a provider.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ProfileLocation {
    /// The country.
    pub country: CountryCode,
    /// Where its visitors are sent.
    pub target: WebAddress,
}

impl Clear for PublicProfile {}

events! {
    /// An operator carried out a request to change a provider's public profile.
    PublicProfileChanged = 0x0141 v 1 {
        /// The request that was carried out.
        clear request_id: ServiceRequestId,
        /// The profile from now on.
        clear profile: PublicProfile,
    }
}

aggregate_events! {
    /// What happens to the public profile of a provider.
    PublicProfileEvent in PartnerEvent {
        PublicProfileChanged,
    }
}
