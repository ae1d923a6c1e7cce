//! The textual form of a fault, for a command line.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::faults::fault::{Effect, ErrorBody, Fault, ResetAt, WaitHeaders};
use crate::faults::latency::Latency;
use cometchat_client::Operation;

const FORMS: &str = "\
a fault is one of
  latency=20ms, latency=5ms..50ms
  hang, hang-body
  429, or 429-a, 429-b, 429-seconds, 429-date, 429-reset-a, 429-reset-b, 429-none; with =N to wait N seconds
  502 or any status from 400 to 599, with -json, -foreign, -html, -empty or -braces for the body, or =CODE for the code
  reset, reset-after-headers, reset-in-body, cut
  repeat, endless, empty-pages
  redirect=URL
and may go on with @ and any of
  page=3, group=city, list=members, list=banned, times=2, attempts=1, share=0.1, seed=7
with commas between them, as in 502-html@page=3,times=2";

fn not_a_fault(text: &str, problem: &str) -> Error {
    Error::new(format!("{text:?} is not a fault: {problem}; {FORMS}"))
}

/// The effects that have no value, by name.
const PLAIN: [(&str, Effect); 9] = [
    ("hang", Effect::Hang),
    ("hang-body", Effect::HangInBody),
    ("reset", Effect::Reset(ResetAt::BeforeHeaders)),
    ("reset-after-headers", Effect::Reset(ResetAt::AfterHeaders)),
    ("reset-in-body", Effect::Reset(ResetAt::InBody)),
    ("cut", Effect::CutShort),
    ("repeat", Effect::RepeatPage),
    ("endless", Effect::EndlessPages),
    ("empty-pages", Effect::EmptyPages),
];

const LISTS: [(&str, Operation); 2] = [
    ("members", Operation::ListGroupMembers),
    ("banned", Operation::ListBannedUsers),
];

/// The names of the selectors that may follow an `@`.
const SELECTORS: [&str; 7] = [
    "page", "group", "list", "times", "attempts", "share", "seed",
];

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.effect {
            Effect::Latency(latency) => write!(f, "latency={latency}")?,
            Effect::TooManyRequests(headers, wait) => {
                write!(f, "429-{}={wait}", name_of(&WaitHeaders::ALL, headers))?;
            }
            Effect::Error(status, body) => {
                write!(f, "{status}-{}", name_of(&ErrorBody::ALL, body))?;
            }
            Effect::ApiError(status, code) => write!(f, "{status}={code}")?,
            Effect::Redirect(location) => write!(f, "redirect={location}")?,
            Effect::Body(custom) => write!(
                f,
                "body of {} bytes, status {}",
                custom.body.len(),
                custom.status
            )?,
            plain => f.write_str(name_of(&PLAIN, plain))?,
        }
        let mut mark = '@';
        let mut selector = |name: &str, value: Option<String>| -> fmt::Result {
            if let Some(value) = value {
                write!(f, "{mark}{name}={value}")?;
                mark = ',';
            }
            Ok(())
        };
        let on = &self.on;
        selector("page", on.page.map(|page| page.to_string()))?;
        selector("group", on.group.clone())?;
        selector(
            "list",
            on.list.map(|list| name_of(&LISTS, &list).to_owned()),
        )?;
        selector("times", on.times.map(|times| times.to_string()))?;
        selector("attempts", on.attempts.map(|attempts| attempts.to_string()))?;
        selector("share", on.share.map(|share| share.to_string()))?;
        selector("seed", (on.seed != 0).then(|| on.seed.to_string()))
    }
}

impl FromStr for Fault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (kind, selectors) = split(text);
        let mut fault = Fault::of(effect(kind).map_err(|problem| not_a_fault(text, &problem))?);
        for selector in selectors.split(',').filter(|selector| !selector.is_empty()) {
            fault = select(fault, selector).map_err(|problem| not_a_fault(text, &problem))?;
        }
        fault.check()?;
        Ok(fault)
    }
}

/// The kind, and the selectors: what follows the last `@`, unless that one belongs to a URL.
fn split(text: &str) -> (&str, &str) {
    text.rsplit_once('@')
        .filter(|(_, rest)| {
            let name = rest.split_once('=').map(|(name, _)| name);
            !text.starts_with("redirect=") || name.is_some_and(|name| SELECTORS.contains(&name))
        })
        .unwrap_or((text, ""))
}

fn effect(kind: &str) -> Result<Effect, String> {
    let (name, value) = match kind.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (kind, None),
    };
    match (name, value) {
        ("latency", Some(time)) => time
            .parse::<Latency>()
            .map(Effect::Latency)
            .map_err(|error| error.to_string()),
        ("redirect", Some(location)) => Ok(Effect::Redirect(location.to_owned())),
        _ => match value_of(&PLAIN, name) {
            Some(effect) if value.is_none() => Ok(effect),
            _ => status(name, value),
        },
    }
}

