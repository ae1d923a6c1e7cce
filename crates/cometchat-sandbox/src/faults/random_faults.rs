//! Random faults, reproducible by a seed.
//!
//! The faults of a request follow from the seed, the list, the group, the page and the attempt, not from the order of
//! requests. So a client that prefetches meets the same faults as one that does not, and a failed run can be repeated.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::error::Error;
use crate::faults::fault::{Effect, ErrorBody, Place, ResetAt, WaitHeaders};
use crate::faults::latency::Latency;

/// The rate of each kind of fault, as a share of requests: each from 0 to 1, and 1 at most together.
///
/// ```
/// use std::time::Duration;
/// use cometchat_sandbox::Rates;
///
/// let rates = Rates::new(7)
///     .too_many(0.10)
///     .server_error(0.05)
///     .reset(0.05)
///     .cut_short(0.05)
///     .latency(Duration::from_millis(5)..=Duration::from_millis(50));
/// assert_eq!(rates, Rates::rough(7));
/// # let text = rates.to_string();
/// # assert_eq!(text.parse::<Rates>()?, rates);
/// # Ok::<(), cometchat_sandbox::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    seed: u64,
    too_many: f64,
    server_error: f64,
    reset: f64,
    cut_short: f64,
    latency: Latency,
    wait: u64,
}

impl Rates {
    /// No faults, until rates are set; `seed` decides which requests they apply to.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            too_many: 0.0,
            server_error: 0.0,
            reset: 0.0,
            cut_short: 0.0,
            latency: Latency::default(),
            wait: 0,
        }
    }

    /// A fault injection run: 10 % 429, 5 % 5xx, 5 % resets, 5 % bodies cut short, and 5 to 50 ms of latency.
    pub fn rough(seed: u64) -> Self {
        Self::new(seed)
            .too_many(0.10)
            .server_error(0.05)
            .reset(0.05)
            .cut_short(0.05)
            .latency(Duration::from_millis(5)..=Duration::from_millis(50))
    }

    /// Sets the share of requests that get a 429, in each spelling of its headers in turn.
    #[must_use]
    pub fn too_many(mut self, share: f64) -> Self {
        self.too_many = share;
        self
    }

    /// Sets the share of requests that get a 500, 502, 503 or 504, with each kind of body in turn.
    #[must_use]
    pub fn server_error(mut self, share: f64) -> Self {
        self.server_error = share;
        self
    }

    /// Sets the share of requests whose connection is reset: before the headers, after them, or in the body.
    #[must_use]
    pub fn reset(mut self, share: f64) -> Self {
        self.reset = share;
        self
    }

    /// Sets the share of requests whose response body is cut short.
    #[must_use]
    pub fn cut_short(mut self, share: f64) -> Self {
        self.cut_short = share;
        self
    }

    /// Sets the delay of each response.
    #[must_use]
    pub fn latency(mut self, latency: impl Into<Latency>) -> Self {
        self.latency = latency.into();
        self
    }

    /// Sets the retry delay of a 429, in whole seconds. Default: 0, so that long runs stay short.
    #[must_use]
    pub fn wait(mut self, seconds: u64) -> Self {
        self.wait = seconds;
        self
    }

    /// The latency of a request, and its fault, if any.
    pub(crate) fn apply(&self, place: Place<'_>) -> (Duration, Option<Effect>) {
        let mut chance = chance(self.seed, place);
        let latency = self.latency.draw(&mut chance);
        let mut left = chance.f64();
        let mut drawn = |share: f64| {
            let drawn = left >= 0.0 && left < share;
            left -= share;
            drawn
        };
        let effect = if drawn(self.too_many) {
            let headers = WaitHeaders::ALL[chance.usize(..WaitHeaders::ALL.len())].1;
            Some(Effect::TooManyRequests(headers, self.wait))
        } else if drawn(self.server_error) {
            let status = [500, 502, 503, 504][chance.usize(..4)];
            let body = ErrorBody::ALL[chance.usize(..ErrorBody::ALL.len())].1;
            Some(Effect::Error(status, body))
        } else if drawn(self.reset) {
            let at = [
                ResetAt::BeforeHeaders,
                ResetAt::AfterHeaders,
                ResetAt::InBody,
            ];
            Some(Effect::Reset(at[chance.usize(..at.len())]))
        } else if drawn(self.cut_short) {
            Some(Effect::CutShort)
        } else {
            None
        };
        (latency, effect)
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let shares = [self.too_many, self.server_error, self.reset, self.cut_short];
        let all = shares.iter().sum::<f64>();
        if shares.iter().all(|share| (0.0..=1.0).contains(share)) && all <= 1.0 + f64::EPSILON {
            Ok(())
        } else {
            Err(Error::new(format!(
                "the rates {self} are invalid; give shares from 0 to 1 that are 1 at most together"
            )))
        }
    }
}

