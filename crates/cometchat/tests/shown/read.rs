//! Resuming after a failure.

use cometchat::{Error, Group};

/// Adds the uids of the members from a page on.
async fn read(group: &Group, from: u32, uids: &mut Vec<String>) -> Result<(), Error> {
    let mut members = group.members().page(from).items();
    while let Some(member) = members.next().await {
        uids.push(member?.uid);
    }
    Ok(())
}

async fn read_twice(group: &Group) -> Result<Vec<String>, Error> {
    let mut uids = Vec::new();
    if let Err(error) = read(group, 1, &mut uids).await {
        // What happened, to which operation, group and page, and what to do.
        eprintln!("{error}");
        match error.page() {
            // All earlier rows were delivered exactly once.
            Some(page) if error.is_retryable() => read(group, page, &mut uids).await?,
            _ => return Err(error),
        }
    }
    Ok(uids)
}

#[tokio::test]
async fn a_failed_list_is_resumed() -> crate::Outcome {
    let fault = cometchat_sandbox::Fault::error(503, cometchat_sandbox::ErrorBody::Html)
        .on_page(13)
        .times(1);
    let sandbox = crate::sandbox(Some(fault)).await?;
    let uids = read_twice(&crate::client(&sandbox)?.group("city")).await?;
    assert_eq!(uids, sandbox.control().member_uids("city")?);
    assert_eq!(sandbox.requests().len(), 26);
    Ok(())
}
