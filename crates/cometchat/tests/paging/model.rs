//! Everything together, against a model: a list of any size, cut and described in any way that was seen or may be, with
//! pages that fail, are late or are empty, read with any options.
//!
//! The model is the plain loop that a patient person would write. What comes out must be what the loop gives, and the
//! service must have been asked for no more than that takes.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use cometchat::{Client, Error, ErrorKind, GroupMember, ListMembers, PageOptions, RetryPolicy};
use futures_util::TryStreamExt;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use tokio::runtime::Runtime;

use crate::server::{Answer, Asked, KEY, Server, Step, answer, page};

/// What is said of `total_pages`.
#[derive(Clone, Copy, Debug)]
enum Said {
    /// This page's number, or one more where there may be another page.
    HasMore { full_page_says_more: bool },
    /// The number of pages.
    Count,
    /// A number below that of the page, whatever comes after it.
    Contradiction,
    /// Nothing that can be read.
    Nothing(&'static str),
}

/// How a page fails.
#[derive(Clone, Copy, Debug)]
enum Failure {
    Error,
    Html,
    TooMany,
    Closed,
    CutShort,
    Refused,
}

/// What pages past the end answer.
#[derive(Clone, Copy, Debug)]
enum Beyond {
    AsUsual,
    Error,
    Garbage,
    Hang,
}

/// A service, and a way to read from it.
#[derive(Clone, Debug)]
struct Case {
    /// The rows, by number, and whether each is shown: a hidden one takes its place on a page all the same.
    rows: Vec<(u8, bool)>,
    said: Said,
    /// Whether numbers are sent as strings.
    as_text: bool,
    /// Which pages fail, how, and how many times.
    failures: BTreeMap<u32, (Failure, u32)>,
    /// How long pages take, in units of 100 µs, by page.
    latency: Vec<u8>,
    beyond: Beyond,

    per_page: u32,
    first: u32,
    prefetch: usize,
    limit: Option<usize>,
    dedup: bool,
    max_pages: u32,
    max_empty_pages: u32,
    attempts: u32,
    scopes: Vec<&'static str>,
    status: Option<&'static str>,
}

/// A page of the service.
struct Sent {
    uids: Vec<String>,
    /// What of `total_pages` can be read.
    said: Option<u32>,
    meta: Option<String>,
}

impl Case {
    /// The page of this number.
    fn page(&self, number: u32) -> Sent {
        let (size, count) = (self.per_page as usize, self.rows.len());
        let first = (number as usize - 1).saturating_mul(size).min(count);
        let cut = &self.rows[first..count.min(first + size)];
        let shown = cut.iter().filter(|(_, shown)| *shown);
        let said = match self.said {
            Said::HasMore {
                full_page_says_more,
            } => {
                let more = count > first + size || full_page_says_more && cut.len() == size;
                Some(number + u32::from(more))
            }
            Said::Count => Some(count.div_ceil(size).max(1) as u32),
            Said::Contradiction => Some(number / 2),
            Said::Nothing(_) => None,
        };
        let meta = match (self.said, said) {
            (Said::Nothing(""), _) => None,
            (Said::Nothing(meta), _) => Some(meta.to_owned()),
            (_, None) => None,
            (_, Some(said)) if self.as_text => Some(format!(
                r#"{{"pagination":{{"total":"0","total_pages":"{said}"}}}}"#
            )),
            (_, Some(said)) => Some(crate::server::total_pages(said)),
        };
        Sent {
            uids: shown.map(|(row, _)| format!("u{row}")).collect(),
            said,
            meta,
        }
    }

    /// Whether a page fails at this attempt, counted from 1.
    fn failure(&self, number: u32, attempt: u32) -> Option<Failure> {
        let (failure, times) = self.failures.get(&number)?;
        (attempt <= *times).then_some(*failure)
    }
}

/// What must come out.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    /// The pages that are delivered.
    pages: Vec<(u32, Vec<String>)>,
    /// How it ends, if not well: the kind, the page, and the attempts.
    error: Option<(ErrorKind, u32, u32)>,
    next_page: u32,
    duplicates: u64,
    /// How often each page is asked for that has to be.
    asked: BTreeMap<u32, u32>,
    /// Whether it ends because there is enough.
    enough: bool,
    /// Whether `limit` ended it before the service did.
    truncated: bool,
    /// Whether a page was skipped that repeats the one before.
    repeated: bool,
}

