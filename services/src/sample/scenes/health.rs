//! What did not work of what is sold: an incident that is over, and one that is not.

use commands::{OpenIncident, ResolveIncident, UpdateIncident};
use events::{FriendlyName, IncidentId, IncidentNote, IncidentSeverity, InvalidValue};

use super::{
    super::{catalogue::sample_catalogue, step::Step},
    people::SUPPORT,
    script::Script,
};

pub(super) fn scene(mut script: Script<'_>) -> Result<Vec<Step>, InvalidValue> {
    script.at(720);
    let Some(incident_id) = open("Mail is delayed", 0, &mut script)? else { return Ok(Vec::new()) };
    script.after_minutes(50);
    let severity = Some(IncidentSeverity::Interrupted);
    let note = IncidentNote::new("No mail goes out; the cause is found.")?;
    script.on_installation(SUPPORT, UpdateIncident { incident_id, severity, note });
    script.after_minutes(130);
    let note = IncidentNote::new("All mail is delivered.")?;
    script.on_installation(SUPPORT, ResolveIncident { incident_id, note });
    script.at(994);
    open("Dashboards load slowly", 6, &mut script)?;
    Ok(script.steps())
}

/// Something does not work of the product of an offer of the sample.
fn open(
    title: &str,
    offer: usize,
    script: &mut Script<'_>,
) -> Result<Option<IncidentId>, InvalidValue> {
    let catalogue = sample_catalogue();
    let Some(offer) = catalogue.offers().get(offer) else { return Ok(None) };
    let incident_id = script.id(IncidentId::from_uuid);
    let command = OpenIncident {
        incident_id,
        sku_id: offer.sku_id,
        severity: IncidentSeverity::Degraded,
        title: FriendlyName::new(title)?,
        note: IncidentNote::new("We are looking for the cause.")?,
        started_at: script.now().plus_seconds(-1_200),
    };
    script.on_installation(SUPPORT, command);
    Ok(Some(incident_id))
}
