//! The operations of docs/adding-an-endpoint.md and the five of `additions.yaml`, in a program that depends on `cometchat`
//! and generates its client when it is built: nothing here or in the crates was written for them but these tests.
#![cfg(test)]

use std::time::Duration;

use cometchat::{Client, ErrorKind, PageOptions, RetryPolicy, types};
use test_server::{Reply, Request, Server, Step, answer, json, send};

fn client(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Client, Server) {
    let server = Server::start(script);
    let retry = RetryPolicy::default().min_backoff(Duration::from_millis(1));
    let client = Client::builder().base_url(server.base_url()).api_key("the-key").retry(retry);
    (client.build().unwrap(), server)
}

#[tokio::test]
async fn the_list_of_the_guide_is_paged_and_retried() {
    let (client, server) = client(|request| match (request.number, request.page()) {
        (0, _) => answer(502, &[], "<html>bad gateway</html>"),
        (_, page) => {
            let row = format!(r#"{{"uid":"u{page}","blockedAt":1638346853,"new":1}}"#);
            json(200, format!(r#"{{"data":[{row}],"meta":{{"pagination":{{"total_pages":2}}}}}}"#))
        }
    });
    let request = client.api().list_blocked_users().uid("superhero1").per_page(1);
    let mut pages = cometchat::pages(request.clone(), PageOptions::default().prefetch(8));
    let mut users: Vec<types::BlockedUser> = Vec::new();
    while let Some(page) = pages.next().await {
        users.extend(page.unwrap().items);
    }
    let uids: Vec<_> = users.iter().map(|user| user.uid.as_str()).collect();
    assert_eq!(uids, ["u1", "u2"]);
    let first = server.pages().into_iter().filter(|page| *page == 1);
    assert_eq!(first.count(), 2, "the first page is requested again after the 502");
    let all = cometchat::List::new(request).collect_all().await.unwrap();
    assert_eq!(all.len(), 2);
    for request in server.requests() {
        assert_eq!(request.path(), "/v3/users/superhero1/blockedusers");
        assert_eq!(request.header("apikey"), Some("the-key"));
    }
    let error = client.api().list_blocked_users().uid("../groups").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn the_put_of_the_guide_is_retried() {
    let (client, server) = client(|request| match request.number {
        0 => answer(503, &[], ""),
        _ => json(200, r#"{"data":{"uid":"superhero1","name":"Iron Man"}}"#),
    });
    let update = client.api().update_user().uid("superhero1");
    let result = update.body_map(|body| body.name("Iron Man".to_owned())).send().await.unwrap();
    assert_eq!(result.attempts(), 2);
    let user: types::User = result.into_inner().data.unwrap();
    assert_eq!(user.name.as_deref(), Some("Iron Man"));
    for request in server.requests() {
        assert_eq!((request.method(), request.target()), ("PUT", "/v3/users/superhero1"));
        assert_eq!(request.body, br#"{"name":"Iron Man"}"#);
    }
}

#[tokio::test]
async fn a_post_is_sent_once() {
    let (client, server) = client(|_| answer(503, &[], ""));
    let create = client.api().create_widget().body_map(|body| body.name("A"));
    let error = create.send().await.unwrap_err();
    assert_eq!((error.status(), error.attempts(), server.requests().len()), (Some(503), 1, 1));
}

#[tokio::test]
async fn a_list_of_another_shape_is_paged() {
    let (client, server) = client(|request| {
        let page = request.parameter("p").unwrap();
        let row = format!(r#"{{"sku":"a{page}","name":null,"parts":[{{"maker":{{"city":"Bonn"}}}}],"new":1}}"#);
        json(200, format!(r#"{{"rows":[{row}],"paging":{{"total_pages":2}}}}"#))
    });
    let request = client.api().list_widgets().limit(1);
    let mut pages = cometchat::pages(request, PageOptions::default());
    let mut widgets: Vec<types::Widget> = Vec::new();
    while let Some(page) = pages.next().await {
        widgets.extend(page.unwrap().items);
    }
    let skus: Vec<_> = widgets.iter().map(|widget| widget.sku.as_str()).collect();
    assert_eq!(skus, ["a1", "a2"]);
    let maker = widgets[0].parts[0].maker.as_ref().unwrap();
    assert_eq!((maker.city.as_deref(), widgets[0].name.as_deref()), (Some("Bonn"), None));
    for (request, page) in server.requests().iter().zip(1..) {
        assert_eq!(request.target(), format!("/v3/widgets?limit=1&p={page}"));
        assert_eq!(request.header("apikey"), Some("the-key"));
    }
}

#[tokio::test]
async fn a_widget_is_posted_read_and_deleted() {
    let (client, server) = client(|request| match request.method() {
        "POST" => json(201, r#"{"sku":"a","name":"A"}"#),
        "DELETE" => answer(204, &[], ""),
        _ => json(200, r#"{"sku":"a"}"#),
    });
    let mut size = types::CreateWidgetBodySize::default();
    size.unit = Some("mm".into());
    let create = |name: &str| client.api().create_widget().body_map(|body| body.name(name));
    let created = create("A").body_map(|body| body.size(Some(size))).send().await.unwrap();
    assert_eq!(created.into_inner().sku, "a");
    assert_eq!(client.api().get_widget().sku("a").send().await.unwrap().into_inner().name, None);
    assert_eq!(client.api().delete_widget().sku("a b").send().await.unwrap().status(), 204);
    let error = client.api().delete_widget().sku("..").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].body, br#"{"name":"A","size":{"unit":"mm"}}"#);
    assert_eq!(requests[2].target(), "/v3/widgets/a%20b");
}

/// Converts into no widget.
struct Wrong;

impl TryFrom<Wrong> for types::CreateWidgetBody {
    type Error = &'static str;

    fn try_from(_: Wrong) -> Result<Self, Self::Error> {
        Err("that is no widget")
    }
}

#[tokio::test]
async fn the_first_error_of_a_body_is_kept() {
    let (client, server) = client(|_| json(201, r#"{"sku":"a"}"#));
    let create = client.api().create_widget();
    for (request, reason) in [
        (create.clone(), "no value supplied for name"),
        (create.clone().body(Wrong), "conversion to `CreateWidgetBody` for body failed: that is no widget"),
        (
            create.clone().body(Wrong).body_map(|body| body.name("A")),
            "conversion to `CreateWidgetBody` for body failed: that is no widget",
        ),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!((error.kind(), error.summary()), (ErrorKind::InvalidRequest, reason));
    }
    let again = create.body(Wrong).body(types::builder::CreateWidgetBody::default().name("A"));
    again.send().await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_image_comes_as_bytes() {
    let (client, _server) = client(|_| answer(200, &[], [137, 80]));
    let image = client.api().get_widget_image().sku("a").send().await.unwrap().into_inner();
    assert_eq!(image.collect().await.unwrap(), [137, 80]);
}

#[tokio::test(start_paused = true)]
async fn an_image_is_streamed_and_retried_until_its_first_part() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n";
    let (client, server) = client(move |request| match request.number {
        0 => vec![send(head), Step::Close],
        _ => vec![send(format!("{head}a")), Step::Sleep(Duration::from_secs(20)), send("b"), Step::Hang],
    });
    let started = tokio::time::Instant::now();
    let response = client.api().get_widget_image().sku("a").send().await.unwrap();
    assert_eq!(response.attempts(), 2);
    let mut image = response.into_inner();
    assert_eq!(image.next().await.unwrap().unwrap(), b"a");
    assert!(started.elapsed() < Duration::from_secs(20));
    assert_eq!(image.next().await.unwrap().unwrap(), b"b");
    let error = image.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert!(error.to_string().starts_with("getWidgetImage sku \"a\": "), "{error}");
    assert!(image.next().await.is_none());
    assert_eq!(server.requests().len(), 2);
}
