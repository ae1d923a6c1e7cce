//! A service whose every byte a test decides: it is told what to answer to each request, and says what it was asked.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use cometchat::{Client, ClientBuilder, Clock, Group, Sleep};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The key that tests list with.
pub const KEY: &str = "k3y-of-the-tests";

/// How long a request waits for its answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path without the query.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The page that is asked for.
    pub page: u32,
}

impl Asked {
    /// The GUID in the path.
    pub fn guid(&self) -> &str {
        self.path.split('/').nth(3).unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The bytes of an answer; none for a connection that is closed without one. It is closed after an answer, too, that
/// says so, be it whole or not.
pub type Answer = Vec<u8>;

const CLOSE: &[u8] = b"connection: close";

type Script = dyn Fn(Asked) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync;

/// The service. It lives as long as the runtime that it was started in.
#[derive(Clone)]
pub struct Server {
    base_url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// How many requests were given up by the client before they were answered.
    given_up: watch::Sender<usize>,
    /// How many requests came.
    count: watch::Sender<usize>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a service that answers as the script says, which may take its time.
    pub async fn start<F>(script: impl Fn(Asked) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            base_url: format!("http://{}/v3", listener.local_addr().unwrap()),
            asked: Arc::default(),
            given_up: watch::Sender::new(0),
            count: watch::Sender::new(0),
            connections: Arc::default(),
        };
        let script: Arc<Script> = Arc::new(move |asked| Box::pin(script(asked)));
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                own.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(own.clone().serve(socket, script.clone()));
            }
        });
        server
    }

    /// Starts a service that answers at once.
    pub async fn answering(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(move |asked| std::future::ready(script(&asked))).await
    }

    async fn serve(self, socket: TcpStream, script: Arc<Script>) {
        let _ = socket.set_nodelay(true);
        let (reader, mut writer) = socket.into_split();
        let mut reader = BufReader::new(reader);
        while let Some(asked) = read_request(&mut reader).await {
            self.asked.lock().unwrap().push(asked.clone());
            self.count.send_modify(|count| *count += 1);
            let answer = tokio::select! {
                answer = script(asked) => answer,
                // Nothing is to be read while a request is open, but the end of the connection.
                _ = reader.fill_buf() => {
                    self.given_up.send_modify(|given_up| *given_up += 1);
                    return;
                }
            };
            let last = answer.is_empty() || contains(&answer, CLOSE);
            if writer.write_all(&answer).await.is_err() || last {
                return;
            }
        }
    }

    /// A client of this service, that never waits for real.
    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// A client of this service to be.
    pub fn builder(&self) -> ClientBuilder<Client> {
        Client::builder()
            .base_url(&self.base_url)
            .api_key(KEY)
            .clock(Leaps::default())
            .attempt_timeout(PATIENCE)
            .configure_http(quick)
    }

    /// A group of this service.
    pub fn group(&self) -> Group {
        self.client().group("team")
    }

    /// What was asked, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The pages that were asked for, in order.
    pub fn pages(&self) -> Vec<u32> {
        self.asked().iter().map(|asked| asked.page).collect()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until so many requests have come.
    pub async fn came(&self, requests: usize) {
        reaches(&self.count, requests).await;
    }

    /// Waits until so many requests were given up by the client.
    pub async fn given_up(&self, requests: usize) {
        reaches(&self.given_up, requests).await;
    }
}

/// Waits for a number, and for less long than a request waits for its answer: one that is given up then does not count.
async fn reaches(number: &watch::Sender<usize>, expected: usize) {
    let mut number = number.subscribe();
    let reached = number.wait_for(|number| *number >= expected);
    let waited = tokio::time::timeout(PATIENCE / 2, reached).await;
    waited.expect("it does not come to that").unwrap();
}

/// Lets happen what can, on a runtime of one thread: what is sent meanwhile comes, too.
pub async fn settle() {
    for _ in 0..2_000 {
        tokio::task::yield_now().await;
    }
}

/// Without what takes longer than a test does: to look for proxies, and to read the certificates of the system.
pub fn quick(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let http = http.no_proxy();
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let http = http.tls_certs_only([]);
    // OpenSSL reads them all the same.
    #[cfg(feature = "rustls")]
    let http = http.tls_backend_rustls();
    http
}

fn contains(answer: &[u8], part: &[u8]) -> bool {
    answer.windows(part.len()).any(|window| window == part)
}

/// Reads a request without a body.
async fn read_request(reader: &mut (impl AsyncBufRead + Unpin)) -> Option<Asked> {
    let mut lines = reader.lines();
    let line = lines.next_line().await.ok()??;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let line = lines.next_line().await.ok()??;
        let Some((name, value)) = line.split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let page = query.iter().find(|(name, _)| name == "page");
    Some(Asked {
        path: path.to_owned(),
        page: page.map_or(1, |(_, page)| page.parse().unwrap()),
        query,
        headers,
    })
}

/// An answer with a body.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{head}\r\n{body}").into_bytes()
}

/// A page with these uids and this `meta`, as JSON; no `meta` where there is none.
pub fn page<U: AsRef<str>>(uids: impl IntoIterator<Item = U>, meta: Option<&str>) -> Answer {
    let rows: Vec<String> = uids
        .into_iter()
        .map(|uid| format!(r#"{{"uid":"{}"}}"#, uid.as_ref()))
        .collect();
    let meta = meta.map_or(String::new(), |meta| format!(r#","meta":{meta}"#));
    answer(
        200,
        &[],
        &format!(r#"{{"data":[{}]{meta}}}"#, rows.join(",")),
    )
}

/// A `meta` that says this of `total_pages`, and the nonsense beside it that was seen: `total` 0, a wrong `count`.
pub fn total_pages(total_pages: u32) -> String {
    format!(r#"{{"pagination":{{"total":0,"count":5,"total_pages":{total_pages}}}}}"#)
}

/// The uids of the page of this number, of a list of `rows` rows that is cut into pages of `size`.
pub fn slice(rows: u32, size: u32, number: u32) -> Vec<String> {
    let first = (number.saturating_sub(1)).saturating_mul(size).min(rows);
    let last = first.saturating_add(size).min(rows);
    (first..last).map(|row| format!("u{row}")).collect()
}

/// All uids of such a list.
pub fn all(rows: u32) -> Vec<String> {
    slice(rows, rows, 1)
}

/// A clock on which every wait is over at once.
#[derive(Debug, Default)]
struct Leaps(AtomicU64);

impl Clock for Leaps {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1000, Ordering::Relaxed))
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }
}
