use cometchat::{Client, Error, MemberScope, Region};

/// The app, its region, and a REST API key (fullAccess); `Client::from_env()` reads them from the environment.
fn connect(key: String) -> Result<Client, Error> {
    Client::builder()
        .app_id("APP_ID")
        .region(Region::Us)
        .api_key(key)
        .build()
}

async fn print_admins(client: &Client) -> Result<(), Error> {
    let members = client.group("supergroup").members();
    let mut admins = members.scopes([MemberScope::Admin]).prefetch(8).items();
    while let Some(member) = admins.next().await {
        println!("{}", member?.uid);
    }
    Ok(())
}

#[tokio::test]
async fn admins_are_printed() -> super::Outcome {
    let sandbox = super::sandbox(None).await?;
    print_admins(&super::client(&sandbox)?).await?;
    let requests = sandbox.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.query_value("scopes") == Some("admin"))
    );
    assert!(!requests.is_empty());
    assert_eq!(
        connect("key".to_owned())?.api().base_url(),
        "https://APP_ID.api-us.cometchat.io/v3"
    );
    Ok(())
}
