//! A service that wants fewer requests, in every spelling.

use std::time::Duration;

use cometchat_client::types::ErrorCode;
use cometchat_client::{Client, Error, ErrorKind, Response, RetryPolicy};
use test_server::{Step, answer, json};

use crate::support::{ScriptedClock, Server, page};

const SECOND: Duration = Duration::from_secs(1);

/// Dates later than 1700000000, when each clock starts, by so many seconds.
const IN_20: &str = "Tue, 14 Nov 2023 22:13:40 GMT";
const IN_61: &str = "Tue, 14 Nov 2023 22:14:21 GMT";
const LONG_AGO: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

async fn members(
    client: &Client,
) -> Result<Response<cometchat_client::types::GroupMembersPage>, Error> {
    client.list_group_members().guid("supergroup").send().await
}

#[tokio::test]
async fn what_is_asked_for_is_waited_for() {
    for (headers, seconds) in [
        (&[("Retry-After", "7")] as &[(&str, &str)], 7),
        (&[("retry-after", " 60 ")], 60),
        (&[("Retry-After", IN_20)], 20),
        (&[("X-RateLimit-Reset", "1700000009")], 9),
        (&[("X-Rate-Limit-Reset", "1700000010")], 10),
        (&[("X-RateLimit-Reset-For-App", "1700000011")], 11),
        (
            &[("Retry-After", "3"), ("X-RateLimit-Reset", "1700000009")],
            9,
        ),
        (
            &[("Retry-After", "30"), ("X-Rate-Limit-Reset", "1700000009")],
            30,
        ),
        (
            &[
                ("Retry-After", "soon"),
                ("X-Rate-Limit-Reset", "1700000009"),
            ],
            9,
        ),
        // By the service's own clock, where it tells it: the local one can be wrong.
        (&[("Retry-After", IN_61), ("Date", IN_20)], 41),
        (&[("X-RateLimit-Reset", "784111782"), ("Date", LONG_AGO)], 5),
    ] {
        let server = Server::with([answer(429, headers, "{}"), page()]);
        let client = server.client().build().unwrap();
        let response = members(&client).await.unwrap();
        assert_eq!(response.attempts(), 2, "{headers:?}");
        assert_eq!(server.clock().sleeps(), [seconds * SECOND], "{headers:?}");
    }
}

#[tokio::test]
async fn without_a_word_of_it_the_wait_is_drawn() {
    for headers in [
        &[] as &[(&str, &str)],
        &[("Retry-After", "soon")],
        &[("Retry-After", "-5")],
        &[("Retry-After", LONG_AGO)],
        &[("X-RateLimit-Reset", "1")],
        &[("X-RateLimit-Reset", "tomorrow")],
    ] {
        let server = Server::with([answer(429, headers, "{}"), page()]);
        let client = server.client().build().unwrap();
        assert_eq!(members(&client).await.unwrap().attempts(), 2);
        let sleeps = server.clock().sleeps();
        assert_eq!(sleeps.len(), 1, "{headers:?}");
        assert!(
            sleeps[0] <= Duration::from_millis(250),
            "{headers:?} {sleeps:?}"
        );
    }
}

#[tokio::test]
async fn who_asks_for_too_much_gets_an_error_at_once() {
    for (headers, seconds) in [
        (("Retry-After", "3600"), 3600),
        (("Retry-After", "61"), 61),
        (("Retry-After", "18446744073709551615"), u64::MAX),
        (("Retry-After", IN_61), 61),
        (("X-RateLimit-Reset", "1700003600"), 3600),
        (("X-Rate-Limit-Reset", "1700003600"), 3600),
    ] {
        let server = Server::with([answer(429, &[headers], "{}")]);
        let client = server.client().build().unwrap();
        let error = members(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!((error.attempts(), error.status()), (1, Some(429)));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        assert!(error.is_retryable());
        assert!(
            error
                .to_string()
                .contains(&format!("retry delay of {seconds} s")),
            "{error}"
        );
        assert_eq!(server.clock().sleeps(), []);
        // And the next call is not held back: it would wait longer than a call does.
        let again = members(&client).await.unwrap_err();
        assert_eq!((again.attempts(), server.clock().sleeps()), (1, vec![]));
    }
}

#[tokio::test]
async fn the_longest_wait_can_be_set() {
    let server = Server::with([answer(429, &[("Retry-After", "3600")], "{}"), page()]);
    let policy = RetryPolicy::default().max_retry_after(3600 * SECOND);
    let client = server.client().retry(policy).build().unwrap();
    assert_eq!(members(&client).await.unwrap().attempts(), 2);
    assert_eq!(server.clock().sleeps(), [3600 * SECOND]);
}

#[tokio::test]
async fn the_code_says_it_too_whatever_the_status() {
    let body = r#"{"error":{"code":"ERR_TOO_MANY_REQUESTS"}}"#;
    for status in [200, 400, 403, 503] {
        let reply = answer(status, &[("X-Rate-Limit-Reset", "1700000009")], body);
        let server = Server::with([reply, page()]);
        let client = server.client().build().unwrap();
        assert_eq!(members(&client).await.unwrap().attempts(), 2);
        assert_eq!(server.clock().sleeps(), [9 * SECOND]);
    }
}

/// The live service sends its limits with every response, and their reset says nothing of when a failure is over.
#[tokio::test]
async fn a_reset_is_no_wait_after_another_failure() {
    let headers = [
        ("X-RateLimit-Reset", "1700000059"),
        ("X-RateLimit-Remaining", "5"),
    ];
    let server = Server::with([answer(500, &headers, "{}"), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    assert!(server.clock().passed() <= SECOND);

    let server = Server::with([answer(503, &[("Retry-After", "9")], "{}"), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    assert_eq!(server.clock().sleeps(), [9 * SECOND]);
}

/// The hint is in the headers, which are there whatever becomes of the body.
#[tokio::test]
async fn the_wait_is_known_when_the_body_breaks_off() {
    let head = "HTTP/1.1 429 Any\r\nretry-after: 9\r\ncontent-length: 500\r\n\r\n{\"error\"";
    let cut = vec![Step::Send(head.into()), Step::Close];
    let server = Server::with([cut.clone(), page(), cut]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client).await.unwrap().attempts(), 2);
    assert_eq!(server.clock().sleeps(), [9 * SECOND]);

    let error = members(&client.with_retry(RetryPolicy::none()))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::RateLimited, Some(429))
    );
    assert_eq!(error.retry_after(), Some(9 * SECOND));
    assert_eq!(error.body_snippet(), Some("{\"error\""));
    assert_eq!(error.code(), None::<&ErrorCode>);
}

/// A page that says that none is left, and until when.
fn last_one(reset: u64) -> Vec<Step> {
    answer(
        200,
        &[
            ("X-RateLimit-Limit", "500"),
            ("X-RateLimit-Remaining", "0"),
            ("X-RateLimit-Reset", &reset.to_string()),
        ],
        r#"{"data":[]}"#,
    )
}

#[tokio::test]
async fn none_left_holds_the_next_request_of_every_clone() {
    let clock = ScriptedClock::default();
    let server = Server::with([last_one(clock.unix() + 30), page()]);
    let client = server.client().build().unwrap();
    let limit = members(&client).await.unwrap().rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(500), Some(0)));
    assert_eq!(limit.reset.unwrap().as_secs(), 1_700_000_030);
    assert_eq!(server.clock().sleeps(), []);

    let clone = client.with_retry(RetryPolicy::none());
    members(&clone).await.unwrap();
    assert_eq!(server.clock().sleeps(), [30 * SECOND]);
    members(&client).await.unwrap();
    assert_eq!(server.clock().passed(), 30 * SECOND);
}

