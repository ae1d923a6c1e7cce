//! Names.

use crate::{answering, body, only, query, silent};

/// Sends operations without a body, and gives the paths and methods that came.
macro_rules! called {
    ($($operation:ident),*) => {{
        let (client, server) = silent();
        $(client.$operation().send().await.unwrap();)*
        let calls = server.requests();
        calls.iter().map(|call| format!("{} {}", call.method(), call.path())).collect::<Vec<_>>()
    }};
}

#[tokio::test]
async fn operation_names() {
    let calls = called!(
        get_send, get_clone, get_self, get_string, get_option, get_result, gen_, x2fa, header_map, into_request,
        encode_path, type_
    );
    let names = ["send", "clone", "self", "string", "option", "result", "gen", "2fa", "header_map", "into_request", "encode_path", "type"];
    assert_eq!(calls, names.map(|name| format!("GET /v3/n/{name}")));
}

#[tokio::test]
async fn operation_ids_alike() {
    assert_eq!(called!(list_ids, get_list_ids), ["GET /v3/ids/a", "GET /v3/ids/b"]);
}

#[tokio::test]
async fn no_operation_id() {
    let (client, server) = silent();
    client.get_no_id_id_b().id("a").send().await.unwrap();
    assert_eq!(only(&server).target(), "/v3/no-id/a/b");
}

#[tokio::test]
async fn other_methods() {
    let calls = called!(head_call, patch_call);
    assert_eq!(calls, ["HEAD /v3/methods", "PATCH /v3/methods"]);
}

#[tokio::test]
async fn schema_names() {
    use cometchat_client::types;
    let (client, _server) = answering(
        r#"{"a":{"x":"1"},"b":{"x":"2"},"c":{"x":"3"},"d":{"x":["4"]},"e":{"x":"5"},"f":"a","g":{"x":{}},"h":{"x":"8"},"i":{"x":"9"}}"#,
    );
    let found = client.schema_names().send().await.unwrap().into_inner();
    let a: types::String = found.a.unwrap();
    let b: types::Option = found.b.unwrap();
    let c: types::Result = found.c.unwrap();
    let d: types::Vec = found.d.unwrap();
    let e: types::X2fa = found.e.unwrap();
    let g: types::Box = *found.g.unwrap();
    let h: types::Self_ = found.h.unwrap();
    let texts = [a.x, b.x, c.x, e.x, h.x, found.i.unwrap().x].map(|x| x.unwrap());
    assert_eq!(texts, ["1", "2", "3", "5", "8", "9"]);
    assert_eq!((d.x, g.x.is_some(), found.f), (vec!["4".to_owned()], true, Some(types::UserStatus::A)));
}

#[tokio::test]
async fn schemas_alike() {
    let (client, _server) = answering(r#"{"a":{"x":"1"},"b":{"y":"2"}}"#);
    let found = client.schemas_alike().send().await.unwrap().into_inner();
    let b: cometchat_client::types::FooBar2 = found.b.unwrap();
    assert_eq!((found.a.unwrap().x.as_deref(), b.y.as_deref()), (Some("1"), Some("2")));
}

#[tokio::test]
async fn field_names() {
    const SENT: &str = r#"{"self":"a","gen":"b","type":"c","extra":"d","$filter":"e","2fa":"f","status_message":"g","statusMessage":"h","+1":9,"@private":"i","key":"j","map":"k","result":"l","other":"m"}"#;
    let (client, _server) = answering(SENT);
    let found = client.field_names().send().await.unwrap().into_inner();
    let again = serde_json::to_value(&found).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(SENT).unwrap());
    assert_eq!((found.self_.as_deref(), found.gen_.as_deref(), found.type_.as_deref()), (Some("a"), Some("b"), Some("c")));
    assert_eq!((found.extra_2.as_deref(), found.filter.as_deref(), found.x2fa.as_deref()), (Some("d"), Some("e"), Some("f")));
    assert_eq!((found.status_message.as_deref(), found.status_message_2.as_deref()), (Some("g"), Some("h")));
    assert_eq!((found.plus1, found.extra.iter().count()), (Some(9), 1));
}

#[tokio::test]
async fn body_field_names() {
    let (client, server) = silent();
    let text = |text: &str| Some(text.to_owned());
    let request = client.body_field_names().body_map(|body| {
        body.self_("a").extra_2(text("b")).status_message(text("c")).status_message_2(text("d")).filter(text("e"))
    });
    request.send().await.unwrap();
    let sent: serde_json::Value = serde_json::from_str(&body(&server)).unwrap();
    assert_eq!(sent, serde_json::json!({"self": "a", "extra": "b", "status_message": "c", "statusMessage": "d", "$filter": "e"}));
}

#[tokio::test]
async fn parameter_names() {
    let (client, server) = silent();
    let request = client
        .parameter_names()
        .send_param("a").clone_param("b").self_("c").header_map_param("d").body_param("e").client_param("f").gen_param("g").x2fa("h").filter("i")
        .status_message("j").status_message_2("k").request("l").value("m").url("n").result("o").new_param("p")
        .into_request("q").encode_path_param("r").filter_a("s").option("t").string("u");
    request.clone().send().await.unwrap();
    let sent = query(&server);
    for pair in [
        "send=a", "clone=b", "self=c", "header_map=d", "body=e", "client=f", "gen=g", "2fa=h", "%24filter=i", "request=l",
        "value=m", "url=n", "result=o", "new=p", "into_request=q", "encode_path=r", "filter%5Ba%5D=s", "option=t", "string=u",
        "status_message=j", "statusMessage=k",
    ] {
        assert!(sent.split('&').any(|sent| sent == pair), "{pair}: {sent}");
    }
}
