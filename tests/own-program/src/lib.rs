//! The five operations of `additions.yaml`, in a program that depends on `cometchat` and generates its client when it is
//! built: nothing here or in the crates was written for them but these tests.
#![cfg(test)]

use cometchat::{Client, ErrorKind, PageOptions, RetryPolicy, types};
use test_server::{Reply, Request, Server, answer, json};

fn client(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Client, Server) {
    let server = Server::start(script);
    let client = Client::builder().base_url(server.base_url()).api_key("the-key").retry(RetryPolicy::none());
    (client.build().unwrap(), server)
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
    let error = create("far too long").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let error = client.api().delete_widget().sku("..").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].body, br#"{"name":"A","size":{"unit":"mm"}}"#);
    assert_eq!(requests[2].target(), "/v3/widgets/a%20b");
}

#[tokio::test]
async fn an_image_comes_as_bytes() {
    let (client, _server) = client(|_| answer(200, &[], [137, 80]));
    let image = client.api().get_widget_image().sku("a").send().await.unwrap().into_inner();
    assert_eq!(image.collect().await.unwrap(), [137, 80]);
}
