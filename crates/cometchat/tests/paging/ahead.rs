//! Reading ahead: rule 5. Rows come in order, nothing past the end shows, and a dropped stream cancels its requests.

use std::collections::{HashSet, VecDeque};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cometchat::PageOptions;
use futures_util::TryStreamExt;
use tokio::sync::{Barrier, Semaphore, oneshot, watch};

use crate::ends::uids;
use crate::server::{
    KEY, Reply, Server, Step, all, answer, page, quick, settle, slice, total_pages,
};

/// A page of a list of 22 rows, 5 a page, with has-more hints.
fn of_22(number: u32) -> Reply {
    page(
        slice(22, 5, number),
        Some(&total_pages((number + 1).min(5))),
    )
}

/// With has-more hints, pages past the end are requested before the end is known. Whatever their responses are, the result is the
/// same, and at most `prefetch - 1` of them are requested.
#[tokio::test]
async fn nothing_past_the_end_shows() {
    let beyond: [fn() -> Reply; 7] = [
        || answer(500, &[], r#"{"error":{"code":"ERR_MISSION_FAILED"}}"#),
        || answer(404, &[], "{}"),
        || answer(429, &[("retry-after", "3600")], ""),
        || answer(200, &[], "<html>"),
        || page(["stranger"], Some(&total_pages(99))),
        || page([""; 0], None),
        || vec![Step::Close],
    ];
    for (kind, beyond) in beyond.into_iter().enumerate() {
        let server = Server::answering(move |asked| match asked.page() {
            number @ 1..=5 => of_22(number),
            _ => beyond(),
        })
        .await;
        for prefetch in [2, 3, 8, 64] {
            let before = server.pages().len();
            let mut pages = server
                .group()
                .members()
                .per_page(5)
                .prefetch(prefetch)
                .pages();
            let mut rows = Vec::new();
            while let Some(page) = pages.try_next().await.unwrap() {
                rows.extend(page.items.into_iter().map(|item| item.uid));
            }
            assert_eq!(rows, all(22), "{kind}, {prefetch}");
            let progress = pages.progress();
            assert_eq!(
                (progress.pages, progress.rows, progress.retries),
                (5, 22, 0)
            );
            assert_eq!(pages.next_page(), 6);
            drop(pages);

            let mut asked = server.pages().split_off(before);
            asked.sort_unstable();
            asked.dedup();
            assert!(asked.len() < 5 + prefetch, "{kind}, {prefetch}: {asked:?}");
        }
    }
}

/// A page past the end without a response delays nothing, and is cancelled after a while.
#[tokio::test]
async fn a_hanging_page_past_the_end_is_cancelled() {
    let last = Arc::new(Barrier::new(4));
    let server = Server::start(move |asked| {
        let last = last.clone();
        async move {
            if asked.page() >= 5 {
                last.wait().await;
            }
            match asked.page() {
                number @ 1..=5 => of_22(number),
                _ => std::future::pending().await,
            }
        }
    })
    .await;
    let list = server.group().members().per_page(5).prefetch(4);
    assert_eq!(uids(list).await.unwrap(), all(22));
    // Pages 6, 7 and 8 were requested before the response to page 5.
    server.given_up(3).await;
}

/// Requests past the end are not cancelled, which would close their connections: the next list uses them again.
#[tokio::test]
async fn connections_outlive_the_list_that_opened_them() {
    let server = Server::answering(|asked| {
        let rows = slice(25, 5, asked.page());
        page(rows, Some(&total_pages((asked.page() + 1).min(5))))
    })
    .await;
    let client = server.client();
    for list in 0..20 {
        let members = client.group(format!("team-{list}")).members();
        let rows = members.per_page(5).prefetch(8).collect_all().await.unwrap();
        assert_eq!(rows.len(), 25);
    }
    settle().await;
    // Those of the list before may still be in use.
    assert!(server.connections() <= 16, "{}", server.connections());
    assert_eq!(server.abandoned(), 0);
}

/// Under a rate limit pages are requested in order, and as fast as the limit allows.
#[tokio::test(start_paused = true)]
async fn pages_are_requested_in_order_under_a_pace() {
    let server =
        Server::answering(|asked| page(slice(200, 5, asked.page()), Some(&total_pages(40)))).await;
    let client = cometchat::Client::builder()
        .base_url(server.base_url())
        .api_key(KEY)
        .requests_per_minute(60)
        .configure_http(quick);
    let group = client.build().unwrap().group("team");
    let started = tokio::time::Instant::now();
    let list = group.members().per_page(5).prefetch(16);
    assert_eq!(uids(list).await.unwrap(), all(200));
    assert_eq!(server.pages(), (1..=40).collect::<Vec<_>>());
    let elapsed = started.elapsed().as_secs();
    assert!((38..=41).contains(&elapsed), "{elapsed} s");
}

/// As many requests as may be in flight can fail once.
#[tokio::test]
async fn every_page_may_fail_once() {
    for prefetch in [32, 64] {
        let failed: Mutex<HashSet<u32>> = Mutex::default();
        let server = Server::answering(move |asked| {
            if failed.lock().unwrap().insert(asked.page()) {
                return answer(503, &[], "");
            }
            page(slice(500, 5, asked.page()), Some(&total_pages(100)))
        })
        .await;
        let list = server.group().members().per_page(5).prefetch(prefetch);
        assert_eq!(uids(list).await.unwrap(), all(500), "{prefetch}");
        assert_eq!(server.pages().len(), 200);
    }
}

/// What retries for pages past the end took from the retry budget is given back.
#[tokio::test]
async fn retries_past_the_end_cost_later_calls_nothing() {
    const BUDGET: u32 = 8;
    let past_the_end = watch::Sender::new(0);
    let server = Server::start(move |asked| {
        let past_the_end = past_the_end.clone();
        async move {
            match asked.page() {
                _ if asked.group() == "down" => return answer(500, &[], ""),
                // Seven pages past the end, and as many retries as the budget allows.
                5 => {
                    let mut past_the_end = past_the_end.subscribe();
                    let spent = past_the_end.wait_for(|requests| *requests >= 7 + BUDGET);
                    spent.await.unwrap();
                }
                6.. => {
                    past_the_end.send_modify(|requests| *requests += 1);
                    return answer(500, &[], "");
                }
                _ => {}
            }
            of_22(asked.page())
        }
    })
    .await;
    let client = server.builder().retry_budget(BUDGET).build().unwrap();
    let list = client.group("team").members().per_page(5).prefetch(8);
    assert_eq!(uids(list).await.unwrap(), all(22));
    let error = client.group("down").members().send().await.unwrap_err();
    assert_eq!(error.attempts(), 5, "{error}");
}

/// A row with the task that decoded it.
#[derive(serde::Deserialize)]
struct Traced {
    uid: String,
    #[serde(skip, default = "tokio::task::try_id")]
    task: Option<tokio::task::Id>,
}

/// The tasks that read the ids of such rows.
static ID_READ_IN: Mutex<Vec<Option<tokio::task::Id>>> = Mutex::new(Vec::new());

impl cometchat::ListItem for Traced {
    fn id(&self, _: &str) -> std::borrow::Cow<'_, str> {
        ID_READ_IN.lock().unwrap().push(tokio::task::try_id());
        self.uid.as_str().into()
    }
}

