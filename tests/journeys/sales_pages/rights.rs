//! Who sees and does what of selling on the pages.

use tests::OFFER_PREMIUM;

use super::{Ground, borrowed, leads_to, line};
use crate::around::visit::Visit;

/// What a role opens: subscriptions, ordering, support contacts, who is on record, incentives.
const RIGHTS: [(&str, [bool; 5]); 9] = [
    ("global_admin", [true, true, true, true, true]),
    ("admin_agent", [true, true, true, true, false]),
    ("sales_agent", [true, true, true, true, false]),
    ("helpdesk_agent", [true, false, true, false, false]),
    ("user_management_admin", [false, false, true, false, false]),
    ("billing_admin", [false, false, false, false, false]),
    ("incentives_admin", [false, false, false, true, true]),
    ("incentives_user", [false, false, false, false, true]),
    ("referral_admin", [false, false, false, false, false]),
];

#[test]
fn the_pages_of_sales_open_by_role_and_offer_what_the_role_may_do() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let base = &ground.base;
    let subscription = format!("{base}/subscriptions/{id}");
    for (role, [views, orders, contacts, records, credited]) in RIGHTS {
        let visit = ground.staff(role);
        let status = |opens| if opens { 200 } else { 403 };
        let list = visit.get(&format!("{base}/subscriptions")).expect(status(views));
        assert_eq!(list.text.contains("Order subscriptions"), orders, "{role}");
        let page = visit.get(&subscription).expect(status(views));
        assert_eq!(page.text.contains("Cancel subscription"), orders, "{role}");
        assert_eq!(page.text.contains("/reseller\""), views && records, "{role}");
        visit.get(&format!("{base}/carts/new")).expect(status(orders));
        visit.get(&format!("{base}/contacts")).expect(status(contacts));
        visit.get(&format!("{subscription}/reseller")).expect(status(records));
        visit.get("/incentives").expect(status(credited));
        let home = visit.get("/account").expect(200);
        assert_eq!(home.text.contains("href=\"/incentives\""), credited, "{role}");
        visit.get("/customers/new").expect(status(orders));
        if orders {
            let asked = visit.get("/customers?status=requested").expect(303);
            assert_eq!(asked.header("Location"), Some("/customers/requests"), "{role}");
            assert!(visit.get("/customers?status=ended").expect(200).text.contains("Ended"));
        }
    }
}

#[test]
fn forms_of_sales_are_refused_to_who_may_not_send_them() {
    let ground = Ground::open();
    let id = ground.api.order(&ground.customer, OFFER_PREMIUM, 5);
    let base = &ground.base;
    let subscription = format!("{base}/subscriptions/{id}");
    let helpdesk = ground.staff("helpdesk_agent");
    let rival = Visit::begin(&ground.server, &ground.rival.token);
    let fields = line(OFFER_PREMIUM, "1", "monthly");
    let contact =
        [("subscription", id.as_str()), ("contact", &ground.installation.provider.partner)];
    let position = ground.server.position();
    for visit in [&helpdesk, &rival] {
        let refused = |action: &str, fields: &[(&str, &str)]| {
            visit.submit("/account", action, fields).expect(403);
        };
        refused(&format!("{base}/carts"), &borrowed(&fields));
        refused(&subscription, &[("action", "suspend")]);
        refused(&subscription, &[("action", "stop-renewal")]);
        refused(&format!("{subscription}/upgrade"), &[("offer_id", OFFER_PREMIUM)]);
        refused(&format!("{subscription}/reseller"), &[("mpn_id", "7000002")]);
    }
    for step in
        ["/customers/new", "/customers/new/subscriptions", "/customers/new/review", "/customers"]
    {
        helpdesk.submit("/account", step, &[]).expect(403);
    }
    rival.submit("/account", &format!("{base}/contacts"), &contact).expect(403);
    assert_eq!(ground.server.position(), position);
    leads_to(helpdesk.submit("/account", &format!("{base}/contacts"), &contact));
}
