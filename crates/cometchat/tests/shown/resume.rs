//! Pages that are stored with the page to resume from, without `async`.

use cometchat::blocking::Client;

/// Stores each page with the page to resume from. `store` writes both in one transaction.
fn export(
    client: &Client,
    first: u32,
    store: impl Fn(&[cometchat::RawRow], u32),
) -> Result<(), cometchat::Error> {
    let list = client.group("supergroup").members().page(first).prefetch(4);
    for page in list.raw().pages() {
        let page = page?;
        store(&page.items, page.next_page());
    }
    Ok(())
}

#[test]
fn a_blocking_export_resumes_where_it_stopped() -> crate::Outcome {
    use std::cell::RefCell;

    let sandbox = cometchat_sandbox::Sandbox::builder().start_blocking()?;
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()?;
    let stored = RefCell::new(Vec::new());
    let store = |rows: &[cometchat::RawRow], next_page: u32| {
        stored.borrow_mut().push((rows.len(), next_page));
    };
    export(&client, 1, store)?;
    export(&client, 2, store)?;
    assert_eq!(*stored.borrow(), [(4, 2), (0, 3)]);
    Ok(())
}
