//! A list that changes while it is read: rule 7, against the sandbox, where members join, leave and are banned.

use std::collections::BTreeSet;

use cometchat::{Client, Consistent, Error, GroupMember, ListMembers, MemberScope};
use cometchat_sandbox::{Control, Group, Row, Sandbox, Totals};
use futures_util::TryStreamExt;
use proptest::prelude::*;

use crate::server::quick;

const GUID: &str = "team";
const SIZE: u32 = 5;

/// What happens to the group. A user who has left does not come back.
#[derive(Clone, Debug)]
enum Change {
    /// Somebody new takes this place.
    Joins(usize),
    /// The user at this position leaves.
    Leaves(usize),
    /// The user at this position is banned.
    IsBanned(usize),
}

impl Change {
    /// Makes the change; `number` tells those who join apart.
    fn make(&self, control: &Control, number: usize) {
        let members = control.member_uids(GUID).unwrap();
        let at = |place: usize| members.get(place % members.len().max(1));
        match *self {
            Self::Joins(place) => {
                let row = Row::new(format!("new-{number}")).with("scope", "participant");
                let place = place % (members.len() + 1);
                control.add_at(GUID, place, row).unwrap();
            }
            Self::Leaves(place) => {
                if let Some(uid) = at(place) {
                    control.remove(GUID, uid).unwrap();
                }
            }
            Self::IsBanned(place) => {
                if let Some(uid) = at(place) {
                    control.ban(GUID, uid).unwrap();
                }
            }
        }
    }
}

/// A group of so many, and what happens to it after which request.
fn group(members: usize, changes: &[(u64, Change)]) -> Sandbox {
    let rows = (0..members).map(|number| Row::new(format!("old-{number}")));
    let sandbox = Sandbox::builder()
        .without_examples()
        .group(Group::new(GUID).members(rows))
        .start_blocking()
        .unwrap();
    for (number, (request, change)) in changes.iter().cloned().enumerate() {
        let make = move |control: &Control| change.make(control, number);
        sandbox.control().after(request, make);
    }
    sandbox
}

fn list(sandbox: &Sandbox) -> ListMembers {
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .configure_http(quick);
    client.build().unwrap().group(GUID).members().per_page(SIZE)
}

fn uids(rows: &[GroupMember]) -> Vec<&str> {
    rows.iter().map(|row| row.uid.as_str()).collect()
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => (0..40_usize).prop_map(Change::Joins),
        2 => (0..40_usize).prop_map(Change::Leaves),
        1 => (0..40_usize).prop_map(Change::IsBanned),
    ]
}

/// Changes after requests within a range, in order.
fn changes(
    requests: std::ops::Range<u64>,
    most: usize,
) -> impl Strategy<Value = Vec<(u64, Change)>> {
    prop::collection::vec((requests, change()), 0..most).prop_map(|mut changes| {
        changes.sort_by_key(|(request, _)| *request);
        changes
    })
}

fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}

/// Compares a result with the members at the start and at the end.
fn check(
    members: usize,
    sandbox: &Sandbox,
    found: &Consistent<GroupMember>,
) -> Result<(), TestCaseError> {
    let old: BTreeSet<String> = (0..members).map(|number| format!("old-{number}")).collect();
    let now: BTreeSet<String> = sandbox
        .control()
        .member_uids(GUID)
        .unwrap()
        .into_iter()
        .collect();
    let uids: Vec<String> = uids(&found.items).into_iter().map(str::to_owned).collect();
    let found_uids: BTreeSet<String> = uids.iter().cloned().collect();
    prop_assert_eq!(
        uids.len(),
        found_uids.len(),
        "somebody is there twice: {:?}",
        uids
    );
    let strangers: Vec<_> = found_uids
        .iter()
        .filter(|uid| !old.contains(*uid) && !uid.starts_with("new-"))
        .collect();
    prop_assert!(strangers.is_empty(), "{:?}", strangers);
    if found.consistent {
        let throughout: BTreeSet<String> = old.intersection(&now).cloned().collect();
        let missed: Vec<_> = throughout.difference(&found_uids).collect();
        prop_assert!(missed.is_empty(), "{:?} were there throughout", missed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(80) })]

    /// Whatever changes, and for however long: where passes agree, no user is missing who was there throughout.
    #[test]
    fn passes_that_agree_miss_nobody(
        members in 0..40_usize,
        changes in changes(1..60, 40),
        max_passes in 2..9_u32,
    ) {
        let sandbox = group(members, &changes);
        let found = block_on(list(&sandbox).collect_consistent(max_passes)).unwrap();
        check(members, &sandbox, &found)?;
        prop_assert!((2..=max_passes).contains(&found.passes));
        prop_assert!(found.consistent || found.passes == max_passes);
    }

    /// After changes during the first pass, the third pass has exactly the users who are there.
    #[test]
    fn single_failures_are_retried(
        members in 40..60_usize,
        changes in changes(1..6, 12),
        prefetch in 1..9_usize,
    ) {
        let sandbox = group(members, &changes);
        let list = list(&sandbox).prefetch(prefetch);
        let found = block_on(list.collect_consistent(10)).unwrap();
        check(members, &sandbox, &found)?;
        prop_assert!(found.consistent && found.passes <= 3);
        prop_assert_eq!(uids(&found.items), sandbox.control().member_uids(GUID).unwrap());
    }
}