impl Outcome {
    fn rows(&self) -> Vec<String> {
        self.pages
            .iter()
            .flat_map(|(_, rows)| rows.clone())
            .collect()
    }
}

/// One page after the other, until there is no more.
fn model(case: &Case) -> Outcome {
    let mut out = Outcome::default();
    let (mut empty, mut before, mut repeated, mut counts) = (0, Vec::new(), false, false);
    let mut left = case.limit.unwrap_or(usize::MAX);
    let mut seen: Vec<String> = Vec::new();
    for number in case.first.. {
        out.next_page = number;
        if left == 0 {
            (out.enough, out.truncated) = (true, true);
            return out;
        }
        if out.asked.len() as u32 == case.max_pages {
            out.error = Some((ErrorKind::Pagination, number, 1));
            out.enough = true;
            return out;
        }
        for attempt in 1.. {
            *out.asked.entry(number).or_default() = attempt;
            let kind = match case.failure(number, attempt) {
                None => break,
                Some(Failure::Refused) => ErrorKind::Api,
                Some(_) if attempt < case.attempts => continue,
                Some(Failure::Error | Failure::Html) => ErrorKind::Api,
                Some(Failure::TooMany) => ErrorKind::RateLimited,
                Some(Failure::Closed | Failure::CutShort) => ErrorKind::Transport,
            };
            out.error = Some((kind, number, attempt));
            return out;
        }
        let sent = case.page(number);
        counts |= sent.said.is_some_and(|said| said > number + 1);
        let more = more_after(number, &sent);
        if sent.uids.is_empty() && more {
            empty += u32::from(!counts);
            if empty > case.max_empty_pages {
                out.error = Some((ErrorKind::Pagination, number, 1));
                return out;
            }
            continue;
        }
        if !sent.uids.is_empty() {
            empty = 0;
            let mut now = sent.uids.clone();
            now.sort();
            let again = now == before;
            if again && repeated {
                out.error = Some((ErrorKind::Pagination, number, 1));
                return out;
            }
            (before, repeated) = (now, again);
            if again {
                out.repeated = true;
                out.duplicates += sent.uids.len() as u64;
                if more {
                    continue;
                }
                out.next_page = number + 1;
                return out;
            }
        }
        let mut rows = Vec::new();
        for uid in sent.uids {
            if case.dedup && seen.contains(&uid) {
                out.duplicates += 1;
            } else {
                seen.push(uid.clone());
                rows.push(uid);
            }
        }
        let cut = rows.len() > left;
        rows.truncate(left);
        left -= rows.len();
        out.pages.push((number, rows));
        if cut {
            (out.enough, out.truncated) = (true, true);
            return out;
        }
        if !more {
            out.next_page = number + 1;
            return out;
        }
    }
    out
}

/// Whether there is more after a page.
fn more_after(number: u32, sent: &Sent) -> bool {
    match sent.said {
        Some(said) if said >= number => said > number,
        _ => !sent.uids.is_empty(),
    }
}

/// What came out.
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
    prop_assert!(ended, "after the end there is something");
    out.error = error.map(|error| {
        let page = error.page().unwrap_or_default();
        (error.kind(), page, error.attempts())
    });
    out.duplicates = progress.duplicates;
    prop_assert_eq!(progress.rows, out.rows().len() as u64);
    out.asked = asked(group);
    let retries: u32 = model(case).asked.values().map(|asked| asked - 1).sum();
    prop_assert_eq!(progress.retries, u64::from(retries));
    Ok(out)
}

