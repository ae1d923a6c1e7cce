//! Parameters.

use cometchat_client::{Client, ListOperation};
use test_server::{Server, answer};

use crate::{answering, only, query, refused, silent};

#[tokio::test]
async fn header_parameter() {
    let (client, server) = silent();
    client.header_parameter().x_request_id("a b").x_tags(["x".to_owned(), "y".to_owned()]).send().await.unwrap();
    let request = only(&server);
    assert!(request.head.contains("\r\nx-request-id: a b\r\n"), "{}", request.head);
    assert_eq!(request.header("x-tags"), Some("x,y"));
    refused!(client.header_parameter(), "x_request_id is missing");
    refused!(client.header_parameter().x_request_id("a\nb"), "x-request-id");
}

#[tokio::test]
async fn repeated_list() {
    let (client, server) = silent();
    client.repeated_list().tags(["a,b".to_owned(), "c".to_owned()]).ids([1, 2]).send().await.unwrap();
    assert_eq!(query(&server), "ids=1&ids=2&tags=a%2Cb&tags=c");
}

#[tokio::test]
async fn joined_list() {
    use cometchat_client::types::JoinedListKindsItem as Kind;
    let (client, server) = silent();
    let request = client.joined_list().kinds([Kind::A, Kind::B]);
    request.clone().tags(["x".to_owned(), "y".to_owned()]).ids([1, 2]).send().await.unwrap();
    assert_eq!(query(&server), "ids=1,2&kinds=a,b&tags=x,y");
    refused!(request.clone().tags(["x,y".to_owned()]), "tags");
    refused!(client.joined_list().kinds([Kind::from("c")]), "kinds must be one of a, b");
    refused!(client.joined_list(), "kinds is missing");
}

#[tokio::test]
async fn text_parameters() {
    let (client, server) = silent();
    let request = client.text_parameters().since("2020-01-01T00:00:00Z").day("2020-01-01").id("a-b");
    request.send().await.unwrap();
    assert_eq!(query(&server), "day=2020-01-01&id=a-b&since=2020-01-01T00%3A00%3A00Z");
}

#[tokio::test]
async fn scalar_parameters() {
    let (client, server) = silent();
    let request = client.scalar_parameters().a(i64::MAX).b(-1).c(u64::MAX).d(0.5).e(true).f(255).g(3_u32);
    request.send().await.unwrap();
    assert_eq!(query(&server), "a=9223372036854775807&b=-1&c=18446744073709551615&d=0.5&e=true&f=255&g=3");
    refused!(client.scalar_parameters().f(256), "f: ");
}

#[tokio::test]
async fn ranges() {
    let (client, server) = silent();
    client.ranges().a(5).b(1).d(1).send().await.unwrap();
    assert_eq!(query(&server), "a=5&b=1&d=1");
    refused!(client.ranges().a(6), "a must be at most 5, not 6");
    refused!(client.ranges().b(101), "b must be 1 to 100, not 101");
    refused!(client.ranges().d(0), "d must be at least 1, not 0");
}

#[tokio::test]
async fn exclusive_ranges() {
    let (client, server) = silent();
    let call = || client.exclusive_ranges();
    call().a(9).send().await.unwrap();
    assert_eq!(query(&server), "a=9");
    refused!(call().a(0), "a must be 1 to 9, not 0");
    refused!(call().a(10), "a must be 1 to 9, not 10");
}

#[tokio::test]
async fn lengths() {
    let (client, server) = silent();
    client.lengths().a("é é").b("A").send().await.unwrap();
    assert_eq!(query(&server), "a=%C3%A9+%C3%A9&b=A");
    refused!(client.lengths().a("a"), "a must have 2 to 3 characters, and has 1");
    refused!(client.lengths().b("123456789"), "b must have 0 to 8 characters");
}

#[tokio::test]
async fn unchecked() {
    let (client, server) = silent();
    client.unchecked().a("A").b(5.0).c(vec!["x".to_owned(), "x".to_owned()]).send().await.unwrap();
    assert_eq!(query(&server), "a=A&b=5.0&c=x&c=x");
}

#[tokio::test]
async fn item_counts() {
    let (client, server) = silent();
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    client.item_counts().a(list(&["x", "y"])).send().await.unwrap();
    assert_eq!(query(&server), "a=x&a=y");
    refused!(client.item_counts().a(list(&[])), "a must have 1 to 2 items, and has 0");
    refused!(client.item_counts().a(list(&["xyz"])), "a must have 0 to 2 characters");
}

#[tokio::test]
async fn enum_parameters() {
    let (client, server) = silent();
    client.enum_parameters().a("x").b("slow").c(2).send().await.unwrap();
    assert_eq!(query(&server), "a=x&b=slow&c=2");
    refused!(client.enum_parameters().a("z"), "a must be one of x, y, not \"z\"");
    refused!(client.enum_parameters().b("z"), "b must be one of fast, slow");
    refused!(client.enum_parameters().c(3), "c must be one of 1, 2");
}

