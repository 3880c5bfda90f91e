//! What is a permission, whoever may have it: a name in code, a stable one, and one for people.

/// Declares a closed set of permissions.
macro_rules! permission_table {
    (
        $(#[$enum_doc:meta])* pub enum $permissions:ident;
        $($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)+
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $permissions {
            $($(#[$doc])* $name,)+
        }

        impl $permissions {
            /// Every permission, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name in rules, answers and exports.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The permission as people read it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }

        impl std::fmt::Display for $permissions {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use permission_table;
