//! Without `async`.

use cometchat::blocking::Group;

fn print(group: &Group) -> Result<(), cometchat::Error> {
    for member in group.members().items() {
        println!("{}", member?.uid);
    }
    Ok(())
}

#[test]
fn members_are_printed() -> crate::Outcome {
    let sandbox = cometchat_sandbox::Sandbox::builder().start_blocking()?;
    let client = cometchat::blocking::Client::builder()
        .base_url(sandbox.base_url())
        .api_key(sandbox.api_key());
    print(&client.build()?.group("supergroup"))?;
    assert_eq!(sandbox.requests().len(), 1);
    Ok(())
}
