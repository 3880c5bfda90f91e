//! The price list.

use tests::OFFER_PREMIUM;

use super::{Market, Visit};

#[test]
fn the_price_list_is_for_global_admins_admin_agents_and_billing_admins() {
    let market = Market::open();
    let listed = market.provider.items("/v1/pricelist");
    let price = listed.iter().find(|price| price["offerId"] == OFFER_PREMIUM).unwrap();
    assert!(price["unitPrice"]["minorUnits"].as_u64().is_some_and(|units| units > 0), "{price}");
    let file = market.provider.get("/v1/pricelist/csv").expect(200);
    assert!(file.header("Content-Type").unwrap().starts_with("text/csv"));
    assert!(file.header("Content-Disposition").unwrap().contains("price-list.csv"));
    assert_eq!(file.text.lines().count(), listed.len() + 1);
    assert!(file.text.contains(OFFER_PREMIUM));
    for (role, sees) in [
        ("admin_agent", true),
        ("billing_admin", true),
        ("sales_agent", false),
        ("helpdesk_agent", false),
        ("user_management_admin", false),
    ] {
        let (staff, token) = market.hire(&market.provider, role);
        let visit = Visit::begin(&market.server, &token);
        let offers = staff.get("/v1/offers");
        if sees {
            offers.expect(200);
            staff.get("/v1/pricelist").expect(200);
            assert!(visit.get("/prices").expect(200).text.contains("Price of a licence"));
            assert_eq!(visit.get("/prices.csv").expect(200).text, file.text);
        } else {
            staff.get("/v1/pricelist").refused(403, 900_150);
            staff.get("/v1/pricelist/csv").refused(403, 900_150);
            visit.get("/prices").expect(403);
            visit.get("/prices.csv").expect(403);
        }
    }
}
