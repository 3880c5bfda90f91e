//! Device lists and profiles of a customer.

use serde_json::{Value, json};
use tests::fresh_guid;

use super::{Market, Visit, refuses_each};

fn list() -> Value {
    json!({
        "name": "Front desk",
        "devices": [{ "serialNumber": "SN-1", "productKey": "00329-00000" }, { "serialNumber": "SN-2" }],
    })
}

fn policy() -> Value {
    json!({ "name": "Plain", "policySettings": ["skip_eula", "OobeUserNotAdmin"] })
}

#[test]
fn devices_are_registered_and_set_up_by_profiles() {
    let market = Market::open();
    let customer = market.provider.create_customer("Relecloud", "relecloud.example");
    let api = &market.provider;
    let batches = format!("{}/deviceBatches", customer.path);
    let key = fresh_guid();
    let create = || api.request("POST", &batches).key(&key).json(&list()).send().expect(201);
    let batch = create();
    assert_eq!(batch.json()["deviceCount"], 2);
    assert_eq!(create().text_at("/id"), batch.text_at("/id"));
    let before = market.server.position();
    let devices = format!("{batches}/{}/devices", batch.text_at("/id"));
    let more = json!({ "devices": [{ "serialNumber": "SN-3" }] });
    assert_eq!(api.post(&devices, &more).expect(201).json()["deviceCount"], 3);
    assert_eq!(api.items(&format!("{devices}?asOf={before}")).len(), 2);

    let policies = format!("{}/policies", customer.path);
    let created = api.post(&policies, &policy()).expect(201);
    assert_eq!(created.json()["policySettings"], json!(["oobe_user_not_admin", "skip_eula"]));
    let policy_path = format!("{policies}/{}", created.text_at("/id"));
    let ids: Vec<Value> = api.items(&devices).iter().map(|device| device["id"].clone()).collect();
    let applied = api.post(&format!("{policy_path}/devices"), &json!({ "deviceIds": ids }));
    assert_eq!(applied.expect(200).json()["devicesAssignedCount"], 3);
    assert_eq!(api.delete(&policy_path).refused(400, 2000).reason(), "device_profile_in_use");
    assert_eq!(api.items(&devices)[0]["policies"][0]["value"], created.json()["id"]);
    for id in &ids {
        let id = id.as_str().unwrap();
        api.delete(&format!("{}/devices/{id}/policy", customer.path)).expect(204);
    }
    let renamed = json!({ "name": "Plainer", "policySettings": ["skip_eula"] });
    assert_eq!(api.put(&policy_path, &renamed).expect(200).text_at("/name"), "Plainer");
    api.delete(&policy_path).expect(204);
    api.get(&policy_path).refused(404, 1000);
    let first = ids[0].as_str().unwrap();
    api.delete(&format!("{devices}/{first}")).expect(204);
    api.delete(&format!("{devices}/{first}")).refused(404, 1000);
    assert_eq!(api.items(&devices).len(), 2);
    let history = api.get("/v1/history").expect(200).text;
    assert!(history.contains("DeviceProfileApplied") && history.contains("SN-3"), "{history}");
}

#[test]
fn admin_agents_manage_devices_and_sales_agents_see_them() {
    let market = Market::open();
    let customer = market.provider.create_customer("Relecloud", "relecloud.example");
    let batches = format!("{}/deviceBatches", customer.path);
    let policies = format!("{}/policies", customer.path);
    for (role, sees, manages) in [
        ("admin_agent", true, true),
        ("sales_agent", true, false),
        ("helpdesk_agent", false, false),
        ("billing_admin", false, false),
        ("user_management_admin", false, false),
    ] {
        let (staff, _) = market.hire(&market.provider, role);
        for path in [&batches, &policies] {
            if sees {
                staff.get(path).expect(200);
            } else {
                staff.get(path).refused(403, 900_150);
            }
        }
        for (path, body) in [(&batches, list()), (&policies, policy())] {
            let answer = staff.post(path, &body);
            if manages {
                answer.expect(201);
            } else {
                answer.refused(403, 900_150);
            }
        }
    }
}

