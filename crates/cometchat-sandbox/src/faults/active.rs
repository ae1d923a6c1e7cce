//! The faults of one sandbox, and how often each has applied.

use std::collections::HashMap;
use std::time::Duration;

use crate::faults::chance::chance;
use crate::faults::fault::{Effect, Fault, Place};
use cometchat_client::Operation;

/// Maximum number of pages whose attempts are counted; after that, counting starts again.
const MAX_COUNTED_PAGES: usize = 100_000;

#[derive(Debug, Default)]
pub(crate) struct ActiveFaults {
    /// Each fault, and how often it has applied.
    faults: Vec<(Fault, u32)>,
    /// Number of requests for each page of each list.
    attempts: HashMap<(Operation, String, Option<u64>), u32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RequestFaults {
    pub(crate) latency: Duration,
    pub(crate) effect: Option<Effect>,
    /// True if the effect is restricted to one page.
    pub(crate) one_page: bool,
    /// The applied faults, as text.
    pub(crate) names: Vec<String>,
}

impl ActiveFaults {
    pub(crate) fn add(&mut self, faults: Vec<Fault>) {
        let new = faults.into_iter().map(|fault| (fault, 0));
        self.faults.extend(new);
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
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
        for (fault, so_far) in &mut self.faults {
            if !fault.applies_to(place, *so_far) {
                continue;
            }
            if let Effect::Latency(latency) = &fault.effect {
                applied.latency += latency.draw(&mut chance(fault.on.seed, place, "latency"));
            } else if applied.effect.is_none() {
                applied.effect = Some(fault.effect.clone());
                applied.one_page = fault.on.page.is_some();
            } else {
                continue;
            }
            *so_far = so_far.saturating_add(1);
            applied.names.push(fault.to_string());
        }
        (applied, attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::fault::ErrorBody;

    const TEAM: Option<(Operation, &str)> = Some((Operation::ListGroupMembers, "team"));

    fn active(faults: impl Into<Vec<Fault>>) -> ActiveFaults {
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
            Fault::repeat_page().times(1),
            Fault::cut_short().times(1),
            Fault::latency(ten).on_page(1),
        ]);
        let (applied, attempt) = active.apply(TEAM, Some(1));
        assert_eq!(
            (applied.latency, applied.effect, attempt),
            (ten * 2, Some(Effect::RepeatPage), 1)
        );
        assert_eq!(
            applied.names,
            ["latency=10ms", "repeat@times=1", "latency=10ms@page=1"]
        );
        // The one that did not take effect was not used up.
        assert_eq!(active.apply(TEAM, Some(2)).0.effect, Some(Effect::CutShort));
        assert_eq!(active.apply(TEAM, Some(2)).0.effect, None);
    }

    #[test]
    fn the_same_seed_gives_the_same_faults_in_any_order() {
        let run = |seed: u64, pages: &mut dyn Iterator<Item = u64>| -> Vec<(u64, Vec<String>)> {
            let mut active = active(Fault::mixed(seed));
            let applied = pages.map(|page| (page, active.apply(TEAM, Some(page)).0.names));
            let mut run: Vec<_> = applied.collect();
            run.sort();
            run
        };
        let forwards = run(7, &mut (1..=500));
        assert_eq!(forwards, run(7, &mut (1..=500).rev()));
        assert_ne!(forwards, run(8, &mut (1..=500)));
    }

    #[test]
    fn cleared_faults_apply_no_more() {
        let mut active = active([Fault::hang().times(1), Fault::cut_short().share(1.0)]);
        assert_eq!(
            effects(&mut active, &[1, 1]),
            [Some(Effect::Hang), Some(Effect::CutShort)]
        );
        active.clear();
        assert_eq!(active.apply(TEAM, Some(1)).0, RequestFaults::default());
    }
}
