//! Signing in and out, other passwords, tokens of one's own.

use commands::{
    ChangeAccountPassword, ChangeCustomerUserPassword, ChangePartnerUserPassword, ChosenPassword,
    IssueCustomerUserToken, PasswordProof, RevokeCustomerUserToken, SignInAccount,
    SignInCustomerUser, SignInPartnerUser, SignOutAccount, SignOutCustomerUser, SignOutPartnerUser,
};
use events::{CredentialId, InstallationAccount, TokenId};
use services::application::Principal;

use crate::{
    scene::{By, Scene},
    task::Task,
};

pub(super) fn any(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let account = scene.account()?;
    match scene.dice.below(12) {
        0..=2 => Some(sign_in(scene, account)),
        3..=5 => Some(guess_again(scene, account)),
        6..=7 => change_password(scene, account),
        8 => sign_out(scene, account),
        9 => own_token(scene),
        10 => revoke_own_token(scene),
        _ => sign_in_again(scene, account),
    }
}

fn proof(scene: &mut Scene<'_>, account: Principal, wrong_one_in: usize) -> PasswordProof {
    let current = scene.plain.door(account).map(|door| door.credential);
    let other = scene.world.id(CredentialId::from_uuid);
    let credential_id = if scene.dice.one_in(20) { other } else { current.unwrap_or(other) };
    PasswordProof { credential_id, matches: !scene.dice.one_in(wrong_one_in) }
}

fn sign_in(scene: &mut Scene<'_>, account: Principal) -> (By, Task) {
    let proof = proof(scene, account, 3);
    let by = if proof.matches { account } else { Principal::Visitor };
    (By::This(by), Task::SignIn { account, session: scene.world.id(TokenId::from_uuid), proof })
}

/// Wrong passwords come in rows: for the account that has the most failures or a lock.
fn guess_again(scene: &mut Scene<'_>, account: Principal) -> (By, Task) {
    let tried = scene.plain.tried_last();
    let account = tried.unwrap_or(account);
    let current = scene.plain.door(account).map(|door| door.credential);
    let credential_id = current.unwrap_or_else(|| scene.world.id(CredentialId::from_uuid));
    let proof = PasswordProof { credential_id, matches: scene.dice.one_in(10) };
    let by = if proof.matches { account } else { Principal::Visitor };
    (By::This(by), Task::SignIn { account, session: scene.world.id(TokenId::from_uuid), proof })
}

fn chosen(scene: &mut Scene<'_>) -> ChosenPassword {
    let unfit = scene.dice.below(30);
    ChosenPassword {
        credential_id: scene.world.id(CredentialId::from_uuid),
        characters: if unfit == 29 { 11 } else { 12 },
        has_control_characters: unfit == 28,
        is_the_old_one: unfit == 27,
        holds_the_name: unfit == 26,
    }
}

fn session(scene: &mut Scene<'_>, account: Principal) -> TokenId {
    let door = scene.plain.door(account);
    let sessions: Vec<_> =
        door.into_iter().flat_map(|door| door.sessions.keys().copied()).collect();
    scene.known(&sessions, TokenId::from_uuid)
}

fn change_password(scene: &mut Scene<'_>, account: Principal) -> Option<(By, Task)> {
    let proof = proof(scene, account, 5);
    let (chosen, session) = (chosen(scene), session(scene, account));
    let session_id = (!scene.dice.one_in(3)).then_some(session);
    let task = match account {
        Principal::PartnerUser { partner, user: user_id } => Task::Partner(
            partner,
            ChangePartnerUserPassword { user_id, session_id, proof, chosen }.into(),
        ),
        Principal::CustomerUser { customer, user: user_id } => Task::Customer(
            customer,
            ChangeCustomerUserPassword { user_id, session_id, proof, chosen }.into(),
        ),
        _ => {
            let account = at_installation(account)?;
            Task::Installation(ChangeAccountPassword { account, session_id, proof, chosen }.into())
        }
    };
    Some((By::This(account), task))
}

fn sign_out(scene: &mut Scene<'_>, account: Principal) -> Option<(By, Task)> {
    let session_id = session(scene, account);
    let task = match account {
        Principal::PartnerUser { partner, user: user_id } => {
            Task::Partner(partner, SignOutPartnerUser { user_id, session_id }.into())
        }
        Principal::CustomerUser { customer, user: user_id } => {
            Task::Customer(customer, SignOutCustomerUser { user_id, session_id }.into())
        }
        _ => {
            let account = at_installation(account)?;
            Task::Installation(SignOutAccount { account, session_id }.into())
        }
    };
    Some((By::This(account), task))
}

/// As a command like any other, for which it is not meant.
fn sign_in_again(scene: &mut Scene<'_>, account: Principal) -> Option<(By, Task)> {
    let proof = proof(scene, account, 3);
    let session_id = scene.world.id(TokenId::from_uuid);
    let task = match account {
        Principal::PartnerUser { partner, user: user_id } => {
            Task::Partner(partner, SignInPartnerUser { user_id, session_id, proof }.into())
        }
        Principal::CustomerUser { customer, user: user_id } => {
            Task::Customer(customer, SignInCustomerUser { user_id, session_id, proof }.into())
        }
        _ => {
            let account = at_installation(account)?;
            Task::Installation(SignInAccount { account, session_id, proof }.into())
        }
    };
    Some((By::This(account), task))
}

fn own_token(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let customer = scene.customer()?;
    let user_id = scene.user(customer, crate::model::Status::is_active);
    let hours = 1 + i64::try_from(scene.dice.below(800)).unwrap_or(0);
    let command = IssueCustomerUserToken {
        token_id: scene.world.id(TokenId::from_uuid),
        user_id,
        expires_at: scene.ahead(hours),
    };
    let by = By::This(Principal::CustomerUser { customer, user: user_id });
    Some((by, Task::Customer(customer, command.into())))
}

fn revoke_own_token(scene: &mut Scene<'_>) -> Option<(By, Task)> {
    let customer = scene.customer()?;
    let users = scene.plain.customers.get(&customer)?.users.iter();
    let tokens: Vec<_> =
        users.flat_map(|(id, it)| it.door.tokens.keys().map(|token| (*token, *id))).collect();
    let (token_id, user_id) = scene.dice.pick(&tokens)?;
    let by = By::This(Principal::CustomerUser { customer, user: user_id });
    Some((by, Task::Customer(customer, RevokeCustomerUserToken { token_id, user_id }.into())))
}

pub(super) fn at_installation(account: Principal) -> Option<InstallationAccount> {
    match account {
        Principal::SupportOperator { operator } => Some(InstallationAccount::Operator(operator)),
        Principal::Auditor { auditor } => Some(InstallationAccount::Auditor(auditor)),
        _ => None,
    }
}
