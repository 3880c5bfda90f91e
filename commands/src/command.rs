//! What all commands have in common: the permission they require.

use events::Actor;

use crate::{company_permissions::CompanyPermission, permissions::Permission};

/// A command, and what whoever gives it must be allowed to do.
pub trait Requires {
    /// What the actor must be allowed to do; `None` when no partner user may ever give the command.
    fn permission(&self, actor: &Actor) -> Option<Permission>;

    /// What a user of the customer must be allowed to do in its company; `None` when no customer user
    /// may ever give the command.
    fn company_permission(&self) -> Option<CompanyPermission> {
        None
    }

    /// Whether a support operator of the installation may give the command.
    fn is_for_support_operators(&self) -> bool {
        false
    }

    /// Whether the command is about the own account of a support operator or auditor, who gives it.
    fn is_own_account(&self) -> bool {
        false
    }
}

/// Declares the closed set of an aggregate's commands.
macro_rules! command_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident($command:ty),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($command),)+
        }

        impl $name {
            /// The name of the command, as traces and metrics spell it.
            #[must_use]
            pub fn name(&self) -> &'static str {
                // A large command stands in a box; its name is what the box holds.
                let name = match self { $(Self::$variant(_) => stringify!($command),)+ };
                name.trim_start_matches("Box<").trim_end_matches('>')
            }
        }

        $(impl From<$command> for $name {
            fn from(command: $command) -> Self {
                Self::$variant(command)
            }
        })+
    };
}
pub(crate) use command_enum;
