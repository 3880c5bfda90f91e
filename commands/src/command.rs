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

/// Declares the closed set of an aggregate's commands or, with `in`, those of one concept of an
/// aggregate that has too many for one list. A large command stands in a box.
macro_rules! command_enum {
    (@type Box<$command:ident>) => { $command };
    (@type $command:ident) => { $command };
    (@name Box<$command:ident>) => { stringify!($command) };
    (@name $command:ident) => { stringify!($command) };
    ($(#[$doc:meta])* $name:ident in $aggregate:ident {
        $($(#[$variant_doc:meta])* $variant:ident($($command:tt)+),)+
    }) => {
        command_enum! {
            $(#[$doc])*
            $name { $($(#[$variant_doc])* $variant($($command)+),)+ }
        }

        $(impl From<command_enum!(@type $($command)+)> for $aggregate {
            fn from(command: command_enum!(@type $($command)+)) -> Self {
                Self::from($name::from(command))
            }
        })+
    };
    ($(#[$doc:meta])* $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident($($command:tt)+),)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($($command)+),)+
        }

        impl $name {
            /// The name of the command, as traces and metrics spell it.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => command_enum!(@name $($command)+),)+ }
            }
        }

        $(impl From<command_enum!(@type $($command)+)> for $name {
            fn from(command: command_enum!(@type $($command)+)) -> Self {
                Self::$variant(command.into())
            }
        })+
    };
}
pub(crate) use command_enum;

/// Declares an aggregate's commands concept by concept: who matches on them names the commands of the
/// concepts it cares for, and every other concept in one line.
macro_rules! command_concepts {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$concept_doc:meta])* $concept:ident($commands:ident),)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub enum $name {
            $($(#[$concept_doc])* $concept($commands),)+
        }

        impl $name {
            /// The name of the command, as traces and metrics spell it.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self { $(Self::$concept(command) => command.name(),)+ }
            }
        }

        /// Each concept says what its commands require.
        impl $crate::command::Requires for $name {
            fn permission(&self, actor: &events::Actor) -> Option<$crate::permissions::Permission> {
                match self { $(Self::$concept(command) => command.permission(actor),)+ }
            }

            fn company_permission(&self) -> Option<$crate::company_permissions::CompanyPermission> {
                match self { $(Self::$concept(command) => command.company_permission(),)+ }
            }

            fn is_for_support_operators(&self) -> bool {
                match self { $(Self::$concept(command) => command.is_for_support_operators(),)+ }
            }

            fn is_own_account(&self) -> bool {
                match self { $(Self::$concept(command) => command.is_own_account(),)+ }
            }
        }

        $(impl From<$commands> for $name {
            fn from(command: $commands) -> Self {
                Self::$concept(command)
            }
        })+
    };
}
pub(crate) use command_concepts;
