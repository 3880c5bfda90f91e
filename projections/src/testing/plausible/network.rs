//! What may happen to competencies, benefits, skills and services.

use events::{
    BenefitActivated, BenefitDeactivated, BenefitWithdrawn, CompetencyChanged, CompetencyLevel,
    CompetencyWithdrawn, IncidentSeverity, StreamId, Timestamp,
};

use crate::testing::{
    History,
    network::{
        benefit, benefit_granted, competency, competency_attained, incident, incident_opened,
        incident_resolved, incident_updated, skills_edited, units,
    },
    partner, partner_user,
};

pub(super) fn change(history: &mut History, number: u128, company: u128, choice: u8) {
    match choice % 4 {
        0 => change_competency(history, company, choice),
        1 => change_benefit(history, company, choice),
        2 => change_incident(history, number, choice),
        _ => {
            let user = company * 10;
            let row = history.model.partner_users().get(partner(company), partner_user(user));
            if row.is_some() {
                history.then(partner(company), skills_edited(user));
            }
        }
    }
}

fn change_competency(history: &mut History, company: u128, choice: u8) {
    let (stream, competency_id) = (partner(company), competency(company));
    if history.model.network().competency(stream, competency_id).is_none() {
        history.then(stream, competency_attained(company, "Cloud"));
    } else if choice.is_multiple_of(8) {
        history.then(stream, CompetencyWithdrawn { competency_id });
    } else {
        let expires_at = Timestamp::EPOCH.plus_hours(2_000_000);
        let level = CompetencyLevel::Gold;
        history.then(stream, CompetencyChanged { competency_id, level, expires_at });
    }
}

fn change_benefit(history: &mut History, company: u128, choice: u8) {
    let (stream, benefit_id) = (partner(company), benefit(company));
    let Some(row) = history.model.network().benefit(stream, benefit_id) else {
        history.then(stream, benefit_granted(company, 3));
        return;
    };
    let quantity = units(1);
    match (choice / 4 % 3, row.used) {
        (0, used) if used < row.quantity => {
            history.then(stream, BenefitActivated { benefit_id, quantity });
        }
        (1, used) if used > 0 => {
            history.then(stream, BenefitDeactivated { benefit_id, quantity });
        }
        (2, _) => {
            history.then(stream, BenefitWithdrawn { benefit_id });
        }
        (_, _) => {}
    }
}

fn change_incident(history: &mut History, number: u128, choice: u8) {
    let (stream, known) = (StreamId::INSTALLATION, number % 3);
    match history.model.service_health().get(incident(known)).map(|row| row.resolved_at) {
        None => history.then(stream, incident_opened(known)),
        Some(None) if choice.is_multiple_of(8) => {
            history.then(stream, incident_updated(known, IncidentSeverity::Interrupted))
        }
        Some(None) => history.then(stream, incident_resolved(known)),
        Some(Some(_)) => history,
    };
}
