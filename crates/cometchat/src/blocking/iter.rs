//! The pages and rows of a list, as iterators.

use std::iter::FusedIterator;

use cometchat_client::{Error, ListItem, ListOperation};
use futures_core::Stream as _;

use super::wait::wait;
use crate::page::{Page, Progress};

/// An iterator over the stream of the same name.
macro_rules! iterator {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        #[must_use = "nothing is sent before the iterator is read"]
        pub struct $name<O: ListOperation, T = <O as ListOperation>::Item> {
            stream: crate::$name<O, T>,
            ended: bool,
        }

        impl<O: ListOperation, T: ListItem> $name<O, T> {
            pub(super) fn new(stream: crate::$name<O, T>) -> Self {
                Self {
                    stream,
                    ended: false,
                }
            }

            /// The page to resume from; see the method of the stream.
            pub fn next_page(&self) -> u32 {
                self.stream.next_page()
            }

            /// Returns the position in the list.
            pub fn progress(&self) -> Progress {
                self.stream.progress()
            }

            /// Sets the requests in flight from now on; see [`crate::Pages::set_prefetch`].
            pub fn set_prefetch(&mut self, requests: usize) {
                self.stream.set_prefetch(requests);
            }
        }

        impl<O: ListOperation, T: ListItem> FusedIterator for $name<O, T> {}
    };
}

iterator! {
    /// The pages of a list, in order: an iterator of `Result<Page<T>, Error>`; see [`crate::Pages`].
    Pages
}

iterator! {
    /// The rows of a list, in order: an iterator of `Result<T, Error>`; see [`crate::Items`].
    Items
}

impl<O: ListOperation, T: ListItem> Iterator for Pages<O, T> {
    type Item = Result<Page<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        next(&mut self.ended, self.stream.next())
    }
}

impl<O: ListOperation, T: ListItem> Iterator for Items<O, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        // Most rows have arrived with their page: nothing is locked or entered for them.
        match self.stream.next_at_hand() {
            Some(row) => Some(Ok(row)),
            None => next(&mut self.ended, self.stream.next()),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

/// Waits for the next of a stream. If it can't wait, that is the one error before the end.
fn next<T>(
    ended: &mut bool,
    next: impl Future<Output = Option<Result<T, Error>>>,
) -> Option<Result<T, Error>> {
    if *ended {
        return None;
    }
    let next = wait(next).unwrap_or_else(|error| Some(Err(error)));
    *ended = !matches!(next, Some(Ok(_)));
    next
}
