//! Keeps a panic inside the storage engine from ending the program or filling its output.
//!
//! sled 0.34 panics on damaged files where it should return an error. Such a panic unwinds, is
//! caught here and becomes a value; its report becomes one line of the log.

use std::{
    cell::{Cell, RefCell},
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    sync::Once,
    thread,
};

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// The names of the engine's own threads begin so.
const ENGINE_THREADS: &str = "sled-";

/// Runs `work`; a panic in it is returned as its message.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(install_hook);
    let outer = CONTAINED.replace(true);
    // What the work shares is either the engine's handle, not used after a panic, or read-only.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(outer);
    outcome.map_err(|_| MESSAGE.take().unwrap_or_else(|| "panicked".to_owned()))
}

fn install_hook() {
    let usual = take_hook();
    set_hook(Box::new(move |panic| {
        let in_engine_thread =
            thread::current().name().is_some_and(|name| name.starts_with(ENGINE_THREADS));
        if CONTAINED.get() || in_engine_thread {
            let message = panic.to_string().replace('\n', " ");
            tracing::error!(%message, "the storage engine panicked and was stopped");
            MESSAGE.set(Some(message));
        } else {
            usual(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_message_and_work_goes_on() {
        let failed: Result<(), String> = contained(|| panic!("tried to serialize"));
        assert!(failed.unwrap_err().contains("tried to serialize"));
        assert_eq!(contained(|| 7), Ok(7));
    }
}
