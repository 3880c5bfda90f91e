//! What importing a file does to a customer.

use events::{PartnerUserId, Role};
use uuid::Uuid;

use super::*;
use crate::{
    application::{Idempotency, OnPartner, Principal},
    imports::{
        RowLimit,
        testing::{CUSTOMER, Installation, PARTNER},
    },
    sample::sample_catalogue,
};

const HEADER: &str = "Display name,Email,Licenses,Usage location\r\n";

fn file(rows: &str) -> UserFile {
    UserFile::read(format!("{HEADER}{rows}").as_bytes(), RowLimit::default()).unwrap()
}

impl Installation {
    async fn import(&self, rows: &str, skip_faulty: bool) -> Result<UsersImported, ImportError> {
        let options = ImportOptions { skip_faulty, usage_location: None };
        import_users(self.app(), &Self::admin_call(), CUSTOMER, file(rows), &options).await
    }

    fn users(&self) -> usize {
        self.app().models().current().customer_users().counts(CUSTOMER).active
    }
}

fn texts(faults: &[RowFault]) -> Vec<(usize, String)> {
    faults.iter().map(|fault| (fault.line, fault.problem.to_string())).collect()
}

fn refused(outcome: Result<UsersImported, ImportError>) -> Vec<(usize, String)> {
    match outcome {
        Err(ImportError::Faulty { faults, .. } | ImportError::NoRows { faults }) => texts(&faults),
        Err(ImportError::Command(error)) => panic!("{error}"),
        Ok(_) => panic!("was imported"),
    }
}

#[test]
fn a_product_is_known_by_its_part_number_in_any_case_and_by_its_id() {
    let catalogue = sample_catalogue();
    let offer = &catalogue.offers()[2];
    let id = offer.sku_id.to_string().to_uppercase();
    for text in ["ENTERPRISEPACK", "enterprisepack", &id] {
        assert_eq!(product_named(&catalogue, text), Some(offer.sku_id), "{text}");
    }
    assert_eq!(product_named(&catalogue, "ENTERPRISE"), None);
    assert_eq!(product_name(&catalogue, offer.sku_id), "ENTERPRISEPACK");
}

#[test]
fn the_error_counts_rows_not_faults() {
    let fault = |line| RowFault { line, problem: RowProblem::UsageLocationMissing };
    let faults = vec![fault(2), fault(2), fault(7)];
    let error = ImportError::Faulty { faults, rows: 9, seats: Vec::new() };
    assert_eq!(error.to_string(), "nothing was imported: 2 of 9 rows are faulty");
}

#[tokio::test]
async fn good_rows_become_users_with_licences_in_one_commit() {
    let installation = Installation::new().await;
    installation.order("ENTERPRISEPACK", 2).await;
    let before = installation.app().store().head();
    let rows = "Zoë,Zoe@Contoso.example,enterprisepack,US\r\nMax,max@contoso.example,,\r\n";
    let imported = installation.import(rows, false).await.unwrap();

    let names: Vec<_> = imported.users.iter().map(|user| user.profile.user_name.as_str()).collect();
    assert_eq!(names, ["zoe@contoso.example", "max@contoso.example"]);
    let seats = SeatsNeeded { product: "ENTERPRISEPACK".to_owned(), needed: 1, free: 2 };
    assert_eq!(imported.seats, [seats]);
    let model = installation.app().models().current();
    let row = model.customer_users().get(CUSTOMER, imported.users[0].id).unwrap();
    assert_eq!((row.licenses.len(), row.has_usage_location), (1, true));
    let records = installation.app().store().read_log(before, 10).await.unwrap();
    assert_eq!(records.len(), 3);
    let first = records[0].header().commit_id;
    assert!(records.iter().all(|record| record.header().commit_id == first));
}

#[tokio::test]
async fn one_faulty_row_keeps_all_others_out_and_every_fault_is_told() {
    let installation = Installation::new().await;
    installation.order("ENTERPRISEPACK", 1).await;
    let head = installation.app().store().head();
    let rows = "Good,good@contoso.example,,\r\n\
                Taken,ADMIN@contoso.example,,\r\n\
                Elsewhere,e@other.example,,\r\n\
                Unknown,u@contoso.example,NOSUCH|ENTERPRISEPACK,US\r\n\
                Unbought,b@contoso.example,EXCHANGESTANDARD,US\r\n\
                Unbought too,b2@contoso.example,exchangestandard,US\r\n\
                Unplaced,p@contoso.example,ENTERPRISEPACK,\r\n\
                Seatless,s@contoso.example,ENTERPRISEPACK,US\r\n\
                ,nameless@contoso.example,,\r\n";
    let expected = [
        (3, "the user name is taken"),
        (4, "user names of this customer end in @contoso.example"),
        (5, "Licenses names \"NOSUCH\", which is neither a SKU part number nor a SKU id"),
        (6, "the customer has no active subscription to EXCHANGESTANDARD"),
        (7, "the customer has no active subscription to EXCHANGESTANDARD"),
        (8, "Licenses needs a usage location: fill the column Usage location or name one for all"),
        (9, "no seat of ENTERPRISEPACK is left from this row on, 1 are missing in all"),
        (10, "Display name is required"),
    ];
    let found = refused(installation.import(rows, false).await);
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
    assert_eq!(installation.app().store().head(), head);
}

