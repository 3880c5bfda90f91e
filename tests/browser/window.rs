//! A browser window: what a person does in it, and what a person sees.

use std::{
    fs,
    future::Future,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Once},
    time::Duration,
};

use chromiumoxide::{
    Browser, BrowserConfig, Page,
    cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel},
    page::ScreenshotParams,
};
use futures::StreamExt as _;
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::Instant};

/// How long something on the screen may take to come, in seconds.
const PATIENCE_SECONDS: u64 = 30;
const POLL_MILLISECONDS: u64 = 25;
const WIDTH: u32 = 1_280;
const HEIGHT: u32 = 900;
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A window of a browser of its own.
pub(crate) struct Window {
    browser: Browser,
    page: Page,
    url: String,
    errors: Arc<Mutex<Vec<String>>>,
    followers: Vec<JoinHandle<()>>,
    _profile: TempDir,
}

/// The browser that is installed, if one is.
fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let candidates = NAMES.iter().flat_map(|name| places.iter().map(move |place| place.join(name)));
    let found = candidates.into_iter().find(|candidate| candidate.is_file());
    if found.is_none() {
        SAID.call_once(say_skipped);
    }
    found
}

static SAID: Once = Once::new();

/// Straight to standard error: what a passing test prints is not shown.
fn say_skipped() {
    drop(writeln!(
        io::stderr(),
        "SKIPPED: no Chromium is installed, so the pages were not clicked through; \
         .ci/install-browser installs it"
    ));
}

fn config(executable: &Path, profile: &Path) -> BrowserConfig {
    let config = BrowserConfig::builder()
        .chrome_executable(executable)
        .user_data_dir(profile)
        .no_sandbox()
        .window_size(WIDTH, HEIGHT)
        .viewport(None)
        .launch_timeout(Duration::from_secs(PATIENCE_SECONDS))
        .args([
            "disable-gpu",
            "disable-quic",
            "no-first-run",
            "disable-background-networking",
            "disable-component-update",
            "disable-sync",
        ]);
    config.build().unwrap()
}

impl Window {
    /// Opens a window that begins at a server; none where there is no browser.
    pub(crate) async fn open(url: &str) -> Option<Self> {
        let executable = chromium()?;
        let profile = tempfile::Builder::new().prefix("partnerlog-browser-").tempdir().unwrap();
        let (browser, mut handler) =
            Browser::launch(config(&executable, profile.path())).await.unwrap();
        let handling = tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await.unwrap();
        page.enable_log().await.unwrap();
        let errors = Arc::new(Mutex::new(Vec::new()));
        let mut entries = page.event_listener::<EventEntryAdded>().await.unwrap();
        let noted = Arc::clone(&errors);
        let listening = tokio::spawn(async move {
            while let Some(event) = entries.next().await {
                if event.entry.level == LogEntryLevel::Error {
                    noted.lock().unwrap().push(event.entry.text.clone());
                }
            }
        });
        let followers = vec![handling, listening];
        Some(Self { browser, page, url: url.to_owned(), errors, followers, _profile: profile })
    }

    /// Goes to a path of the server.
    pub(crate) async fn visit(&self, path: &str) {
        self.visit_site(&format!("{}{path}", self.url)).await;
    }

    /// Goes to an address anywhere.
    pub(crate) async fn visit_site(&self, address: &str) {
        self.page.goto(address).await.unwrap();
    }

    /// The address shown, without the server.
    pub(crate) async fn path(&self) -> String {
        let address = self.page.url().await.ok().flatten().unwrap_or_default();
        address.strip_prefix(&self.url).unwrap_or(&address).to_owned()
    }

    /// Signs in by pasting a token.
    pub(crate) async fn sign_in(&self, token: &str) {
        self.visit("/sign-in").await;
        self.fill("#token", token).await;
        self.click("Use the token").await;
        self.sees("Sign out").await;
    }

    /// Clicks the link or button with this text.
    pub(crate) async fn click(&self, text: &str) {
        let xpath = format!("//*[self::a or self::button][normalize-space(.)='{text}']");
        self.click_at(&xpath).await;
    }

    /// Clicks what a path through the document leads to.
    pub(crate) async fn click_at(&self, xpath: &str) {
        self.until(xpath, || async {
            let element = self.page.find_xpath(xpath).await.ok()?;
            element.click().await.ok().map(|_| ())
        })
        .await;
    }

    /// Types into a field.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        self.until(selector, || async {
            let field = self.page.find_element(selector).await.ok()?;
            field.focus().await.ok()?;
            field.type_str(text).await.ok().map(|_| ())
        })
        .await;
    }

    /// Ticks the box in the row that holds this text.
    pub(crate) async fn tick_row(&self, text: &str) {
        self.click_at(&format!("//tr[contains(., '{text}')]//input[@type='checkbox']")).await;
    }

    /// The text that is visible, blanks and case evened out; empty between two pages.
    pub(crate) async fn text(&self) -> String {
        let shown = self.page.evaluate("document.body ? document.body.innerText : ''").await;
        let shown = shown.ok().and_then(|shown| shown.into_value::<String>().ok());
        even(&shown.unwrap_or_default())
    }

    /// Waits until this text is visible.
    pub(crate) async fn sees(&self, text: &str) {
        let wanted = even(text);
        self.until(text, || async { self.text().await.contains(&wanted).then_some(()) }).await;
    }

    /// Waits until a selector finds something.
    pub(crate) async fn appears(&self, selector: &str) {
        self.until(selector, || async { (self.count(selector).await > 0).then_some(()) }).await;
    }

    /// Fails if this text is visible; ask only after something of the same page was seen.
    pub(crate) async fn does_not_see(&self, text: &str) {
        let shown = self.text().await;
        assert!(!shown.contains(&even(text)), "{text:?} is visible in {shown:?}");
    }

    /// How many elements a selector finds.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.page.find_elements(selector).await.map_or(0, |found| found.len())
    }

    /// Runs a script in the page, for what a person cannot do: again while the page is still being
    /// exchanged for the next, so it must do no harm when it runs twice.
    pub(crate) async fn script(&self, script: &str) {
        self.until(script, || async { self.page.evaluate(script).await.ok() }).await;
    }

    /// Keeps what is shown in `target/screenshots`; again while the page is still being laid out.
    pub(crate) async fn shot(&self, name: &str) {
        self.until(name, || self.taken(name)).await;
    }

    async fn taken(&self, name: &str) -> Option<()> {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        fs::create_dir_all(&directory).ok()?;
        let whole = ScreenshotParams::builder().full_page(true).build();
        let path = directory.join(format!("{name}.png"));
        self.page.save_screenshot(whole, path).await.ok().map(|_| ())
    }

    /// What the browser itself complained about: blocked sources, failed requests, script errors.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.errors.lock().unwrap().clone()
    }

    /// Closes the browser.
    pub(crate) async fn close(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
        self.followers.iter().for_each(JoinHandle::abort);
    }

    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, ask: impl Fn() -> F) -> T {
        let deadline = Instant::now() + Duration::from_secs(PATIENCE_SECONDS);
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            if Instant::now() > deadline {
                self.taken("failed").await;
                panic!(
                    "{what:?} does not come at {}; shown: {}",
                    self.path().await,
                    self.text().await
                );
            }
            tokio::time::sleep(Duration::from_millis(POLL_MILLISECONDS)).await;
        }
    }
}

fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
