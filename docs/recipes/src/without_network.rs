//! Counts the members of a group who are online.

use cometchat::{Error, Group, GroupMember, Page, UserStatus};

/// Reads the whole list.
///
/// # Errors
///
/// The first page that failed.
pub async fn online(group: &Group) -> Result<usize, Error> {
    let mut pages = group.members().pages();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        count += online_in(&page?);
    }
    Ok(count)
}

fn online_in(page: &Page<GroupMember>) -> usize {
    let members = page.items.iter();
    members
        .filter(|row| row.status == Some(UserStatus::Available))
        .count()
}

#[cfg(test)]
mod tests {
    use cometchat::Client;
    use cometchat_sandbox::{ErrorBody, Fault, Group, Row, Sandbox};

    use super::*;

    // Without a server: a page is a value.
    #[test]
    fn an_empty_page_has_nobody_online() {
        assert_eq!(online_in(&Page::for_tests(1, vec![], false)), 0);
    }

    // With the sandbox, for all that happens between pages.
    #[tokio::test]
    async fn a_failed_page_is_tried_again() -> Result<(), Box<dyn std::error::Error>> {
        let team = ["ada", "bob", "eve"].map(|uid| Row::new(uid).with("status", "available"));
        let sandbox = Sandbox::builder()
            .group(Group::new("team").members(team))
            .fault(Fault::error(502, ErrorBody::Html).times(1))
            .start()
            .await?;
        let client = Client::builder()
            .base_url(sandbox.base_url())
            .api_key(sandbox.api_key())
            .build()?;
        assert_eq!(online(&client.group("team")).await?, 3);
        assert_eq!(sandbox.requests().len(), 2);
        Ok(())
    }
}