#[tokio::test]
async fn skipping_faulty_rows_creates_the_good_ones_and_the_seats_of_skipped_ones_are_free() {
    let installation = Installation::new().await;
    installation.order("ENTERPRISEPACK", 1).await;
    let rows = "Elsewhere,e@other.example,ENTERPRISEPACK,US\r\n\
                First,f@contoso.example,ENTERPRISEPACK,US\r\n\
                Late,l@contoso.example,ENTERPRISEPACK,US\r\n";
    let imported = installation.import(rows, true).await.unwrap();
    let lines: Vec<_> = imported.users.iter().map(|user| user.line).collect();
    assert_eq!(lines, [3]);
    let skipped: Vec<_> = imported.skipped.iter().map(|fault| fault.line).collect();
    assert_eq!(skipped, [2, 4]);
    assert_eq!(installation.users(), 2);
}

#[tokio::test]
async fn a_file_without_a_good_row_imports_nothing_and_says_so() {
    let installation = Installation::new().await;
    let head = installation.app().store().head();
    assert_eq!(refused(installation.import("", false).await), []);
    let faults = refused(installation.import("E,e@other.example,,\r\n", true).await);
    assert_eq!(faults.len(), 1);
    assert_eq!(installation.app().store().head(), head);
}

#[tokio::test]
async fn the_same_file_a_second_time_finds_every_name_taken() {
    let installation = Installation::new().await;
    let rows = "Zoë,zoe@contoso.example,,\r\n";
    installation.import(rows, false).await.unwrap();
    let found = refused(installation.import(rows, false).await);
    assert_eq!(found, [(2, "the user name is taken".to_owned())]);
    assert_eq!(installation.users(), 2);
}

#[tokio::test]
async fn a_repeated_import_lists_the_same_users_without_passwords() {
    let installation = Installation::new().await;
    installation.order("ENTERPRISEPACK", 1).await;
    let rows = "Elsewhere,e@other.example,,\r\nZoë,zoe@contoso.example,ENTERPRISEPACK,US\r\n";
    let keys = installation.app().keys();
    let mut call = Installation::admin_call();
    let (commit_id, digest) = (keys.commit_id(&[b"once"]), keys.request_digest(rows.as_bytes()));
    call.idempotency = Some(Idempotency { commit_id, digest });
    let options = ImportOptions { skip_faulty: true, usage_location: None };
    let import = || import_users(installation.app(), &call, CUSTOMER, file(rows), &options);
    let first = import().await.unwrap();
    let head = installation.app().store().head();
    let again = import().await.unwrap();
    assert_eq!(installation.app().store().head(), head);
    assert_eq!(again.position, first.position);
    assert!(first.users[0].password.is_some() && again.users[0].password.is_none());
    assert_eq!((again.users.len(), again.users[0].id), (1, first.users[0].id));
    assert_eq!(again.users[0].products, ["ENTERPRISEPACK"]);
    assert_eq!(again.skipped, [RowFault { line: 2, problem: RowProblem::SkippedBefore }]);
}

#[tokio::test]
async fn a_hundred_rows_with_several_licences_fit_into_one_commit() {
    let installation = Installation::new().await;
    for part_number in ["ENTERPRISEPACK", "EXCHANGESTANDARD", "POWER_BI_STANDARD"] {
        installation.order(part_number, 100).await;
    }
    let row = |n| {
        format!(
            "User {n},u{n}@contoso.example,ENTERPRISEPACK|EXCHANGESTANDARD|POWER_BI_STANDARD,US"
        )
    };
    let rows: Vec<_> = (0..RowLimit::default().get()).map(row).collect();
    let imported = installation.import(&rows.join("\r\n"), false).await.unwrap();
    assert_eq!(imported.users.len(), 100);
    assert_eq!(installation.users(), 101);
}

#[tokio::test]
async fn a_caller_without_the_permission_learns_nothing_about_the_customer() {
    let installation = Installation::new().await;
    let helper = PartnerUserId::from_uuid(Uuid::from_u128(0xa3));
    let command = commands::AddPartnerUser {
        user: installation.new_partner_user(helper, "Hal Helper"),
        withhold_default_access: false,
        roles: vec![Role::HelpdeskAgent],
    };
    installation.as_admin(&OnPartner::new(PARTNER, command)).await;
    let call = Installation::call(Principal::PartnerUser { partner: PARTNER, user: helper });
    let rows = file("Taken,admin@contoso.example,,\r\n");
    let options = ImportOptions::default();
    let outcome = import_users(installation.app(), &call, CUSTOMER, rows, &options).await;
    let refused = matches!(
        outcome,
        Err(ImportError::Command(CommandError::Rejected(Rejection::Forbidden { .. })))
    );
    assert!(refused);
}

#[tokio::test]
async fn an_unknown_customer_is_refused_also_for_the_operator() {
    let installation = Installation::new().await;
    let call = Installation::call(Principal::Operator);
    let unknown = CustomerId::from_uuid(Uuid::from_u128(0xdead));
    let rows = file("A,a@contoso.example,,\r\n");
    let options = ImportOptions::default();
    let outcome = import_users(installation.app(), &call, unknown, rows, &options).await;
    let refused = matches!(
        outcome,
        Err(ImportError::Command(CommandError::Rejected(Rejection::CustomerNotFound)))
    );
    assert!(refused);
}
