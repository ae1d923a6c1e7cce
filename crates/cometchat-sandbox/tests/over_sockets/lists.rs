//! The two lists without faults.

use std::collections::HashSet;

use cometchat_sandbox::{FullLastPage, Group, RateHeaders, Row, Sandbox, Totals};
use serde_json::json;

use crate::caller::{started, uids};

#[tokio::test]
async fn the_documented_page_describes_the_request() {
    let (_sandbox, caller) = started(Sandbox::builder()).await;
    let page = caller
        .page("/groups/supergroup/members?perPage=2&page=1")
        .await;
    assert_eq!(uids(&page), ["superhero2", "superhero3"]);
    let expected =
        json!({"total": 0, "count": 5, "per_page": 2, "current_page": 1, "total_pages": 2});
    assert_eq!(page["meta"]["pagination"], expected);
    assert_eq!(
        page["cursor"],
        json!({"updatedAt": 1_638_354_799, "affix": "prepend"})
    );
}

#[tokio::test]
async fn pages_of_every_list_make_up_the_list() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let control = sandbox.control();
    for (list, expected) in [
        ("members", control.member_uids("city").unwrap()),
        ("bannedusers", control.banned_uids("city").unwrap()),
    ] {
        let mut all = Vec::new();
        for number in 1.. {
            let page = caller
                .page(&format!("/groups/city/{list}?perPage=300&page={number}"))
                .await;
            let pagination = &page["meta"]["pagination"];
            assert_eq!(pagination["total"], 0);
            assert_eq!(pagination["current_page"], number);
            assert_ne!(pagination["count"], uids(&page).len());
            all.extend(uids(&page));
            if pagination["total_pages"] == number {
                break;
            }
            assert_eq!(pagination["total_pages"], number + 1);
        }
        assert_eq!(all, expected, "{list}");
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }
    assert_eq!(control.member_uids("city").unwrap().len(), 2_500);
    assert_eq!(control.banned_uids("city").unwrap().len(), 120);
}

#[tokio::test]
async fn a_page_has_a_hundred_rows_by_default() {
    let (_sandbox, caller) = started(Sandbox::builder()).await;
    let page = caller.page("/groups/city/members").await;
    assert_eq!(uids(&page).len(), 100);
    assert_eq!(page["meta"]["pagination"]["per_page"], 100);
    let largest = caller.page("/groups/city/members?perPage=1000").await;
    assert_eq!(uids(&largest).len(), 1_000);
}

#[tokio::test]
async fn a_page_past_the_end_is_empty_and_the_last() {
    for (totals, expected) in [
        (Totals::LookAhead, [26, i64::MAX - 1]),
        (Totals::True, [25, 25]),
    ] {
        let (_sandbox, caller) = started(Sandbox::builder().totals(totals)).await;
        for (number, total_pages) in ["26", "99999999999999999999"].into_iter().zip(expected) {
            let page = caller
                .page(&format!("/groups/city/members?page={number}"))
                .await;
            assert_eq!(uids(&page), [""; 0]);
            assert_eq!(page["meta"]["pagination"]["total_pages"], total_pages);
        }
    }
}

#[tokio::test]
async fn an_empty_group_is_one_empty_page() {
    for totals in [Totals::LookAhead, Totals::True] {
        let (_sandbox, caller) =
            started(Sandbox::builder().totals(totals).group(Group::new("team"))).await;
        for list in ["members", "bannedusers"] {
            let page = caller.page(&format!("/groups/team/{list}")).await;
            assert_eq!(uids(&page), [""; 0]);
            assert_eq!(page["meta"]["pagination"]["total_pages"], 1);
        }
    }
}

#[tokio::test]
async fn true_totals_count_filtered_rows() {
    let (sandbox, caller) = started(Sandbox::builder().totals(Totals::True)).await;
    let page = caller.page("/groups/city/members?perPage=7").await;
    let pagination = &page["meta"]["pagination"];
    assert_eq!(
        (&pagination["total"], &pagination["total_pages"]),
        (&json!(2_500), &json!(358))
    );

    let admins = sandbox.control().members("city").unwrap();
    let admins = admins
        .iter()
        .filter(|row| row.json()["scope"] == "admin")
        .count();
    let page = caller
        .page("/groups/city/members?perPage=7&scopes=admin")
        .await;
    let pagination = &page["meta"]["pagination"];
    assert_eq!(
        (&pagination["total"], &pagination["total_pages"]),
        (&json!(admins), &json!(admins.div_ceil(7)))
    );
}

#[tokio::test]
async fn a_last_page_that_is_exactly_full_ends_in_either_way() {
    for (full_last_page, after_the_last) in [(FullLastPage::Ends, 25), (FullLastPage::SaysMore, 26)]
    {
        let (_sandbox, caller) = started(Sandbox::builder().full_last_page(full_last_page)).await;
        let last = caller.page("/groups/city/members?page=25").await;
        assert_eq!(uids(&last).len(), 100);
        assert_eq!(last["meta"]["pagination"]["total_pages"], after_the_last);
        let past = caller.page("/groups/city/members?page=26").await;
        assert_eq!(uids(&past).len(), 0);
        assert_eq!(past["meta"]["pagination"]["total_pages"], 26);
    }
}