/// How often each page of a group was asked for.
fn asked(group: &str) -> BTreeMap<u32, u32> {
    let mut pages = BTreeMap::new();
    for asked in service().state(group).lock().unwrap().asked.iter() {
        *pages.entry(asked.page()).or_default() += 1;
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
        // A client each: what cases spend on retries is their own.
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

    /// The query that each page is asked for with.
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

/// The service of all cases, each of which is a group of it.
struct Service {
    runtime: Runtime,
    server: Server,
    cases: Arc<Mutex<HashMap<String, Arc<Mutex<Group>>>>>,
    next: AtomicU32,
}

/// A case that is being tried.
struct Group {
    case: Case,
    client: Client,
    /// The last page that is not past the end.
    last: u32,
    asked: Vec<Asked>,
}

static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let cases: Arc<Mutex<HashMap<String, Arc<Mutex<Group>>>>> = Arc::default();
    let known = cases.clone();
    let server = runtime.block_on(Server::start(move |asked| {
        // The case may be over when a page past its end is asked for.
        let group = known.lock().unwrap().get(asked.group()).cloned();
        async move {
            match group {
                Some(group) => reply(&group, asked).await,
                None => vec![Step::Close],
            }
        }
    }));
    Service {
        server,
        runtime,
        cases,
        next: AtomicU32::new(0),
    }
});

fn service() -> &'static Service {
    &SERVICE
}

fn new_client() -> Client {
    SERVICE.server.client()
}

