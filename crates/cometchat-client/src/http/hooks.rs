//! What progenitor's code calls around each request: the headers are set here, and the attempts made.

use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

use crate::generated::Client;
use crate::http::attempt::Reading;
use crate::http::request_state::Context;
use crate::http::retry_loop;

impl ClientHooks<Context> for Client {
    /// Adds the headers of the call and of authentication, and removes `api-version`.
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let context = self.inner();
        let headers = request.headers_mut();
        // The version of our document, which the service knows nothing of.
        headers.remove("api-version");
        headers.extend(context.headers.clone());
        headers.extend(context.shared.identity.clone());
        Ok(())
    }

    /// Makes the attempts, and gives the response with its whole body.
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        Ok(retry_loop::exec(self, request, Reading::Whole).await.into())
    }
}
