//! How is a partner named in answers about something else?

use events::PartnerId;
use projections::ReadModel;
use serde::Serialize;
use utoipa::ToSchema;

/// A partner by id and name.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartnerSummary {
    #[schema(value_type = Uuid)]
    id: PartnerId,
    #[schema(example = "Fabrikam Provider")]
    name: Option<String>,
    mpn_id: Option<String>,
    country: Option<String>,
}

/// A partner by id and name.
pub(super) fn shown_partner(model: &ReadModel, partner: PartnerId) -> PartnerSummary {
    let row = model.partners().get(partner);
    PartnerSummary {
        id: partner,
        name: row.map(|row| row.name.to_string()),
        mpn_id: row.map(|row| row.mpn_id.to_string()),
        country: row.map(|row| row.country.to_string()),
    }
}
