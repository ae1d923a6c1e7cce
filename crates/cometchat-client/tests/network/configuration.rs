//! What a client is built from: what is refused, what can be set, and what can't be undone.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cometchat_client::{Client, ClientBuilder, ErrorKind};
use test_server::{Step, answer, json};

use crate::support::{KEY, Server, in_child, page};

fn complete() -> ClientBuilder {
    Client::builder()
        .base_url("http://127.0.0.1:9/v3")
        .api_key(KEY)
}

#[test]
fn bad_input_is_refused_with_which_and_why() {
    let key = |key: &str| complete().api_key(key);
    let url = |url: &str| complete().base_url(url);
    for (builder, which, why) in [
        (key(""), "API key", "empty"),
        (key("secret-key\n"), "API key", "newline"),
        (key("secret\r\n-key"), "API key", "line break"),
        (key("secret -key"), "API key", "space"),
        (key("secret-key-é"), "API key", "no key has"),
        (
            Client::builder().base_url("http://127.0.0.1:9/v3"),
            "API key",
            "COMETCHAT_API_KEY",
        ),
        (Client::builder().api_key(KEY), "app_id", "COMETCHAT_APP_ID"),
        (
            Client::builder().api_key(KEY).app_id("app"),
            "region",
            "COMETCHAT_REGION",
        ),
        (
            Client::builder().api_key(KEY).app_id("a.b").region("us"),
            "app id",
            "host name",
        ),
        (
            Client::builder().api_key(KEY).app_id("app").region("u/s"),
            "region",
            "host name",
        ),
        (url(""), "base URL", "empty"),
        (url("chat.example/v3"), "base URL", "no scheme"),
        (url("localhost:8080/v3"), "base URL", "no scheme"),
        (
            url("ws://chat.example/v3"),
            "base URL",
            "neither https nor http",
        ),
        (
            url("https://chat.example/v3?a=secret-key"),
            "base URL",
            "query",
        ),
        (
            url("https://chat.example/v3#secret-key"),
            "base URL",
            "fragment",
        ),
        (
            url("https://secret-key@chat.example/v3"),
            "base URL",
            "user info",
        ),
        (
            url("https://a:secret-key@chat.example/v3"),
            "base URL",
            "user info",
        ),
        (
            url("http://chat.example/v3"),
            "base URL",
            "allow_plain_http",
        ),
        (url("http://0.0.0.0/v3"), "base URL", "allow_plain_http"),
        (
            url("http://localhost.chat.example/v3"),
            "base URL",
            "allow_plain_http",
        ),
        (url("http://[::2]/v3"), "base URL", "allow_plain_http"),
        (url("https://chat.example:x/v3"), "base URL", "port"),
        (url("https://chat example/v3"), "base URL", "white space"),
        (complete().on_behalf_of(""), "act for", "header"),
        (complete().on_behalf_of("a\nb"), "act for", "header"),
        (
            complete().requests_per_minute(0),
            "requests_per_minute",
            "zero",
        ),
        (
            complete().connect_timeout(Duration::ZERO),
            "connect_timeout",
            "zero",
        ),
        (
            complete().attempt_timeout(Duration::ZERO),
            "attempt_timeout",
            "zero",
        ),
        (
            complete().call_timeout(Duration::ZERO),
            "call_timeout",
            "zero",
        ),
        (
            complete().max_response_bytes(0),
            "max_response_bytes",
            "zero",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Config, 0));
        let text = format!("{error} {error:?} {error:#?}");
        assert!(
            text.contains(which) && text.contains(why),
            "{which}, {why}: {text}"
        );
        assert!(!text.contains("secret") && !text.contains(KEY), "{text}");
    }
}

#[test]
fn what_the_http_client_refuses_is_an_error() {
    let builder = complete().configure_http(|http| http.user_agent("a\nb"));
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains(".configure_http("), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn a_request_that_the_http_client_refuses_is_made_once() {
    let server = Server::with([page()]);
    let client = server.client().configure_http(|http| http.https_only(true));
    let client = client.build().unwrap();
    let list = client.list_group_members().guid("supergroup");
    let error = list.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
    assert!(!error.is_retryable());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn every_request_says_who_asks_and_nothing_of_this_document() {
    let server = Server::with([page()]);
    let client = server.client().on_behalf_of("superhero1").build().unwrap();
    client
        .list_group_members()
        .guid("supergroup")
        .send()
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.target(), "/v3/groups/supergroup/members");
    assert_eq!(request.header("apikey"), Some(KEY));
    assert_eq!(request.header("onBehalfOf"), Some("superhero1"));
    assert_eq!(request.header("api-version"), None);
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("cometchat-rust/")
    );
    assert_eq!(request.head.matches(KEY).count(), 1);
}