/// Bodies are decoded, and ids read once, by the task that fetched the page: the reader of the stream is no task here.
#[tokio::test]
async fn pages_are_decoded_by_their_own_tasks() {
    let server = Server::answering(|asked| of_22(asked.page())).await;
    for dedup in [false, true] {
        let list = server.group().members().per_page(5).prefetch(3);
        let list = list.dedup(dedup).items_as::<Traced>();
        let rows = list.collect_all().await.unwrap();
        assert_eq!(rows.len(), 22);
        assert!(rows.iter().all(|row| row.task.is_some()));
        let read_in = std::mem::take(&mut *ID_READ_IN.lock().unwrap());
        assert_eq!(read_in.len(), 22);
        assert!(read_in.iter().all(Option::is_some));
    }
}

/// A number that is too large for a has-more hint is a count: no page past it is requested once it is known, not even at
/// the end, where it looks like a hint again.
#[tokio::test]
async fn nothing_past_a_count_is_requested() {
    let gate = Arc::new(Semaphore::new(0));
    let held = gate.clone();
    let server = Server::start(move |asked| {
        let held = held.clone();
        async move {
            if asked.page() == 24 {
                held.acquire().await.unwrap().forget();
            }
            page(slice(48, 2, asked.page()), Some(&total_pages(24)))
        }
    })
    .await;
    let list = server.group().members().per_page(2).prefetch(7);
    let mut pages = list.pages();
    for number in 1..24 {
        assert_eq!(pages.try_next().await.unwrap().unwrap().number, number);
    }
    tokio::select! {
        biased;
        _ = pages.try_next() => panic!("the last page is held"),
        () = settle() => {}
    }
    let mut asked = server.pages();
    asked.sort_unstable();
    assert_eq!(asked, (1..=24).collect::<Vec<_>>());
    gate.add_permits(1);
    assert_eq!(pages.try_next().await.unwrap().unwrap().number, 24);
    assert!(pages.try_next().await.unwrap().is_none());
}

