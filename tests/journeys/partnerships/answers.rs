//! Who may answer a request, and what each other is told.

use tests::Api;

use super::{Companies, accept, ask, decline, path_of};

#[test]
fn only_an_indirect_reseller_with_an_account_accepts_or_declines() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let provider = companies.provider(&server);
    let link = ask(&provider).text_at("/link");
    let position = server.position();
    let direct = server.api(&companies.direct.token);
    for answer in [accept(&direct, &link), decline(&direct, &link)] {
        assert_eq!(answer.refused(400, 800_016).reason(), "not_indirect_reseller");
    }
    for answer in [accept(&provider, &link), decline(&provider, &link)] {
        assert_eq!(answer.refused(400, 2000).reason(), "partnership_with_itself");
    }
    let anonymous = server.anonymous();
    for answer in [accept(&anonymous, &link), decline(&anonymous, &link)] {
        assert_eq!(answer.status, 401, "without an account nobody signs in: {answer}");
    }
    assert_eq!(server.position(), position);
    accept(&companies.wingtip(&server), &link).expect_success();
}

#[test]
fn a_global_admin_or_an_admin_agent_answers_and_nobody_else() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let (provider, admin) = (companies.provider(&server), companies.wingtip(&server));
    let hire = |role: &str| -> Api {
        let user = admin.add_partner_user(role, &format!("{role}@wingtip.example"), &[role]);
        server.api(&admin.issue_token(&user.id))
    };
    let link = ask(&provider).text_at("/link");
    for role in ["sales_agent", "helpdesk_agent", "user_management_admin", "billing_admin"] {
        let employee = hire(role);
        for answer in [accept(&employee, &link), decline(&employee, &link)] {
            let answer = answer.refused(403, 900_150);
            assert_eq!(answer.reason(), "forbidden", "{role}");
        }
    }
    accept(&hire("admin_agent"), &link).expect_success();
}

#[test]
fn a_link_works_once_whole_and_as_long_as_the_request_is_open() {
    let companies = Companies::new();
    let server = companies.installation.serve();
    let (provider, wingtip) = (companies.provider(&server), companies.wingtip(&server));
    let declined = ask(&provider);
    decline(&wingtip, &declined.text_at("/link")).expect_success();
    let withdrawn = ask(&provider);
    let withdraw = format!("{}/withdraw", path_of(&withdrawn));
    provider.post(&withdraw, &serde_json::json!({})).expect_success();
    let position = server.position();
    for over in [&declined, &withdrawn] {
        let link = over.text_at("/link");
        for answer in [accept(&wingtip, &link), decline(&wingtip, &link)] {
            assert_eq!(answer.refused(400, 2000).reason(), "partnership_not_requested");
        }
        let half = &link[..link.len() - 8];
        assert_eq!(accept(&wingtip, half).status, 400);
    }
    assert_eq!(server.position(), position);
    let listed = wingtip.items("/v1/partnerships");
    assert_eq!(listed.len(), 1, "of what it answered, a reseller keeps the history");
    assert_eq!(listed[0]["status"], "declined");
    assert!(listed[0].get("recipient").is_none(), "the letter stays with the provider");
    let statuses: Vec<_> =
        provider.items("/v1/partnerships").iter().map(|it| it["status"].clone()).collect();
    assert_eq!(statuses, ["declined", "withdrawn"]);
}
