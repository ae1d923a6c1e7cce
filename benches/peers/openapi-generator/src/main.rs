//! What openapi-generator makes of the spec for Rust: `openapi-generator BASE_URL GUID`.

use std::env;
use std::error::Error;

use openapi_client::apis::configuration::{ApiKey, Configuration};
use openapi_client::apis::groups_api::list_group_members;
use report::Count;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(base), Some(guid)) = (arguments.next(), arguments.next()) else {
        return Err("see the first line of main.rs for the arguments".into());
    };
    let key = ApiKey {
        prefix: None,
        key: "key".to_owned(),
    };
    let configuration = Configuration {
        base_path: base,
        api_key: Some(key),
        ..Configuration::default()
    };
    let mut count = Count::default();
    let mut number = 0;
    loop {
        number += 1;
        let page = list_group_members(
            &configuration,
            &guid,
            Some(1000),
            Some(number),
            None,
            None,
            None,
        )
        .await?;
        for row in &page.data {
            count.add(&row.uid, row.name.as_deref(), row.joined_at);
        }
        let pagination = page.meta.and_then(|meta| meta.pagination);
        let total = pagination.and_then(|pagination| pagination.total_pages);
        if total.is_none_or(|total| i64::from(number) >= total) {
            count.print();
            return Ok(());
        }
    }
}
