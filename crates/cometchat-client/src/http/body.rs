//! A response that is neither JSON nor text.

use std::fmt;

use crate::error::{Error, Inner};
use crate::http::attempt::Broken;

/// The bytes of a response, in parts.
///
/// The response has been read whole when this is returned, so that a failed attempt can be retried. It has at most
/// [`max_response_bytes`](crate::ClientBuilder::max_response_bytes), 32 MiB by default.
#[must_use = "the bytes are lost unless they are read"]
pub struct ByteStream {
    response: reqwest::Response,
}

impl ByteStream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self { response }
    }

    /// Returns the next part; `None` at the end.
    ///
    /// # Errors
    ///
    /// The response can't be read.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, Error>> {
        match self.response.chunk().await {
            Ok(part) => part.map(|part| Ok(part.into())),
            Err(error) => Some(Err(Broken::new(
                error,
                Some(self.response.status().as_u16()),
            )
            .into())),
        }
    }

    /// Returns all bytes that have not been read.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        while let Some(part) = self.next().await {
            all.append(&mut part?);
        }
        Ok(all)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        Inner {
            kind: Some(broken.kind),
            what: broken.what,
            hint: Some(broken.hint),
            status: broken.status,
            source: broken.source.map(|error| Box::new(error) as _),
            ..Inner::default()
        }
        .into()
    }
}