/// Requests leave in the order of their pages, and rows come in that order, in whichever order responses come: here the
/// last request gets the first response.
#[tokio::test]
async fn order_is_kept() {
    const AHEAD: usize = 4;
    let waiting: Arc<Mutex<Vec<oneshot::Sender<()>>>> = Arc::default();
    let server = Server::start(move |asked| {
        let waiting = waiting.clone();
        async move {
            let (free, freed) = oneshot::channel();
            let all_here = {
                let mut waiting = waiting.lock().unwrap();
                waiting.push(free);
                waiting.len() == AHEAD
            };
            if all_here {
                // The latest first, and each gets as far as it may before the next.
                let mut all: VecDeque<_> = std::mem::take(&mut *waiting.lock().unwrap()).into();
                while let Some(free) = all.pop_back() {
                    let _ = free.send(());
                    tokio::task::yield_now().await;
                }
            }
            let _ = freed.await;
            page(slice(40, 5, asked.page()), Some(&total_pages(8)))
        }
    })
    .await;
    // Eight pages, four at a time. The second four are requested one by one as the first come, and so wait for each
    // other, too.
    let list = server.group().members().per_page(5).prefetch(AHEAD);
    assert_eq!(uids(list).await.unwrap(), all(40));
}

/// As many requests are in flight as may be, and no more; so many decoded pages are held at most.
#[tokio::test]
async fn no_more_than_the_number_is_in_flight() {
    for (prefetch, limit, expected) in [
        (1, None, 1),
        (3, None, 3),
        (64, None, 64),
        (64, Some(11), 3),
    ] {
        let gate = Arc::new(Semaphore::new(0));
        let held = gate.clone();
        let server = Server::start(move |asked| {
            let held = held.clone();
            async move {
                held.acquire().await.unwrap().forget();
                page(slice(1_000, 5, asked.page()), Some(&total_pages(200)))
            }
        })
        .await;
        let mut options = PageOptions::default().prefetch(prefetch);
        if let Some(limit) = limit {
            options = options.limit(limit);
        }
        let mut pages = server
            .group()
            .members()
            .per_page(5)
            .options(options)
            .pages();
        let first = pages.try_next();
        tokio::pin!(first);
        // The first page can't come: all other requests that are allowed are made meanwhile.
        tokio::select! {
            _ = &mut first => panic!("the gate is closed"),
            () = server.came(expected) => {}
        }
        settle().await;
        assert_eq!(server.pages().len(), expected, "prefetch {prefetch}");
        gate.add_permits(expected);
        assert_eq!(first.await.unwrap().unwrap().number, 1);
        // Nothing is requested until the caller polls again.
        settle().await;
        assert_eq!(server.pages().len(), expected, "prefetch {prefetch}");
    }
}

