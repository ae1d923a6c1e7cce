//! The tests that `docs/testing-with-the-sandbox.md` shows.

use cometchat::{Client, ErrorKind};
use cometchat_sandbox::{Fault, FullLastPage, Group, Operation, ResetAt, Row, Sandbox, Totals};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn client(sandbox: &Sandbox) -> Result<Client, cometchat::Error> {
    Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
}

#[tokio::test]
async fn all_members_are_listed_with_any_counts() -> Outcome {
    for totals in [Totals::LookAhead, Totals::True] {
        for full_last_page in [FullLastPage::Ends, FullLastPage::SaysMore] {
            let sandbox = Sandbox::builder()
                .totals(totals)
                .full_last_page(full_last_page)
                .start()
                .await?;
            let members = client(&sandbox)?
                .group("city")
                .members()
                .collect_all()
                .await?;
            assert_eq!(members.len(), 2_500);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_member_who_leaves_hides_another() -> Outcome {
    let team = Group::new("team").members(["a", "b", "c", "d"].map(Row::new));
    let sandbox = Sandbox::builder().group(team).start().await?;
    sandbox.control().after(1, |control| {
        control.remove("team", "a").expect("a is a member");
    });
    let members = client(&sandbox)?.group("team").members().per_page(2);
    let uids: Vec<String> = members
        .collect_all()
        .await?
        .into_iter()
        .map(|row| row.uid)
        .collect();
    // c moved to page 1 before page 2 was requested.
    assert_eq!(uids, ["a", "b", "d"]);
    Ok(())
}

#[tokio::test]
async fn no_row_is_lost_to_connection_faults() -> Outcome {
    let sandbox = Sandbox::builder()
        .fault(Fault::cut_short().share(0.3).seed(7))
        .fault(Fault::reset(ResetAt::InBody).share(0.3).seed(7))
        .start()
        .await?;
    let banned = client(&sandbox)?.group("city").banned_users().per_page(40);
    let uids: Vec<String> = banned
        .collect_all()
        .await?
        .into_iter()
        .map(|row| row.uid)
        .collect();
    assert_eq!(uids, sandbox.control().banned_uids("city")?);
    assert!(
        sandbox.requests().len() > 3,
        "three pages, and their retries"
    );
    Ok(())
}

#[tokio::test]
async fn a_key_that_may_not_list_is_reported() -> Outcome {
    let fault: Fault = "403=AUTH_ERR_NO_ACCESS@list=banned".parse()?;
    let sandbox = Sandbox::builder().fault(fault).start().await?;
    let banned = client(&sandbox)?.group("city").banned_users();
    let error = banned.collect_all().await.expect_err("rejected");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));

    let request = &sandbox.requests()[0];
    assert_eq!(request.operation(), Some(Operation::ListBannedUsers));
    assert_eq!(request.query_value("page"), Some("1"));
    Ok(())
}

#[test]
fn the_guide_and_the_readme_show_what_is_tested() {
    for (text, tested) in [
        (include_str!("../README.md"), include_str!("readme.rs")),
        (
            include_str!("../../../docs/testing-with-the-sandbox.md"),
            include_str!("guide.rs"),
        ),
    ] {
        let shown: Vec<&str> = text
            .split("```rust\n")
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .collect();
        assert!(!shown.is_empty());
        for block in shown {
            assert!(tested.contains(block), "{block}");
        }
    }
}
