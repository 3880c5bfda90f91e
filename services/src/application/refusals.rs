//! Refusals on grounds of security, on their way to becoming facts: at a limited rate, and never in
//! the way of the answer.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use commands::{RecordRefusal, Rejection, RejectionKind};
use events::{Actor, CorrelationId, StableCode, StreamId, Timestamp};
use tokio::sync::mpsc;

/// A caller's refusals with one code are recorded once in this time; the others are counted.
pub(crate) const REFUSAL_INTERVAL_SECONDS: i64 = 60;
/// Callers and codes whose last fact is remembered; those beyond wait for a free place, counted in
/// metrics alone.
const REMEMBERED_MAX: usize = 10_000;
/// Facts that wait to be recorded; those beyond are counted as suppressed.
const WAITING_MAX: usize = 1_024;

/// A refusal to be recorded, and the request it belongs to.
pub(super) type Noted = (RecordRefusal, CorrelationId);

/// What was refused and to whom, as far as it is not recorded yet.
pub(crate) struct Refusals {
    callers: Mutex<HashMap<(Actor, &'static str), Caller>>,
    waiting: mpsc::Sender<Noted>,
    taken: Mutex<Option<mpsc::Receiver<Noted>>>,
}

struct Caller {
    recorded_at: Timestamp,
    suppressed: u64,
}

/// What a caller asked for.
pub(super) struct Asked<'a> {
    /// Who asked.
    pub(super) caller: Actor,
    /// For what.
    pub(super) request: &'a str,
    /// At what it was aimed.
    pub(super) target: Option<StreamId>,
    /// What it belongs to.
    pub(super) correlation: CorrelationId,
}

impl Default for Refusals {
    fn default() -> Self {
        let (waiting, receiver) = mpsc::channel(WAITING_MAX);
        Self { callers: Mutex::default(), waiting, taken: Mutex::new(Some(receiver)) }
    }
}

impl Refusals {
    /// Notes a refusal if it is one of somebody whose identity is known, on grounds of security.
    pub(super) fn note(&self, asked: &Asked<'_>, rejection: &Rejection, now: Timestamp) {
        if rejection.kind() != RejectionKind::Forbidden || !is_somebody(&asked.caller) {
            return;
        }
        let code = rejection.code();
        metrics::counter!("partnerlog_refusals_total", "code" => code).increment(1);
        let Some(suppressed) = self.due(asked.caller, code, now) else { return };
        if let Some(fact) = fact(asked, rejection, now, suppressed)
            && self.waiting.try_send((fact, asked.correlation)).is_err()
        {
            self.not_recorded(asked.caller, code, suppressed);
        }
    }

    /// Whether a fact is due now, with how many were suppressed since the last one.
    fn due(&self, caller: Actor, code: &'static str, now: Timestamp) -> Option<u64> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = callers.get_mut(&(caller, code)) {
            // A clock that was set back does not silence anybody.
            if now >= known.recorded_at && now < after_interval(known.recorded_at) {
                known.suppressed += 1;
                return None;
            }
            known.recorded_at = now;
            return Some(std::mem::take(&mut known.suppressed));
        }
        if callers.len() >= REMEMBERED_MAX {
            callers
                .retain(|_, known| known.suppressed > 0 || now < after_interval(known.recorded_at));
        }
        if callers.len() >= REMEMBERED_MAX {
            return None;
        }
        callers.insert((caller, code), Caller { recorded_at: now, suppressed: 0 });
        Some(0)
    }

    fn not_recorded(&self, caller: Actor, code: &'static str, suppressed: u64) {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = callers.get_mut(&(caller, code)) {
            known.suppressed += suppressed + 1;
        }
    }

    /// The facts to be recorded; they can be taken once.
    pub(super) fn take(&self) -> Option<mpsc::Receiver<Noted>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn after_interval(recorded_at: Timestamp) -> Timestamp {
    recorded_at.plus_seconds(REFUSAL_INTERVAL_SECONDS)
}

