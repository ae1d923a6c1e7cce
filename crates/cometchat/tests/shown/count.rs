//! Any operation that pages.

use cometchat::{Client, Error, List, PageOptions};

async fn count(client: &Client) -> Result<usize, Error> {
    let request = client.api().list_banned_users().guid("supergroup");
    let mut pages = cometchat::pages(request.clone(), PageOptions::default().prefetch(2));
    let mut count = 0;
    while let Some(page) = pages.next().await {
        count += page?.items.len();
    }
    assert_eq!(count, List::new(request).collect_all().await?.len());
    Ok(count)
}

#[tokio::test]
async fn those_who_are_banned_are_counted() -> crate::Outcome {
    let sandbox = crate::sandbox(None).await?;
    assert_eq!(count(&crate::client(&sandbox)?).await?, 3);
    Ok(())
}
