//! All rules together, against a model: a list of any size, with any kind of `total_pages`, with pages that fail, are late
//! or are empty, read with any options.
//!
//! The model is a plain loop over the pages. The outcome must be that of the loop, and no page may be requested that the
//! loop does not need.

mod case;
mod cases;
mod expected;
mod service;

use std::collections::BTreeMap;

use cometchat::{Client, Error, GroupMember, ListMembers, PageOptions, RetryPolicy};
use futures_util::TryStreamExt;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use self::case::{Case, TotalPages};
use self::cases::{case, failures};
use self::expected::{Outcome, model};
use self::service::{new_client, service};
use crate::server::KEY;

/// Reads a case, and returns the outcome.
async fn read(case: &Case, group: &str, by_items: bool) -> Result<Outcome, TestCaseError> {
    let list = case.list(group);
    let mut out = Outcome::default();
    let (progress, ended, error);
    if by_items {
        let mut items = list.items();
        let mut next_page = items.next_page();
        error = loop {
            match items.try_next().await {
                // In the middle of a page the page to resume from is that page.
                Ok(Some(item)) => {
                    out.pages.push((0, vec![item.uid]));
                    prop_assert!(items.next_page() >= next_page);
                    next_page = items.next_page();
                    prop_assert_eq!(items.progress().rows, out.pages.len() as u64);
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        (out.next_page, progress) = (items.next_page(), items.progress());
        ended = matches!(items.try_next().await, Ok(None));
    } else {
        let mut pages = list.pages();
        error = loop {
            match pages.try_next().await {
                Ok(Some(page)) => {
                    prop_assert!([page.number, page.number + 1].contains(&pages.next_page()));
                    let uids = page.items.into_iter().map(|item| item.uid).collect();
                    out.pages.push((page.number, uids));
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        (out.next_page, progress) = (pages.next_page(), pages.progress());
        ended = matches!(pages.try_next().await, Ok(None));
    }
    prop_assert!(ended, "there is something after the end");
    out.error = error.map(|error| {
        let page = error.page().unwrap_or_default();
        (error.kind(), page, error.attempts())
    });
    out.duplicates = progress.duplicates;
    prop_assert_eq!(progress.rows, out.rows().len() as u64);
    out.requests = requests(group);
    let retries: u32 = model(case)
        .requests
        .values()
        .map(|requests| requests - 1)
        .sum();
    prop_assert_eq!(progress.retries, u64::from(retries));
    Ok(out)
}

/// The number of requests for each page of a group.
fn requests(group: &str) -> BTreeMap<u32, u32> {
    let mut pages = BTreeMap::new();
    for request in service().state(group).lock().unwrap().requests.iter() {
        *pages.entry(request.page()).or_default() += 1;
    }
    pages
}

impl Case {
    fn list(&self, group: &str) -> ListMembers {
        let mut options = PageOptions::default()
            .prefetch(self.prefetch)
            .dedup(self.dedup)
            .max_pages(self.max_pages)
            .max_empty_pages(self.max_empty_pages);
        if let Some(limit) = self.limit {
            options = options.limit(limit);
        }
        let state = service().state(group);
        // A client each, so that each has its own retry budget.
        let client = state.lock().unwrap().client.clone();
        let mut list = client.group(group).members();
        list = list.scopes(self.scopes.iter().copied());
        if let Some(status) = self.status {
            list = list.status(status);
        }
        list.per_page(self.per_page)
            .page(self.first)
            .retry(RetryPolicy::default().attempts(self.attempts))
            .options(options)
    }

    /// The query of the request for a page.
    fn query(&self, number: u32) -> BTreeMap<String, String> {
        let mut query = BTreeMap::from([
            ("page".to_owned(), number.to_string()),
            ("perPage".to_owned(), self.per_page.to_string()),
        ]);
        if !self.scopes.is_empty() {
            query.insert("scopes".to_owned(), self.scopes.join(","));
        }
        query.extend(
            self.status
                .map(|status| ("status".to_owned(), status.to_owned())),
        );
        query
    }
}

/// Reads a case and compares the outcome with the model's.
fn check(case: &Case, client: Client, by_items: bool) -> Result<Outcome, TestCaseError> {
    let group = service().begin(case, client);
    let result = service().runtime.block_on(read(case, &group, by_items));
    let state = service().state(&group);
    service().end(&group);
    let out = result?;
    let expected = model(case);

    prop_assert_eq!(out.rows(), expected.rows());
    if !by_items {
        prop_assert_eq!(&out.pages, &expected.pages);
    }
    prop_assert_eq!(out.error, expected.error);
    prop_assert_eq!(out.next_page, expected.next_page);
    prop_assert_eq!(out.duplicates, expected.duplicates);

    // Each page was requested as often as needed, and few past the end.
    let last = *expected
        .requests
        .last_key_value()
        .map_or(&0, |(page, _)| page);
    let mut needed = out.requests.clone();
    let beyond = needed.split_off(&(last + 1));
    prop_assert_eq!(&needed, &expected.requests);
    prop_assert!(beyond.len() < case.prefetch, "past the end: {:?}", beyond);
    if expected.enough {
        prop_assert!(beyond.is_empty(), "past the limit: {:?}", beyond);
    }
    // Each request has the key and every filter.
    for request in &state.lock().unwrap().requests {
        prop_assert_eq!(request.header("apikey"), Some(KEY));
        let query = BTreeMap::from_iter(request.query());
        prop_assert_eq!(query, case.query(request.page()));
        prop_assert_eq!(request.query().len(), case.query(request.page()).len());
    }
    Ok(out)
}

/// Checks the model itself: without anything unusual, every row that is shown is delivered, once and in order.
fn nothing_is_lost(case: &Case, out: &Outcome) -> Result<(), TestCaseError> {
    let from = ((case.first - 1) * case.per_page) as usize;
    let rows = case.rows.iter().skip(from);
    let all: Vec<_> = rows
        .filter(|(_, shown)| *shown)
        .map(|(row, _)| format!("u{row}"))
        .collect();
    let ends_early = match out.error {
        // Without `total_pages`, an empty page is the end, and it can be anywhere.
        None => {
            matches!(
                case.total_pages,
                TotalPages::Nothing(_) | TotalPages::Contradiction
            ) && case.rows.iter().any(|(_, shown)| !shown)
        }
        Some(_) => true,
    };
    if ends_early || case.dedup || model(case).repeated {
        return Ok(());
    }
    let wanted = case.limit.unwrap_or(usize::MAX).min(all.len());
    prop_assert_eq!(out.rows(), &all[..wanted]);
    Ok(())
}

/// Reads a case, and resumes at the failed page after each failure: no row is lost, and none comes twice.
fn check_resumed(case: &Case, by_items: bool) -> Result<(), TestCaseError> {
    let mut healthy = case.clone();
    healthy.failures.clear();
    let expected = model(&healthy);
    let mut rows = Vec::new();
    let (mut part, client) = (case.clone(), new_client());
    loop {
        let out = check(&part, client.clone(), by_items)?;
        rows.extend(out.rows());
        let Some((_, failed, _)) = out.error else {
            break;
        };
        if part.failures.remove(&failed).is_none() {
            break;
        }
        prop_assert_eq!(out.next_page, failed);
        part.first = failed;
    }
    // A page that repeats the one before is not recognised where the list was resumed between them.
    if expected.error.is_none() && !expected.repeated {
        prop_assert_eq!(rows, expected.rows());
    }
    Ok(())
}

/// As many cases as `PROPTEST_CASES` says, 256 by default.
fn config() -> ProptestConfig {
    ProptestConfig {
        // A case that hangs takes too long to shrink.
        max_shrink_time: 60_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/paging/model/regressions",
        ))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pages_are_those_of_the_model(case in case()) {
        let out = check(&case, new_client(), false)?;
        nothing_is_lost(&case, &out)?;
    }

    #[test]
    fn items_are_those_of_the_model(case in case()) {
        let out = check(&case, new_client(), true)?;
        nothing_is_lost(&case, &out)?;
    }

    #[test]
    fn resuming_loses_and_doubles_nothing(
        case in case(),
        failures in failures(),
        by_items in any::<bool>(),
    ) {
        let mut case = Case { limit: None, dedup: false, max_pages: 1_000, ..case };
        case.failures.extend(failures);
        check_resumed(&case, by_items)?;
    }

    #[test]
    fn collected_rows_are_those_of_the_model(case in case(), up_to in 0..70_usize) {
        let limited = Case { limit: Some(up_to.min(case.limit.unwrap_or(up_to))), ..case.clone() };
        let group = service().begin(&limited, new_client());
        let result: Result<_, Error> = service()
            .runtime
            .block_on(case.list(&group).collect_up_to(up_to));
        service().end(&group);
        let expected = model(&limited);
        match (result, expected.error) {
            (Ok(collected), None) => {
                let uids = |row: GroupMember| row.uid;
                let rows: Vec<_> = collected.items.into_iter().map(uids).collect();
                prop_assert_eq!(&rows, &expected.rows());
                // Unless the hint was wrong, there are more rows without the limit.
                prop_assert_eq!(collected.truncated, expected.truncated);
                let unlimited = model(&Case { limit: None, ..case.clone() });
                if unlimited.rows().len() > rows.len() {
                    prop_assert!(collected.truncated);
                }
            }
            (Err(error), Some((kind, page, attempts))) => {
                prop_assert_eq!(error.kind(), kind);
                prop_assert_eq!((error.page(), error.attempts()), (Some(page), attempts));
            }
            (result, error) => prop_assert!(false, "{:?}, and not {:?}", result.err(), error),
        }
    }
}
