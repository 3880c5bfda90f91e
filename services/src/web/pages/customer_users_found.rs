//! The users of a customer that a filter finds, page by page or all at once.

use commands::BULK_USERS_MAX;
use events::{CustomerId, CustomerUserId, CustomerUserProfile, Opened, SkuId};
use maud::{Markup, html};
use projections::{CustomerRow, CustomerUserFilter, CustomerUserRow};

use super::{PAGE_ROWS, chosen, sees_subscriptions_of};
use crate::web::{
    customer_frame,
    error::PageError,
    forms::{Faults, Fields},
    names,
    screen::Screen,
    submitted::Submitted,
    widgets,
};

/// The box that stands for all users the filter finds.
const ALL: &str = "all";
/// How many those were when the page was drawn.
const MATCHING: &str = "matching";

/// A user and its opened profile.
pub(super) type User<'a> = (&'a CustomerUserRow, Opened<CustomerUserProfile>);

/// A page of users.
pub(super) struct Found<'a> {
    pub(super) users: Vec<User<'a>>,
    /// How many there are; not known where text is looked for.
    pub(super) total: Option<usize>,
    pub(super) first: Option<String>,
    pub(super) next: Option<String>,
}

/// What the filter asks for. Text is looked for in opened profiles, user by user.
struct Wanted {
    text: String,
    filter: CustomerUserFilter,
}

impl Wanted {
    fn of(screen: &Screen, customer: CustomerId, fields: &Fields) -> Self {
        let which = fields.text("license");
        let filter = CustomerUserFilter {
            licensed: match which {
                "any" => Some(true),
                "none" => Some(false),
                _ => None,
            },
            sku: which.parse().ok().or_else(|| of_subscription(screen, customer, which)),
            ..CustomerUserFilter::default()
        };
        Self { text: fields.text("q").to_lowercase(), filter }
    }
}

/// The fields of the filter among others.
pub(super) fn asked(fields: &Fields) -> Fields {
    Fields::default().with("q", fields.text("q")).with("license", fields.text("license"))
}

/// The page of users the address asks for.
pub(super) async fn find<'a>(
    screen: &'a Screen,
    customer: &CustomerRow,
) -> Result<Found<'a>, PageError> {
    let query = &screen.query;
    let wanted = Wanted::of(screen, customer.id, query);
    let after = query.text("after").parse::<CustomerUserId>().ok();
    let users = screen.model.customer_users();
    let path = customer_frame::path(customer);
    let kept = [("q", query.text("q")), ("license", query.text("license"))];
    let first = after.map(|_| screen.link_with(&path, &kept));
    let next_link = |user: CustomerUserId| {
        let user = user.to_string();
        screen.link_with(&path, &[kept[0], kept[1], ("after", &user)])
    };
    if wanted.text.is_empty() {
        let page = users.list(customer.id, &wanted.filter, after, PAGE_ROWS);
        let rows = names::open_customer_users(&screen.app, page.rows).await?;
        return Ok(Found {
            users: rows,
            total: Some(page.total),
            first,
            next: page.next.map(next_link),
        });
    }
    let (found, next) = search(screen, customer.id, &wanted, after, PAGE_ROWS).await?;
    Ok(Found { users: found, total: None, first, next: next.map(next_link) })
}

/// As many users as are wanted whose profile holds the text, and the one to go on behind.
async fn search<'a>(
    screen: &'a Screen,
    customer: CustomerId,
    wanted: &Wanted,
    after: Option<CustomerUserId>,
    most: usize,
) -> Result<(Vec<User<'a>>, Option<CustomerUserId>), PageError> {
    let users = screen.model.customer_users();
    let mut found = Vec::new();
    let mut cursor = after;
    loop {
        let page = users.list(customer, &wanted.filter, cursor, PAGE_ROWS);
        let opened = names::open_customer_users(&screen.app, page.rows).await?;
        found.extend(opened.into_iter().filter(|(_, profile)| matches(profile, &wanted.text)));
        cursor = page.next;
        if cursor.is_none() || found.len() >= most {
            break;
        }
    }
    let cut = (found.len() > most).then(|| found.truncate(most)).is_some();
    let next = found.last().map(|(row, _)| row.id).filter(|_| cut).or(cursor);
    Ok((found, next))
}

/// The product of a subscription that the filter names and the visitor sees.
fn of_subscription(screen: &Screen, customer: CustomerId, which: &str) -> Option<SkuId> {
    let id = which.strip_prefix("subscription:")?.parse().ok()?;
    let row = screen.model.subscriptions().get(customer, id)?;
    sees_subscriptions_of(screen, customer, row.partner).then_some(row.sku)
}

fn matches(profile: &Opened<CustomerUserProfile>, text: &str) -> bool {
    match profile {
        Opened::Readable(profile) => {
            profile.display_name.as_str().to_lowercase().contains(text)
                || profile.user_name.as_str().contains(text)
        }
        Opened::Erased(_) | Opened::KeyUnavailable => false,
    }
}

/// What the form of a page carries unseen, so that the filter is known where it is sent.
pub(super) fn carried(screen: &Screen, list: &Found<'_>) -> Markup {
    html! {
        @for name in ["q", "license"] {
            @let value = screen.query.text(name);
            @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
        }
        @if let Some(total) = list.total { input type="hidden" name=(MATCHING) value=(total); }
    }
}

/// The box for all users that the filter finds, where they are more than the page shows.
pub(super) fn all(list: &Found<'_>, fields: &Fields) -> Markup {
    let is_more = list.first.is_some() || list.next.is_some();
    let label = match list.total {
        Some(total) => format!("all {total} that match, on all pages"),
        None => "all that match, on all pages".to_owned(),
    };
    html! { @if is_more { (widgets::tick(ALL, "yes", &html! { (label) }, fields.has(ALL, "yes"))) } }
}

/// The ticked users, or all that the filter finds: as many as the page said, and not too many.
pub(super) async fn chosen_or_all(
    form: &Submitted,
    customer: CustomerId,
) -> Result<Result<Vec<CustomerUserId>, Faults>, PageError> {
    if !form.fields.has(ALL, "yes") {
        return Ok(chosen(&form.fields));
    }
    let screen = &form.screen;
    // What text finds tells about profiles, which not everybody sees.
    screen.allow_customer(customer, commands::Permission::CustomerUsersView).await?;
    let wanted = Wanted::of(screen, customer, &form.fields);
    let (users, is_more) = if wanted.text.is_empty() {
        let found = screen.model.customer_users();
        let page = found.list(customer, &wanted.filter, None, BULK_USERS_MAX);
        (page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), page.next.is_some())
    } else {
        let (found, next) = search(screen, customer, &wanted, None, BULK_USERS_MAX).await?;
        (found.iter().map(|(row, _)| row.id).collect(), next.is_some())
    };
    let shown = form.fields.text(MATCHING);
    let mut faults = Faults::default();
    if is_more {
        let reason = format!("more than {BULK_USERS_MAX} match: narrow the filter");
        faults.add("user", reason);
    } else if users.is_empty() {
        faults.add("user", "no user matches");
    } else if !shown.is_empty() && shown != users.len().to_string() {
        let reason = format!("{shown} matched when the page was shown, and {} now", users.len());
        faults.add("user", reason);
    }
    Ok(faults.unless_any(|| Some(users)))
}
