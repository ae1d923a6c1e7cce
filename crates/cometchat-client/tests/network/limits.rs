//! A service that wants fewer requests, in every spelling.

use std::time::Duration;

use cometchat_client::types::ErrorCode;
use cometchat_client::{Client, Error, ErrorKind, Event, Response, RetryPolicy};
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

/// The one wait so far was as long as the service asked for, and not much longer.
fn assert_waited(server: &Server, seconds: u32) {
    let [wait] = server.clock().sleeps()[..] else {
        panic!("{:?}", server.clock().sleeps());
    };
    let most = SECOND * seconds + SECOND * seconds.min(10) / 10;
    assert!((SECOND * seconds..=most).contains(&wait), "{wait:?}");
}

#[tokio::test]
async fn the_retry_delay_is_kept_to() {
    for (headers, seconds) in [
        (&[("Retry-After", "7")] as &[(&str, &str)], 7),
        (&[("retry-after", " 60 ")], 60),
        (&[("Retry-After", IN_20)], 20),
        (&[("X-RateLimit-Reset", "1700000009")], 9),
        (&[("X-Rate-Limit-Reset", "1700000010")], 10),
        (&[("X-RateLimit-Reset-For-App", "1700000011")], 11),
        // A reset only counts where there is no `Retry-After`.
        (
            &[("Retry-After", "1"), ("X-RateLimit-Reset", "1700000061")],
            1,
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
        // With or without a fraction.
        (&[("Retry-After", "7.0")], 7),
        // By the service's own clock, where it tells it: the local one can be wrong.
        (&[("Retry-After", IN_61), ("Date", IN_20)], 41),
        (&[("X-RateLimit-Reset", "784111782"), ("Date", LONG_AGO)], 5),
    ] {
        let server = Server::with([answer(429, headers, "{}"), page()]);
        let client = server.client().build().unwrap();
        let response = members(&client).await.unwrap();
        assert_eq!(response.attempts(), 2, "{headers:?}");
        assert_waited(&server, seconds);
    }
}

#[tokio::test]
async fn without_a_retry_delay_the_wait_is_random() {
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
async fn a_retry_delay_over_the_limit_is_an_error() {
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
                .contains(&format!("retry in {seconds} s, over the limit of 60 s")),
            "{error}"
        );
        assert!(server.clock().sleeps().is_empty());
        // The next call is sent, since it would not wait so long either.
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
    assert_waited(&server, 3600);
}

#[tokio::test]
async fn the_code_says_it_too_whatever_the_status() {
    let body = r#"{"error":{"code":"ERR_TOO_MANY_REQUESTS"}}"#;
    for status in [200, 400, 403, 503] {
        let reply = answer(status, &[("X-Rate-Limit-Reset", "1700000009")], body);
        let server = Server::with([reply, page()]);
        let client = server.client().build().unwrap();
        assert_eq!(members(&client).await.unwrap().attempts(), 2);
        assert_waited(&server, 9);
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
    assert_waited(&server, 9);
}

#[tokio::test]
async fn a_fraction_of_a_second_is_waited_for() {
    for (status, text, expected) in [(429, "1.5", 1500), (503, "2.0", 2000), (503, ".5", 500)] {
        let server = Server::with([answer(status, &[("Retry-After", text)], "{}"), page()]);
        members(&server.client().build().unwrap()).await.unwrap();
        let [wait] = server.clock().sleeps()[..] else {
            panic!("{:?}", server.clock().sleeps());
        };
        let waited = Duration::from_millis(expected)..=Duration::from_millis(expected * 11 / 10);
        assert!(waited.contains(&wait), "{text}: {wait:?}");
    }
    // More than any wait, and what is not a number of seconds.
    for text in ["99999999999999999999999.5", "1e400", "inf", "-1.5", "1.5.5"] {
        let reply = answer(503, &[("Retry-After", text)], "{}");
        let server = Server::with([reply, page()]);
        let waits_too_long = members(&server.client().build().unwrap()).await.is_err();
        assert_eq!(waits_too_long, text.starts_with('9'), "{text}");
    }
}

/// The wait before the next attempt, and what the event of the attempt before it says.
async fn wait_after(
    status: u16,
    headers: &[(&str, &str)],
    backoff: Duration,
) -> (Duration, Duration) {
    let server = Server::with([answer(status, headers, "{}"), page()]);
    let told = std::sync::Arc::new(std::sync::Mutex::new(None));
    let tell = told.clone();
    let policy = RetryPolicy::default()
        .min_backoff(backoff)
        .max_backoff(backoff);
    let client = server.client().retry(policy).on_event(move |event| {
        if let Event::Attempt {
            retry_in: Some(wait),
            ..
        } = event
        {
            *tell.lock().unwrap() = Some(*wait);
        }
    });
    members(&client.build().unwrap()).await.unwrap();
    let told = told.lock().unwrap().unwrap();
    (server.clock().passed(), told)
}

#[tokio::test]
async fn the_longest_wait_decides_and_is_reported() {
    let empty = ("X-RateLimit-Remaining", "0");
    let reset = |seconds| ("X-RateLimit-Reset", seconds);
    for (status, headers, seconds) in [
        (
            503,
            vec![("Retry-After", "3"), empty, reset("1700000001")],
            3,
        ),
        (
            429,
            vec![("Retry-After", "3"), empty, reset("1700000001")],
            3,
        ),
        // `Retry-After` takes the place of the reset.
        (
            503,
            vec![("Retry-After", "3"), empty, reset("1700000020")],
            3,
        ),
        (503, vec![empty, reset("1700000005")], 5),
        (500, vec![empty, reset("1700000005")], 5),
    ] {
        let (waited, told) = wait_after(status, &headers, Duration::ZERO).await;
        assert_eq!(waited, told, "{headers:?}");
        let expected = SECOND * seconds..=SECOND * seconds * 11 / 10;
        assert!(expected.contains(&waited), "{headers:?}: {waited:?}");
    }
    // A backoff that is longer than the reset: drawn below the reset now and then, but not thirty times.
    let mut longest = Duration::ZERO;
    for _ in 0..30 {
        let headers = [empty, reset("1700000001")];
        let (waited, told) = wait_after(429, &headers, 50 * SECOND).await;
        assert_eq!(waited, told);
        assert!(waited >= SECOND);
        longest = longest.max(waited);
    }
    assert!(longest > 5 * SECOND, "{longest:?}");
}

/// A wait for an empty bucket that is over the limit ends the call, whatever else failed.
#[tokio::test]
async fn a_far_reset_of_an_empty_bucket_ends_a_call_that_failed() {
    let headers = [
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", "1700000090"),
    ];
    let server = Server::with([answer(503, &headers, "{}")]);
    let error = members(&server.client().build().unwrap())
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts(), error.retry_after()),
        (1, Some(90 * SECOND))
    );
    assert!(
        error
            .to_string()
            .contains("retry in 90 s, over the limit of 60 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_bucket_is_held_until_its_own_reset() {
    let app = ("X-RateLimit-Reset-For-App", "1700000020");
    let empty = ("X-RateLimit-Remaining", "0");
    for (headers, seconds) in [
        (vec![empty, app], None),
        (
            vec![empty, app, ("X-RateLimit-Remaining-For-App", "7")],
            None,
        ),
        (
            vec![empty, app, ("X-RateLimit-Remaining-For-App", "0")],
            Some(20),
        ),
        (vec![empty], None),
        (vec![empty, ("Retry-After", "9")], None),
        (
            vec![empty, app, ("X-RateLimit-Reset", "1700000005")],
            Some(5),
        ),
    ] {
        let server = Server::with([answer(200, &headers, r#"{"data":[]}"#), page()]);
        let client = server.client().build().unwrap();
        let limit = members(&client).await.unwrap().rate_limit().unwrap();
        assert_eq!(limit.reset.is_some(), seconds.is_some(), "{headers:?}");
        members(&client).await.unwrap();
        match seconds {
            Some(seconds) => assert_waited(&server, seconds),
            None => assert!(server.clock().sleeps().is_empty(), "{headers:?}"),
        }
    }
}

/// The hint is in the headers, which are there whatever becomes of the body.
#[tokio::test]
async fn the_wait_is_known_when_the_body_breaks_off() {
    let head = "HTTP/1.1 429 Any\r\nretry-after: 9\r\ncontent-length: 500\r\n\r\n{\"error\"";
    let cut = vec![Step::Send(head.into()), Step::Close];
    let server = Server::with([cut.clone(), page(), cut]);
    let client = server.client().build().unwrap();
    assert_eq!(members(&client).await.unwrap().attempts(), 2);
    assert_waited(&server, 9);

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
async fn no_request_left_throttles_every_clone() {
    let clock = ScriptedClock::default();
    let server = Server::with([last_one(clock.unix() + 30), page()]);
    let client = server.client().build().unwrap();
    let limit = members(&client).await.unwrap().rate_limit().unwrap();
    assert_eq!((limit.limit, limit.remaining), (Some(500), Some(0)));
    assert_eq!(limit.reset.unwrap().as_secs(), 1_700_000_030);
    assert!(server.clock().sleeps().is_empty());

    members(&client.clone()).await.unwrap();
    assert_waited(&server, 30);
    members(&client).await.unwrap();
    assert_waited(&server, 30);
}

#[tokio::test]
async fn each_bucket_has_its_own_reset() {
    let headers = [
        ("X-RateLimit-Remaining", "0"),
        ("X-RateLimit-Reset", "1700000001"),
        ("X-RateLimit-Remaining-For-App", "90"),
        ("X-RateLimit-Reset-For-App", "1700000004"),
        ("X-Rate-Limit-Remaining", "80"),
        ("X-Rate-Limit-Reset", "1700000004"),
    ];
    let server = Server::with([answer(200, &headers, r#"{"data":[]}"#), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    members(&client).await.unwrap();
    assert_waited(&server, 1);

    let server = Server::with([answer(429, &headers, "{}"), page()]);
    members(&server.client().build().unwrap()).await.unwrap();
    assert_waited(&server, 1);
}

#[tokio::test]
async fn throttling_ends_and_a_far_reset_is_ignored() {
    let server = Server::with([last_one(1_700_000_030), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    server.clock().advance(34 * SECOND);
    members(&client).await.unwrap();
    assert!(server.clock().sleeps().is_empty());

    let server = Server::with([last_one(1_700_000_061), page()]);
    let client = server.client().build().unwrap();
    members(&client).await.unwrap();
    members(&client).await.unwrap();
    assert!(server.clock().sleeps().is_empty());
}

/// One page's 429 is news for all that are prefetched: else each of them would learn it by itself.
#[tokio::test]
async fn a_429_throttles_every_clone() {
    let server = Server::with([answer(429, &[("Retry-After", "9")], "{}"), page()]);
    let client = server.client().build().unwrap();
    let once = client.with_retry(RetryPolicy::none());
    members(&once).await.unwrap_err();
    assert!(server.clock().sleeps().is_empty());
    members(&client).await.unwrap();
    assert_waited(&server, 9);
}

#[tokio::test]
async fn a_call_that_may_not_wait_ends_at_once() {
    let server = Server::with([answer(429, &[("Retry-After", "5")], "{}"), page()]);
    let client = server.client().build().unwrap();
    let once = client.with_retry(RetryPolicy::none());
    members(&once).await.unwrap_err();
    let hurried = client.with_call_timeout(4 * SECOND);
    let soon = client.with_retry(RetryPolicy::default().max_retry_after(4 * SECOND));
    for client in [&once, &hurried, &soon] {
        let error = members(client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!((error.attempts(), error.status()), (0, None));
        let wait = error.retry_after().unwrap();
        assert!((5 * SECOND..6 * SECOND).contains(&wait), "{wait:?}");
        assert!(error.is_retryable());
    }
    assert!(server.clock().sleeps().is_empty());
    assert_eq!(server.requests().len(), 1);
    members(&client.with_call_timeout(7 * SECOND))
        .await
        .unwrap();
    assert_waited(&server, 5);
}

/// In the order in which they came, and not all in the same moment.
#[tokio::test(start_paused = true)]
async fn calls_throttled_together_are_spread() {
    for status in [429, 503] {
        let server = test_server::Server::start(move |request| match request.number {
            0..50 => answer(status, &[("Retry-After", "1")], "{}"),
            _ => page(),
        });
        let client = Client::builder().base_url(server.base_url()).api_key("key");
        let client = client.build().unwrap();
        let started = tokio::time::Instant::now();
        let calls = (0..50).map(|_| members(&client));
        for result in futures_util::future::join_all(calls).await {
            result.unwrap();
        }
        let requests = server.requests();
        let times: Vec<_> = requests[50..]
            .iter()
            .map(|request| request.received - started)
            .collect();
        let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
        assert!(*first >= SECOND && *last < 3 * SECOND, "{first:?} {last:?}");
        assert!(
            *last - *first > Duration::from_millis(50),
            "{first:?} {last:?}"
        );
    }
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
