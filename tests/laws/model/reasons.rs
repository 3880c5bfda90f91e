//! Why something is refused: everything that speaks against it, as stable codes.

use std::collections::BTreeSet;

/// A refusal's stable code.
pub(crate) type Code = &'static str;

/// What speaks against a command. Who may not give it at all learns that and no more: as long as
/// anything speaks against the caller, nothing about the rest may be the answer.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Reasons {
    caller: BTreeSet<Code>,
    rule: BTreeSet<Code>,
}

impl Reasons {
    /// The caller may not.
    pub(super) fn bar(&mut self, codes: &[Code]) {
        self.caller.extend(codes);
    }

    /// The caller may not where this is so.
    pub(super) fn bar_if(&mut self, applies: bool, code: Code) {
        if applies {
            self.caller.insert(code);
        }
    }

    /// A rule says no where this is so.
    pub(super) fn no_if(&mut self, applies: bool, code: Code) {
        if applies {
            self.rule.insert(code);
        }
    }

    /// A rule says no.
    pub(super) fn no(&mut self, code: Code) {
        self.rule.insert(code);
    }

    /// The codes of which one must be the answer; none when the command is to be accepted.
    pub(crate) fn expected(&self) -> &BTreeSet<Code> {
        if self.caller.is_empty() { &self.rule } else { &self.caller }
    }
}
