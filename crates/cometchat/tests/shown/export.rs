//! Pages that are stored with the page to resume from.

use cometchat::{Client, Error};

/// Stores each page with the page to resume from. `store` writes both in one transaction.
async fn export(
    client: &Client,
    first: u32,
    store: impl Fn(&[cometchat::RawRow], u32),
) -> Result<(), Error> {
    let list = client.group("supergroup").members().page(first).prefetch(4);
    let mut pages = list.raw().pages();
    while let Some(page) = pages.next().await {
        store(&page?.items, pages.next_page());
    }
    Ok(())
}

#[tokio::test]
async fn an_export_resumes_where_it_stopped() -> crate::Outcome {
    use std::cell::RefCell;

    let sandbox = crate::sandbox(None).await?;
    let client = crate::client(&sandbox)?;
    let stored = RefCell::new(Vec::new());
    let store = |rows: &[cometchat::RawRow], next_page: u32| {
        stored.borrow_mut().push((rows.len(), next_page));
    };
    export(&client, 1, store).await?;
    export(&client, 2, store).await?;
    // Four rows are one page. Resuming after the end gives an empty one.
    assert_eq!(*stored.borrow(), [(4, 2), (0, 3)]);
    Ok(())
}
