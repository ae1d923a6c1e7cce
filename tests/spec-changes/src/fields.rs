//! Fields of responses.

use crate::answering;

/// Sends the operation, and gives what came back.
macro_rules! decoded {
    ($operation:ident, $body:expr) => {{
        let (client, _server) = answering($body);
        client.$operation().send().await.unwrap().into_inner()
    }};
}

#[tokio::test]
async fn nullable_field() {
    let found = decoded!(nullable_field, r#"{"nick":null,"age":7}"#);
    assert_eq!((found.nick, found.age), (None, Some(7)));
}

#[tokio::test]
async fn nullable_list() {
    assert!(decoded!(nullable_list, r#"{"tags":null}"#).tags.is_empty());
    assert_eq!(decoded!(nullable_list, r#"{"tags":["a"]}"#).tags, ["a"]);
}

#[tokio::test]
async fn integer_formats() {
    let found = decoded!(integer_formats, r#"{"a":5000000000,"b":70000,"c":-1,"d":2}"#);
    assert_eq!((found.a, found.b, found.c, found.d), (Some(5_000_000_000), Some(70_000), Some(-1), Some(2)));
}

#[tokio::test]
async fn number_formats() {
    let found = decoded!(number_formats, r#"{"a":0.1,"b":2,"c":1e300}"#);
    assert_eq!((found.a, found.b, found.c), (Some(0.1), Some(2.0), Some(1e300)));
}

#[tokio::test]
async fn text_formats() {
    let found = decoded!(text_formats, r#"{"a":"yesterday","b":"x","c":"not-a-uuid","d":"::","e":"@","f":"999"}"#);
    assert_eq!((found.a.as_deref(), found.c.as_deref(), found.f.as_deref()), (Some("yesterday"), Some("not-a-uuid"), Some("999")));
}

#[tokio::test]
async fn response_constraints() {
    let found = decoded!(response_constraints, r#"{"a":99,"b":"TOO LONG","c":["x","x"]}"#);
    assert_eq!((found.a, found.b.as_deref(), found.c.len()), (Some(99), Some("TOO LONG"), 2));
}

#[tokio::test]
async fn response_default() {
    let found = decoded!(response_default, "{}");
    assert_eq!((found.a, found.b, found.c), (None, None, None));
}

#[tokio::test]
async fn inline_object() {
    let found = decoded!(inline_object, r#"{"address":{"city":{"name":"Bonn"}}}"#);
    let address: cometchat_client::types::InlineObjectResponseAddress = found.address.unwrap();
    assert_eq!(address.city.unwrap().name.as_deref(), Some("Bonn"));
}

#[tokio::test]
async fn inline_items() {
    let found = decoded!(inline_items, r#"{"rows":[{"name":"a"},{"name":null}]}"#);
    assert_eq!((found.rows[0].name.as_deref(), found.rows[1].name.as_deref()), (Some("a"), None));
}

#[tokio::test]
async fn inline_enum() {
    use cometchat_client::types::InlineEnumResponseColor as Color;
    assert_eq!(decoded!(inline_enum, r#"{"color":"red"}"#).color, Some(Color::Red));
    assert_eq!(decoded!(inline_enum, r#"{"color":"blue"}"#).color.unwrap().as_str(), "blue");
}

#[tokio::test]
async fn nullable_enum() {
    assert_eq!(decoded!(nullable_enum, r#"{"color":null}"#).color, None);
    assert_eq!(decoded!(nullable_enum, r#"{"color":"red"}"#).color.unwrap().as_str(), "red");
}

#[tokio::test]
async fn closed_enum() {
    use cometchat_client::types::Level;
    assert_eq!(decoded!(closed_enum, r#"{"level":"low"}"#).level, Some(Level::Low));
    assert_eq!(decoded!(closed_enum, r#"{"level":"medium"}"#).level.unwrap().as_str(), "medium");
}

#[tokio::test]
async fn enum_values_alike() {
    for value in ["asc", "ASC", "+1", "-1", "", "1.0", "10"] {
        let found = decoded!(enum_values_alike, &format!(r#"{{"order":"{value}"}}"#)).order.unwrap();
        assert_eq!(found.as_str(), value);
        assert!(!format!("{found:?}").contains("Unknown"), "{found:?}");
    }
}

#[tokio::test]
async fn integer_enum() {
    assert_eq!(decoded!(integer_enum, r#"{"level":3}"#).level, Some(3));
}

#[tokio::test]
async fn map_of_texts() {
    assert_eq!(decoded!(map_of_texts, r#"{"labels":{"a":"b"}}"#).labels["a"], "b");
    assert!(decoded!(map_of_texts, r#"{"labels":null}"#).labels.is_empty());
}

#[tokio::test]
async fn map_of_objects() {
    let found = decoded!(map_of_objects, r#"{"users":{"a":{"name":"A"}}}"#);
    assert_eq!(found.users["a"].name.as_deref(), Some("A"));
}

#[tokio::test]
async fn free_form() {
    let found = decoded!(free_form, r#"{"data":{"a":{"b":1}},"anything":[1]}"#);
    let found = serde_json::to_value(&found).unwrap();
    assert_eq!(found, serde_json::json!({"data": {"a": {"b": 1}}, "anything": [1]}));
}

#[tokio::test]
async fn all_of() {
    let user = decoded!(all_of, r#"{"user":{"name":"a","age":3}}"#).user.unwrap();
    assert_eq!((user.name.as_deref(), user.age), (Some("a"), Some(3)));
}

#[tokio::test]
async fn all_of_reference() {
    let boss: cometchat_client::types::Boss = decoded!(all_of_reference, r#"{"boss":{"name":"a"}}"#).boss.unwrap();
    assert_eq!(boss.name.as_deref(), Some("a"));
}

#[tokio::test]
async fn definitions() {
    let found = decoded!(definitions, r#"{"a":{"name":"a","inner":{"size":1}},"holder":{"part":{"name":"b"}}}"#);
    let part: cometchat_client::types::HolderPart = found.a.unwrap();
    assert_eq!((part.name.as_deref(), part.inner.unwrap().size), (Some("a"), Some(1)));
    assert_eq!(found.holder.unwrap().part.unwrap().name.as_deref(), Some("b"));
}

#[tokio::test]
async fn names_like_keywords() {
    let found = decoded!(names_like_keywords, r#"{"order.items":null,".properties.a":["b"],"a.additionalProperties":{"b":"c"}}"#);
    assert_eq!((found.order_items, found.properties_a), (None, vec!["b".to_owned()]));
    assert_eq!(found.a_additional_properties.unwrap().b.as_deref(), Some("c"));
}

#[tokio::test]
async fn unusual_characters() {
    let found = decoded!(unusual_characters, r#"{"m²":1,"½":"②"}"#);
    assert_eq!((found.m, found.x.unwrap().as_str()), (Some(1), "②"));
}

#[tokio::test]
async fn one_of() {
    let found = serde_json::to_value(decoded!(one_of, r#"{"a":5,"b":{"lives":9}}"#)).unwrap();
    assert_eq!(found, serde_json::json!({"a": 5, "b": {"lives": 9}}));
}

#[tokio::test]
async fn alias() {
    let who: cometchat_client::types::Aliased = decoded!(alias, r#"{"who":{"name":"a"}}"#).who.unwrap();
    assert_eq!(who.name.as_deref(), Some("a"));
}

#[tokio::test]
async fn named_scalars() {
    let found = decoded!(named_scalars, r#"{"a":"too long","b":0,"c":["x"]}"#);
    assert_eq!((found.a.as_deref(), found.b), (Some("too long"), Some(0)));
    assert_eq!(found.c, ["x"]);
}

#[tokio::test]
async fn recursive() {
    let tree = decoded!(recursive, r#"{"tree":{"name":"a","left":{"name":"b"},"children":[{"name":"c"}]}}"#).tree.unwrap();
    assert_eq!((tree.left.unwrap().name.as_deref(), tree.children[0].name.as_deref()), (Some("b"), Some("c")));
}

#[tokio::test]
async fn unknown_fields() {
    let found = decoded!(unknown_fields, r#"{"a":{"n":1},"b":{"n":2},"c":{"n":3},"n":4}"#);
    let sent = serde_json::to_value(&found).unwrap();
    assert_eq!(sent, serde_json::json!({"a": {"n": 1}, "b": {"n": 2}, "c": {"n": 3}, "n": 4}));
}

#[tokio::test]
async fn bare() {
    assert_eq!(decoded!(bare, r#"{"a":"b"}"#).a.as_deref(), Some("b"));
}

#[tokio::test]
async fn deprecated_field() {
    let found = decoded!(deprecated_field, r#"{"id":"a","old":"b"}"#);
    #[expect(deprecated, reason = "the spec marks it so")]
    let old = found.old;
    assert_eq!((found.id.as_deref(), old.as_deref()), (Some("a"), Some("b")));
}

#[tokio::test]
async fn description() {
    assert_eq!(decoded!(description, r#"{"a":"b"}"#).a.as_deref(), Some("b"));
}

#[tokio::test]
async fn required_field() {
    let found = decoded!(required_field, r#"{"id":"a","name":"b"}"#);
    assert_eq!((found.id.as_str(), found.name.as_str()), ("a", "b"));
    let (client, _server) = answering(r#"{"id":"a"}"#);
    let error = client.required_field().send().await.unwrap_err();
    assert_eq!(error.kind(), cometchat_client::ErrorKind::Decode);
}

#[tokio::test]
async fn required_field_of_row() {
    let found = decoded!(required_field_of_row, r#"{"data":[{"id":"a"},{"id":"b","name":null,"tags":null}]}"#);
    let ids: Vec<_> = found.data.iter().map(|item| (item.id.as_str(), item.name.as_deref())).collect();
    assert_eq!(ids, [("a", None), ("b", None)]);
}
