//! Going on after a failure.

use cometchat::{Error, ErrorKind, Group};
use futures_util::TryStreamExt;

/// Adds the uids of the members from a page on.
async fn read(group: &Group, from: u32, uids: &mut Vec<String>) -> Result<(), Error> {
    let mut members = group.members().page(from).items();
    while let Some(member) = members.try_next().await? {
        uids.push(member.uid);
    }
    Ok(())
}

async fn read_twice(group: &Group) -> Result<Vec<String>, Error> {
    let mut uids = Vec::new();
    if let Err(error) = read(group, 1, &mut uids).await {
        // What happened, to which operation, group and page, and what to do.
        eprintln!("{error}");
        match (error.kind(), error.page()) {
            (ErrorKind::Api | ErrorKind::RateLimited | ErrorKind::Transport, Some(page))
                if error.is_retryable() =>
            {
                // All rows before that page are there: none is lost, and none comes twice.
                read(group, page, &mut uids).await?;
            }
            _ => return Err(error),
        }
    }
    Ok(uids)
}

#[tokio::test]
async fn a_failure_is_got_over() -> crate::Outcome {
    let fault = cometchat_sandbox::Fault::error(503, cometchat_sandbox::ErrorBody::Html)
        .on_page(13)
        .times(1);
    let sandbox = crate::sandbox(Some(fault)).await?;
    let uids = read_twice(&crate::client(&sandbox)?.group("city")).await?;
    assert_eq!(uids, sandbox.control().member_uids("city")?);
    assert_eq!(sandbox.requests().len(), 26);
    Ok(())
}
