//! How fast a page is decoded: into the generated types, into rows to pass on, and, to compare with, into plain structs
//! by `derive`. `cargo bench -p cometchat-client`.

use std::hint::black_box;

use cometchat_client::RawRow;
use cometchat_client::types::{GroupMember, Metadata};
use cometchat_client::values::from_json;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

// The rows of the peers of benches/measure.py.
#[path = "../../../benches/peers/plain/src/typed.rs"]
#[allow(dead_code, reason = "decoded, and not read")]
mod typed;

/// A page of any rows.
#[derive(Deserialize)]
#[allow(dead_code, reason = "decoded, and not read")]
struct Page<T> {
    data: Vec<T>,
}

/// A page of 1,000 rows: the documented ones, over and over.
fn page() -> Vec<u8> {
    let documented = include_str!("../../cometchat-sandbox/src/service/fixtures/members.json");
    let mut page: Value = serde_json::from_str(documented).unwrap_or_default();
    let rows = page["data"].as_array().cloned().unwrap_or_default();
    page["data"] = rows.iter().cycle().take(1000).cloned().collect();
    page.to_string().into_bytes()
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(black_box(body)).ok()
}

fn pages(criterion: &mut Criterion) {
    let body = page();
    let mut group = criterion.benchmark_group("page");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("generated types", |bencher| {
        bencher.iter(|| decode::<Page<GroupMember>>(&body));
    });
    group.bench_function("generated types, as calls read them", |bencher| {
        bencher.iter(|| {
            from_json::<Page<GroupMember>>(std::str::from_utf8(black_box(&body)).ok()?).ok()
        });
    });
    group.bench_function("rows to pass on", |bencher| {
        bencher.iter(|| decode::<Page<RawRow>>(&body));
    });
    group.bench_function("plain structs", |bencher| {
        bencher.iter(|| decode::<Page<typed::Member>>(&body));
    });
    group.finish();
}

fn metadata(criterion: &mut Criterion) {
    let body = json!({"email": "user@example.com", "contactNumber": "0123456789"}).to_string();
    let mut group = criterion.benchmark_group("metadata");
    group.bench_function("left alone", |bencher| {
        bencher.iter(|| decode::<Metadata>(body.as_bytes()));
    });
    group.bench_function("looked at", |bencher| {
        bencher.iter(|| {
            let metadata = decode::<Metadata>(body.as_bytes())?;
            metadata.get("email").map(|_| ())
        });
    });
    group.bench_function("as a plain value", |bencher| {
        bencher.iter(|| decode::<Value>(body.as_bytes()));
    });
    group.finish();
}

criterion_group!(benches, pages, metadata);
criterion_main!(benches);
