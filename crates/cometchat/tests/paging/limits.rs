//! How much of a list is read: limits, what is collected, and rows that come twice.

use std::time::Duration;

use cometchat::{Error, ErrorKind, PageOptions};
use futures_util::TryStreamExt;

use crate::ends::uids;
use crate::server::{Server, all, page, settle, slice, total_pages};

/// A list of 22 rows, 5 a page. All requests arrive before the first response is sent.
async fn of_22() -> Server {
    Server::start(|asked| async move {
        settle().await;
        let said = total_pages((asked.page() + 1).min(5));
        page(slice(22, 5, asked.page()), Some(&said))
    })
    .await
}

#[tokio::test]
async fn a_limit_requests_only_needed_pages() {
    for prefetch in [1, 2, 8] {
        for (limit, pages) in [(1, 1), (4, 1), (5, 1), (6, 2), (10, 2), (21, 5), (22, 5)] {
            let server = of_22().await;
            let list = server.group().members().per_page(5).prefetch(prefetch);
            let rows = uids(list.limit(limit)).await.unwrap();
            assert_eq!(rows, all(22)[..limit], "limit {limit}");
            assert_eq!(
                server.pages().len(),
                pages,
                "limit {limit}, prefetch {prefetch}"
            );
        }
    }
}

/// Without a page size, the default of the service applies: 100 rows a page.
#[tokio::test]
async fn a_limit_knows_the_default_page_size() {
    let server = Server::start(|asked| async move {
        settle().await;
        page(slice(1_000, 100, asked.page()), Some(&total_pages(10)))
    })
    .await;
    let list = server.group().members().prefetch(8).limit(250);
    assert_eq!(uids(list).await.unwrap().len(), 250);
    assert_eq!(server.pages().len(), 3);
}

#[tokio::test]
async fn a_limit_of_nothing_sends_nothing() {
    let server = of_22().await;
    let mut items = server.group().members().limit(0).items();
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(items.next_page(), 1);
    let collected = server.group().members().collect_up_to(0).await.unwrap();
    assert!(collected.items.is_empty() && collected.truncated);
    assert!(server.pages().is_empty());
}

#[tokio::test]
async fn collected_tells_whether_it_is_cut() {
    let server = of_22().await;
    let list = server.group().members().per_page(5).prefetch(3);
    for (rows, expected, truncated) in [
        (1, 1, true),
        (5, 5, true),
        (20, 20, true),
        (21, 21, true),
        (22, 22, false),
        (23, 22, false),
        (usize::MAX, 22, false),
    ] {
        let collected = list.clone().collect_up_to(rows).await.unwrap();
        assert_eq!(collected.items.len(), expected);
        assert_eq!(collected.truncated, truncated, "{rows}");
    }
    // Of two limits the smaller one applies.
    let collected = list.clone().limit(3).collect_up_to(9).await.unwrap();
    assert_eq!((collected.items.len(), collected.truncated), (3, true));
    let collected = list.limit(9).collect_up_to(3).await.unwrap();
    assert_eq!((collected.items.len(), collected.truncated), (3, true));
}

#[tokio::test]
async fn a_list_resumes_at_the_page_cut() {
    let server = of_22().await;
    let list = server.group().members().per_page(5);
    let mut pages = list.clone().limit(8).pages();
    while pages.try_next().await.unwrap().is_some() {}
    assert_eq!((pages.next_page(), pages.progress().rows), (2, 8));
    let mut pages = list.limit(10).pages();
    while pages.try_next().await.unwrap().is_some() {}
    assert_eq!((pages.next_page(), pages.progress().rows), (3, 10));
}

/// Rule 7. Paging is by offset over a list that changes, so a row can come twice.
#[tokio::test]
async fn dedup_drops_and_counts_rows() {
    // One joins at the front after each page, so that the last row of a page is the first of the next one.
    let server = Server::answering(|asked| {
        let first = (asked.page() - 1) * 4;
        let rows = (first..first + 5).map(|row| format!("u{row}"));
        page(rows, Some(&total_pages(4)))
    })
    .await;
    let list = server.group().members().per_page(5);
    assert_eq!(uids(list.clone()).await.unwrap().len(), 20);

    let mut items = list.clone().dedup(true).items();
    let mut rows = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        rows.push(item.uid);
    }
    assert_eq!(rows, all(17));
    let progress = items.progress();
    assert_eq!((progress.rows, progress.duplicates), (17, 3));

    // A limit is of rows that are delivered.
    let collected = list.dedup(true).collect_up_to(10).await.unwrap();
    assert_eq!((collected.items.len(), collected.truncated), (10, true));
}

/// Whether there is more is a matter of what the service sent, not of what is left of it: here nothing says so but rows.
#[tokio::test]
async fn a_page_of_known_rows_ends_nothing() {
    let server = Server::answering(|asked| match asked.page() {
        1 => page(["a", "b", "c"], None),
        2 => page(["a", "b"], None),
        3 => page(["d"], None),
        _ => page([""; 0], None),
    })
    .await;
    let options = PageOptions::default().dedup(true);
    let mut pages = server.group().members().options(options).pages();
    let mut seen = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        seen.push((page.number, page.items.len(), page.has_more()));
    }
    assert_eq!(
        seen,
        [(1, 3, true), (2, 0, true), (3, 1, true), (4, 0, false)]
    );
}

/// A list of 50 rows, 5 per page, that takes a second for each page.
async fn slow() -> Server {
    Server::start(|asked| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        page(slice(50, 5, asked.page()), Some(&total_pages(10)))
    })
    .await
}

/// The rows before it, and the error that a list ends with.
async fn rows_and_error(list: cometchat::ListMembers) -> (usize, Error) {
    let (mut rows, mut items) = (0, list.items());
    while let Some(row) = items.next().await {
        match row {
            Ok(_) => rows += 1,
            Err(error) => {
                assert!(items.next().await.is_none());
                return (rows, error);
            }
        }
    }
    panic!("the list ended");
}

#[tokio::test(start_paused = true)]
async fn a_list_ends_with_its_timeout() {
    for prefetch in [1, 4] {
        let server = slow().await;
        let started = tokio::time::Instant::now();
        let list = server.group().members().per_page(5).prefetch(prefetch);
        let timeout = Duration::from_millis(2_500);
        let (rows, error) = rows_and_error(list.clone().list_timeout(timeout)).await;
        assert!(started.elapsed() < Duration::from_secs(3));
        assert_eq!(rows % 5, 0);
        assert!((10..50).contains(&rows), "{rows}");
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(error.page(), Some(rows as u32 / 5 + 1));
        let text = error.to_string();
        assert!(
            text.contains("team") && text.contains("timeout of 2.5s"),
            "{text}"
        );
        assert!(text.contains(".list_timeout("), "{text}");
        // Enough time, and a list that was not read for a while.
        let rows = uids(list.clone().list_timeout(Duration::from_secs(11))).await;
        assert_eq!(rows.unwrap().len(), 50);
        let mut pages = list.list_timeout(timeout).pages();
        pages.next().await.unwrap().unwrap();
        tokio::time::sleep(timeout).await;
        assert_eq!(pages.next().await.unwrap().unwrap_err().page(), Some(2));
    }
}

#[tokio::test]
async fn a_page_knows_where_to_resume() {
    let server = of_22().await;
    let list = server.group().members().per_page(5).limit(12);
    let mut pages = list.clone().pages();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        assert_eq!(page.next_page(), pages.next_page());
        assert_eq!(page.next_page(), (page.number + 1).min(3));
    }
    assert_eq!(list.send().await.unwrap().next_page(), 2);
}
