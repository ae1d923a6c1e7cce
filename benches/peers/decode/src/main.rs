//! Decoding alone: `decode FILE ROUNDS` prints a line for each way of reading the page and each round: the name, and how
//! many MB/s. The ways take turns, so that whatever else the machine does meets all of them.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use cometchat::RawRow;
use cometchat::types::GroupMembersPage;
use plain::{Page, few, typed, typed_extra};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Pages read in one round of one way.
const PASSES: usize = 40;

/// How a page is read: how many seconds a round took.
type Way = fn(&[u8]) -> Result<f64>;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let (Some(file), Some(rounds)) = (arguments.next(), arguments.next()) else {
        return Err("see the first lines of main.rs for the arguments".into());
    };
    let body = std::fs::read(file)?;
    let ways: [(&str, Way); 8] = [
        ("few", round::<Page<few::Member>>),
        ("typed", round::<Page<typed::Member>>),
        ("typed-extra", round::<Page<typed_extra::Member>>),
        ("value", round::<Value>),
        ("ours", round::<GroupMembersPage>),
        ("typed-text", text_round::<Page<typed::Member>>),
        ("ours-text", text_round::<GroupMembersPage>),
        ("ours-raw", round::<Page<RawRow>>),
    ];
    for (_, way) in ways {
        way(&body)?;
    }
    let megabytes = (body.len() * PASSES) as f64 / 1e6;
    for _ in 0..rounds.parse::<usize>()? {
        for (name, way) in ways {
            println!("{name} {}", megabytes / way(&body)?);
        }
    }
    Ok(())
}

/// Reads the page, and drops it, again and again.
fn round<T: DeserializeOwned>(body: &[u8]) -> Result<f64> {
    timed(body, |body| Ok(serde_json::from_slice::<T>(body)?))
}

/// The same, with the encoding checked for the whole page at once.
fn text_round<T: DeserializeOwned>(body: &[u8]) -> Result<f64> {
    timed(body, |body| {
        Ok(serde_json::from_str::<T>(std::str::from_utf8(body)?)?)
    })
}

fn timed<T>(body: &[u8], read: impl Fn(&[u8]) -> Result<T>) -> Result<f64> {
    let started = Instant::now();
    for _ in 0..PASSES {
        black_box(read(black_box(body))?);
    }
    Ok(started.elapsed().as_secs_f64())
}
