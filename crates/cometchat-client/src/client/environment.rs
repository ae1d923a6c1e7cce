//! A configuration from environment variables.

use std::env::{self, VarError};

use crate::client::config::ClientBuilder;
use crate::client::key::ApiKey;
use crate::error::Error;
use crate::generated::Client;
use crate::generated::server::Region;

impl<C: From<Client>> ClientBuilder<C> {
    /// A configuration from the environment.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `COMETCHAT_APP_ID`, `COMETCHAT_REGION` | the app and its region (`us`, `eu`, `in`) |
    /// | `COMETCHAT_BASE_URL` | the base URL, in place of these two |
    /// | `COMETCHAT_API_KEY` | a REST API key (`fullAccess`) |
    /// | `COMETCHAT_ON_BEHALF_OF` | the uid of a user to act for |
    ///
    /// An empty variable counts as not set. [`build`](Self::build) reports what is missing, so that it can be set in code.
    ///
    /// # Errors
    ///
    /// `Config` if a variable is not valid Unicode.
    pub fn from_env() -> Result<Self, Error> {
        from_variables(|name| env::var(name))
    }
}

fn from_variables<C: From<Client>>(
    variable: impl Fn(&str) -> Result<String, VarError>,
) -> Result<ClientBuilder<C>, Error> {
    let read = |name: &str| match variable(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Error::config(format!("{name} is not valid Unicode"))),
    };
    Ok(ClientBuilder {
        app_id: read("COMETCHAT_APP_ID")?,
        region: read("COMETCHAT_REGION")?.map(Region::from),
        base_url: read("COMETCHAT_BASE_URL")?,
        api_key: read("COMETCHAT_API_KEY")?.map(ApiKey::from),
        on_behalf_of: read("COMETCHAT_ON_BEHALF_OF")?,
        ..ClientBuilder::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds a client from these variables and no others.
    fn build(variables: &[(&str, &str)]) -> Result<Client, Error> {
        let builder = from_variables(|name| {
            let found = variables.iter().find(|(set, _)| *set == name);
            found
                .map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        });
        builder?.build()
    }

    #[test]
    fn the_app_and_its_region_make_the_address() {
        let client = build(&[
            ("COMETCHAT_APP_ID", "app1"),
            ("COMETCHAT_REGION", "eu"),
            ("COMETCHAT_API_KEY", "s3cr3t"),
            ("COMETCHAT_ON_BEHALF_OF", ""),
        ])
        .unwrap();
        assert_eq!(client.base_url(), "https://app1.api-eu.cometchat.io/v3");
        assert_eq!(client.inner.shared.identity.len(), 1);
    }

    #[test]
    fn a_base_url_wins() {
        let client = build(&[
            ("COMETCHAT_APP_ID", "app1"),
            ("COMETCHAT_REGION", "nowhere at all"),
            ("COMETCHAT_BASE_URL", "https://chat.example/v3/"),
            ("COMETCHAT_API_KEY", "s3cr3t"),
            ("COMETCHAT_ON_BEHALF_OF", "superhero1"),
        ])
        .unwrap();
        assert_eq!(client.base_url(), "https://chat.example/v3");
        assert_eq!(
            client.inner.shared.identity["onbehalfof"].to_str().unwrap(),
            "superhero1"
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let app = ("COMETCHAT_APP_ID", "app1");
        let region = ("COMETCHAT_REGION", "us");
        let key = ("COMETCHAT_API_KEY", "s3cr3t");
        for (variables, named) in [
            (vec![], "COMETCHAT_APP_ID"),
            (vec![app], "COMETCHAT_REGION"),
            (vec![app, region], "COMETCHAT_API_KEY"),
            (
                vec![app, region, ("COMETCHAT_API_KEY", "")],
                "COMETCHAT_API_KEY",
            ),
            (vec![app, ("COMETCHAT_REGION", "u.s"), key], "region"),
            (
                vec![app, region, ("COMETCHAT_API_KEY", "s3cr3t\n")],
                "line break",
            ),
            (
                vec![app, region, key, ("COMETCHAT_ON_BEHALF_OF", "a b")],
                "act for",
            ),
        ] {
            let error = build(&variables).unwrap_err().to_string();
            assert!(error.contains(named), "{named}: {error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
    }

    #[test]
    fn a_variable_that_is_no_text_is_named() {
        let error = from_variables::<Client>(|name| match name {
            "COMETCHAT_API_KEY" => Err(VarError::NotUnicode("s3cr3t".into())),
            _ => Err(VarError::NotPresent),
        });
        assert_eq!(
            error.unwrap_err().to_string(),
            "COMETCHAT_API_KEY is not valid Unicode"
        );
    }
}
