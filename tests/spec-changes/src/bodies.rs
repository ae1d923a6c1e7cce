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
    refused!(client.inline_body(), "no value supplied for name");
}

#[tokio::test]
async fn text_formats_in_body() {
    let (client, server) = silent();
    client.text_formats_in_body().body_map(|body| body.id("a").at(Some("now".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"at":"now","id":"a"}"#);
}

#[tokio::test]
async fn body_constraints() {
    let (client, server) = silent();
    let named = |name: &str| client.body_constraints().body_map(|body| body.name(name));
    named("abc").send().await.unwrap();
    assert_eq!(body(&server), r#"{"name":"abc"}"#);
    // The service checks bodies.
    named("abcd").body_map(|body| body.age(Some(17))).send().await.unwrap();
}

#[tokio::test]
#[expect(deprecated, reason = "the spec marks it so")]
async fn deprecated_body_field() {
    let (client, server) = silent();
    let call = || client.deprecated_body_field().body_map(|body| body.name("a"));
    call().body_map(|body| body.old(Some("b".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"name":"a","old":"b"}"#);
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
    client.optional_body().body_map(|body| body.a(Some("b".to_owned()))).send().await.unwrap();
    assert_eq!(body(&server), r#"{"a":"b"}"#);
}

#[tokio::test]
async fn braces_in_names() {
    let (client, server) = silent();
    let call = client.braces_in_names().filter_field(5).body_map(|body| body.x("a").y_0(Some(1)));
    call.send().await.unwrap();
    assert_eq!(body(&server), r#"{"{x}":"a","y{0}":1}"#);
    assert_eq!(only(&server).target(), "/v3/braces-in-names?filter%5B%7Bfield%7D%5D=5");
    refused!(client.braces_in_names().filter_field(6), "filter[{field}]");
    refused!(client.braces_in_names().filter_field(5), "no value supplied for x");
}

#[tokio::test]
async fn read_only() {
    let (client, server) = silent();
    client.read_only().body_map(|body| body.name("a")).send().await.unwrap();
    assert_eq!(body(&server), r#"{"name":"a"}"#);
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
    client.put_bytes().body(vec![0, 255]).send().await.unwrap();
    assert_eq!((only(&server).body, only(&server).header("content-type")), (vec![0, 255], Some("application/octet-stream")));
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
