//! Prints the admins and moderators of a group, since when, and which of them are deactivated.
//!
//! The service filters the rows, so only those are sent.
//!
//! ```text
//! cargo run -p cometchat --example audit_admins                 # groups of a sandbox
//! cargo run -p cometchat --example audit_admins -- GUID GUID    # groups of yours, with COMETCHAT_API_KEY and the like set
//! ```

use cometchat::{MemberScope, UnixTime};
use cometchat_sandbox::{Group, Row, Sandbox};
use service::{groups_or, service};

#[path = "service/mod.rs"]
mod service;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let team = Group::new("team").members([
        Row::new("ada").with("scope", "admin"),
        Row::new("bob")
            .with("scope", "moderator")
            .with("deactivatedAt", 1_638_360_106),
        Row::new("eve").with("scope", "participant"),
    ]);
    let (client, _sandbox) = service(Sandbox::builder().group(team)).await?;
    let client = client.build()?;
    for guid in groups_or(&["supergroup", "team"]) {
        let members = client.group(&guid).members();
        let admins = members
            .scopes([MemberScope::Admin, MemberScope::Moderator])
            .collect_all()
            .await?;
        println!("{guid}: {} run it", admins.len());
        for member in admins {
            let scope = member.scope.as_ref().map_or("?", MemberScope::as_str);
            let joined = member.joined_at.map_or(0, UnixTime::as_secs);
            // 0 means active.
            let gone = member
                .deactivated_at
                .is_some_and(|time| time.as_secs() != 0);
            let note = if gone { ", DEACTIVATED" } else { "" };
            println!("  {scope} {}, since {joined}{note}", member.uid);
        }
    }
    Ok(())
}
