//! Random cases.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::case::{Beyond, Case, Failure, TotalPages};

/// Lists of up to 60 rows: of many, some hidden; now and then of few, so that rows come twice and pages repeat.
pub(super) fn rows() -> impl Strategy<Value = Vec<(u8, bool)>> {
    let shown = prop_oneof![
        3 => Just(0.0),
        2 => Just(0.3),
        1 => Just(0.9),
    ];
    let kinds = prop_oneof![4 => Just(u8::MAX), 1 => 1_u8..12];
    (0..60_usize, shown, kinds).prop_flat_map(|(count, hidden, kinds)| {
        let row = (0..kinds, prop::bool::weighted(1.0 - hidden));
        prop::collection::vec(row, count).prop_map(move |mut rows| {
            if kinds == u8::MAX {
                for (number, row) in rows.iter_mut().enumerate() {
                    row.0 = number as u8;
                }
            }
            rows
        })
    })
}

pub(super) fn total_pages() -> impl Strategy<Value = TotalPages> {
    prop_oneof![
        4 => any::<bool>().prop_map(|full_page_says_more| TotalPages::HasMore { full_page_says_more }),
        2 => Just(TotalPages::Count),
        1 => Just(TotalPages::Contradiction),
        2 => prop::sample::select(vec![
            "",
            "null",
            "[]",
            r#""x""#,
            r#"{"pagination":null}"#,
            r#"{"pagination":{"total_pages":"many"}}"#,
            r#"{"pagination":{"total":9,"count":9,"total_pages":null}}"#,
        ])
        .prop_map(TotalPages::Nothing),
    ]
}

pub(super) fn failures() -> impl Strategy<Value = BTreeMap<u32, (Failure, u32)>> {
    let failure = prop::sample::select(vec![
        Failure::Error,
        Failure::Html,
        Failure::TooMany,
        Failure::Closed,
        Failure::CutShort,
        Failure::Refused,
    ]);
    prop::collection::btree_map(1..14_u32, (failure, 1..6_u32), 0..3)
}

pub(super) fn case() -> impl Strategy<Value = Case> {
    let beyond = prop::sample::select(vec![
        Beyond::AsUsual,
        Beyond::Error,
        Beyond::Garbage,
        Beyond::Hang,
    ]);
    let service = (
        rows(),
        total_pages(),
        any::<bool>(),
        failures(),
        prop::collection::vec(prop_oneof![3 => Just(0_u8), 1 => 1..15_u8], 1..8),
        beyond,
    );
    let reader = (
        prop_oneof![4 => 1..13_u32, 1 => Just(100_u32)],
        prop_oneof![4 => Just(1_u32), 1 => 2..6_u32],
        prop_oneof![1 => Just(1_usize), 3 => 2..17_usize],
        prop_oneof![3 => Just(None), 1 => (0..70_usize).prop_map(Some)],
        any::<bool>(),
        prop_oneof![5 => Just(1_000_u32), 1 => 1..10_u32],
        prop_oneof![3 => Just(10_u32), 1 => 0..4_u32],
        1..6_u32,
        prop::sample::subsequence(vec!["admin", "moderator", "participant"], 0..3),
        prop::option::of(prop::sample::select(vec!["available", "offline"])),
    );
    (service, reader).prop_map(|(service, reader)| {
        let (rows, total_pages, as_text, failures, latency, beyond) = service;
        let (
            per_page,
            first,
            prefetch,
            limit,
            dedup,
            max_pages,
            max_empty_pages,
            attempts,
            scopes,
            status,
        ) = reader;
        Case {
            rows,
            total_pages,
            as_text,
            failures,
            latency,
            beyond,
            per_page,
            first,
            prefetch,
            limit,
            dedup,
            max_pages,
            max_empty_pages,
            attempts,
            scopes,
            status,
        }
    })
}
