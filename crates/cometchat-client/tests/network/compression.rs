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
