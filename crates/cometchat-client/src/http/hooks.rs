//! What progenitor's code calls around each request: here the key is added, and the attempts are made.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

use crate::generated::Client;
use crate::http::request_state::Context;
use crate::http::retry_loop;

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
        headers.extend(shared.identity.clone());
        Ok(())
    }

    /// Makes the attempts, and hands on a whole body.
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        Ok(retry_loop::exec(self, request).await)
    }
}
