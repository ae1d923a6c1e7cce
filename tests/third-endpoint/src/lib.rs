//! A third list, and operations that send a body, come from the lines of `additions.yaml` alone: they are called,
//! authenticated, paged and retried, and nothing here or in the crates was written for them but these tests.
#![cfg(test)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cometchat::{Client, ErrorKind, PageOptions, RetryPolicy, types};
use futures_util::TryStreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server that answers each request by `answer`, given the request and how many came before, and notes them all.
async fn server(answer: fn(&str, usize) -> (u16, String)) -> (Client, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let requests = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = String::new();
            let mut part = [0; 4096];
            // A request here ends with its head, or with the brace that closes its body.
            while !(request.ends_with("\r\n\r\n") && !request.contains("content-length") || request.ends_with('}')) {
                let length = socket.read(&mut part).await.unwrap();
                request.push_str(std::str::from_utf8(&part[..length]).unwrap());
            }
            let before = {
                let mut seen = requests.lock().unwrap();
                seen.push(request.clone());
                seen.len() - 1
            };
            let (status, body) = answer(&request, before);
            let head = format!("HTTP/1.1 {status} .\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            socket.write_all((head + &body).as_bytes()).await.unwrap();
        }
    });
    let retry = RetryPolicy::default().min_backoff(Duration::from_millis(1));
    let client = Client::builder().base_url(format!("http://{address}/v3")).api_key("the-key").retry(retry).build();
    (client.unwrap(), seen)
}

#[tokio::test]
async fn the_list_is_paged_authenticated_and_retried() {
    let (client, requests) = server(|request, before| {
        if before == 1 {
            return (502, "<html>bad gateway</html>".to_owned());
        }
        let page = if request.contains("page=1&") { 1 } else { 2 };
        let rows: Vec<_> = (0..2).map(|row| format!(r#"{{"uid":"u{page}-{row}","blockedAt":1638346853,"new":1}}"#)).collect();
        (200, format!(r#"{{"data":[{}],"meta":{{"pagination":{{"total":0,"total_pages":2}}}}}}"#, rows.join(",")))
    })
    .await;
    let request = client.api().list_blocked_users().uid("superhero1").per_page(2);
    let mut pages = cometchat::pages(request, PageOptions::default());
    let mut uids = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        uids.extend(page.items.into_iter().map(|user: types::BlockedUser| user.uid));
    }
    assert_eq!(uids, ["u1-0", "u1-1", "u2-0", "u2-1"]);
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 3, "two pages, and one of them again after the 502");
    for request in &*requests {
        assert!(request.starts_with("GET /v3/users/superhero1/blockedusers?page="), "{request}");
        assert!(request.contains("apikey: the-key\r\n"), "{request}");
    }
}

#[tokio::test]
async fn an_id_that_would_change_the_address_is_refused() {
    let (client, requests) = server(|_, _| (500, String::new())).await;
    let error = client.api().list_blocked_users().uid("../groups").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_post_is_sent_once_and_a_put_that_says_so_again() {
    fn body() -> types::BlockUsersRequest {
        let mut body = types::BlockUsersRequest::default();
        body.blocked_uids = vec!["superhero2".to_owned()];
        body
    }
    let answer = |_: &str, before| match before {
        0 => (503, String::new()),
        _ => (200, r#"{"blocked":1}"#.to_owned()),
    };

    let (client, requests) = server(answer).await;
    let error = client.api().block_users().uid("superhero1").body(body()).send().await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1));
    assert_eq!(requests.lock().unwrap().len(), 1);

    let (client, requests) = server(answer).await;
    let result = client.api().replace_blocked_users().uid("superhero1").body(body()).send().await.unwrap();
    assert_eq!((result.body().blocked, result.attempts()), (Some(1), 2));
    let requests = requests.lock().unwrap();
    assert!(requests[1].starts_with("PUT /v3/users/superhero1/blockedusers"), "{}", requests[1]);
    assert!(requests[1].ends_with(r#"{"blockedUids":["superhero2"]}"#), "{}", requests[1]);
}
