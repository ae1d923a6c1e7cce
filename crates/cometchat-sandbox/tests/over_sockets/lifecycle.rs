//! Start, stop, and many at once.

use std::io::Read as _;
use std::net::TcpStream;

use cometchat_sandbox::{Fault, Group, Row, Sandbox};

use crate::caller::{Caller, head, read_out, send, started, uids};

#[tokio::test]
async fn it_listens_on_loopback_at_its_base_url() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let port = sandbox.port();
    assert_eq!(sandbox.base_url(), format!("http://127.0.0.1:{port}/v3"));
    assert_eq!(caller.get("/groups/supergroup/members").await.status, 200);
    assert!(format!("{sandbox:?}").contains(sandbox.base_url()));
}

#[tokio::test]
async fn it_is_gone_when_it_is_stopped_or_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.port();
    sandbox.stop().await;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());

    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox.port();
    drop(sandbox);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[tokio::test]
async fn a_hanging_connection_does_not_keep_it_running() {
    let sandbox = Sandbox::builder()
        .fault(Fault::hang())
        .start()
        .await
        .unwrap();
    let stream = send(sandbox.port(), &head(&sandbox, "/groups/city/members")).await;
    while sandbox.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    sandbox.stop().await;
    assert_eq!(read_out(stream).await.0, b"");
}

#[tokio::test]
async fn a_port_can_be_chosen_unless_it_is_taken() {
    let first = Sandbox::start().await.unwrap();
    let port = first.port();
    let taken = Sandbox::builder().port(port).start().await.unwrap_err();
    assert!(
        taken.to_string().contains(&format!("127.0.0.1:{port}")),
        "{taken}"
    );
    assert!(std::error::Error::source(&taken).is_some());
    first.stop().await;
    let second = Sandbox::builder().port(port).start().await.unwrap();
    assert_eq!(second.port(), port);
}

#[tokio::test]
async fn many_run_at_once_and_share_nothing() {
    let mut sandboxes = Vec::new();
    for number in 0..20 {
        let group = Group::new("team").members([Row::new(format!("user-{number}"))]);
        sandboxes.push(started(Sandbox::builder().group(group)).await);
    }
    for (number, (sandbox, caller)) in sandboxes.iter().enumerate() {
        let page = caller.page("/groups/team/members").await;
        assert_eq!(uids(&page), [format!("user-{number}")]);
        assert_eq!(sandbox.requests().len(), 1);
    }
}

#[test]
fn it_serves_a_test_that_blocks() {
    let sandbox = Sandbox::builder().start_blocking().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", sandbox.port())).unwrap();
    std::io::Write::write_all(&mut stream, &head(&sandbox, "/groups/supergroup/members")).unwrap();
    let mut came = String::new();
    stream.read_to_string(&mut came).unwrap();
    assert!(came.starts_with("HTTP/1.1 200 OK\r\n"), "{came}");
    assert!(came.ends_with(r#""affix":"prepend"}}"#), "{came}");
}

#[tokio::test]
async fn invalid_faults_are_refused_at_the_start() {
    let fault = Fault::refusal(204, "ERR");
    let error = Sandbox::builder().fault(fault).start().await.unwrap_err();
    assert!(error.to_string().contains("400 to 599"), "{error}");
    let fault = Fault::hang().share(1.5);
    let error = Sandbox::builder().fault(fault).start().await.unwrap_err();
    assert!(error.to_string().contains("from 0 to 1"), "{error}");
}

#[tokio::test]
async fn a_sandbox_may_be_dropped_by_its_own_change() {
    let sandbox = Sandbox::start().await.unwrap();
    let caller = Caller::new(&sandbox);
    let port = sandbox.port();
    let control = sandbox.control();
    control.after(1, move |_| drop(sandbox));
    // The response may not be sent, but the thread must end.
    let _ = caller.request("/groups/supergroup/members").send().await;
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        tokio::task::yield_now().await;
    }
}
