//! A redirect is an error: whoever it points to would get the key.

use cometchat_client::ErrorKind;
use test_server::answer;

use crate::support::{Server, page};

#[tokio::test]
async fn no_redirect_is_followed() {
    let other = Server::with([page()]);
    for status in [301, 302, 303, 307, 308] {
        for location in [
            format!("http://{}/v3/groups/supergroup/members", other.address()),
            format!("//{}/v3", other.address()),
            "/v3/elsewhere".to_owned(),
            "http://[".to_owned(),
        ] {
            let headers = [("Location", location.as_str())];
            let server = Server::with([answer(status, &headers, "")]);
            // Not even where somebody asks for it.
            let builder = server.client().configure_http(|http| {
                http.redirect(reqwest::redirect::Policy::limited(10))
                    .referer(true)
            });
            let client = builder.build().unwrap();
            let list = client.list_group_members().guid("supergroup");
            let error = list.send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Redirect, "{status} {location}");
            assert_eq!((error.status(), error.attempts()), (Some(status), 1));
            assert!(!error.is_retryable());
            let text = format!("{error} {error:?}");
            assert!(
                text.contains(&format!("answered {status}, a redirect")),
                "{text}"
            );
            assert!(!text.contains(&location), "{text}");
            let requests = server.requests();
            assert_eq!(requests.len(), 1);
            assert_eq!(requests[0].header("referer"), None);
        }
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_status_of_redirects_without_an_address_is_one_too() {
    let server = Server::with([answer(304, &[], "")]);
    let client = server.client().build().unwrap();
    let list = client.list_banned_users().guid("supergroup");
    let error = list.send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Redirect, Some(304))
    );
}
