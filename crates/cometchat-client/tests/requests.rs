//! Each request as it is on the wire, by what arrives at a socket.

#![cfg(feature = "gzip")]

use cometchat_client::Client;
use cometchat_client::types::{MemberScope, UserStatus};
use test_server::{Server, page};

const KEY: &str = "a-key-that-nobody-has";

/// A server that sends one page, and a client of it.
fn start() -> (Client, Server) {
    let server = Server::with([page(["superhero2"], None)]);
    let client = Client::builder().base_url(server.base_url()).api_key(KEY);
    (client.build().unwrap(), server)
}

/// The one request as it came, with the key hidden.
fn request(server: &Server) -> String {
    let [request] = server.requests().try_into().unwrap();
    request
        .head
        .replace(KEY, "[key]")
        .replace(&server.address().to_string(), "[address]")
        .replace(env!("CARGO_PKG_VERSION"), "[version]")
        .replace("\r\n", "\n")
}

#[tokio::test]
async fn members() {
    let (client, server) = start();
    client
        .list_group_members()
        .guid("supergroup")
        .send()
        .await
        .unwrap();
    insta::assert_snapshot!("members", request(&server));
}

#[tokio::test]
async fn members_with_everything() {
    let (client, server) = start();
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
    insta::assert_snapshot!("members_with_everything", request(&server));
}

#[tokio::test]
async fn banned_users() {
    let (client, server) = start();
    let list = client.list_banned_users().guid("supergroup");
    list.page(3).per_page(50).send().await.unwrap();
    insta::assert_snapshot!("banned_users", request(&server));
}
