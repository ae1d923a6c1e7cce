//! Each fault, as the client sees it.

use std::io::ErrorKind;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cometchat_sandbox::{ErrorBody, Fault, Group, Operation, ResetAt, Row, Sandbox, WaitHeaders};
use serde_json::json;
use tokio::io::AsyncReadExt as _;

use crate::caller::{Reply, head, read_out, send, split, started, uids};

const MEMBERS: &str = "/groups/city/members";

/// The bytes of a connection with one request and this fault, and the error that ended it.
async fn wire(fault: Fault) -> (Vec<u8>, Option<ErrorKind>, Sandbox) {
    let sandbox = Sandbox::builder().fault(fault).start().await.unwrap();
    let stream = send(sandbox.port(), &head(&sandbox, MEMBERS)).await;
    let (came, error) = read_out(stream).await;
    (came, error, sandbox)
}

/// The length that headers announce.
fn announced(head: &str) -> usize {
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "));
    length.unwrap_or_else(|| panic!("{head}")).parse().unwrap()
}

#[tokio::test]
async fn page_three_fails_twice_with_html_and_then_works() {
    let fault = Fault::error(502, ErrorBody::Html).on_page(3).times(2);
    let (sandbox, caller) = started(Sandbox::builder().fault(fault)).await;
    let mut statuses = Vec::new();
    for page in [1, 2, 3, 3, 3, 4] {
        statuses.push(caller.get(&format!("{MEMBERS}?page={page}")).await.status);
    }
    assert_eq!(statuses, [200, 200, 502, 502, 200, 200]);
    let third = &sandbox.requests()[2];
    assert_eq!(third.faults(), ["502-html@page=3,times=2"]);
    assert_eq!(third.status(), Some(502));
}

#[tokio::test]
async fn errors_come_with_each_body() {
    for (body, content_type, text) in [
        (
            ErrorBody::Json,
            Some("application/json"),
            r#""code":"ERR_MISSION_FAILED""#,
        ),
        (
            ErrorBody::ForeignJson,
            Some("application/json"),
            r#"{"message":"Bad Gateway""#,
        ),
        (
            ErrorBody::Html,
            Some("text/html"),
            "<h1>502 Bad Gateway</h1>",
        ),
        (ErrorBody::Empty, None, ""),
        (ErrorBody::Braces, Some("application/json"), "{}"),
    ] {
        let fault = Fault::error(502, body);
        let (_sandbox, caller) = started(Sandbox::builder().fault(fault)).await;
        // Every request, also for an unknown path.
        for path in [MEMBERS, "/nowhere"] {
            let reply = caller.get(path).await;
            assert_eq!(reply.status, 502);
            assert_eq!(reply.header("content-type"), content_type);
            assert!(reply.text.contains(text), "{}", reply.text);
            assert_eq!(reply.text.is_empty(), body == ErrorBody::Empty);
        }
    }
}

#[tokio::test]
async fn any_code_comes_with_any_status() {
    let fault = Fault::refusal(403, "ERR_PLAN_RESTRICTION");
    let (_sandbox, caller) = started(Sandbox::builder().fault(fault)).await;
    let (status, error) = caller.error(caller.request(MEMBERS)).await;
    assert_eq!(
        (status, &error["code"]),
        (403, &json!("ERR_PLAN_RESTRICTION"))
    );
}

