//! Where a list ends: one test for each rule, with the fact that it rests on.

use cometchat::{Error, ErrorKind, List, ListItem, ListOperation};
use futures_util::TryStreamExt;

use crate::server::{Server, all, page, slice, total_pages};

/// The uids of a list, read item by item.
pub async fn uids<O, T>(list: List<O, T>) -> Result<Vec<String>, Error>
where
    O: ListOperation,
    T: ListItem,
{
    let items = list.items();
    items
        .map_ok(|item| item.id(O::KEY).into_owned())
        .try_collect()
        .await
}

/// Rule 1. Live, on `/users/{uid}/blockedusers`, and by the documentation: `total_pages` is this page's number, or one
/// more where there may be another page; `total` is 0 on every page, and `count` isn't the number of rows.
#[tokio::test]
async fn has_more_hints_are_followed() {
    let server = Server::answering(|asked| {
        let said = total_pages((asked.page() + 1).min(5));
        page(slice(24, 5, asked.page()), Some(&said))
    })
    .await;
    let list = server.group().members().per_page(5);
    assert_eq!(uids(list).await.unwrap(), all(24));
    assert_eq!(server.pages(), [1, 2, 3, 4, 5]);
}

/// Rule 1. Live, on `/users`: `total_pages` is the number of pages.
#[tokio::test]
async fn a_count_is_followed_to_its_end() {
    let server = Server::answering(|asked| {
        let said = r#"{"pagination":{"total":2500,"count":100,"total_pages":25}}"#;
        page(slice(2_500, 100, asked.page()), Some(said))
    })
    .await;
    let list = server.group().members();
    assert_eq!(uids(list).await.unwrap(), all(2_500));
    assert_eq!(server.pages(), (1..=25).collect::<Vec<_>>());
}

/// Rule 1. Not observed: what a has-more hint says of a last page that is exactly full. If it says that nothing comes after
/// it, nothing is requested after it: 2,500 rows at 100 a page are 25 requests, and not 26.
#[tokio::test]
async fn a_full_last_page_ends_the_list() {
    let server = Server::answering(|asked| {
        let said = total_pages((asked.page() + 1).min(25));
        page(slice(2_500, 100, asked.page()), Some(&said))
    })
    .await;
    let list = server.group().members();
    assert_eq!(uids(list).await.unwrap(), all(2_500));
    assert_eq!(server.pages(), (1..=25).collect::<Vec<_>>());
}

/// Rule 1, the other outcome: it says that another page comes, which turns out to be empty. That page past the end says
/// so in its own words (live on another list: 200 with `data: []`).
#[tokio::test]
async fn a_promised_page_may_be_empty() {
    let server = Server::answering(|asked| {
        let said = total_pages((asked.page() + 1).min(4));
        page(slice(15, 5, asked.page()), Some(&said))
    })
    .await;
    let list = server.group().members().per_page(5);
    assert_eq!(uids(list.clone()).await.unwrap(), all(15));
    assert_eq!(server.pages(), [1, 2, 3, 4]);

    // The last page comes even if it is empty.
    let pages: Vec<_> = list.pages().try_collect().await.unwrap();
    let lengths: Vec<_> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!(lengths, [5, 5, 5, 0]);
    assert!(pages[2].has_more() && !pages[3].has_more());
}

/// Rule 1. A page past the end (200 with `data: []`, live on another list) is the end, however far past.
#[tokio::test]
async fn a_start_past_the_end_is_empty() {
    let server =
        Server::answering(|asked| page(slice(15, 5, asked.page()), Some(&total_pages(3)))).await;
    let list = server.group().members().per_page(5).page(30).prefetch(4);
    assert_eq!(uids(list).await.unwrap(), [""; 0]);
}

