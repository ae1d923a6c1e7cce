//! Bodies of requests.

use cometchat_client::types;

use crate::{answering, body, only, refused, silent};

#[tokio::test]
async fn inline_body() {
    let (client, server) = silent();
    let mut address = types::InlineBodyBodyAddress::default();
    address.city = Some("Bonn".to_owned());
    client.inline_body().body_map(|body| body.name("a").address(Some(address))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"address":{"city":"Bonn"},"name":"a"}"#);
    assert_eq!(only(&server).header("content-type"), Some("application/json"));
    refused!(client.inline_body(), "body is missing");
    refused!(client.inline_body().body_map(|body| body), "name");
}

#[tokio::test]
async fn text_formats_in_body() {
    let (client, server) = silent();
    client.text_formats_in_body().body_map(|body| body.id("a").at(Some("now".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"at":"now","id":"a"}"#);
    refused!(client.text_formats_in_body().body_map(|body| body.id("a").slug(Some("A".to_owned()))), "slug must match");
}

#[tokio::test]
async fn body_constraints() {
    let (client, server) = silent();
    let named = |name: &str| client.body_constraints().body_map(|body| body.name(name));
    named("abc").send().await.unwrap();
    assert_eq!(body(&server), r#"{"name":"abc"}"#);
    refused!(named("abcd"), "name must have 0 to 3 characters, and has 4");
    refused!(named("a").body_map(|body| body.age(Some(17))), "age must be at least 18, not 17");
    refused!(named("a").body_map(|body| body.tags(["a".to_owned(), "b".to_owned()])), "tags must have 0 to 1 items");
    refused!(named("a").body_map(|body| body.role(Some("boss".into()))), "role must be one of admin, user");
    let mut inner = types::BodyConstraintsBodyInner::default();
    inner.size = Some(0);
    refused!(named("a").body_map(|body| body.inner(Some(inner))), "inner.size must be 1 to 100, not 0");
}

#[tokio::test]
async fn body_ranges() {
    let (client, server) = silent();
    let priced = |price: f64| client.body_ranges().body_map(|body| body.price(price));
    priced(1.15).body_map(|body| body.share(Some(0.5)).counts([-10, 90])).send().await.unwrap();
    assert_eq!(body(&server), r#"{"counts":[-10,90],"price":1.15,"share":0.5}"#);
    refused!(priced(0.0), "price must be more than 0, not 0");
    refused!(priced(1.0).body_map(|body| body.share(Some(1.0))), "share must be at least 0 and less than 1, not 1");
    refused!(priced(1.0).body_map(|body| body.counts([100])), "counts must be at most 99, not 100");
    let mut inner = types::BodyRangesBodyInner::default();
    inner.share = Some(1.5);
    refused!(priced(1.0).body_map(|body| body.inner(Some(inner))), "inner.share must be at least 0 and less than 1");
}

#[tokio::test]
#[expect(deprecated, reason = "the spec marks it so")]
async fn deprecated_body_field() {
    let (client, server) = silent();
    let call = || client.deprecated_body_field().body_map(|body| body.name("a"));
    call().body_map(|body| body.old(Some("b".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"name":"a","old":"b"}"#);
    let mut older = types::DeprecatedBodyFieldBodyOlder::default();
    older.a = Some("long".to_owned());
    refused!(call().body_map(|body| body.older(Some(older))), "older.a must have 0 to 3 characters");
}

#[tokio::test]
async fn enum_default_in_body() {
    let (client, server) = silent();
    client.enum_default_in_body().body(types::EnumDefaultInBodyBody::default()).send().await.unwrap();
    assert_eq!(body(&server), "{}");
}

#[tokio::test]
async fn optional_body() {
    let (client, server) = silent();
    client.optional_body().send().await.unwrap();
    assert_eq!((body(&server).as_str(), only(&server).header("content-type")), ("", None));
    let (client, server) = silent();
    client.optional_body().body_map(|body| body.a(Some("b".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"a":"b"}"#);
}

#[tokio::test]
async fn list_body() {
    let (client, server) = silent();
    let mut item = types::ListBodyBodyItem::default();
    item.a = Some("b".to_owned());
    client.list_body().body([item]).send().await.unwrap();
    assert_eq!(body(&server), r#"[{"a":"b"}]"#);
}

#[tokio::test]
async fn form_body() {
    let (client, server) = silent();
    client.form_body().body_map(|body| body.a("x y").b(Some(2))).send().await.unwrap();
    assert_eq!(body(&server), "a=x+y&b=2");
    assert_eq!(only(&server).header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn raw_bodies() {
    let (client, server) = silent();
    client.put_bytes().body([0, 255]).send().await.unwrap();
    assert_eq!((only(&server).body, only(&server).header("content-type")), (vec![0, 255], Some("image/png")));
    let (client, server) = silent();
    client.put_text().body("hello").send().await.unwrap();
    assert_eq!((body(&server).as_str(), only(&server).header("content-type")), ("hello", Some("text/plain")));
}

#[tokio::test]
async fn json_beside_form() {
    let (client, server) = silent();
    client.json_beside_form().body_map(|body| body.a(Some("b".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"a":"b"}"#);
}

#[tokio::test]
async fn shared_type() {
    let (client, server) = answering(r#"{"id":"longer","note":null}"#);
    let found = client.shared_type().body_map(|body| body.id("a")).send().await.unwrap().into_inner();
    assert_eq!((found.id.as_str(), found.note.as_deref()), ("longer", None));
    assert_eq!(body(&server), r#"{"id":"a"}"#);
}
