//! Invoices of a year of sample data: the months, the lines of one, and a customer's own.

use tests::Sample;

use crate::{PROGRAM, window_or_return};

#[tokio::test]
async fn who_bills_reads_invoices_and_who_helps_a_customer_reads_its_lines() {
    let sample = Sample::open(PROGRAM);
    let window = window_or_return!(sample.server);
    let invoice = sample.acting_as("billing_admin").items("/v1/invoices")[0].clone();
    let month = invoice["month"].as_str().unwrap();
    let total = invoice["total"]["text"].as_str().unwrap();
    let lines = format!("/v1/invoices/{}/lineitems", invoice["id"].as_str().unwrap());
    let line = sample.acting_as("billing_admin").items(&lines)[0].clone();

    window.sign_in(sample.token("billing_admin")).await;
    window.click("Invoices").await;
    window.sees(total).await;
    window.shot("20-invoices").await;
    window.click(&format!("{month} in USD")).await;
    window.sees(&format!("Total {total}")).await;
    window.sees(line["customerName"].as_str().unwrap()).await;
    window.sees(line["amount"]["text"].as_str().unwrap()).await;
    assert_eq!(window.count("#download").await, 1);
    window.shot("21-invoice").await;
    window.close().await;

    let window = window_or_return!(sample.server);
    window.sign_in(sample.token("helpdesk_agent")).await;
    window.does_not_see("Invoices").await;
    window.visit(&format!("/customers/{}", line["customerId"].as_str().unwrap())).await;
    window.click("Billing").await;
    window.sees("What the subscriptions cost").await;
    window.sees(line["amount"]["text"].as_str().unwrap()).await;
    window.shot("22-billing").await;
    assert_eq!(window.errors(), [] as [String; 0]);
    window.close().await;
}