/// What users set on the HTTP client is there, but what this crate promises is set after it.
#[tokio::test]
async fn what_is_promised_can_not_be_undone() {
    let server = Server::with([vec![Step::Hang], page()]);
    let client = server
        .client()
        .attempt_timeout(Duration::from_millis(500))
        .configure_http(|http| {
            let mut headers = reqwest::header::HeaderMap::new();
            headers.insert("x-tenant", "blue".parse().unwrap());
            headers.insert("apikey", "another".parse().unwrap());
            http.default_headers(headers)
                .timeout(Duration::from_secs(3600))
                .connection_verbose(true)
        })
        .build()
        .unwrap();
    let list = client.list_group_members().guid("supergroup");
    assert_eq!(list.send().await.unwrap().attempts(), 2);
    for request in server.requests() {
        assert_eq!(request.header("x-tenant"), Some("blue"));
        assert_eq!(request.header("apikey"), Some(KEY));
        assert_eq!(request.head.matches("apikey").count(), 1);
    }
}

#[tokio::test]
async fn a_proxy_that_is_asked_for_is_used() {
    let proxy = Server::with([page()]);
    let server = Server::with([json(500, "{}")]);
    let address = format!("http://{}", proxy.address());
    let client = server
        .client()
        .configure_http(move |http| http.proxy(reqwest::Proxy::all(&address).unwrap()));
    let client = client.build().unwrap();
    client
        .list_group_members()
        .guid("supergroup")
        .send()
        .await
        .unwrap();
    assert_eq!((proxy.requests().len(), server.connections()), (1, 0));
}

/// The environment is a process's own, so this test runs itself in another one.
#[tokio::test]
async fn the_environment_configures_a_client_and_its_proxy_does_not_see_the_key() {
    const NAME: &str =
        "configuration::the_environment_configures_a_client_and_its_proxy_does_not_see_the_key";
    if std::env::var_os("COMETCHAT_TEST_CHILD").is_some() {
        let client: Client = ClientBuilder::from_env().unwrap().build().unwrap();
        let list = client.list_group_members().guid("supergroup");
        assert_eq!(list.send().await.unwrap().body().data[0].uid, "superhero2");
        return;
    }
    let proxy = Server::with([json(500, "{}")]);
    let server = Server::with([page()]);
    let address = format!("http://{}", proxy.address());
    let base_url = format!("http://{}/v3/", server.address());
    let variables = [
        ("HTTP_PROXY", address.as_str()),
        ("http_proxy", &address),
        ("ALL_PROXY", &address),
        ("COMETCHAT_APP_ID", ""),
        ("COMETCHAT_REGION", ""),
        ("COMETCHAT_BASE_URL", &base_url),
        ("COMETCHAT_API_KEY", KEY),
        ("COMETCHAT_ON_BEHALF_OF", "superhero1"),
    ];
    in_child(NAME, "", &variables).await;
    assert_eq!(proxy.connections(), 0);
    let request = &server.requests()[0];
    assert_eq!(request.target(), "/v3/groups/supergroup/members");
    assert_eq!(request.header("apikey"), Some(KEY));
    assert_eq!(request.header("onbehalfof"), Some("superhero1"));
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[tokio::test]
async fn https_needs_a_tls_feature() {
    let builder = Client::builder()
        .base_url("https://chat.example/v3")
        .api_key(KEY);
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.to_string().contains("Enable the feature rustls"),
        "{error}"
    );
}

#[tokio::test]
async fn every_listener_hears_every_event() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let server = Server::with([page()]);
    let mut builder = server.client();
    for name in ["first", "second"] {
        let heard = heard.clone();
        builder = builder.on_event(move |_| heard.lock().unwrap().push(name));
    }
    let list = builder
        .build()
        .unwrap()
        .list_group_members()
        .guid("supergroup");
    list.send().await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["first", "second"]);
}

#[tokio::test]
async fn a_header_is_added_to_a_clones_requests() {
    let server = Server::with([answer(200, &[("X-Request-Id", "r1")], r#"{"data":[]}"#)]);
    let client = server.client().build().unwrap();
    let traced = client.with_header("x-trace", "1").unwrap();
    let traced = traced.with_header("X-Trace", "s3cr3t").unwrap();
    for client in [&traced, &client] {
        let list = client.list_group_members().guid("supergroup");
        let response = list.send().await.unwrap();
        assert_eq!(response.header("X-REQUEST-ID"), Some("r1"));
        assert_eq!(response.request_id(), Some("r1"));
        assert_eq!(response.header("x-other"), None);
    }
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| request.header("x-trace"))
        .collect();
    assert_eq!(sent, [Some("s3cr3t"), None]);
    assert!(
        requests
            .iter()
            .all(|request| request.header("apikey") == Some(KEY))
    );
    assert!(!format!("{traced:?}").contains("s3cr3t"));
}

#[tokio::test]
async fn a_header_of_the_clients_own_is_refused() {
    let client = Server::with([page()]).client().build().unwrap();
    for (name, value) in [
        ("APIKEY", "another"),
        ("onBehalfOf", "superhero1"),
        ("Host", "chat.example"),
        ("content-length", "5"),
        ("accept-encoding", "br"),
        ("a name", "a"),
        ("", "a"),
        ("x-a", "a\nb"),
    ] {
        let error = client.with_header(name, value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
        assert!(!error.to_string().contains(KEY));
    }
}

/// A future of some kilobytes is copied each time that it is moved into another one.
#[tokio::test]
async fn the_future_of_a_call_is_small() {
    let client = Server::with([page()]).client().build().unwrap();
    let call = client.list_group_members().guid("supergroup").send();
    let size = size_of_val(&call);
    assert!(size <= 2560, "{size} bytes");
}