impl Service {
    /// Makes a group of the case.
    fn begin(&self, case: &Case, client: Client) -> String {
        let name = format!("case-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let last = model(case)
            .asked
            .last_key_value()
            .map_or(0, |(page, _)| *page);
        let group = Group {
            case: case.clone(),
            client,
            last,
            asked: Vec::new(),
        };
        let mut cases = self.cases.lock().unwrap();
        cases.insert(name.clone(), Arc::new(Mutex::new(group)));
        name
    }

    fn state(&self, group: &str) -> Arc<Mutex<Group>> {
        self.cases.lock().unwrap()[group].clone()
    }

    fn end(&self, group: &str) {
        self.cases.lock().unwrap().remove(group);
    }
}

/// Answers a request as the case says.
async fn reply(group: &Mutex<Group>, asked: Asked) -> Answer {
    let number = asked.page();
    let (latency, answer) = {
        let mut group = group.lock().unwrap();
        group.asked.push(asked);
        let attempt = group
            .asked
            .iter()
            .filter(|asked| asked.page() == number)
            .count() as u32;
        let case = &group.case;
        let latency = case.latency[number as usize % case.latency.len()];
        let beyond = (number > group.last).then_some(case.beyond);
        let answer = match (beyond, case.failure(number, attempt)) {
            (Some(Beyond::Hang), _) => None,
            // One that is not tried again: that would be at the cost of pages that are needed.
            (Some(Beyond::Error), _) => Some(fail(Failure::Refused)),
            (Some(Beyond::Garbage), _) => Some(answer(200, &[], r#"{"data":[{"uid":7"#)),
            (_, Some(failure)) => Some(fail(failure)),
            (_, None) => {
                let sent = case.page(number);
                Some(page(sent.uids, sent.meta.as_deref()))
            }
        };
        (latency, answer)
    };
    match answer {
        None => std::future::pending().await,
        Some(answer) => {
            if latency > 0 {
                tokio::time::sleep(Duration::from_micros(100 * u64::from(latency))).await;
            }
            answer
        }
    }
}

fn fail(failure: Failure) -> Answer {
    match failure {
        Failure::Error => answer(500, &[], r#"{"error":{"code":"ERR_MISSION_FAILED"}}"#),
        Failure::Html => answer(502, &[("content-type", "text/html")], "<html>"),
        Failure::TooMany => answer(429, &[("retry-after", "1")], "slow down"),
        Failure::Refused => answer(404, &[], r#"{"error":{"code":"ERR_GUID_NOT_FOUND"}}"#),
        Failure::Closed => vec![Step::Close],
        Failure::CutShort => {
            let short = "HTTP/1.1 200 X\r\ncontent-length: 13\r\n\r\n{\"data\":[]}";
            vec![Step::Send(short.into()), Step::Close]
        }
    }
}

/// Reads a case and holds what comes out against the model.
fn check(case: &Case, client: Client, by_items: bool) -> Result<Outcome, TestCaseError> {
    let group = service().begin(case, client);
    let result = service().runtime.block_on(read(case, &group, by_items));
    let state = service().state(&group);
    service().end(&group);
    let out = result?;
    let expected = model(case);

    // What comes out.
    prop_assert_eq!(out.rows(), expected.rows());
    if !by_items {
        prop_assert_eq!(&out.pages, &expected.pages);
    }
    prop_assert_eq!(out.error, expected.error);
    prop_assert_eq!(out.next_page, expected.next_page);
    prop_assert_eq!(out.duplicates, expected.duplicates);

    // What was asked for: each page as often as it takes, and few past the end.
    let last = *expected.asked.last_key_value().map_or(&0, |(page, _)| page);
    let mut needed = out.asked.clone();
    let beyond = needed.split_off(&(last + 1));
    prop_assert_eq!(&needed, &expected.asked);
    prop_assert!(beyond.len() < case.prefetch, "past the end: {:?}", beyond);
    if expected.enough {
        prop_assert!(beyond.is_empty(), "past what is enough: {:?}", beyond);
    }
    // With the key and every filter on each of them.
    for asked in &state.lock().unwrap().asked {
        prop_assert_eq!(asked.header("apikey"), Some(KEY));
        let query = BTreeMap::from_iter(asked.query());
        prop_assert_eq!(query, case.query(asked.page()));
        prop_assert_eq!(asked.query().len(), case.query(asked.page()).len());
    }
    Ok(out)
}

/// What the model itself is held to: where nothing is odd, every row that is shown comes out, once and in order.
fn nothing_is_lost(case: &Case, out: &Outcome) -> Result<(), TestCaseError> {
    let from = ((case.first - 1) * case.per_page) as usize;
    let rows = case.rows.iter().skip(from);
    let all: Vec<_> = rows
        .filter(|(_, shown)| *shown)
        .map(|(row, _)| format!("u{row}"))
        .collect();
    let ends_early = match out.error {
        // Without a word of the service an empty page is the end, and it can be anywhere.
        None => {
            matches!(case.said, Said::Nothing(_) | Said::Contradiction)
                && case.rows.iter().any(|(_, shown)| !shown)
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
fn check_going_on(case: &Case, by_items: bool) -> Result<(), TestCaseError> {
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

/// Lists of up to 60 rows: of many, some hidden; now and then of few, so that rows come twice and pages repeat.
fn rows() -> impl Strategy<Value = Vec<(u8, bool)>> {
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

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        4 => any::<bool>().prop_map(|full_page_says_more| Said::HasMore { full_page_says_more }),
        2 => Just(Said::Count),
        1 => Just(Said::Contradiction),
        2 => prop::sample::select(vec![
            "",
            "null",
            "[]",
            r#""x""#,
            r#"{"pagination":null}"#,
            r#"{"pagination":{"total_pages":"many"}}"#,
            r#"{"pagination":{"total":9,"count":9,"total_pages":null}}"#,
        ])
        .prop_map(Said::Nothing),
    ]
}

fn failures() -> impl Strategy<Value = BTreeMap<u32, (Failure, u32)>> {
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

fn case() -> impl Strategy<Value = Case> {
    let beyond = prop::sample::select(vec![
        Beyond::AsUsual,
        Beyond::Error,
        Beyond::Garbage,
        Beyond::Hang,
    ]);
    let service = (
        rows(),
        said(),
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
        let (rows, said, as_text, failures, latency, beyond) = service;
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
            said,
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

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        // A case that hangs can't be made much smaller in the time that one waits for it.
        max_shrink_time: 60_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/paging/model.regressions",
        ))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(1_000))]

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
        check_going_on(&case, by_items)?;
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
                // Unless the service promised what it did not keep, more rows come out where there is no limit.
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
