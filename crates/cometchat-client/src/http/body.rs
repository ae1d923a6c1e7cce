//! A response that is neither JSON nor text.

use std::fmt;

use crate::error::{Error, Inner};
use crate::http::attempt::Broken;

/// The bytes of a response, in the parts in which they come.
///
/// No more than [`max_response_bytes`](crate::ClientBuilder::max_response_bytes) are read.
#[must_use = "nothing is read until `next` is called"]
pub struct ByteStream {
    response: reqwest::Response,
}

impl ByteStream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self { response }
    }

    /// The next part; nothing at the end.
    ///
    /// # Errors
    ///
    /// The response breaks off, or is larger than the client accepts.
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

    /// All of the bytes that have not been read.
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