#[test]
fn faulty_devices_and_profiles_are_refused_by_name_and_change_nothing() {
    let market = Market::open();
    let (api, server) = (&market.provider, &market.server);
    let customer = api.create_customer("Relecloud", "relecloud.example");
    let batches = format!("{}/deviceBatches", customer.path);
    let batch = api.post(&batches, &list()).expect(201).text_at("/id");
    let mut other = list();
    other["devices"][0]["serialNumber"] = json!("SN-8");
    other["devices"][1]["serialNumber"] = json!("SN-9");
    let wrong = [
        ("/name", json!(null), 2001),
        ("/name", json!("x".repeat(201)), 2000),
        ("/devices", json!("SN-1"), 2000),
        ("/devices/0/serialNumber", json!(null), 2001),
        ("/devices/0/serialNumber", json!("SN 1"), 2000),
        ("/devices/0/serialNumber", json!("x".repeat(65)), 2000),
        ("/devices/1/serialNumber", json!(7), 2000),
        ("/devices/0/productKey", json!("a b"), 2000),
    ];
    refuses_each(api, server, &batches, &other, &wrong);
    let policies = format!("{}/policies", customer.path);
    let wrong = [
        ("/name", json!(" "), 2001),
        ("/policySettings", json!(null), 2001),
        ("/policySettings", json!("skip_eula"), 2000),
        ("/policySettings", json!(["fly"]), 900_126),
    ];
    refuses_each(api, server, &policies, &policy(), &wrong);
    let position = server.position();
    let taken = api.post(&batches, &list()).refused(409, 2000);
    assert_eq!(taken.reason(), "serial_number_taken");
    let none = json!({ "name": "None", "devices": [] });
    assert_eq!(api.post(&batches, &none).refused(400, 2000).reason(), "no_devices");
    let many: Vec<Value> =
        (0..251).map(|number| json!({ "serialNumber": format!("M-{number}") })).collect();
    let many = json!({ "name": "Many", "devices": many });
    assert_eq!(api.post(&batches, &many).refused(400, 2000).reason(), "too_many_devices");
    let empty = json!({ "name": "Empty", "policySettings": [] });
    assert_eq!(api.post(&policies, &empty).refused(400, 2000).reason(), "no_settings");
    let nobody = fresh_guid();
    let more = json!({ "devices": [{ "serialNumber": "SN-7" }] });
    api.post(&format!("{batches}/{nobody}/devices"), &more).refused(404, 1000);
    api.get(&format!("{batches}/{nobody}/devices")).refused(404, 1000);
    api.delete(&format!("{batches}/{batch}/devices/{nobody}")).refused(404, 1000);
    api.delete(&format!("{}/devices/{nobody}/policy", customer.path)).refused(404, 1000);
    let apply = json!({ "deviceIds": [nobody] });
    api.post(&format!("{policies}/{nobody}/devices"), &apply).refused(404, 1000);
    assert_eq!(server.position(), position, "nothing was changed");
}

#[test]
fn devices_are_registered_and_set_up_on_the_page() {
    let market = Market::open();
    let customer = market.provider.create_customer("Relecloud", "relecloud.example");
    let (_, token) = market.hire(&market.provider, "admin_agent");
    let agent = Visit::begin(&market.server, &token);
    let page = format!("/customers/{}/devices", customer.id);
    let lists = format!("{page}/lists");
    let faulty = [("name", "Front desk"), ("devices", "SN-1, 00329\nSN 2")];
    let answer = agent.submit(&page, &lists, &faulty).expect(422).text;
    assert!(answer.contains("line 2") && answer.contains("SN-1, 00329"), "{answer}");
    let fields = [("name", "Front desk"), ("devices", "SN-1, 00329\nSN-2")];
    agent.submit(&page, &lists, &fields).expect(303);
    let fields = [("profile_name", "Plain"), ("setting", "skip_eula")];
    agent.submit(&page, &format!("{page}/profiles"), &fields).expect(303);
    let shown = agent.get(&page).expect(200).text;
    assert!(shown.contains("SN-2") && shown.contains("Accept licence terms beforehand"), "{shown}");
    let id = |mark: &str| {
        let (_, rest) = shown.split_once(mark).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (device, profile) = (id("data-device=\""), id("data-profile=\""));
    let fields = [("device", device.as_str()), ("profile", profile.as_str())];
    agent.submit(&page, &format!("{page}/apply"), &fields).expect(303);
    agent.submit(&page, &format!("{page}/withdraw"), &fields).expect(303);
    agent.submit(&page, &format!("{page}/{device}/remove"), &[]).expect(303);
    assert!(!agent.get(&page).expect(200).text.contains(&device));
    // The two were registered at one moment: either may stand first.
    let (_, row) = shown.split_once(&device).unwrap();
    let left = if row.find("SN-1") < row.find("SN-2") { "SN-2" } else { "SN-1" };
    let (_, token) = market.hire(&market.provider, "sales_agent");
    let seller = Visit::begin(&market.server, &token).get(&page).expect(200).text;
    assert!(seller.contains(left) && !seller.contains("Register devices"), "{seller}");
}
