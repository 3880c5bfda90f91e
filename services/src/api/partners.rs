//! How is a partner named in answers about something else?

use events::PartnerId;
use projections::ReadModel;
use serde_json::{Value, json};

/// A partner by id and name.
pub(super) fn shown_partner(model: &ReadModel, partner: PartnerId) -> Value {
    let row = model.partners().get(partner);
    json!({
        "id": partner,
        "name": row.map(|row| &row.name),
        "mpnId": row.map(|row| &row.mpn_id),
        "country": row.map(|row| &row.country),
    })
}