/// The number can be changed while a list is read; what is out of its range is what is nearest.
#[tokio::test]
async fn prefetch_can_change_meanwhile() {
    let server =
        Server::answering(|asked| page(slice(1_000, 5, asked.page()), Some(&total_pages(200))))
            .await;
    let mut pages = server.group().members().per_page(5).pages();
    let mut last = 0;
    for (requests, asked) in [(1, 1), (5, 6), (0, 6), (1_000, 67), (1, 67)] {
        pages.set_prefetch(requests);
        last += 1;
        assert_eq!(pages.try_next().await.unwrap().unwrap().number, last);
        server.came(asked).await;
        assert_eq!(server.pages().len(), asked, "{requests}");
    }
}

/// Dropping a stream cancels the requests in flight.
#[tokio::test]
async fn dropping_the_stream_cancels_its_requests() {
    for prefetch in [1, 6] {
        let server = Server::start(|_| std::future::pending()).await;
        let mut items = server.group().members().prefetch(prefetch).items();
        tokio::select! {
            _ = items.try_next() => panic!("nothing is answered"),
            () = server.came(prefetch) => {}
        }
        drop(items);
        server.given_up(prefetch).await;
    }
}

/// So does a list that ends with an error.
#[tokio::test]
async fn an_error_cancels_requests_in_flight() {
    let all = Arc::new(Barrier::new(6));
    let server = Server::start(move |asked| {
        let all = all.clone();
        async move {
            all.wait().await;
            match asked.page() {
                1 => answer(404, &[], "{}"),
                _ => std::future::pending().await,
            }
        }
    })
    .await;
    let mut items = server.group().members().prefetch(6).items();
    assert!(items.try_next().await.is_err());
    server.given_up(5).await;
    // The stream itself is still there.
    assert!(items.try_next().await.unwrap().is_none());
}

/// Live, on 200 too: `X-RateLimit-Remaining`. While it is 0, nothing is requested ahead, until a response has
/// another value or none.
#[tokio::test]
async fn no_request_left_means_no_reading_ahead() {
    // Each requested page, and how many requests were open then.
    let asked: Arc<Mutex<Vec<(u32, usize)>>> = Arc::default();
    let (open, log) = (Arc::new(AtomicUsize::new(0)), asked.clone());
    // The six that are requested at first, and again when requests remain: they wait for each other, so that the test
    // hangs if they are not requested together.
    let together = [1..=6, 22..=27].map(|pages| (pages, Arc::new(Barrier::new(6))));
    let server = Server::start(move |asked| {
        let number = asked.page();
        let now = open.fetch_add(1, Ordering::SeqCst) + 1;
        log.lock().unwrap().push((number, now));
        let barrier = together.iter().find(|(pages, _)| pages.contains(&number));
        let (barrier, open) = (barrier.map(|(_, barrier)| barrier.clone()), open.clone());
        async move {
            match barrier {
                Some(barrier) => {
                    barrier.wait().await;
                }
                // The other requests come meanwhile.
                None => settle().await,
            }
            open.fetch_sub(1, Ordering::SeqCst);
            let remaining = match number {
                1..=10 => Some(("x-ratelimit-remaining", "0")),
                11..=20 => Some(("x-ratelimit-remaining", "2")),
                _ => None,
            };
            let rows = slice(120, 4, number).join(r#""},{"uid":""#);
            let meta = total_pages(30);
            let body = format!(r#"{{"data":[{{"uid":"{rows}"}}],"meta":{meta}}}"#);
            answer(200, remaining.as_slice(), &body)
        }
    })
    .await;
    let list = server.group().members().per_page(4).prefetch(6);
    let mut items = list.items();
    let mut rows = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        rows.push(item.uid);
    }
    assert_eq!(rows, all(120));
    // The last rate limit.
    assert_eq!(items.progress().rate_limit.unwrap().remaining, Some(2));
    let asked = asked.lock().unwrap();
    let most = |pages: RangeInclusive<u32>| {
        let open = asked.iter().filter(|(page, _)| pages.contains(page));
        open.map(|(_, open)| *open).max()
    };
    // Page 11 is requested because of the headers of page 10, and so on.
    assert_eq!(most(7..=11), Some(1));
    assert!(most(12..=22) <= Some(2));
}
