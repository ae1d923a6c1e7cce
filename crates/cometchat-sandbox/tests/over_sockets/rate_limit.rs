//! The rate limit and its headers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cometchat_sandbox::{RateHeaders, Sandbox};

use crate::caller::started;

#[tokio::test]
async fn requests_over_the_limit_get_a_retry_delay() {
    for (spelling, limit, remaining, reset) in [
        (
            RateHeaders::A,
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ),
        (
            RateHeaders::B,
            "x-rate-limit",
            "x-rate-limit-remaining",
            "x-rate-limit-reset",
        ),
    ] {
        let (sandbox, caller) =
            started(Sandbox::builder().rate_limit(2).rate_headers(spelling)).await;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        for (status, left) in [(200, "1"), (200, "0"), (429, "0"), (429, "0")] {
            let reply = caller.get("/groups/city/members?perPage=1").await;
            assert_eq!(reply.status, status);
            assert_eq!(reply.header(limit), Some("2"));
            assert_eq!(reply.header(remaining), Some(left));
            let reset: u64 = reply.header(reset).unwrap().parse().unwrap();
            assert!((now + 60..=now + 63).contains(&reset), "{reset} {now}");
            let wait: Option<u64> = reply
                .header("retry-after")
                .map(|seconds| seconds.parse().unwrap());
            assert_eq!(wait.is_some(), status == 429);
            assert!(wait.is_none_or(|wait| (55..=60).contains(&wait)));
            if status == 429 {
                assert_eq!(reply.json()["error"]["code"], "ERR_TOO_MANY_REQUESTS");
            }
        }
        // A request without a key is rejected before it is counted.
        let bare = caller.bare("GET", "/groups/city/members");
        assert_eq!(bare.send().await.unwrap().status(), 401);
        assert_eq!(sandbox.requests().len(), 5);
    }
}

#[tokio::test]
async fn a_short_window_ends_soon() {
    let builder = Sandbox::builder()
        .rate_limit(1)
        .rate_window(Duration::from_millis(20));
    let (_sandbox, caller) = started(builder).await;
    let mut refused = 0;
    for answered in 0.. {
        match caller.get("/groups/city/members?perPage=1").await.status {
            200 if refused > 0 => break,
            200 => assert!(answered < 1_000, "never refused"),
            429 => refused += 1,
            status => panic!("{status}"),
        }
    }
}