/// Whether there is a person or a program of somebody behind an actor.
const fn is_somebody(actor: &Actor) -> bool {
    !matches!(actor, Actor::Operator | Actor::System(_))
}

/// The fact; codes and names of the program always are stable codes.
fn fact(
    asked: &Asked<'_>,
    rejection: &Rejection,
    refused_at: Timestamp,
    suppressed: u64,
) -> Option<RecordRefusal> {
    let permission = match rejection {
        Rejection::Forbidden { permission } => StableCode::new(permission.code()).ok(),
        _ => None,
    };
    Some(RecordRefusal {
        caller: asked.caller,
        code: StableCode::new(rejection.code()).ok()?,
        permission,
        request: StableCode::new(asked.request).ok()?,
        target: asked.target,
        refused_at,
        suppressed,
    })
}

#[cfg(test)]
mod tests {
    use commands::Permission;
    use events::{PartnerId, PartnerUserId};
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> Actor {
        Actor::PartnerUser {
            partner: PartnerId::from_uuid(Uuid::from_u128(1)),
            user: PartnerUserId::from_uuid(Uuid::from_u128(number)),
        }
    }

    fn refuse(refusals: &Refusals, caller: Actor, rejection: &Rejection, second: i64) {
        let correlation = CorrelationId::from_uuid(Uuid::from_u128(9));
        let asked = Asked { caller, request: "CreateCustomer", target: None, correlation };
        refusals.note(&asked, rejection, Timestamp::EPOCH.plus_seconds(second));
    }

    fn noted(waiting: &mut mpsc::Receiver<Noted>) -> Vec<(Actor, String, u64)> {
        let next = || waiting.try_recv().ok();
        std::iter::from_fn(next)
            .map(|(fact, _)| (fact.caller, fact.code.to_string(), fact.suppressed))
            .collect()
    }

    const FORBIDDEN: Rejection = Rejection::Forbidden { permission: Permission::CustomersCreate };

    #[test]
    fn one_refusal_a_minute_is_recorded_for_each_caller_and_code_with_how_many_were_not() {
        let refusals = Refusals::default();
        let mut waiting = refusals.take().unwrap();
        for second in 0..REFUSAL_INTERVAL_SECONDS {
            refuse(&refusals, user(1), &FORBIDDEN, second);
        }
        refuse(&refusals, user(1), &Rejection::NotYourCustomer, 5);
        refuse(&refusals, user(2), &FORBIDDEN, 5);
        refuse(&refusals, user(1), &FORBIDDEN, REFUSAL_INTERVAL_SECONDS);
        let expected = [
            (user(1), "forbidden".to_owned(), 0),
            (user(1), "not_your_customer".to_owned(), 0),
            (user(2), "forbidden".to_owned(), 0),
            (user(1), "forbidden".to_owned(), 59),
        ];
        assert_eq!(noted(&mut waiting), expected);
    }

    #[test]
    fn what_is_no_matter_of_security_and_who_is_nobody_is_not_recorded() {
        let refusals = Refusals::default();
        let mut waiting = refusals.take().unwrap();
        refuse(&refusals, user(1), &Rejection::LastGlobalAdmin, 0);
        refuse(&refusals, user(1), &Rejection::PartnerNotFound, 0);
        refuse(&refusals, Actor::Operator, &FORBIDDEN, 0);
        assert_eq!(noted(&mut waiting), []);
    }

    #[test]
    fn facts_that_nobody_records_are_counted_and_never_in_the_way() {
        let refusals = Refusals::default();
        let mut waiting = refusals.take().unwrap();
        let many = WAITING_MAX as u128 + 1;
        for number in 1..=many {
            refuse(&refusals, user(number), &FORBIDDEN, 0);
        }
        assert_eq!(noted(&mut waiting).len(), WAITING_MAX);
        refuse(&refusals, user(many), &FORBIDDEN, REFUSAL_INTERVAL_SECONDS);
        assert_eq!(noted(&mut waiting), [(user(many), "forbidden".to_owned(), 1)]);
    }
}