/// Rule 1. The list of a group without members is one page, which is empty.
#[tokio::test]
async fn an_empty_list_is_one_page() {
    let server = Server::answering(|_| page([""; 0], Some(&total_pages(1)))).await;
    let mut pages = server.group().banned_users().pages();
    let page = pages.try_next().await.unwrap().unwrap();
    assert_eq!(
        (page.number, page.items.len(), page.has_more()),
        (1, 0, false)
    );
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(server.pages(), [1]);
}

/// Rule 2. Numbers as strings occur live on sibling lists, and the backend looks like PHP, where an empty object turns
/// into `[]`: what can be read is read, and what can't be never costs a row.
#[tokio::test]
async fn an_unreadable_meta_costs_no_row() {
    for (meta, requests) in [
        // There is more while there are rows: one request to find the end.
        (None, 4),
        (Some("null"), 4),
        (Some("[]"), 4),
        (Some("{}"), 4),
        (Some("7"), 4),
        (Some(r#""soon""#), 4),
        (Some(r#"{"pagination":null}"#), 4),
        (Some(r#"{"pagination":[]}"#), 4),
        (Some(r#"{"pagination":{"total_pages":null}}"#), 4),
        (Some(r#"{"pagination":{"total_pages":"many"}}"#), 4),
        (Some(r#"{"pagination":{"total_pages":2.5}}"#), 4),
        (Some(r#"{"pagination":{"total_pages":{"of":3}}}"#), 4),
        (Some(r#"{"pagination":{"total":14,"count":5}}"#), 4),
        // Readable, if not as documented.
        (Some(r#"{"pagination":{"total_pages":"3"}}"#), 3),
        (Some(r#"{"pagination":{"total_pages":3.0}}"#), 3),
        (
            Some(r#"{"pagination":{"total_pages":3,"total":"x","count":null,"per_page":[]}}"#),
            3,
        ),
        (Some(r#"{"pagination":{"total_pages":3},"cursor":[]}"#), 3),
    ] {
        let server = Server::answering(move |asked| page(slice(14, 5, asked.page()), meta)).await;
        let list = server.group().members().per_page(5);
        assert_eq!(uids(list).await.unwrap(), all(14), "{meta:?}");
        assert_eq!(server.pages().len(), requests, "{meta:?}");
    }
}

/// Rule 2. The `cursor` varies in place and keys, and is the same on all pages: a sync mark, which decides nothing.
#[tokio::test]
async fn a_cursor_decides_nothing() {
    for cursor in [
        "null",
        "[]",
        r#""x""#,
        r#"{"updatedAt":"x"}"#,
        r#"{"value":{},"field":1}"#,
    ] {
        let server = Server::answering(move |asked| {
            let rows = slice(14, 5, asked.page()).join(r#""},{"uid":""#);
            let body = format!(
                r#"{{"data":[{{"uid":"{rows}"}}],"cursor":{cursor},"meta":{}}}"#,
                total_pages(3)
            );
            crate::server::answer(200, &[], &body)
        })
        .await;
        let list = server.group().members().per_page(5);
        assert_eq!(uids(list).await.unwrap(), all(14), "{cursor}");
    }
}

/// Rule 2. A number below that of a page with rows contradicts itself: rows decide.
#[tokio::test]
async fn a_contradicting_total_costs_no_row() {
    for total in [0, 1] {
        let server = Server::answering(move |asked| {
            page(slice(300, 100, asked.page()), Some(&total_pages(total)))
        })
        .await;
        for prefetch in [1, 4] {
            let list = server.group().members().prefetch(prefetch);
            // With 1, page 1 is the last as its number says, and nothing contradicts that.
            let rows = if total == 0 { 300 } else { 100 };
            assert_eq!(uids(list.clone()).await.unwrap(), all(rows), "{total}");
            // From page 2 on, it is contradicted.
            let rest = uids(list.page(2)).await.unwrap();
            assert_eq!(rest, all(300)[100..], "{total}");
        }
    }
}

/// Rule 3. Rows that are filtered after the page is cut leave pages empty in the middle of a list. A count announces them.
#[tokio::test]
async fn a_count_announces_any_number_of_empty_pages() {
    let server = Server::answering(|asked| match asked.page() {
        1 => page(["first"], Some(&total_pages(20))),
        20 => page(["last"], Some(&total_pages(20))),
        _ => page([""; 0], Some(&total_pages(20))),
    })
    .await;
    for prefetch in [1, 8] {
        let list = server.group().members().prefetch(prefetch);
        let mut pages = list.max_empty_pages(0).pages();
        let first = pages.next().await.unwrap().unwrap();
        assert_eq!((first.number, pages.next_page()), (1, 2));
        let last = pages.next().await.unwrap().unwrap();
        assert_eq!((last.number, pages.next_page()), (20, 21));
        assert!(pages.next().await.is_none());
        assert_eq!(pages.progress().pages, 20);
    }
    // All twenty were counted from the first one, and nothing past them was requested.
    assert_eq!(server.pages().len(), 40);
}

/// Rule 3, its bound: with has-more hints, ten in a row, or as many as are allowed.
#[tokio::test]
async fn hints_allow_ten_empty_pages_in_a_row() {
    for (allowed, failed) in [(None, 12), (Some(0), 2), (Some(3), 5)] {
        let server = Server::answering(|asked| match asked.page() {
            1 => page(["first"], Some(&total_pages(2))),
            number => page([""; 0], Some(&total_pages(number + 1))),
        })
        .await;
        let mut list = server.group().members();
        if let Some(allowed) = allowed {
            list = list.max_empty_pages(allowed);
        }
        let mut pages = list.pages();
        assert_eq!(pages.next().await.unwrap().unwrap().number, 1);
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.page()),
            (ErrorKind::Pagination, Some(failed))
        );
        assert!(pages.next().await.is_none());
        assert_eq!(server.pages().len() as u32, failed);
    }
}

/// Rule 4. One user joins at the front while the list is read one row a page: page 2 is what page 1 was.
#[tokio::test]
async fn rows_shifted_by_a_page_are_skipped_once() {
    for prefetch in [1, 3] {
        let server = Server::answering(|asked| {
            let shifted = asked.page() - u32::from(asked.page() > 1);
            let more = total_pages((asked.page() + 1).min(5));
            page(slice(4, 1, shifted), Some(&more))
        })
        .await;
        let list = server.group().members().per_page(1).prefetch(prefetch);
        let mut items = list.items();
        let mut rows = Vec::new();
        while let Some(row) = items.next().await {
            rows.push(row.unwrap().uid);
        }
        assert_eq!(rows, all(4));
        let progress = items.progress();
        assert_eq!((progress.pages, progress.rows), (5, 4));
        assert_eq!(progress.duplicates, 1);
        assert_eq!(items.next_page(), 6);
    }
}

/// Rule 4, at the end of the list: the repetition is the last page, and nothing is cut.
#[tokio::test]
async fn a_last_page_that_repeats_ends_the_list() {
    let server = Server::answering(|_| page(["same"], Some(&total_pages(2)))).await;
    let list = server.group().members().per_page(1);
    assert_eq!(uids(list.clone()).await.unwrap(), ["same"]);
    let collected = list.collect_up_to(5).await.unwrap();
    assert_eq!((collected.items.len(), collected.truncated), (1, false));
}

/// Rule 4. What users ask for most after "only page 1 comes" is why the same page comes twice: a service, or something
/// between, that does not look at `page`.
#[tokio::test]
async fn a_page_that_repeats_twice_is_an_error() {
    for prefetch in [1, 4] {
        // In another order, which changes nothing.
        let server = Server::answering(|asked| {
            let mut rows = slice(5, 5, 1);
            rows.rotate_left(asked.page() as usize % 5);
            page(rows, Some(&total_pages(asked.page() + 1)))
        })
        .await;
        let mut items = server.group().members().prefetch(prefetch).items();
        for _ in 0..5 {
            assert!(items.next().await.unwrap().is_ok());
        }
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(
            (error.kind(), error.page()),
            (ErrorKind::Pagination, Some(3))
        );
        let text = error.to_string();
        assert!(
            text.contains(r#"list_group_members guid "team" page 3"#) && text.contains("same uids"),
            "{text}"
        );
        assert_eq!(items.next_page(), 3);
        assert!(items.next().await.is_none());
        assert!(server.pages().len() <= 2 + prefetch);
    }
}

/// Rule 4. One row more or less is another page.
#[tokio::test]
async fn one_different_row_is_no_repetition() {
    let server = Server::answering(|asked| {
        let row = format!("u{}", asked.page());
        page(["same", "too", &row], Some(&total_pages(3)))
    })
    .await;
    assert_eq!(uids(server.group().members()).await.unwrap().len(), 9);
}

/// A row whose type has no id.
#[derive(serde::Deserialize)]
struct Anonymous {}

impl ListItem for Anonymous {
    fn id(&self, _: &str) -> std::borrow::Cow<'_, str> {
        "".into()
    }
}

/// Rule 4. Rows that all have one id can't be told apart, so no page repeats another.
#[tokio::test]
async fn ids_that_are_not_distinct_prove_nothing() {
    let server = Server::answering(|asked| {
        let said = total_pages((asked.page() + 1).min(4));
        page(slice(400, 100, asked.page()), Some(&said))
    })
    .await;
    let members = server.group().members();
    let rows = members.items_as::<Anonymous>().collect_all().await.unwrap();
    assert_eq!(rows.len(), 400);
}

/// Rule 4. Raw rows without a uid are compared by their text.
#[tokio::test]
async fn raw_rows_without_a_uid_are_compared_by_text() {
    let server = Server::answering(|asked| {
        let body = format!(
            r#"{{"data":[{{"name":"n{0}"}},{{"uid":{0}}}],"meta":{1}}}"#,
            asked.page(),
            total_pages(3)
        );
        crate::server::answer(200, &[], &body)
    })
    .await;
    let rows = server.group().members().raw().dedup(true);
    assert_eq!(rows.collect_all().await.unwrap().len(), 6);
}

/// A list that never ends is an error at the cap, which says how to read more. Groups hold up to 100,000 members, so that no list
/// has more pages than that.
#[tokio::test]
async fn an_endless_list_ends_at_the_cap() {
    for prefetch in [1, 8] {
        let server = Server::answering(|asked| {
            let row = format!("u{}", asked.page());
            page([&row], Some(&total_pages(asked.page() + 1)))
        })
        .await;
        let list = server.group().members().max_pages(20).prefetch(prefetch);
        let mut pages = list.page(3).pages();
        for number in 3..=22 {
            assert_eq!(pages.try_next().await.unwrap().unwrap().number, number);
        }
        let error = pages.try_next().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.page()),
            (ErrorKind::Pagination, Some(23))
        );
        assert!(error.to_string().contains("20 pages"), "{error}");
        assert!(pages.try_next().await.unwrap().is_none());
        assert_eq!(server.pages(), (3..=22).collect::<Vec<_>>());
    }
}

/// A list that ends with the last page of the cap has ended.
#[tokio::test]
async fn a_list_may_reach_the_cap() {
    let server =
        Server::answering(|asked| page(slice(15, 5, asked.page()), Some(&total_pages(3)))).await;
    let list = server.group().members().max_pages(3);
    assert_eq!(uids(list).await.unwrap(), all(15));
}

/// Page numbers end, too.
#[tokio::test]
async fn page_numbers_that_run_out_are_an_error() {
    let server = Server::answering(|asked| {
        let row = format!("u{}", asked.page());
        page([&row], None)
    })
    .await;
    let mut pages = server
        .group()
        .members()
        .page(u32::MAX - 1)
        .prefetch(4)
        .pages();
    assert!(pages.try_next().await.unwrap().is_some());
    assert!(pages.try_next().await.unwrap().is_some());
    let error = pages.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(server.pages(), [u32::MAX - 1, u32::MAX]);
}
