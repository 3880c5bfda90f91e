//! Who holds a name that must be unique in the installation.

use events::{ClaimKind, Holder, NameClaimEvent, NameClaimed, NameReleased};

use crate::{context::Context, decider::Decider, rejection::Rejection};

/// The rules of one unique name. The stream is named by the name's keyed hash, so two claims to one
/// name meet here; the claim is written in the same commit as what needs the name.
#[derive(Clone, Copy, Debug)]
pub struct NameClaim;

/// Who holds the name, if anybody does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameClaimState {
    holder: Option<Holder>,
}

impl NameClaimState {
    /// Who holds the name.
    #[must_use]
    pub const fn holder(&self) -> Option<Holder> {
        self.holder
    }
}

/// What can be asked of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameClaimCommand {
    /// Take the name; refused while somebody else holds it.
    Claim {
        /// What kind of name it is.
        kind: ClaimKind,
        /// Who takes it.
        holder: Holder,
    },
    /// Give the name back; refused to anybody but its holder.
    Release {
        /// What kind of name it is.
        kind: ClaimKind,
        /// Who gives it back.
        holder: Holder,
    },
}

impl Decider for NameClaim {
    type State = NameClaimState;
    type Command = NameClaimCommand;
    type Event = NameClaimEvent;

    fn decide(
        state: &NameClaimState,
        command: &NameClaimCommand,
        _context: &Context<'_>,
    ) -> Result<Vec<NameClaimEvent>, Rejection> {
        match *command {
            NameClaimCommand::Claim { kind, holder } => match state.holder {
                None => Ok(vec![NameClaimed { kind, holder }.into()]),
                Some(current) if current == holder => Ok(Vec::new()),
                Some(_) => Err(kind.into()),
            },
            NameClaimCommand::Release { kind, holder } => {
                if state.holder == Some(holder) {
                    Ok(vec![NameReleased { kind, holder }.into()])
                } else {
                    Err(Rejection::NameNotHeld)
                }
            }
        }
    }

    fn evolve(_state: NameClaimState, event: &NameClaimEvent) -> NameClaimState {
        match event {
            NameClaimEvent::NameClaimed(event) => NameClaimState { holder: Some(event.holder) },
            NameClaimEvent::NameReleased(_) => NameClaimState { holder: None },
        }
    }

    fn own(event: &events::Event) -> Option<&NameClaimEvent> {
        match event {
            events::Event::NameClaim(event) => Some(event),
            events::Event::Partner(_)
            | events::Event::Partnership(_)
            | events::Event::Customer(_)
            | events::Event::Installation(_)
            | events::Event::Lead(_)
            | events::Event::ServiceRequest(_) => None,
        }
    }
}
