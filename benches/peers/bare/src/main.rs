//! What progenitor makes of the spec with its default settings, with nothing around it: `bare BASE_URL GUID`.

use std::env;
use std::error::Error;
use std::num::NonZeroU32;

use report::Count;
use reqwest::header::{HeaderMap, HeaderValue};

#[allow(missing_docs)]
mod generated {
    progenitor::generate_api!("../../../openapi.yaml");
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(base), Some(guid)) = (arguments.next(), arguments.next()) else {
        return Err("see the first line of main.rs for the arguments".into());
    };
    let headers = HeaderMap::from_iter([("apikey".parse()?, HeaderValue::from_static("key"))]);
    let http = reqwest::Client::builder()
        .default_headers(headers)
        .build()?;
    let client = generated::Client::new_with_client(&base, http);
    let mut count = Count::default();
    let (guid, rows) = (guid.parse()?, NonZeroU32::new(1000));
    let mut number = 0;
    loop {
        number += 1;
        let page = client.list_group_members(&guid, NonZeroU32::new(number), rows, None, None, None);
        let page = page.await?.into_inner();
        for row in &page.data {
            count.add(
                &row.uid,
                row.name.as_deref(),
                row.joined_at.as_ref().map(|time| time.0),
            );
        }
        let pagination = page.meta.and_then(|meta| meta.pagination);
        let total = pagination.and_then(|pagination| pagination.total_pages);
        if total.is_none_or(|total| i64::from(number) >= total) {
            count.print();
            return Ok(());
        }
    }
}
