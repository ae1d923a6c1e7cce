//! The service of all cases: one server, and a group for each case.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use cometchat::Client;
use tokio::runtime::Runtime;

use super::case::{Beyond, Case, Failure};
use super::expected::model;
use crate::server::{Reply, Request, Server, Step, answer, page};

/// The service. Each case is a group of it.
pub(super) struct Service {
    pub(super) runtime: Runtime,
    pub(super) server: Server,
    pub(super) cases: Arc<Mutex<HashMap<String, Arc<Mutex<Group>>>>>,
    pub(super) next: AtomicU32,
}

/// The state of a case.
pub(super) struct Group {
    pub(super) case: Case,
    pub(super) client: Client,
    /// The last page before the end.
    pub(super) last: u32,
    pub(super) requests: Vec<Request>,
}

pub(super) static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let cases: Arc<Mutex<HashMap<String, Arc<Mutex<Group>>>>> = Arc::default();
    let known = cases.clone();
    let server = runtime.block_on(Server::start(move |request| {
        // The case may have ended when a page past its end is requested.
        let group = known.lock().unwrap().get(request.group()).cloned();
        async move {
            match group {
                Some(group) => reply(&group, request).await,
                None => vec![Step::Close],
            }
        }
    }));
    Service {
        server,
        runtime,
        cases,
        next: AtomicU32::new(0),
    }
});

pub(super) fn service() -> &'static Service {
    &SERVICE
}

pub(super) fn new_client() -> Client {
    SERVICE.server.client()
}

impl Service {
    /// Adds a group for the case.
    pub(super) fn begin(&self, case: &Case, client: Client) -> String {
        let name = format!("case-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let last = model(case)
            .requests
            .last_key_value()
            .map_or(0, |(page, _)| *page);
        let group = Group {
            case: case.clone(),
            client,
            last,
            requests: Vec::new(),
        };
        let mut cases = self.cases.lock().unwrap();
        cases.insert(name.clone(), Arc::new(Mutex::new(group)));
        name
    }

    pub(super) fn state(&self, group: &str) -> Arc<Mutex<Group>> {
        self.cases.lock().unwrap()[group].clone()
    }

    pub(super) fn end(&self, group: &str) {
        self.cases.lock().unwrap().remove(group);
    }
}

/// The response of the case to a request.
pub(super) async fn reply(group: &Mutex<Group>, request: Request) -> Reply {
    let number = request.page();
    let (latency, answer) = {
        let mut group = group.lock().unwrap();
        group.requests.push(request);
        let attempt = group
            .requests
            .iter()
            .filter(|request| request.page() == number)
            .count() as u32;
        let case = &group.case;
        let latency = case.latency[number as usize % case.latency.len()];
        let beyond = (number > group.last).then_some(case.beyond);
        let answer = match (beyond, case.failure(number, attempt)) {
            (Some(Beyond::Hang), _) => None,
            // One that is not retried: retries would take the retry budget of pages that are needed.
            (Some(Beyond::Error), _) => Some(fail(Failure::Refused)),
            (Some(Beyond::Garbage), _) => Some(answer(200, &[], r#"{"data":[{"uid":7"#)),
            (_, Some(failure)) => Some(fail(failure)),
            (_, None) => {
                let sent = case.page(number);
                Some(page(sent.uids, sent.meta.as_deref()))
            }
        };
        (latency, answer)
    };
    match answer {
        None => std::future::pending().await,
        Some(answer) => {
            if latency > 0 {
                tokio::time::sleep(Duration::from_micros(100 * u64::from(latency))).await;
            }
            answer
        }
    }
}

pub(super) fn fail(failure: Failure) -> Reply {
    match failure {
        Failure::Error => answer(500, &[], r#"{"error":{"code":"ERR_MISSION_FAILED"}}"#),
        Failure::Html => answer(502, &[("content-type", "text/html")], "<html>"),
        Failure::TooMany => answer(429, &[("retry-after", "1")], "slow down"),
        Failure::Refused => answer(404, &[], r#"{"error":{"code":"ERR_GUID_NOT_FOUND"}}"#),
        Failure::Closed => vec![Step::Close],
        Failure::CutShort => {
            let short = "HTTP/1.1 200 X\r\ncontent-length: 13\r\n\r\n{\"data\":[]}";
            vec![Step::Send(short.into()), Step::Close]
        }
    }
}
