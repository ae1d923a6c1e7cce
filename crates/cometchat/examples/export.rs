//! Writes the members of a group to stdout, one JSON object per line, verbatim.
//!
//! ```text
//! cargo run -p cometchat --example export                       # `city`, from a sandbox in this process
//! COMETCHAT_APP_ID=… COMETCHAT_REGION=us COMETCHAT_API_KEY=… \
//!     cargo run -p cometchat --example export -- GUID           # a group of yours
//! ```

use std::io::{BufWriter, Write, stdout};

use cometchat_sandbox::Sandbox;
use service::{groups_or, service};

#[path = "service/mod.rs"]
mod service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (client, _sandbox) = service(Sandbox::builder()).await?;
    let client = client.build()?;
    let mut out = BufWriter::new(stdout().lock());
    for guid in groups_or(&["city"]) {
        let list = client.group(guid).members().per_page(500).prefetch(4);
        // A row that comes twice, since the list changes, is written once.
        let mut pages = list.raw().dedup(true).pages();
        while let Some(page) = pages.next().await {
            let page = page?;
            for row in page.items {
                writeln!(out, "{}", row.get())?;
            }
            let progress = pages.progress();
            eprintln!("page {}, {} rows", page.number, progress.rows);
        }
    }
    Ok(out.flush()?)
}
