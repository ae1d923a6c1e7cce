//! Pages that are stored with the place to go on from.

use cometchat::{Client, Error};
use futures_util::TryStreamExt;

/// Stores what comes, and where to go on. `store` is what makes both last.
async fn export(
    client: &Client,
    first: u32,
    store: impl Fn(&[cometchat::RawRow], u32),
) -> Result<(), Error> {
    let list = client.group("supergroup").members().page(first).prefetch(4);
    let mut pages = list.raw().pages();
    while let Some(page) = pages.try_next().await? {
        store(&page.items, pages.next_page());
    }
    Ok(())
}

#[tokio::test]
async fn an_export_goes_on_where_it_was() -> crate::Outcome {
    use std::cell::RefCell;

    let sandbox = crate::sandbox(None).await?;
    let client = crate::client(&sandbox)?;
    let stored = RefCell::new(Vec::new());
    let store = |rows: &[cometchat::RawRow], next_page: u32| {
        stored.borrow_mut().push((rows.len(), next_page));
    };
    export(&client, 1, store).await?;
    export(&client, 2, store).await?;
    // Four rows are one page; those who go on after the end find an empty one.
    assert_eq!(*stored.borrow(), [(4, 2), (0, 3)]);
    Ok(())
}
