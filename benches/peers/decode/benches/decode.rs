//! Decoding alone: the pages in the folder `BENCH_PAGES`, read from memory again and again in eight ways.

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use cometchat::RawRow;
use cometchat::client::values::from_json;
use cometchat::types::GroupMembersPage;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use plain::{Few, Page, Typed, TypedExtra};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn pages(criterion: &mut Criterion) {
    let folder = env::var("BENCH_PAGES").expect("benches/measure.py sets BENCH_PAGES");
    for name in ["documented", "unknown"] {
        let page =
            fs::read(Path::new(&folder).join(format!("{name}.json"))).expect("the page is there");
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(page.len() as u64));
        bytes::<Page<Few>>(&mut group, "few", &page);
        bytes::<Page<Typed>>(&mut group, "typed", &page);
        bytes::<Page<TypedExtra>>(&mut group, "typed-extra", &page);
        bytes::<Value>(&mut group, "value", &page);
        bytes::<GroupMembersPage>(&mut group, "ours", &page);
        bytes::<Page<RawRow>>(&mut group, "ours-raw", &page);
        text(&mut group, "typed-text", &page, |page| {
            serde_json::from_str::<Page<Typed>>(page)
        });
        text(
            &mut group,
            "ours-text",
            &page,
            from_json::<GroupMembersPage>,
        );
        group.finish();
    }
}

fn bytes<T: DeserializeOwned>(group: &mut BenchmarkGroup<'_, WallTime>, way: &str, page: &[u8]) {
    group.bench_function(way, |bencher| {
        bencher.iter(|| serde_json::from_slice::<T>(black_box(page)).expect("the page is read"));
    });
}

/// The encoding is checked for the whole page at once.
fn text<T, E: std::fmt::Debug>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    way: &str,
    page: &[u8],
    read: fn(&str) -> Result<T, E>,
) {
    group.bench_function(way, |bencher| {
        bencher.iter(|| {
            let page = std::str::from_utf8(black_box(page)).expect("the page is text");
            read(page).expect("the page is read")
        });
    });
}

criterion_group!(benches, pages);
criterion_main!(benches);
