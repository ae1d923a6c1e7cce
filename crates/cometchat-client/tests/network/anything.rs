//! Any text as a GUID, any bytes as a body, any values as headers: nothing panics, and nothing goes astray.

use std::sync::{Arc, LazyLock, Mutex};

use cometchat_client::types::GroupMember;
use cometchat_client::{Client, ErrorKind, ListOperation, RawRow, RetryPolicy};
use proptest::prelude::*;
use test_server::{Step, answer, json};
use tokio::runtime::Runtime;

use crate::support::{Server, page};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A server whose next answers a test sets, and a client of it.
struct Answering {
    server: Server,
    client: Client,
    steps: Arc<Mutex<Vec<Step>>>,
}

impl Answering {
    fn start() -> Self {
        RUNTIME.block_on(async {
            let steps = Arc::new(Mutex::new(page()));
            let next = steps.clone();
            let server = Server::start(move |_| next.lock().unwrap().clone());
            // Two attempts, so that waits are reckoned too, and as long a wait as a header can ask for.
            let policy = RetryPolicy::default()
                .attempts(2)
                .max_retry_after(std::time::Duration::MAX);
            let client = server.client().retry(policy).build().unwrap();
            Self {
                server,
                client,
                steps,
            }
        })
    }

    /// Reads both lists with this answer, in each way in which they can be read.
    fn read(&self, steps: Vec<Step>) -> Result<(), TestCaseError> {
        *self.steps.lock().unwrap() = steps;
        RUNTIME.block_on(async {
            let members = self.client.list_group_members().guid("supergroup").page(5);
            let banned = self.client.list_banned_users().guid("supergroup").page(5);
            let errors = [
                members.clone().send().await.err(),
                banned.send().await.err(),
                members.clone().send_page::<GroupMember>().await.err(),
                members.send_page::<RawRow>().await.err(),
            ];
            for error in errors.into_iter().flatten() {
                let text = format!("{error} {error:?} {error:#?}");
                prop_assert!(text.len() < 3000, "{text}");
                prop_assert_eq!(error.page(), Some(5));
                prop_assert!((1..=2).contains(&error.attempts()), "{}", text);
                prop_assert!(error.body_snippet().unwrap_or_default().len() <= 1024);
            }
            Ok(())
        })
    }
}

/// Percent-decoding in its plainest form.
fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            decoded.push(u8::from_str_radix(&text[at + 1..at + 3], 16).unwrap());
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    decoded
}

fn guid() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        r"[a-z0-9_-]{1,100}",
        r"[./\\%?#&;:@+ a]{1,12}",
        r"(%2[eEfF]|%5[cC]|\.|%00|%){1,4}",
        r"\PC{90,110}",
        // What stands for itself in one reader of URLs and for another in the next.
        prop::sample::select(vec![
            ".",
            "..",
            "...",
            "%2e%2e",
            "..;",
            "a/..",
            "a\\..",
            "\u{ff0f}",
            "\u{2024}\u{2024}"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_guid_reaches_its_own_address_or_none(guid in guid()) {
        static ANSWERING: LazyLock<Answering> = LazyLock::new(Answering::start);
        let before = ANSWERING.server.requests().len();
        let list = ANSWERING.client.list_group_members().guid(&guid);
        let result = RUNTIME.block_on(list.send());
        let requests = ANSWERING.server.requests().split_off(before);
        match result {
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{:?}", error);
                prop_assert_eq!(error.attempts(), 0);
                prop_assert!(requests.is_empty(), "{:?}", requests);
            }
            Ok(_) => {
                prop_assert_eq!(requests.len(), 1);
                let target = requests[0].target();
                prop_assert!(target.is_ascii(), "{}", target);
                let url = url::Url::parse(&format!("http://chat.example{target}")).unwrap();
                let segments: Vec<_> = url.path_segments().unwrap().collect();
                prop_assert_eq!(segments.len(), 4, "{}", target);
                prop_assert_eq!((segments[0], segments[1], segments[3]), ("v3", "groups", "members"));
                prop_assert_eq!(percent_decoded(segments[2]), guid.as_bytes());
                prop_assert_eq!((url.query(), url.fragment()), (None, None));
                // The same to one who splits at slashes and resolves nothing.
                prop_assert_eq!(target, format!("/v3/groups/{}/members", requests[0].group()));
                prop_assert_eq!(percent_decoded(requests[0].group()), guid.as_bytes());
            }
        }
    }

    #[test]
    fn any_bytes_can_be_a_body(
        status in prop::sample::select(vec![200_u16, 201, 302, 404, 429, 500, 599]),
        body in prop::collection::vec(any::<u8>(), 0..2000),
    ) {
        static ANSWERING: LazyLock<Answering> = LazyLock::new(Answering::start);
        ANSWERING.read(answer(status, &[], body))?;
    }

    #[test]
    fn any_change_of_a_page_can_be_a_body(
        status in prop::sample::select(vec![200_u16, 400, 503]),
        cut in 0_usize..400,
        at in 0_usize..400,
        with in "[\\[\\]{}\",:0-9a-z\\\\]{0,3}|\\PC{0,5}|null|1e999|-0|\"\"",
    ) {
        static ANSWERING: LazyLock<Answering> = LazyLock::new(Answering::start);
        let good = r#"{"data":[{"uid":"superhero2","name":"A","metadata":{"a":[1]},"tags":["x"],"status":"offline","joinedAt":1638360106,"blockedByMe":true}],"meta":{"pagination":{"total":0,"total_pages":1}},"cursor":{"updatedAt":1638354799},"error":{"code":"ERR_A","details":{"a":"b"}}}"#;
        let at = at.min(good.len());
        let end = (at + cut % 20).min(good.len());
        ANSWERING.read(json(status, format!("{}{with}{}", &good[..at], &good[end..])))?;
    }

    #[test]
    fn any_values_can_be_headers(
        status in prop::sample::select(vec![200_u16, 302, 404, 429, 500]),
        name in prop::sample::select(vec![
            "Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Rate-Limit-Reset",
            "X-Rate-Limit-Remaining", "Date", "Location", "Content-Type", "Content-Encoding", "Server", "Set-Cookie",
            "Connection", "Vary",
        ]),
        value in prop_oneof![
            "[ -~]{0,40}",
            "-?[0-9]{1,25}",
            "(Sun|Tue), [0-9]{2} Nov [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
            "(gzip|br|none|identity|close|keep-alive|upgrade|0|\u{e9}){1,2}",
        ],
        // Also beside a reset that is far off.
        reset in any::<u64>(),
    ) {
        static ANSWERING: LazyLock<Answering> = LazyLock::new(Answering::start);
        let reset = reset.to_string();
        let headers = [(name, value.as_str()), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", &reset)];
        let mut steps = answer(status, &headers, r#"{"data":[]}"#);
        steps.push(Step::Close);
        ANSWERING.read(steps)?;
    }
}
