//! What progenitor's code calls around each request: here the key is set, and the attempts are made.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::header::{HeaderName, HeaderValue};

use crate::context::Context;
use crate::generated::{Client, server};
use crate::transport;

impl ClientHooks<Context> for Client {
    /// Says who asks, and takes back what progenitor says of itself.
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let shared = &self.inner().shared;
        *request.timeout_mut() = Some(shared.attempt_timeout);
        let headers = request.headers_mut();
        // The version of our document, which the service knows nothing of.
        headers.remove("api-version");
        let key = shared.key.header();
        let key =
            key.map_err(|why| Error::InvalidRequest(format!("the API key is refused: {why}")))?;
        headers.insert(HeaderName::from_static(server::APIKEY_HEADER), key);
        if let Some(uid) = &shared.on_behalf_of {
            let uid = HeaderValue::from_str(uid).map_err(|_| {
                Error::InvalidRequest("the user to act for can't be sent in a header".to_owned())
            })?;
            headers.insert(HeaderName::from_static(server::ON_BEHALF_OF_HEADER), uid);
        }
        Ok(())
    }

    /// Makes the attempts, and hands on a whole body.
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        Ok(transport::exec(self, request).await)
    }
}
