//! Compressed bodies: what is accepted is counted after decompression.

use std::io::Write;

use cometchat_client::{ErrorKind, RetryPolicy};

use crate::bodies::{ROW, is_too_large, members, page_of};
use test_server::answer;

use crate::support::Server;

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_compressed_body_is_read() {
    let reply = answer(200, &[("Content-Encoding", "gzip")], gzip(ROW.as_bytes()));
    let server = Server::with([reply]);
    let client = server.client().build().unwrap();
    assert_eq!(
        members(&client).await.unwrap().body().data[0].uid,
        "superhero2"
    );
    assert_eq!(server.requests()[0].header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn the_limit_counts_what_is_decompressed() {
    let bomb = gzip(&vec![b' '; 8 << 20]);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let headers = [("Content-Encoding", "gzip")];
    let server = Server::with([
        answer(200, &headers, &bomb),
        answer(500, &headers, &bomb),
        answer(200, &headers, gzip(page_of(1000).as_bytes())),
        answer(200, &headers, gzip(page_of(1001).as_bytes())),
    ]);
    let client = server.client().max_response_bytes(4 << 20).build().unwrap();
    is_too_large(&members(&client).await.unwrap_err(), 4 << 20);
    let once = client.with_retry(RetryPolicy::none());
    let error = members(&once).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(500)));

    let client = server.client().max_response_bytes(1000).build().unwrap();
    members(&client).await.unwrap();
    is_too_large(&members(&client).await.unwrap_err(), 1000);
}

#[tokio::test]
async fn damaged_compression_is_tried_again() {
    let whole = gzip(page_of(1000).as_bytes());
    let mut wrong = whole.clone();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 0xff;
    let headers = [("Content-Encoding", "gzip")];
    let server = Server::with([
        answer(200, &headers, &whole[..whole.len() - 9]),
        answer(200, &headers, wrong),
        answer(200, &headers, "plain"),
        answer(200, &headers, whole),
    ]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client).await.unwrap().attempts(), 4);
}

/// reqwest knows the codings in lower case only, and each build knows but some.
#[tokio::test]
async fn an_encoding_that_is_not_read_is_named() {
    for coding in ["GZIP", "x-gzip", "br", "zstd"] {
        let body = gzip(ROW.as_bytes());
        let server = Server::with([answer(200, &[("Content-Encoding", coding)], body)]);
        let client = server.client().build().unwrap();
        let error = members(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
        let text = error.to_string();
        assert!(
            text.contains(&format!("{coding:?}")) && text.contains("proxy"),
            "{text}"
        );
    }
    // Codings that are none, and a name beside a body that was not encoded.
    for coding in ["none", "identity", "", "utf-8", "GZIP"] {
        let server = Server::with([answer(200, &[("Content-Encoding", coding)], ROW)]);
        members(&server.client().build().unwrap()).await.unwrap();
    }
    let coding = ("Content-Encoding", crate::support::KEY);
    let server = Server::with([answer(200, &[coding], gzip(ROW.as_bytes()))]);
    let error = members(&server.client().build().unwrap())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("[key]"), "{error}");
}