#[tokio::test]
async fn a_429_says_in_each_spelling_how_long_to_wait() {
    let a = [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
    ];
    let b = [
        "x-rate-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ];
    for (headers, expected) in [
        (WaitHeaders::A, [a.to_vec(), vec!["retry-after"]].concat()),
        (WaitHeaders::B, [b.to_vec(), vec!["retry-after"]].concat()),
        (WaitHeaders::RetryAfterSeconds, vec!["retry-after"]),
        (WaitHeaders::RetryAfterDate, vec!["retry-after"]),
        (WaitHeaders::ResetA, vec!["x-ratelimit-reset"]),
        (WaitHeaders::ResetB, vec!["x-rate-limit-reset"]),
        (WaitHeaders::None, vec![]),
    ] {
        let fault = Fault::too_many_requests(headers, Duration::from_secs(7));
        let (_sandbox, caller) = started(Sandbox::builder().fault(fault)).await;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let reply = caller.get(MEMBERS).await;
        assert_eq!(reply.status, 429);
        assert_eq!(reply.json()["error"]["code"], "ERR_TOO_MANY_REQUESTS");
        for name in [&a[..], &b[..], &["retry-after"]].concat() {
            let value = reply.header(name);
            assert_eq!(
                value.is_some(),
                expected.contains(&name),
                "{headers:?} {name}"
            );
            match value {
                Some(reset) if name.ends_with("reset") => {
                    let reset: u64 = reset.parse().unwrap();
                    assert!((now + 7..now + 30).contains(&reset), "{reset} {now}");
                }
                Some(left) if name.ends_with("remaining") => assert_eq!(left, "0"),
                Some(date) if headers == WaitHeaders::RetryAfterDate => {
                    assert!(date.ends_with(" GMT"), "{date}");
                }
                Some(wait) if name == "retry-after" => assert_eq!(wait, "7"),
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn a_response_is_delayed() {
    let late = Duration::from_millis(50);
    let (_sandbox, caller) = started(Sandbox::builder().latency(late..=late * 2)).await;
    let start = Instant::now();
    caller.page(MEMBERS).await;
    assert!(start.elapsed() >= late);
}

#[tokio::test]
async fn a_request_hangs() {
    let (sandbox, caller) = started(Sandbox::builder().fault(Fault::hang())).await;
    let request = caller.request(MEMBERS).timeout(Duration::from_millis(100));
    assert!(request.send().await.unwrap_err().is_timeout());
    let request = &sandbox.requests()[0];
    assert_eq!(
        (request.status(), request.faults()),
        (None, &["hang".to_owned()][..])
    );
}

#[tokio::test]
async fn a_body_hangs_half_way() {
    let sandbox = Sandbox::builder()
        .fault(Fault::hang_in_body())
        .start()
        .await
        .unwrap();
    let mut stream = send(sandbox.port(), &head(&sandbox, MEMBERS)).await;
    let mut came = Vec::new();
    loop {
        let mut buffer = vec![0; 64 * 1024];
        let read = stream.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0, "it hangs, it does not end");
        came.extend_from_slice(&buffer[..read]);
        let whole_head = came.windows(4).any(|part| part == b"\r\n\r\n");
        if whole_head && split(&came).1.len() == announced(&split(&came).0) / 2 {
            break;
        }
    }
    let more = tokio::time::timeout(Duration::from_millis(100), stream.read_u8()).await;
    assert!(more.is_err(), "{more:?}");
    assert_eq!(sandbox.requests()[0].status(), Some(200));
}

#[tokio::test]
async fn connections_are_reset() {
    for (at, status) in [
        (ResetAt::BeforeHeaders, None),
        (ResetAt::AfterHeaders, Some(200)),
        (ResetAt::InBody, Some(200)),
    ] {
        let (came, error, sandbox) = wire(Fault::reset(at)).await;
        assert_eq!(error, Some(ErrorKind::ConnectionReset), "{at:?}");
        assert_eq!(sandbox.requests()[0].status(), status);
        match at {
            ResetAt::BeforeHeaders => assert_eq!(came.len(), 0),
            ResetAt::AfterHeaders => {
                let (head, body) = split(&came);
                assert_eq!(body.len(), 0);
                assert!(announced(&head) > 10_000, "{head}");
            }
            _ => {
                let (head, body) = split(&came);
                assert_eq!(body.len(), announced(&head) / 2);
            }
        }
    }
}

#[tokio::test]
async fn an_empty_response_is_reset_too() {
    let braces = Sandbox::builder()
        .group(Group::new("team"))
        .fault(Fault::reset(ResetAt::AfterHeaders).in_group("team"))
        .fault(Fault::cut_short().in_group("nowhere"));
    let (sandbox, _caller) = started(braces).await;
    let stream = send(sandbox.port(), &head(&sandbox, "/groups/team/members")).await;
    assert_eq!(read_out(stream).await.1, Some(ErrorKind::ConnectionReset));
    let stream = send(sandbox.port(), &head(&sandbox, "/groups/nowhere/members")).await;
    let (came, error) = read_out(stream).await;
    let (head, body) = split(&came);
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    assert_eq!((body.len(), error), (announced(&head) / 2, None));
}

#[tokio::test]
async fn a_body_is_cut_short_without_a_reset() {
    let (came, error, _sandbox) = wire(Fault::cut_short()).await;
    let (head, body) = split(&came);
    assert_eq!(error, None);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(body.len(), announced(&head) / 2);

    let (_sandbox, caller) = started(Sandbox::builder().fault(Fault::cut_short())).await;
    assert!(Reply::read(caller.request(MEMBERS)).await.is_err());
}

#[tokio::test]
async fn the_next_request_of_a_client_works() {
    for kind in ["reset", "reset-after-headers", "reset-in-body", "cut"] {
        let fault: Fault = format!("{kind}@times=1").parse().unwrap();
        let (_sandbox, caller) = started(Sandbox::builder().fault(fault)).await;
        let page = format!("{MEMBERS}?perPage=1000");
        assert!(Reply::read(caller.request(&page)).await.is_err(), "{kind}");
        assert_eq!(uids(&caller.page(&page).await).len(), 1_000);
    }
}

#[tokio::test]
async fn a_page_is_repeated() {
    let (_sandbox, caller) = started(Sandbox::builder().fault(Fault::repeat_page())).await;
    let first = caller.page(MEMBERS).await;
    let seventh = caller.page(&format!("{MEMBERS}?page=7")).await;
    assert_eq!(seventh["data"], first["data"]);
    let pagination = &seventh["meta"]["pagination"];
    assert_eq!(
        (&pagination["current_page"], &pagination["total_pages"]),
        (&json!(7), &json!(8))
    );

    let once = Fault::repeat_page().on_page(3);
    let (_sandbox, caller) = started(Sandbox::builder().fault(once)).await;
    let page = async |number: u32| uids(&caller.page(&format!("{MEMBERS}?page={number}")).await);
    assert_eq!(page(2).await, page(3).await);
    assert_ne!(page(3).await, page(4).await);
    assert_eq!(page(4).await[0], "city-000301");
}

#[tokio::test]
async fn a_list_has_no_end() {
    let (_sandbox, caller) = started(Sandbox::builder().fault(Fault::endless_pages())).await;
    let far = caller
        .page("/groups/supergroup/members?page=4000&perPage=5")
        .await;
    assert_eq!(uids(&far)[0], "supergroup-019996");
    assert_eq!(
        (uids(&far).len(), &far["meta"]["pagination"]["total_pages"]),
        (5, &json!(4_001))
    );

    let (_sandbox, caller) = started(Sandbox::builder().fault(Fault::empty_pages())).await;
    let empty = caller.page(&format!("{MEMBERS}?page=2")).await;
    assert_eq!(
        (
            uids(&empty).len(),
            &empty["meta"]["pagination"]["total_pages"]
        ),
        (0, &json!(3))
    );
}

#[tokio::test]
async fn a_request_is_redirected() {
    let location = "http://127.0.0.1:1/v3/groups/city/members";
    let (_sandbox, caller) = started(Sandbox::builder().fault(Fault::redirect(location))).await;
    let reply = caller.get(MEMBERS).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some(location))
    );
}

#[tokio::test]
async fn a_custom_response_is_sent_verbatim() {
    let body = b"{\"data\":[\xff\x00".to_vec();
    let fault = Fault::body(203, [("X-Odd", "a"), ("x-odd", "b")], body.clone());
    let (came, _, _sandbox) = wire(fault).await;
    let (head, came) = split(&came);
    assert!(head.starts_with("HTTP/1.1 203 "), "{head}");
    assert_eq!(head.matches("X-Odd: ").count(), 2);
    assert_eq!(came, body);
}

#[tokio::test]
async fn a_fault_applies_to_matching_requests_only() {
    let fault = Fault::error(500, ErrorBody::Empty)
        .in_group("Team")
        .on_list(Operation::ListBannedUsers)
        .attempts(1);
    let team = Group::new("team").members([Row::new("a")]);
    let (sandbox, caller) = started(Sandbox::builder().group(team).fault(fault)).await;
    for (path, statuses) in [
        ("/groups/team/bannedusers", [500, 200]),
        ("/groups/TEAM/bannedusers?page=2", [500, 200]),
        ("/groups/team/members", [200, 200]),
        ("/groups/city/bannedusers", [200, 200]),
    ] {
        for status in statuses {
            assert_eq!(caller.get(path).await.status, status, "{path}");
        }
    }
    let control = sandbox.control();
    control
        .add_faults(Fault::error(503, ErrorBody::Json))
        .unwrap();
    assert_eq!(caller.get(MEMBERS).await.status, 503);
    control.clear_faults();
    assert_eq!(
        caller.get("/groups/team/bannedusers?page=9").await.status,
        200
    );
}
