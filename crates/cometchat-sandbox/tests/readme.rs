//! The test that the README shows.

use cometchat::Client;
use cometchat_sandbox::{ErrorBody, Fault, Group, Row, Sandbox};

#[tokio::test]
async fn all_members_are_listed_despite_a_failure() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder()
        .group(Group::new("team").members(["alice", "bob", "carol"].map(Row::new)))
        .fault(Fault::error(502, ErrorBody::Html).on_page(2).times(1))
        .start()
        .await?;
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()?;

    let members = client.group("team").members().per_page(2);
    assert_eq!(members.collect_all().await?.len(), 3);

    // Page 1, page 2 which failed, and page 2 again.
    assert_eq!(sandbox.requests().len(), 3);
    Ok(())
}
