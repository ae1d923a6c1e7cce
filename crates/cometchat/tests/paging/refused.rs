//! Options that are refused before anything is sent, and that nothing is sent before a list is read.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use cometchat::{ErrorKind, GroupMember, Items, List, PageOptions, Pages, builder, pages};
use futures_util::stream::FusedStream;
use futures_util::{Stream, TryStreamExt};

use crate::server::{Server, page, settle, total_pages};

async fn of_one() -> Server {
    Server::answering(|_| page(["a"], Some(&total_pages(1)))).await
}

#[tokio::test]
async fn invalid_options_are_refused_before_sending() {
    let server = of_one().await;
    let list = server.group().members().prefetch(4);
    let elsewhere = |guid: &str| server.client().group(guid).members().prefetch(4);
    for (list, what) in [
        (
            list.clone().prefetch(0),
            "prefetch must be 1 to 64 requests, not 0",
        ),
        (
            list.clone().prefetch(65),
            "prefetch must be 1 to 64 requests, not 65",
        ),
        (
            list.clone().max_pages(0),
            "max_pages must be at least 1, not 0",
        ),
        (
            list.clone().list_timeout(std::time::Duration::ZERO),
            "list_timeout is zero",
        ),
        (list.clone().page(0), "page must be at least 1, not 0"),
        (list.clone().per_page(0), "perPage must be 1 to 1000, not 0"),
        (
            list.clone().per_page(1001),
            "perPage must be 1 to 1000, not 1001",
        ),
        (
            list.clone().status("busy"),
            "status must be one of available, offline",
        ),
        (elsewhere(""), "guid"),
        (elsewhere("a/b"), "guid"),
    ] {
        let mut stream = list.clone().pages();
        let error = stream.next().await.unwrap().unwrap_err();
        // An option of the list, or an argument of its requests.
        let is_option = ["prefetch", "max_pages", "list_timeout"]
            .iter()
            .any(|name| what.starts_with(name));
        let kind = if is_option {
            ErrorKind::Config
        } else {
            ErrorKind::InvalidRequest
        };
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.attempts(), 0);
        assert!(error.to_string().contains(what), "{error}");
        assert!(stream.next().await.is_none(), "{what}");
        assert!(
            list.clone().items().next().await.unwrap().is_err(),
            "{what}"
        );
        assert!(list.clone().collect_all().await.is_err(), "{what}");
        assert!(list.clone().collect_up_to(3).await.is_err(), "{what}");
        assert!(list.collect_consistent(3).await.is_err(), "{what}");
    }
    let error = list.collect_consistent(1).await.unwrap_err();
    assert!(
        error.to_string().contains("max_passes must be at least 2"),
        "{error}"
    );

    // The same by way of the generated builder.
    let request = server
        .client()
        .api()
        .list_group_members()
        .guid("team")
        .page(0_u32);
    let error = pages(request, PageOptions::default())
        .next()
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        error.to_string().contains("page must be at least 1"),
        "{error}"
    );
    settle().await;
    assert_eq!((server.connections(), server.pages().len()), (0, 0));
}

#[tokio::test]
async fn send_ignores_the_other_options() {
    let server = of_one().await;
    let page = server
        .group()
        .members()
        .prefetch(0)
        .limit(0)
        .page(7)
        .send()
        .await
        .unwrap();
    assert_eq!((page.number, page.items.len(), page.attempts), (7, 1, 1));
    assert!(server.group().members().page(0).send().await.is_err());
    assert_eq!(server.pages(), [7]);
}

/// Nothing is sent on creation, on a clone, or by looking.
#[tokio::test]
async fn nothing_is_sent_before_the_first_poll() {
    let server = of_one().await;
    let list = server.group().members().prefetch(8);
    let (pages, items) = (list.clone().pages(), list.clone().items());
    let all = list.clone().collect_all();
    let one = list.clone().send();
    assert_eq!((pages.next_page(), items.next_page()), (1, 1));
    assert_eq!(items.size_hint(), (0, None));
    assert!(!pages.is_terminated() && !items.is_terminated());
    settle().await;
    assert_eq!((server.connections(), server.pages().len()), (0, 0));
    drop((pages, items));
    one.await.unwrap();
    all.await.unwrap();
    assert_eq!(server.pages()[..2], [1, 1]);
}

#[tokio::test]
async fn streams_are_fused() {
    let server = of_one().await;
    let (mut pages, mut items) = (
        server.group().members().pages(),
        server.group().members().items(),
    );
    assert!(pages.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_some());
    assert_eq!(items.size_hint(), (0, Some(0)));
    for _ in 0..3 {
        assert!(pages.try_next().await.unwrap().is_none());
        assert!(items.try_next().await.unwrap().is_none());
        assert!(pages.is_terminated() && items.is_terminated());
    }
    assert_eq!(server.pages().len(), 2);
}

/// A row without an id, which can't be moved once it is pinned.
#[derive(serde::Deserialize)]
struct Pinned {
    #[serde(skip)]
    _never: std::marker::PhantomPinned,
    uid: String,
}

impl cometchat::ListItem for Pinned {
    fn id(&self, _: &str) -> std::borrow::Cow<'_, str> {
        self.uid.as_str().into()
    }
}

#[test]
fn streams_can_be_sent_and_moved() {
    fn can<T: Send + Unpin>() {}
    fn sync<T: Send + Sync>() {}
    fn future<T>(_: impl FnOnce() -> T)
    where
        T: Future + Send,
    {
    }
    type O = builder::ListGroupMembers;
    can::<Pages<O>>();
    can::<Items<O>>();
    can::<Pages<O, Pinned>>();
    can::<Items<O, Pinned>>();
    sync::<List<O, GroupMember>>();
    future(|| async {
        let list = cometchat::Client::from_env()?.group("team").members();
        let mut items = list.clone().items();
        items.try_next().await?;
        list.clone().collect_all().await?;
        list.clone().collect_up_to(1).await?;
        list.clone().collect_consistent(2).await?;
        list.send().await
    });
}

/// Without a runtime there is an error, and no panic.
#[test]
fn without_a_runtime_there_is_an_error() {
    let list = cometchat::Client::builder()
        .base_url("http://127.0.0.1:9/v3")
        .api_key("key")
        .build()
        .unwrap()
        .group("team")
        .members();
    let mut context = Context::from_waker(Waker::noop());
    let mut items = list.clone().prefetch(8).items();
    let Poll::Ready(Some(Err(error))) = Pin::new(&mut items).poll_next(&mut context) else {
        panic!("there is a runtime");
    };
    assert!(error.to_string().contains("tokio runtime"), "{error}");
    assert_eq!(
        Pin::new(&mut items)
            .poll_next(&mut context)
            .map(|next| next.is_none()),
        Poll::Ready(true)
    );
    let mut one = std::pin::pin!(list.send());
    assert!(matches!(
        one.as_mut().poll(&mut context),
        Poll::Ready(Err(_))
    ));
}

/// Rows hold personal data: what is printed of a stream holds none, nor the key.
#[tokio::test]
async fn no_row_is_printed() {
    let server = Server::answering(|_| page(["secret", "other"], Some(&total_pages(2)))).await;
    let list = server.group().members().prefetch(2);
    let mut items = list.clone().items();
    items.try_next().await.unwrap();
    let printed = format!(
        "{list:?} {items:?} {:?} {:?}",
        server.client(),
        server.group()
    );
    for secret in ["secret", "other", crate::server::KEY] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("rows_to_come: 1"), "{printed}");
}
