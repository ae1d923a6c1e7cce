//! The ways to read a list.

use cometchat::{Error, Group, MemberScope, UserStatus};

async fn look(group: &Group) -> Result<(), Error> {
    // The service filters the rows of each page.
    let admins = group
        .members()
        .scopes([MemberScope::Admin, MemberScope::Moderator])
        .status(UserStatus::Offline);
    println!("{} admins are offline", admins.collect_all().await?.len());

    // At most 500 rows; `truncated` tells if there are more.
    let some = group.members().collect_up_to(500).await?;
    println!("{} members, more: {}", some.items.len(), some.truncated);

    // Eight requests at a time; rows come in the same order.
    let banned = group.banned_users().per_page(1000).prefetch(8);
    println!("{} are banned", banned.collect_all().await?.len());

    // One page, with what the service sent beside its rows.
    let page = group.members().page(2).send().await?;
    println!("{} rows, {:?}", page.items.len(), page.rate_limit);
    Ok(())
}

#[tokio::test]
async fn a_group_is_looked_at() -> crate::Outcome {
    let sandbox = crate::sandbox(None).await?;
    look(&crate::client(&sandbox)?.group("city")).await?;
    let requests = sandbox.requests();
    let of = |name| {
        requests
            .iter()
            .filter_map(move |asked| asked.query_value(name))
    };
    assert!(of("scopes").all(|scopes| scopes == "admin,moderator"));
    assert!(of("status").all(|status| status == "offline"));
    // One page of admins and moderators, five of 100 rows, one of banned users and one more, and the pages requested
    // ahead.
    assert!(requests.len() >= 8, "{requests:?}");
    Ok(())
}