/// One joins at the front after each page, so that a row slips from each page to the next: it comes twice.
#[tokio::test]
async fn rows_that_move_on_are_counted() {
    let joins: Vec<_> = (1..=3).map(|request| (request, Change::Joins(0))).collect();
    let sandbox = group(22, &joins);
    let mut items = list(&sandbox).dedup(true).items();
    let mut rows = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        rows.push(item.uid);
    }
    let old: Vec<_> = (0..22).map(|number| format!("old-{number}")).collect();
    assert_eq!(rows, old);
    assert_eq!(items.progress().duplicates, 3);

    // Without it, they come twice.
    let sandbox = group(22, &joins);
    assert_eq!(list(&sandbox).collect_all().await.unwrap().len(), 25);
}

/// One leaves page 1 after it was read: the first row of page 2 moves to page 1, and is missed. Another pass finds it.
#[tokio::test]
async fn another_pass_finds_a_missed_row() {
    let leaves = [(1, Change::Leaves(0))];
    let missed = list(&group(22, &leaves)).collect_all().await.unwrap();
    assert_eq!(missed.len(), 21);
    assert!(!uids(&missed).contains(&"old-5"));

    let found = list(&group(22, &leaves))
        .collect_consistent(5)
        .await
        .unwrap();
    assert!(found.consistent && found.passes == 3);
    assert!(uids(&found.items).contains(&"old-5") && !uids(&found.items).contains(&"old-0"));
}

/// Two passes can miss the same row: one joins at the front, pushes row 4 into page 2 as well, and has left again before
/// page 3 is requested, which no longer has row 9. The same uids prove nothing; row 4, which came twice, does.
#[tokio::test]
async fn passes_that_miss_one_row_disagree() {
    let changes = [
        (1, Change::Joins(0)),
        (2, Change::Leaves(0)),
        (6, Change::Joins(0)),
        (7, Change::Leaves(0)),
    ];
    let found = list(&group(22, &changes))
        .collect_consistent(9)
        .await
        .unwrap();
    assert_eq!((found.consistent, found.passes), (true, 4));
    assert!(uids(&found.items).contains(&"old-9"));
}

/// If passes never agree, the rows of all of them are returned, marked as not consistent.
#[tokio::test]
async fn passes_that_never_agree_are_given_together() {
    // One leaves in each pass: after its first page, which is request 1, 6 and 11.
    let leaves: Vec<_> = [1, 6, 11]
        .map(|request| (request, Change::Leaves(0)))
        .into();
    let sandbox = group(23, &leaves);
    let found = list(&sandbox).collect_consistent(3).await.unwrap();
    assert_eq!((found.consistent, found.passes), (false, 3));
    assert_eq!(found.items.len(), 23);
    // Those of the last pass first.
    assert_eq!(uids(&found.items)[..2], ["old-2", "old-3"]);
}

/// Two passes of a list that holds still are enough, and filters hold for each of them.
#[tokio::test]
async fn a_list_that_holds_still_takes_two_passes() {
    let sandbox = Sandbox::builder()
        .totals(Totals::True)
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key())
        .build()
        .unwrap();
    let list = client.group("city").members().scopes([MemberScope::Admin]);
    let all = list.clone().collect_all().await.unwrap();
    let found = list.prefetch(4).collect_consistent(9).await.unwrap();
    assert_eq!((found.consistent, found.passes), (true, 2));
    assert_eq!(uids(&found.items), uids(&all));
    assert!(
        found
            .items
            .iter()
            .all(|row| row.scope == Some(MemberScope::Admin))
    );
}