#[tokio::test]
async fn a_hold_ends_and_a_far_one_is_left_to_the_service() {
    let server = Server::with([last_one(1_700_000_030), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    server.clock().advance(31 * SECOND);
    members(&client).await.unwrap();
    assert_eq!(server.clock().sleeps(), []);

    let server = Server::with([last_one(1_700_000_061), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    members(&client).await.unwrap();
    assert_eq!(server.clock().sleeps(), []);
}

/// One page's 429 is news for all that are read ahead: else each of them would learn it for itself.
#[tokio::test]
async fn a_429_holds_every_clone_back() {
    let server = Server::with([answer(429, &[("Retry-After", "9")], "{}"), page()]);
    let client = server.client().build().unwrap();
    let once = client.with_retry(RetryPolicy::none());
    members(&once).await.unwrap_err();
    assert_eq!(server.clock().sleeps(), []);
    members(&client).await.unwrap();
    assert_eq!(server.clock().sleeps(), [9 * SECOND]);
}

/// More requests in flight than the budget has tokens: each of them gets what the service promised.
#[tokio::test]
async fn waits_that_the_service_asks_for_take_nothing_from_the_budget() {
    let server = Server::start(|request| match request.number {
        0..64 => answer(429, &[("Retry-After", "1")], "{}"),
        _ => page(),
    });
    let client = server.client().build().unwrap();
    let calls = (0..64).map(|_| members(&client));
    for result in futures_util::future::join_all(calls).await {
        assert!(result.unwrap().attempts() <= 3);
    }
}

#[tokio::test]
async fn what_is_said_of_the_limit_comes_with_the_page() {
    for (headers, limit, remaining, reset) in [
        (
            &[
                ("X-RateLimit-Limit", "20000"),
                ("X-RateLimit-Remaining", "19999"),
                ("X-RateLimit-Reset", "1700000059"),
            ] as &[(&str, &str)],
            Some(20_000),
            Some(19_999),
            Some(1_700_000_059),
        ),
        (
            &[
                ("X-Rate-Limit", "500"),
                ("X-Rate-Limit-Remaining", "3"),
                ("X-Rate-Limit-Reset", "1700000059"),
            ],
            Some(500),
            Some(3),
            Some(1_700_000_059),
        ),
        (
            &[
                ("X-RateLimit-Limit-For-App", "7"),
                ("X-RateLimit-Remaining-For-App", "6"),
            ],
            Some(7),
            Some(6),
            None,
        ),
        // The nearer end of the two.
        (
            &[
                ("X-RateLimit-Remaining", "900"),
                ("X-RateLimit-Remaining-For-App", "2"),
            ],
            None,
            Some(2),
            None,
        ),
        (
            &[
                ("X-RateLimit-Limit", "many"),
                ("X-Rate-Limit-Remaining", "5"),
            ],
            None,
            Some(5),
            None,
        ),
    ] {
        let server = Server::with([answer(200, headers, r#"{"data":[]}"#)]);
        let client = server.client().build().unwrap();
        let said = members(&client).await.unwrap().rate_limit().unwrap();
        let reset_said = said.reset.map(|time| time.as_secs());
        assert_eq!(
            (said.limit, said.remaining, reset_said),
            (limit, remaining, reset)
        );
    }
    let server = Server::with([json(200, r#"{"data":[]}"#)]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client).await.unwrap().rate_limit(), None);
}