#[tokio::test]
async fn enum_of() {
    use cometchat_client::types::Rank;
    let (client, server) = silent();
    client.enum_of().a(Rank::High).b("other").send().await.unwrap();
    assert_eq!(query(&server), "a=high&b=other");
    refused!(client.enum_of().a(Rank::Top), "a must be one of low, high, not \"top\"");
}

#[tokio::test]
async fn on_behalf_of() {
    let server = Server::with([answer(204, &[], "")]);
    let client = Client::builder().base_url(server.base_url()).api_key("key").on_behalf_of("superhero2");
    client.build().unwrap().on_behalf_of().send().await.unwrap();
    assert_eq!(only(&server).header("onBehalfOf"), Some("superhero2"));
}

#[tokio::test]
async fn id_as_filter() {
    let (client, server) = answering(r#"{"id":"far longer than twenty characters"}"#);
    let found = client.id_as_filter().group_id("a").parent_id("b").send().await.unwrap().into_inner();
    assert_eq!(found.id.as_deref(), Some("far longer than twenty characters"));
    assert_eq!(only(&server).target(), "/v3/id-as-filter/a?parentId=b");
    refused!(client.id_as_filter().group_id("a").parent_id(".."), "parentId");
}

#[tokio::test]
async fn path_scalars() {
    let (client, server) = silent();
    client.path_scalars().a("x y").b(7).c("x").send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/path-scalars/x%20y/7/x.json");
    refused!(client.path_scalars().a("..").b(7).c("x"), "a: ");
    refused!(client.path_scalars().a("a/b").b(7).c("x"), "a: ");
    refused!(client.path_scalars().a("a").b(7).c("z"), "c must be one of x, y");
}

#[tokio::test]
async fn shared_parameters() {
    let (client, server) = silent();
    client.shared_parameters().id("a").q(5).send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/shared-parameters/a?q=5");
}

#[tokio::test]
async fn path_with_query() {
    let (client, server) = silent();
    client.path_with_query().a("b").send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/path-with-query?beta=true&a=b");
}

#[tokio::test]
async fn reserved() {
    let (client, server) = silent();
    client.reserved().q("a/b").send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/reserved?q=a%2Fb");
}

#[tokio::test]
async fn undescribed_hole() {
    let (client, server) = silent();
    client.undescribed_hole().id("a").send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/undescribed-hole/a");
}

#[tokio::test]
async fn path_not_required() {
    let (client, server) = silent();
    client.path_not_required().id("a").send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/path-not-required/a");
}

#[tokio::test]
async fn object_parameter() {
    let (client, server) = silent();
    client.object_parameter().city("Bonn").age(5).deep_zip("53111").send().await.unwrap();
    assert_eq!(query(&server), "age=5&city=Bonn&deep%5Bzip%5D=53111");
}

#[tokio::test]
async fn given_twice() {
    let (client, server) = silent();
    client.given_twice().q("a").send().await.unwrap();
    assert_eq!(query(&server), "q=a");
}

#[tokio::test]
async fn content_parameter() {
    let (client, server) = silent();
    client.content_parameter().q("{}").send().await.unwrap();
    assert_eq!(query(&server), "q=%7B%7D");
}

#[tokio::test]
async fn cookie() {
    let (client, server) = silent();
    client.cookie().send().await.unwrap();
    assert_eq!(only(&server).header("cookie"), None);
}

#[tokio::test]
async fn own_headers() {
    let (client, server) = silent();
    client.own_headers().send().await.unwrap();
    assert_eq!(only(&server).header("authorization"), None);
}

#[tokio::test]
#[expect(deprecated, reason = "the spec marks it so")]
async fn deprecated_call() {
    let (client, server) = silent();
    client.deprecated_call().old("a").city("b").send().await.unwrap();
    assert_eq!(query(&server), "city=b&old=a");
}

#[tokio::test]
async fn paged() {
    let (client, server) = answering(r#"{"data":[{"id":"a"}],"meta":{"pagination":{"total_pages":1}}}"#);
    let request = client.paged();
    assert_eq!((request.page_number().unwrap(), request.page_size()), (1, Some(10)));
    let page = request.with_page(3).with_page_size(50).send_page::<cometchat_client::types::Item>().await.unwrap();
    assert_eq!(page.into_inner().items[0].id, "a");
    assert_eq!(query(&server), "page=3&size=50");
    refused!(client.paged().with_page_size(51), "size must be 1 to 50, not 51");
}

#[tokio::test]
async fn oauth() {
    let (client, server) = silent();
    client.oauth().send().await.unwrap();
    assert_eq!(only(&server).header("authorization"), None);
}
