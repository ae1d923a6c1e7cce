//! The client that openapi-generator makes of the spec for Rust: `openapi-generator BASE_URL GUID`.

use openapi_client::apis::configuration::{ApiKey, Configuration};
use openapi_client::apis::groups_api::list_group_members;
use report::{Result, one_by_one};

#[tokio::main]
async fn main() -> Result<()> {
    let [base, guid] = &std::env::args().skip(1).collect::<Vec<_>>()[..] else {
        return Err("see the first line of main.rs for the arguments".into());
    };
    let (prefix, key) = (None, "key".to_owned());
    let configuration = Configuration {
        base_path: base.clone(),
        api_key: Some(ApiKey { prefix, key }),
        ..Configuration::default()
    };
    let (rows, of) = (Some(1000), &configuration);
    let count = one_by_one(async |number, count| {
        let page = list_group_members(of, guid, rows, Some(number), None, None, None).await?;
        for row in &page.data {
            count.add(&row.uid, row.name.as_deref(), row.joined_at);
        }
        let pagination = page.meta.and_then(|meta| meta.pagination);
        Ok(pagination
            .and_then(|pagination| pagination.total_pages)
            .unwrap_or(0))
    });
    count.await?.print();
    Ok(())
}
