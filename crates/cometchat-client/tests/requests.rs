//! Each request as it is on the wire, by what arrives at a socket.

#![cfg(feature = "gzip")]

use cometchat_client::Client;
use cometchat_client::types::{MemberScope, UserStatus};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const KEY: &str = "a-key-that-nobody-has";

/// A server that answers one request with an empty page, and gives the request as it came, with the key hidden.
async fn server() -> (Client, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let request = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut part = [0; 4096];
            let length = socket.read(&mut part).await.unwrap();
            assert_ne!(length, 0, "the request broke off");
            request.extend_from_slice(&part[..length]);
        }
        let body = r#"{"data":[]}"#;
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request)
            .unwrap()
            .replace(KEY, "[key]")
            .replace(&address.to_string(), "[address]")
            .replace(env!("CARGO_PKG_VERSION"), "[version]")
            .replace("\r\n", "\n")
    });
    let client = Client::builder()
        .base_url(format!("http://{address}/v3"))
        .api_key(KEY)
        .build()
        .unwrap();
    (client, request)
}

#[tokio::test]
async fn members() {
    let (client, request) = server().await;
    client
        .list_group_members()
        .guid("supergroup")
        .send()
        .await
        .unwrap();
    insta::assert_snapshot!("members", request.await.unwrap());
}

#[tokio::test]
async fn members_with_everything() {
    let (client, request) = server().await;
    let list = client.list_group_members();
    let list = list
        .guid("a group/of \u{e9}".replace('/', "%2f"))
        .page(2)
        .per_page(1000);
    let list = list.status(UserStatus::Offline);
    list.scopes([MemberScope::Admin, MemberScope::Moderator])
        .send()
        .await
        .unwrap();
    insta::assert_snapshot!("members_with_everything", request.await.unwrap());
}

#[tokio::test]
async fn banned_users() {
    let (client, request) = server().await;
    let list = client.list_banned_users().guid("supergroup");
    list.page(3).per_page(50).send().await.unwrap();
    insta::assert_snapshot!("banned_users", request.await.unwrap());
}
