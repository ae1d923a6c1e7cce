//! Decoding alone: the pages in the folder `BENCH_PAGES`, read from memory again and again in eight ways.

use std::fmt::Debug;
use std::hint::black_box;
use std::path::PathBuf;

use cometchat::RawRow;
use cometchat::client::values::from_json;
use cometchat::types::GroupMembersPage;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use plain::{Few, Page, Typed, TypedExtra};
use serde::de::DeserializeOwned;
use serde_json::{Value, from_str};

fn pages(criterion: &mut Criterion) {
    let folder = std::env::var_os("BENCH_PAGES").expect("benches/measure.py sets BENCH_PAGES");
    for name in ["documented", "unknown"] {
        let file = PathBuf::from(&folder).join(format!("{name}.json"));
        let page = std::fs::read(file).expect("the page is there");
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(page.len() as u64));
        way(&mut group, "few", &page, bytes::<Page<Few>>);
        way(&mut group, "typed", &page, bytes::<Page<Typed>>);
        way(&mut group, "typed-extra", &page, bytes::<Page<TypedExtra>>);
        way(&mut group, "value", &page, bytes::<Value>);
        way(&mut group, "ours", &page, bytes::<GroupMembersPage>);
        way(&mut group, "ours-raw", &page, bytes::<Page<RawRow>>);
        way(&mut group, "typed-text", &page, |page| {
            from_str::<Page<Typed>>(text(page))
        });
        way(&mut group, "ours-text", &page, |page| {
            from_json::<GroupMembersPage>(text(page))
        });
        group.finish();
    }
}

fn bytes<T: DeserializeOwned>(page: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(page)
}

/// Checks the encoding for the whole page at once.
fn text(page: &[u8]) -> &str {
    std::str::from_utf8(page).expect("the page is text")
}

fn way<T, E: Debug>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    way: &str,
    page: &[u8],
    read: impl Fn(&[u8]) -> Result<T, E>,
) {
    let read = || read(black_box(page)).expect("the page is read");
    group.bench_function(way, |bencher| bencher.iter(read));
}

criterion_group!(benches, pages);
criterion_main!(benches);