/// A fault that begins with a status.
fn status(name: &str, value: Option<&str>) -> Result<Effect, String> {
    let (status, detail) = match name.split_once('-') {
        Some((status, detail)) => (status, Some(detail)),
        None => (name, None),
    };
    let status: u16 = status
        .parse()
        .map_err(|_| format!("unknown kind {name:?}"))?;
    match (detail, value) {
        (None, None) if status == 429 => Ok(Effect::TooManyRequests(WaitHeaders::A, 1)),
        (None, None) => Ok(Effect::Error(status, ErrorBody::Json)),
        (None, Some(value)) => Ok(match value.parse() {
            Ok(wait) if status == 429 => Effect::TooManyRequests(WaitHeaders::A, wait),
            _ => Effect::ApiError(status, value.to_owned()),
        }),
        (Some(detail), _) => {
            if let (Some(body), None) = (value_of(&ErrorBody::ALL, detail), value) {
                return Ok(Effect::Error(status, body));
            }
            let headers = value_of(&WaitHeaders::ALL, detail).filter(|_| status == 429);
            let headers =
                headers.ok_or_else(|| format!("unknown form {detail:?} of a {status}"))?;
            let wait = value.map_or(Ok(1), str::parse);
            let wait = wait.map_err(|_| format!("{value:?} is not a number of seconds"))?;
            Ok(Effect::TooManyRequests(headers, wait))
        }
    }
}

fn select(fault: Fault, selector: &str) -> Result<Fault, String> {
    let (name, value) = selector
        .split_once('=')
        .ok_or_else(|| format!("{selector:?} has no value"))?;
    let not_a_number = || format!("{value:?} is not a number of {name}");
    Ok(match name {
        "page" => fault.on_page(value.parse().map_err(|_| not_a_number())?),
        "times" => fault.times(value.parse().map_err(|_| not_a_number())?),
        "attempts" => fault.attempts(value.parse().map_err(|_| not_a_number())?),
        "seed" => fault.seed(value.parse().map_err(|_| not_a_number())?),
        "share" => fault.share(value.parse().map_err(|_| not_a_number())?),
        "group" => fault.in_group(value),
        "list" => fault.on_list(
            value_of(&LISTS, value)
                .ok_or_else(|| format!("unknown list {value:?}; write `members` or `banned`"))?,
        ),
        _ => return Err(format!("unknown selector {name:?}")),
    })
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names
        .iter()
        .find(|(_, named)| named == value)
        .map_or("", |(name, _)| name)
}

fn value_of<T: Clone>(names: &[(&'static str, T)], name: &str) -> Option<T> {
    names
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn is_read_from_what_it_writes() {
        for text in [
            "latency=20ms",
            "latency=5ms..50ms@list=banned",
            "hang",
            "hang-body",
            "429-a=1",
            "429-b=0",
            "429-seconds=2",
            "429-date=2",
            "429-reset-a=2",
            "429-reset-b=2@page=1",
            "429-none=1",
            "429-html",
            "502-html@page=3,times=2",
            "502-json",
            "404-braces",
            "500-foreign@attempts=1",
            "503-empty@group=city",
            "403=ERR_PLAN_RESTRICTION",
            "reset",
            "reset-after-headers",
            "reset-in-body@page=2,group=city,list=members,times=1,attempts=3",
            "cut",
            "repeat",
            "endless",
            "empty-pages",
            "redirect=http://user@127.0.0.1:1/a?b=c,d",
            "redirect=http://127.0.0.1:1/@page=2",
            "latency=5ms..50ms@share=0.5,seed=18446744073709551615",
            "429-a=0@page=2,share=0.1",
        ] {
            let fault: Fault = text
                .parse()
                .unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(fault.to_string(), text);
        }
    }

    #[test]
    fn short_forms_are_read() {
        assert_eq!(
            "502".parse::<Fault>().unwrap(),
            Fault::error(502, ErrorBody::Json)
        );
        let wait = Duration::from_secs;
        assert_eq!(
            "429".parse::<Fault>().unwrap(),
            Fault::too_many_requests(WaitHeaders::A, wait(1))
        );
        assert_eq!(
            "429=5@list=banned".parse::<Fault>().unwrap(),
            Fault::too_many_requests(WaitHeaders::A, wait(5)).on_list(Operation::ListBannedUsers)
        );
    }

    #[test]
    fn the_parse_error_lists_all_forms() {
        for (text, problem) in [
            ("", "unknown kind"),
            ("nonsense", "unknown kind"),
            ("502-xml", "unknown form \"xml\""),
            ("429-c", "unknown form \"c\""),
            ("429-a=soon", "not a number of seconds"),
            ("hang@page", "has no value"),
            ("hang@page=x", "not a number of page"),
            ("hang@share=often", "not a number of share"),
            ("hang@seed=-1", "not a number of seed"),
            ("hang@row=1", "unknown selector \"row\""),
            ("hang@list=all", "unknown list"),
            ("latency=5", "not a time"),
            ("hang=1", "unknown kind"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(problem), "{text}: {error}");
            assert!(error.contains("502-html@page=3,times=2"), "{error}");
        }
        assert!(
            "299"
                .parse::<Fault>()
                .unwrap_err()
                .to_string()
                .contains("400 to 599")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            if let Ok(fault) = text.parse::<Fault>() {
                prop_assert_eq!(fault.to_string().parse::<Fault>().unwrap(), fault);
            }
        }
    }
}
