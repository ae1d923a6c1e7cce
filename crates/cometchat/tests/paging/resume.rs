//! Failures, and resuming after them: rule 6.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cometchat::{ErrorKind, RetryPolicy};
use futures_util::TryStreamExt;

use crate::server::{Server, all, answer, page, slice, total_pages};

/// A list of 42 rows, 5 a page, of which page 4 fails until it is repaired.
async fn broken_at_4() -> (Server, Arc<AtomicBool>) {
    let mended = Arc::new(AtomicBool::new(false));
    let is_mended = mended.clone();
    let server = Server::answering(move |asked| {
        if asked.page() == 4 && !is_mended.load(Ordering::SeqCst) {
            return answer(502, &[], "<html>Bad Gateway</html>");
        }
        page(
            slice(42, 5, asked.page()),
            Some(&total_pages((asked.page() + 1).min(9))),
        )
    })
    .await;
    (server, mended)
}

#[tokio::test]
async fn an_error_comes_after_all_earlier_rows() {
    for prefetch in [1, 2, 5, 16] {
        let (server, mended) = broken_at_4().await;
        let list = server.group().members().per_page(5).prefetch(prefetch);
        let mut items = list.clone().items();
        let mut rows = Vec::new();
        let error = loop {
            match items.try_next().await {
                Ok(Some(item)) => rows.push(item.uid),
                Ok(None) => panic!("the failure is not told"),
                Err(error) => break error,
            }
        };
        assert_eq!(rows, all(42)[..15]);
        assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(502)));
        assert_eq!((error.page(), error.attempts()), (Some(4), 5));
        assert!(error.is_retryable());
        assert_eq!(items.next_page(), 4);
        assert_eq!((items.progress().pages, items.progress().retries), (3, 4));
        for _ in 0..3 {
            assert!(items.try_next().await.unwrap().is_none());
        }

        mended.store(true, Ordering::SeqCst);
        let rest = list.page(4).collect_all().await.unwrap();
        rows.extend(rest.into_iter().map(|item| item.uid));
        assert_eq!(rows, all(42));
    }
}

#[tokio::test]
async fn a_page_that_recovers_is_not_noticed() {
    for prefetch in [1, 4] {
        let server = Server::start({
            let failures = Arc::new(std::sync::atomic::AtomicU32::new(0));
            move |asked| {
                let failed = asked.page() == 3 && failures.fetch_add(1, Ordering::SeqCst) < 4;
                std::future::ready(if failed {
                    answer(500, &[], "{}")
                } else {
                    page(slice(42, 5, asked.page()), Some(&total_pages(9)))
                })
            }
        })
        .await;
        let mut pages = server
            .group()
            .members()
            .per_page(5)
            .prefetch(prefetch)
            .pages();
        let mut rows = 0;
        while let Some(page) = pages.try_next().await.unwrap() {
            rows += page.items.len();
            assert_eq!(page.attempts, if page.number == 3 { 5 } else { 1 });
        }
        assert_eq!((rows, pages.progress().retries), (42, 4));
        let asked = server.pages();
        assert_eq!(
            (asked.len(), asked.iter().filter(|page| **page == 3).count()),
            (13, 5)
        );
    }
}

#[tokio::test]
async fn a_list_can_set_its_retry_policy() {
    let (server, _) = broken_at_4().await;
    let list = server.group().members().per_page(5).page(4);
    let error = list
        .retry(RetryPolicy::none())
        .collect_all()
        .await
        .unwrap_err();
    assert_eq!((error.attempts(), error.page()), (1, Some(4)));
    assert_eq!(server.pages(), [4]);
}

/// At any moment there is a page to resume from: no row is lost, and between pages none comes twice.
#[tokio::test]
async fn a_list_can_always_be_resumed() {
    let (server, mended) = broken_at_4().await;
    mended.store(true, Ordering::SeqCst);
    for prefetch in [1, 3] {
        let list = server.group().members().per_page(5).prefetch(prefetch);
        let mut pages = list.clone().pages();
        let mut expected = 1;
        assert_eq!(pages.next_page(), expected);
        while let Some(page) = pages.try_next().await.unwrap() {
            expected += 1;
            assert_eq!((page.number + 1, pages.next_page()), (expected, expected));
        }
        assert_eq!(pages.next_page(), 10);

        let mut items = list.clone().items();
        assert_eq!(items.next_page(), 1);
        for row in 0_u32..42 {
            let item = items.try_next().await.unwrap().unwrap();
            assert_eq!(item.uid, format!("u{row}"));
            // In mid-page it is the same page again; the last page has two rows.
            let of_page = row % 5 + 1;
            let whole = of_page == 5 || row == 41;
            assert_eq!(
                items.next_page(),
                row / 5 + 1 + u32::from(whole),
                "after row {row}"
            );
            assert_eq!(items.progress().rows, u64::from(row) + 1);
        }
        assert!(items.try_next().await.unwrap().is_none());
        assert_eq!(items.next_page(), 10);
    }
}

/// A body of another shape is an error of its page, too.
#[tokio::test]
async fn an_error_locates_a_row_without_uid() {
    let server = Server::answering(|asked| match asked.page() {
        1 => page(["a"], Some(&total_pages(2))),
        _ => answer(200, &[], r#"{"data":[{"uid":"b"},{"name":"c"}]}"#),
    })
    .await;
    let mut items = server.group().members().prefetch(2).items();
    assert_eq!(items.try_next().await.unwrap().unwrap().uid, "a");
    let error = items.try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.page()), (ErrorKind::Decode, Some(2)));
    assert!(
        error.json_path().unwrap().contains("data[1]"),
        "{:?}",
        error.json_path()
    );
}

/// A panic of the caller's own code, met while reading ahead, is the caller's.
#[tokio::test]
async fn a_panic_while_decoding_ahead_reaches_the_caller() {
    struct Bomb;
    impl<'de> serde::Deserialize<'de> for Bomb {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            panic!("a row that can't be borne");
        }
    }
    impl cometchat::ListItem for Bomb {
        fn id(&self, _: &str) -> std::borrow::Cow<'_, str> {
            "".into()
        }
    }
    let server = Server::answering(|_| page(["a"], None)).await;
    let list = server.group().members().items_as::<Bomb>();
    let caught = tokio::spawn(async move {
        let _ = list.prefetch(2).items().try_next().await;
    })
    .await
    .unwrap_err();
    let panic = caught.into_panic();
    assert_eq!(panic.downcast_ref(), Some(&"a row that can't be borne"));
}

/// A runtime that ends cancels its requests. The rows before are delivered, and the error names the page to resume from.
#[test]
fn a_runtime_that_ends_meanwhile_is_an_error() {
    let serving = tokio::runtime::Runtime::new().unwrap();
    let server = serving.block_on(Server::start(|asked| async move {
        match asked.page() {
            1 => page(["a"], Some(&total_pages(9))),
            _ => std::future::pending().await,
        }
    }));
    let mut items = server.group().members().prefetch(3).items();
    let first = tokio::runtime::Runtime::new().unwrap();
    assert!(first.block_on(items.try_next()).unwrap().is_some());
    drop(first);
    let error = serving.block_on(items.try_next()).unwrap_err();
    assert_eq!(
        (error.kind(), error.page()),
        (ErrorKind::Transport, Some(2))
    );
    assert!(error.to_string().contains("runtime"), "{error}");
    assert_eq!(items.next_page(), 2);
    assert!(serving.block_on(items.try_next()).unwrap().is_none());
}
