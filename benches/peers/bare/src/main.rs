//! The client that progenitor makes of the spec with its default settings: `bare BASE_URL GUID`.

use std::num::NonZeroU32;

use report::{Result, one_by_one};
use reqwest::header::{HeaderMap, HeaderValue};

#[allow(missing_docs)]
mod generated {
    progenitor::generate_api!("../../../openapi.yaml");
}

#[tokio::main]
async fn main() -> Result<()> {
    let [base, guid] = &std::env::args().skip(1).collect::<Vec<_>>()[..] else {
        return Err("see the first line of main.rs for the arguments".into());
    };
    let headers = HeaderMap::from_iter([("apikey".parse()?, HeaderValue::from_static("key"))]);
    let http = reqwest::Client::builder()
        .default_headers(headers)
        .build()?;
    let client = generated::Client::new_with_client(base, http);
    let (guid, rows) = (guid.parse()?, NonZeroU32::new(1000));
    let count = one_by_one(async |number, count| {
        let number = NonZeroU32::new(number);
        let page = client.list_group_members(&guid, number, rows, None, None, None);
        let page = page.await?.into_inner();
        for row in &page.data {
            let joined_at = row.joined_at.as_ref().map(|time| time.0);
            count.add(&row.uid, row.name.as_deref(), joined_at);
        }
        let pagination = page.meta.and_then(|meta| meta.pagination);
        Ok(pagination
            .and_then(|pagination| pagination.total_pages)
            .unwrap_or(0))
    });
    count.await?.print();
    Ok(())
}
