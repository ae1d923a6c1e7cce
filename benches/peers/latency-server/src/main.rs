//! Serves files from memory, after a while: `latency-server DIRECTORY MILLISECONDS`.
//!
//! `/v3/groups/GUID/members?page=N` is the file `GUID/N.json`. It prints the port that it listens on, and ends when its
//! standard input does. A table names it where it was used; the server of the tables without latency is nginx.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::fs;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// The bodies, by GUID and page.
type Pages = HashMap<(String, String), Bytes>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(directory), Some(delay)) = (arguments.next(), arguments.next()) else {
        return Err("see the first lines of main.rs for the arguments".into());
    };
    let pages = Arc::new(load(Path::new(&directory))?);
    let delay = Duration::from_millis(delay.parse()?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?.port());
    std::thread::spawn(|| {
        // Whoever started this server has gone, or is done with it.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let pages = pages.clone();
        let service = service_fn(move |request| answer(pages.clone(), delay, request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

/// Reads every file, and keeps those that are the same once.
fn load(directory: &Path) -> Result<Pages, Box<dyn Error>> {
    let mut bodies = HashSet::new();
    let mut pages = Pages::new();
    for group in fs::read_dir(directory)? {
        let group = group?;
        // Beside the groups are files of other tables.
        if !group.file_type()?.is_dir() {
            continue;
        }
        for page in fs::read_dir(group.path())? {
            let page = page?;
            let body = Bytes::from(fs::read(page.path())?);
            bodies.insert(body.clone());
            let body = bodies.get(&body).cloned().unwrap_or(body);
            let guid = group.file_name().to_string_lossy().into_owned();
            let name = page.file_name().to_string_lossy().replace(".json", "");
            pages.insert((guid, name), body);
        }
    }
    Ok(pages)
}

async fn answer(
    pages: Arc<Pages>,
    delay: Duration,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let guid = request.uri().path().split('/').nth(3).unwrap_or("");
    let query = request.uri().query().unwrap_or("");
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
    let key = (guid.to_owned(), page.unwrap_or("1").to_owned());
    let mut response = Response::new(Full::default());
    match pages.get(&key) {
        Some(body) => {
            let json = hyper::header::HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            *response.body_mut() = Full::new(body.clone());
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    Ok(response)
}
