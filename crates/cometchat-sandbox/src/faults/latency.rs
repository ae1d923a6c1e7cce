//! The delay of a response: a time, or a range of times.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use crate::error::Error;

/// The delay of a response, in whole microseconds: a time, or a range of times, both ends included.
///
/// The time within a range follows from the seed, the list, the group, the page and the attempt, not from the order of
/// requests. As text: `20ms`, `1.5s`, `250us`, `5ms..50ms`.
///
/// ```
/// use std::time::Duration;
/// use cometchat_sandbox::Latency;
///
/// let latency = Latency::from(Duration::from_millis(5)..=Duration::from_millis(50));
/// assert_eq!(latency, "5ms..50ms".parse()?);
/// # Ok::<(), cometchat_sandbox::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// In microseconds.
    low: u64,
    high: u64,
}

impl Latency {
    fn between(one: Duration, other: Duration) -> Self {
        let [one, other] =
            [one, other].map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
        Self {
            low: one.min(other),
            high: one.max(other),
        }
    }

    pub(crate) fn draw(self, chance: &mut fastrand::Rng) -> Duration {
        Duration::from_micros(chance.u64(self.low..=self.high))
    }
}

impl From<Duration> for Latency {
    fn from(time: Duration) -> Self {
        Self::between(time, time)
    }
}

impl From<RangeInclusive<Duration>> for Latency {
    fn from(range: RangeInclusive<Duration>) -> Self {
        Self::between(*range.start(), *range.end())
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |micros: u64| match micros {
            _ if micros.is_multiple_of(1_000_000) && micros > 0 => {
                format!("{}s", micros / 1_000_000)
            }
            _ if micros.is_multiple_of(1_000) => format!("{}ms", micros / 1_000),
            _ => format!("{micros}us"),
        };
        f.write_str(&time(self.low))?;
        match self.high == self.low {
            true => Ok(()),
            false => write!(f, "..{}", time(self.high)),
        }
    }
}

impl FromStr for Latency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (low, high) = text.split_once("..").unwrap_or((text, text));
        let high = high.strip_prefix('=').unwrap_or(high);
        let times = read_time(low).zip(read_time(high));
        let times = times.map(|(low, high)| Self::between(low, high));
        times.ok_or_else(|| {
            Error::new(format!(
                "{text:?} is not a time; write one such as `20ms`, `1.5s` or `250us`, or a range such as `5ms..50ms`"
            ))
        })
    }
}

fn read_time(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(digits);
    let units = [("s", 1.0), ("ms", 1e-3), ("us", 1e-6)];
    let (_, seconds) = units.into_iter().find(|(name, _)| *name == unit)?;
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_from_what_it_writes() {
        for text in [
            "0ms",
            "20ms",
            "1500ms",
            "3s",
            "250us",
            "5ms..50ms",
            "999us..1s",
        ] {
            assert_eq!(text.parse::<Latency>().unwrap().to_string(), text);
        }
        assert_eq!(
            "50ms..=5ms".parse::<Latency>().unwrap().to_string(),
            "5ms..50ms"
        );
        assert_eq!("1.5s".parse::<Latency>().unwrap().to_string(), "1500ms");
        for text in ["", "5", "ms", "5min", "1e400s", "..", "5ms..", "-5ms"] {
            assert!(text.parse::<Latency>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_within_the_range_is_drawn() {
        let latency = Latency::from(Duration::from_millis(5)..=Duration::from_millis(50));
        let mut chance = fastrand::Rng::with_seed(7);
        for _ in 0..1_000 {
            let time = latency.draw(&mut chance);
            assert!((Duration::from_millis(5)..=Duration::from_millis(50)).contains(&time));
        }
        let fixed = Latency::from(Duration::from_millis(9)).draw(&mut chance);
        assert_eq!(fixed, Duration::from_millis(9));
    }
}
