use commands::{NameClaim, NameClaimCommand, NameKind, Rejection, scenario::Scenario};
use events::{ClaimKind, Holder, NameClaimed, NameReleased};
use uuid::Uuid;

const FIRST: Holder = Holder(Uuid::from_u128(1));
const SECOND: Holder = Holder(Uuid::from_u128(2));

const fn claim(kind: ClaimKind, holder: Holder) -> NameClaimCommand {
    NameClaimCommand::Claim { kind, holder }
}

const fn release(kind: ClaimKind, holder: Holder) -> NameClaimCommand {
    NameClaimCommand::Release { kind, holder }
}

#[test]
fn a_free_name_is_claimed() {
    Scenario::<NameClaim>::new()
        .when(claim(ClaimKind::Domain, FIRST))
        .then([NameClaimed { kind: ClaimKind::Domain, holder: FIRST }]);
}

#[test]
fn a_name_that_somebody_else_holds_is_refused_and_the_refusal_says_which_name() {
    let taken = |kind| Rejection::NameTaken { kind };
    for (kind, refusal) in [
        (ClaimKind::Domain, taken(NameKind::Domain)),
        (ClaimKind::SignInName, taken(NameKind::SignInName)),
        (ClaimKind::MpnId, taken(NameKind::MpnId)),
        (ClaimKind::PartnershipPair, Rejection::AlreadyPartners),
    ] {
        Scenario::<NameClaim>::given([NameClaimed { kind, holder: FIRST }])
            .when(claim(kind, SECOND))
            .then_refused(refusal);
    }
}

#[test]
fn a_name_claimed_again_by_its_holder_stays_as_it_is() {
    Scenario::<NameClaim>::new()
        .after(claim(ClaimKind::Domain, FIRST))
        .when(claim(ClaimKind::Domain, FIRST))
        .then_nothing();
}

#[test]
fn a_released_name_is_free_for_others() {
    Scenario::<NameClaim>::new()
        .after(claim(ClaimKind::SignInName, FIRST))
        .when(release(ClaimKind::SignInName, FIRST))
        .then([NameReleased { kind: ClaimKind::SignInName, holder: FIRST }])
        .when(claim(ClaimKind::SignInName, SECOND))
        .then([NameClaimed { kind: ClaimKind::SignInName, holder: SECOND }]);
}

#[test]
fn only_its_holder_releases_a_name() {
    Scenario::<NameClaim>::new()
        .after(claim(ClaimKind::SignInName, FIRST))
        .when(release(ClaimKind::SignInName, SECOND))
        .then_refused(Rejection::NameNotHeld);
    Scenario::<NameClaim>::new()
        .when(release(ClaimKind::SignInName, FIRST))
        .then_refused(Rejection::NameNotHeld);
}