/// The random numbers of one request, the same each time.
pub(crate) fn chance(seed: u64, place: Place<'_>) -> fastrand::Rng {
    // FNV-1a: unlike the standard library's hashes, it is stable across releases.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    mix(&seed.to_le_bytes());
    if let Some((operation, guid)) = place.list {
        mix(operation.id().as_bytes());
        mix(&[0]);
        mix(guid.as_bytes());
        mix(&[0]);
    }
    mix(&place.page.unwrap_or_default().to_le_bytes());
    mix(&place.attempt.to_le_bytes());
    let mut chance = fastrand::Rng::with_seed(hash);
    // Similar seeds give similar first numbers: drop one.
    chance.u64(..);
    chance
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rates:seed={}", self.seed)?;
        for (name, share) in [
            ("429", self.too_many),
            ("5xx", self.server_error),
            ("reset", self.reset),
            ("cut", self.cut_short),
        ] {
            if share != 0.0 {
                write!(f, ",{name}={share}")?;
            }
        }
        if self.latency != Latency::default() {
            write!(f, ",latency={}", self.latency)?;
        }
        if self.wait != 0 {
            write!(f, ",wait={}", self.wait)?;
        }
        Ok(())
    }
}

impl FromStr for Rates {
    type Err = Error;

    /// Parses `rates:seed=7,429=0.1,5xx=0.05,reset=0.05,cut=0.05,latency=5ms..50ms,wait=0`, where all but `rates:` is
    /// optional. Default seed: 0.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |problem: &str| crate::faults::syntax::not_a_fault(text, problem);
        let list = text
            .strip_prefix("rates:")
            .ok_or_else(|| wrong("rates begin with `rates:`"))?;
        let mut rates = Self::new(0);
        for item in list.split(',').filter(|item| !item.is_empty()) {
            let (name, value) = item
                .split_once('=')
                .ok_or_else(|| wrong(&format!("{item:?} has no value")))?;
            let share = || {
                value
                    .parse::<f64>()
                    .map_err(|_| wrong(&format!("{value:?} is not a share from 0 to 1")))
            };
            let whole = || {
                value
                    .parse::<u64>()
                    .map_err(|_| wrong(&format!("{value:?} is not a whole number")))
            };
            rates = match name {
                "seed" => Self {
                    seed: whole()?,
                    ..rates
                },
                "wait" => rates.wait(whole()?),
                "429" => rates.too_many(share()?),
                "5xx" => rates.server_error(share()?),
                "reset" => rates.reset(share()?),
                "cut" => rates.cut_short(share()?),
                "latency" => rates.latency(value.parse::<Latency>()?),
                _ => return Err(wrong(&format!("unknown rate {name:?}"))),
            };
        }
        rates.check()?;
        Ok(rates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cometchat_client::Operation;

    fn place(page: u64, attempt: u32) -> Place<'static> {
        Place {
            list: Some((Operation::ListGroupMembers, "big")),
            page: Some(page),
            attempt,
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_run_in_any_order() {
        let run = |seed: u64, pages: &mut dyn Iterator<Item = u64>| -> Vec<(u64, String)> {
            let rates = Rates::rough(seed);
            let mut run: Vec<_> = pages
                .map(|page| (page, format!("{:?}", rates.apply(place(page, 1)))))
                .collect();
            run.sort();
            run
        };
        let forwards = run(7, &mut (1..=500));
        assert_eq!(forwards, run(7, &mut (1..=500).rev()));
        assert_ne!(forwards, run(8, &mut (1..=500)));
    }

    #[test]
    fn each_fault_comes_as_often_as_its_rate_says() {
        for seed in 0..5 {
            let rates = Rates::rough(seed);
            let mut counts = [0_u32; 4];
            for page in 1..=10_000 {
                match rates.apply(place(page, 1)).1 {
                    Some(Effect::TooManyRequests(..)) => counts[0] += 1,
                    Some(Effect::Error(..)) => counts[1] += 1,
                    Some(Effect::Reset(_)) => counts[2] += 1,
                    Some(Effect::CutShort) => counts[3] += 1,
                    Some(other) => panic!("{other:?}"),
                    None => {}
                }
            }
            for (count, expected) in counts.into_iter().zip([1_000, 500, 500, 500]) {
                // Five standard deviations of a fair draw, rounded up.
                assert!(count.abs_diff(expected) < 150, "{seed}: {counts:?}");
            }
        }
    }

    #[test]
    fn a_page_that_fails_does_not_fail_for_ever() {
        let rates = Rates::rough(1);
        for page in 1..=1_000 {
            let until_it_works =
                (1..).find(|attempt| rates.apply(place(page, *attempt)).1.is_none());
            assert!(until_it_works.unwrap() < 12, "{page}");
        }
    }

    #[test]
    fn is_read_from_what_it_writes() {
        for text in [
            "rates:seed=0",
            "rates:seed=7,429=0.1,5xx=0.05,reset=0.05,cut=0.05",
            "rates:seed=18446744073709551615,cut=1,latency=5ms..50ms,wait=2",
        ] {
            assert_eq!(text.parse::<Rates>().unwrap().to_string(), text);
        }
        for (text, problem) in [
            ("rates", "begin with"),
            ("rates:seed", "no value"),
            ("rates:seed=-1", "not a whole number"),
            ("rates:429=often", "not a share"),
            ("rates:4xx=0.1", "unknown rate"),
            ("rates:429=0.9,5xx=0.2", "1 at most"),
            ("rates:429=NaN", "from 0 to 1"),
            ("rates:latency=5", "not a time"),
        ] {
            let error = text.parse::<Rates>().unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