#[tokio::test]
async fn filters_apply_to_members_only() {
    let (sandbox, caller) = started(Sandbox::builder()).await;
    let rows = sandbox.control().members("city").unwrap();
    for (query, status, scopes) in [
        ("status=available", Some("available"), vec![]),
        (
            "status=offline&scopes=admin",
            Some("offline"),
            vec!["admin"],
        ),
        ("scopes=admin,moderator", None, vec!["admin", "moderator"]),
        ("scopes=admin%2Cmoderator", None, vec!["admin", "moderator"]),
        ("scopes=owner", None, vec!["owner"]),
        ("scopes=nobody", None, vec!["nobody"]),
        ("scopes=", None, vec![]),
    ] {
        let expected: Vec<&str> = rows
            .iter()
            .filter(|row| status.is_none() || row.json()["status"].as_str() == status)
            .filter(|row| {
                scopes.is_empty() || scopes.contains(&row.json()["scope"].as_str().unwrap())
            })
            .map(|row| row.uid().unwrap())
            .take(1_000)
            .collect();
        let page = caller
            .page(&format!("/groups/city/members?perPage=1000&{query}"))
            .await;
        assert_eq!(uids(&page), expected, "{query}");
    }
    let banned = caller
        .page("/groups/city/bannedusers?perPage=1000&status=nonsense&scopes=admin")
        .await;
    assert_eq!(uids(&banned).len(), 120);
}

#[tokio::test]
async fn ids_match_in_any_case_and_become_lower_case() {
    let (_sandbox, caller) =
        started(Sandbox::builder().group(Group::new("Team A/b").members([Row::new("ALICE")])))
            .await;
    let page = caller.page("/groups/tEAM%20a%2FB/members").await;
    assert_eq!(uids(&page), ["alice"]);
    let request = caller.request("/groups/NoSuchGroup/members");
    let (_, error) = caller.error(request).await;
    assert_eq!(
        error["message"],
        "The group with guid nosuchgroup does not exist."
    );
}

#[tokio::test]
async fn requests_can_act_for_another_user() {
    let (_sandbox, caller) = started(Sandbox::builder()).await;
    for uid in ["superhero4", "SUPERHERO6", "city-000042", ""] {
        let request = caller
            .request("/groups/supergroup/members")
            .header("onBehalfOf", uid);
        assert_eq!(request.send().await.unwrap().status(), 200, "{uid}");
    }
}

#[tokio::test]
async fn responses_have_the_observed_quirks() {
    let (_sandbox, caller) = started(Sandbox::builder()).await;
    let reply = caller.get("/groups/city/bannedusers").await;
    assert!(reply.text.contains(r"https:\/\/example.com\/"));
    assert_eq!(
        reply.text.matches('/').count(),
        reply.text.matches(r"\/").count()
    );
    assert_eq!(reply.header("content-encoding"), Some("none"));
    assert_eq!(reply.header("server"), Some(""));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("x-ratelimit-limit"), Some("20000"));
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("19999"));
    assert_eq!(reply.header("x-ratelimit-limit-for-app"), Some("20000"));
    assert_eq!(reply.header("x-ratelimit-remaining-for-app"), Some("19999"));
    let page = reply.json();
    assert_eq!(page["meta"]["cursor"]["affix"], "prepend");
    assert_eq!(page.get("cursor"), None);
    let members = caller.page("/groups/city/members").await;
    assert_eq!(members["cursor"], page["meta"]["cursor"]);
}

#[tokio::test]
async fn a_tidy_sandbox_has_no_quirks() {
    let builder = Sandbox::builder().tidy().rate_headers(RateHeaders::None);
    let (_sandbox, caller) = started(builder).await;
    let reply = caller.get("/groups/city/bannedusers").await;
    assert!(!reply.text.contains(r"\/"));
    let mut headers: Vec<&str> = reply.headers.keys().map(|name| name.as_str()).collect();
    headers.sort_unstable();
    assert_eq!(headers, ["content-length", "content-type", "date"]);
    let page = reply.json();
    let expected =
        json!({"total": 120, "count": 100, "per_page": 100, "current_page": 1, "total_pages": 2});
    assert_eq!(page["meta"]["pagination"], expected);
    assert_eq!(page["cursor"]["affix"], "prepend");
    // The rows are the same.
    let (_sandbox, observed) = started(Sandbox::builder()).await;
    let observed = observed.get("/groups/city/bannedusers").await;
    assert_eq!(observed.header("content-encoding"), Some("none"));
    assert_eq!(observed.json()["data"], page["data"]);
}

#[tokio::test]
async fn custom_rows_are_sent_verbatim() {
    let rows = [
        json!({"uid": "a", "metadata": [], "joinedAt": null, "x": {"y": [1.5]}}),
        json!({"name": "without a uid"}),
        json!("no object"),
    ];
    let builder = Sandbox::builder().group(Group::new("odd").members(rows.clone()));
    let (_sandbox, caller) = started(builder).await;
    let reply = caller.get("/groups/odd/members").await;
    assert_eq!(reply.json()["data"], json!(rows));
}
