//! The pages and rows of a list, as iterators.

use std::future::poll_fn;
use std::iter::FusedIterator;
use std::pin::Pin;

use cometchat_client::{Error, ListItem, ListOperation};
use futures_core::Stream;

use super::wait::wait;
use crate::page::Progress;

/// The pages of a list, in order; see [`cometchat::Pages`](crate::Pages).
pub type Pages<O, T = <O as ListOperation>::Item> = Iter<crate::Pages<O, T>>;

/// The rows of a list, in order; see [`cometchat::Items`](crate::Items).
pub type Items<O, T = <O as ListOperation>::Item> = Iter<crate::Items<O, T>>;

/// A stream as an iterator: [`next`](Iterator::next) waits for it. Nothing is sent before the first `next`.
#[derive(Debug)]
#[must_use = "nothing is sent before the iterator is read"]
pub struct Iter<S> {
    stream: S,
    ended: bool,
}

impl<S> Iter<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            ended: false,
        }
    }
}

impl<O: ListOperation, T: ListItem> Pages<O, T> {
    /// The page to start from to go on; see [`Pages::next_page`](crate::Pages::next_page).
    pub fn next_page(&self) -> u32 {
        self.stream.next_page()
    }

    /// How far the list has been read.
    pub fn progress(&self) -> Progress {
        self.stream.progress()
    }
}

impl<O: ListOperation, T: ListItem> Items<O, T> {
    /// The page to start from to go on; see [`Items::next_page`](crate::Items::next_page).
    pub fn next_page(&self) -> u32 {
        self.stream.next_page()
    }

    /// How far the list has been read.
    pub fn progress(&self) -> Progress {
        self.stream.progress()
    }
}

impl<S, T> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Unpin,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = poll_fn(|context| Pin::new(&mut self.stream).poll_next(context));
        // Where it can't be waited at all, that is the one error before the end.
        let next = wait(next).unwrap_or_else(|error| Some(Err(error)));
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

impl<S, T> FusedIterator for Iter<S> where S: Stream<Item = Result<T, Error>> + Unpin {}
