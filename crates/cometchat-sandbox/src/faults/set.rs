//! The faults of one sandbox: a script, rates, and how often each has applied.

use std::collections::HashMap;
use std::str::FromStr;
use std::time::Duration;

use crate::error::Error;
use crate::faults::fault::{Effect, Fault, Place};
use crate::faults::random_faults::{Rates, chance};
use cometchat_client::Operation;

/// A script of faults, rates of faults, or both.
///
/// The script comes first; the rates apply to the requests that it does not match.
///
/// ```
/// use cometchat_sandbox::{ErrorBody, Fault, Faults, Rates};
///
/// let script = Faults::from([
///     Fault::error(502, ErrorBody::Html).on_page(3).times(2),
///     Fault::cut_short().on_page(4).attempts(1),
/// ]);
/// let rates = Faults::from(Rates::rough(7));
/// let read: Faults = "502-html@page=3,times=2".parse()?;
/// # let _ = (script, rates, read);
/// # Ok::<(), cometchat_sandbox::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    script: Vec<Fault>,
    rates: Option<Rates>,
}

impl Faults {
    /// Adds other faults; their rates replace these.
    #[must_use]
    pub fn and(mut self, others: impl Into<Self>) -> Self {
        let others = others.into();
        self.script.extend(others.script);
        self.rates = others.rates.or(self.rates);
        self
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        self.script.iter().try_for_each(Fault::check)?;
        self.rates.iter().try_for_each(Rates::check)
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        vec![fault].into()
    }
}

impl From<Vec<Fault>> for Faults {
    fn from(script: Vec<Fault>) -> Self {
        Self {
            script,
            rates: None,
        }
    }
}

impl<const N: usize> From<[Fault; N]> for Faults {
    fn from(script: [Fault; N]) -> Self {
        Vec::from(script).into()
    }
}

impl From<Rates> for Faults {
    fn from(rates: Rates) -> Self {
        Self {
            script: Vec::new(),
            rates: Some(rates),
        }
    }
}

impl FromStr for Faults {
    type Err = Error;

    /// Parses a [`Fault`], or [`Rates`], which begin with `rates:`.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.starts_with("rates:") {
            text.parse::<Rates>().map(Self::from)
        } else {
            text.parse::<Fault>().map(Self::from)
        }
    }
}

/// Maximum number of pages whose attempts are counted; after that, counting starts again.
const MAX_COUNTED_PAGES: usize = 100_000;

#[derive(Debug, Default)]
pub(crate) struct ActiveFaults {
    /// Each fault of the script, and how often it has applied.
    script: Vec<(Fault, u32)>,
    rates: Option<Rates>,
    /// Number of requests for each page of each list.
    attempts: HashMap<(Operation, String, Option<u64>), u32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RequestFaults {
    pub(crate) latency: Duration,
    pub(crate) effect: Option<Effect>,
    /// Whether the effect is restricted to one page.
    pub(crate) one_page: bool,
    /// The applied faults, as text.
    pub(crate) names: Vec<String>,
}

impl ActiveFaults {
    pub(crate) fn add(&mut self, faults: Faults) {
        self.script
            .extend(faults.script.into_iter().map(|fault| (fault, 0)));
        self.rates = faults.rates.or(self.rates.take());
    }

    pub(crate) fn clear(&mut self) {
        self.script.clear();
        self.rates = None;
    }

    /// Counts a request, and returns its faults and which attempt at its page it is.
    pub(crate) fn apply(
        &mut self,
        list: Option<(Operation, &str)>,
        page: Option<u64>,
    ) -> (RequestFaults, u32) {
        let attempt = match list {
            Some((operation, guid)) => {
                let page = (operation, guid.to_owned(), page);
                if self.attempts.len() == MAX_COUNTED_PAGES && !self.attempts.contains_key(&page) {
                    self.attempts.clear();
                }
                let attempts = self.attempts.entry(page).or_default();
                *attempts = attempts.saturating_add(1);
                *attempts
            }
            None => 1,
        };
        let place = Place {
            list,
            page,
            attempt,
        };
        let mut applied = RequestFaults::default();
        for (fault, so_far) in &mut self.script {
            if !fault.applies_to(place, *so_far) {
                continue;
            }
            if let Effect::Latency(latency) = &fault.effect {
                applied.latency += latency.draw(&mut chance(0, place));
            } else if applied.effect.is_none() {
                applied.effect = Some(fault.effect.clone());
                applied.one_page = fault.on.page.is_some();
            } else {
                continue;
            }
            *so_far = so_far.saturating_add(1);
            applied.names.push(fault.to_string());
        }
        if let (Some(rates), Some(_)) = (&self.rates, list) {
            let (latency, effect) = rates.apply(place);
            applied.latency += latency;
            if let (None, Some(effect)) = (&applied.effect, effect) {
                applied.names.push(Fault::of(effect.clone()).to_string());
                applied.effect = Some(effect);
            }
        }
        (applied, attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::fault::ErrorBody;

    const TEAM: Option<(Operation, &str)> = Some((Operation::ListGroupMembers, "team"));

    fn active(faults: impl Into<Faults>) -> ActiveFaults {
        let mut active = ActiveFaults::default();
        active.add(faults.into());
        active
    }

    fn effects(active: &mut ActiveFaults, pages: &[u64]) -> Vec<Option<Effect>> {
        pages
            .iter()
            .map(|page| active.apply(TEAM, Some(*page)).0.effect)
            .collect()
    }

    #[test]
    fn page_three_fails_twice_and_then_works() {
        let mut active = active(Fault::error(502, ErrorBody::Html).on_page(3).times(2));
        let failed = Some(Effect::Error(502, ErrorBody::Html));
        assert_eq!(
            effects(&mut active, &[1, 2, 3, 3, 3, 4]),
            [None, None, failed.clone(), failed, None, None]
        );
    }

    #[test]
    fn each_page_fails_once_in_any_order() {
        let mut active = active(Fault::hang().attempts(1));
        let hangs = Some(Effect::Hang);
        assert_eq!(
            effects(&mut active, &[2, 1, 1, 2, 3]),
            [hangs.clone(), hangs.clone(), None, None, hangs]
        );
    }

    #[test]
    fn the_first_match_takes_effect_and_latencies_add() {
        let ten = Duration::from_millis(10);
        let mut active = active([
            Fault::latency(ten),
            Fault::gzip().times(1),
            Fault::cut_short().times(1),
            Fault::latency(ten).on_page(1),
        ]);
        let (applied, attempt) = active.apply(TEAM, Some(1));
        assert_eq!(
            (applied.latency, applied.effect, attempt),
            (ten * 2, Some(Effect::Gzip), 1)
        );
        assert_eq!(
            applied.names,
            ["latency=10ms", "gzip@times=1", "latency=10ms@page=1"]
        );
        // The one that did not take effect was not used up.
        assert_eq!(active.apply(TEAM, Some(2)).0.effect, Some(Effect::CutShort));
        assert_eq!(active.apply(TEAM, Some(2)).0.effect, None);
    }

    #[test]
    fn rates_apply_where_no_scripted_fault_does() {
        let mut active =
            active(Faults::from(Fault::hang().times(1)).and(Rates::new(1).cut_short(1.0)));
        assert_eq!(
            effects(&mut active, &[1, 1]),
            [Some(Effect::Hang), Some(Effect::CutShort)]
        );
        assert_eq!(active.apply(None, None).0, RequestFaults::default());
        active.clear();
        assert_eq!(active.apply(TEAM, Some(1)).0, RequestFaults::default());
    }
}
