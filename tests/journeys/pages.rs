//! The pages as a browser asks for them.

use tests::{Answer, Api, RunningServer};

/// A session of the pages, signed in with a token: the cookie.
pub(crate) fn sign_in(server: &RunningServer, token: &str) -> (Api, String) {
    let api = server.anonymous();
    let signed_in = api
        .request("POST", "/sign-in")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .raw(format!("token={token}"))
        .send()
        .expect(303);
    let cookie = signed_in.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    (api, cookie)
}

pub(crate) fn page((api, cookie): &(Api, String), path: &str) -> Answer {
    api.request("GET", path).header("Cookie", cookie).send()
}
