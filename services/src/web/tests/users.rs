//! Something is done to all users that a filter finds, whether or not a page shows them.

use axum::http::StatusCode;
use commands::BULK_USERS_MAX;
use events::{CustomerId, CustomerUserProfile};

use super::{Answer, Pages, operator};
use crate::application::UserToCreate;

/// A customer with its admin and so many more users.
async fn staffed(pages: &Pages, cookie: &str, users: usize) -> CustomerId {
    pages.create_customer(cookie).await;
    let customer = pages.app.models().current().customers().iter().next().unwrap().id;
    for number in 0..users {
        let profile = CustomerUserProfile {
            user_name: format!("u{number}@contoso.example").parse().unwrap(),
            first_name: None,
            last_name: None,
            display_name: format!("Nora {number}").parse().unwrap(),
            usage_location: None,
            phone_number: None,
        };
        let (licenses, directory_roles) = (Vec::new(), Vec::new());
        let wanted = UserToCreate { profile, licenses, directory_roles, password: None };
        let call = operator(&pages.app);
        pages.app.create_customer_user(&call, customer, wanted).await.unwrap();
    }
    customer
}

async fn delete(pages: &Pages, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let key = pages.get(path, cookie).await.hidden("form_key");
    let mut form = fields.to_vec();
    form.push(("form_key", &key));
    pages.post(&format!("{path}/users/delete"), cookie, &form).await
}

#[tokio::test]
async fn all_users_that_match_are_taken_together_as_many_as_were_shown() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let customer = staffed(&pages, &cookie, 52).await;
    let path = format!("/customers/{customer}");
    let shown = pages.get(&path, &cookie).await;
    assert!(shown.body.contains("all 53 that match, on all pages"));
    let searched = pages.get(&format!("{path}?q=nora%201"), &cookie).await;
    assert!(!searched.body.contains("that match, on all pages"), "they are all on the page");
    let active = || pages.app.models().current().customer_users().counts(customer).active;

    let other = [("all", "yes"), ("matching", "50"), ("license", "none")];
    let refused = delete(&pages, &cookie, &path, &other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("50 matched when the page was shown, and 53 now"));
    assert!(refused.body.contains("<option value=\"none\" selected>"), "the filter is kept");
    let nobody = delete(&pages, &cookie, &path, &[("all", "yes"), ("q", "zzz")]).await;
    assert!(nobody.body.contains("no user matches"));
    assert_eq!(active(), 53);

    // The admin is not called Nora.
    let done = delete(&pages, &cookie, &path, &[("all", "yes"), ("q", "nora")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(active(), 1);
}

#[tokio::test]
async fn all_users_that_match_are_not_taken_where_they_are_too_many() {
    let pages = Pages::new().await;
    let cookie = pages.sign_in().await;
    let customer = staffed(&pages, &cookie, BULK_USERS_MAX).await;
    let path = format!("/customers/{customer}");
    for fields in [[("all", "yes"), ("q", "")], [("all", "yes"), ("q", "contoso")]] {
        let refused = delete(&pages, &cookie, &path, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("more than 250 match"), "{}", refused.body);
    }
    let model = pages.app.models().current();
    assert_eq!(model.customer_users().counts(customer).active, BULK_USERS_MAX + 1);
}
