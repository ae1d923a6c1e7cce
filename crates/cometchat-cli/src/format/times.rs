//! Times as text, in the local time zone or in UTC.

use cometchat::UnixTime;
use jiff::tz::TimeZone;

use crate::args::Times;

/// How times are written.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    /// Verbatim.
    Seconds,
    /// In this time zone, such as `2021-12-01 13:01:46`.
    In(TimeZone),
    /// In UTC, such as `2021-12-01T12:01:46Z`.
    Utc,
}

impl Clock {
    /// The clock of `--times`. If the system's time zone is unknown, local time is UTC.
    pub(crate) fn new(times: Times) -> Self {
        match times {
            Times::Seconds => Self::Seconds,
            Times::Utc => Self::Utc,
            Times::Local => Self::In(TimeZone::system()),
        }
    }

    /// The time that a field holds, as text; `None` if it is to be written verbatim.
    ///
    /// In `deactivatedAt`, 0 means that the user was never deactivated, and becomes an empty text.
    pub(crate) fn format(&self, field: &str, json: &str) -> Option<String> {
        if matches!(self, Self::Seconds) {
            return None;
        }
        let time: UnixTime = serde_json::from_str(json).ok()?;
        if field == "deactivatedAt" && time.as_secs() == 0 {
            return Some(String::new());
        }
        let timestamp = time.to_timestamp()?;
        Some(match self {
            Self::In(zone) => {
                let local = timestamp.to_zoned(zone.clone());
                local.strftime("%Y-%m-%d %H:%M:%S").to_string()
            }
            _ => timestamp.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_the_time_zone() {
        let zone = |name| Clock::In(TimeZone::get(name).unwrap());
        for (clock, field, json, text) in [
            (Clock::Seconds, "joinedAt", "1638360106", None),
            (
                Clock::Utc,
                "joinedAt",
                "1638360106",
                Some("2021-12-01T12:01:46Z"),
            ),
            (
                zone("Europe/Berlin"),
                "joinedAt",
                "1638360106",
                Some("2021-12-01 13:01:46"),
            ),
            (
                zone("Asia/Kolkata"),
                "joinedAt",
                "\"1638360106\"",
                Some("2021-12-01 17:31:46"),
            ),
            (Clock::Utc, "joinedAt", "0", Some("1970-01-01T00:00:00Z")),
            (Clock::Utc, "deactivatedAt", "\"0\"", Some("")),
            (
                Clock::Utc,
                "deactivatedAt",
                "1",
                Some("1970-01-01T00:00:01Z"),
            ),
            // Not a time, and one that no calendar has.
            (Clock::Utc, "joinedAt", "\"soon\"", None),
            (Clock::Utc, "joinedAt", "9223372036854775807", None),
        ] {
            assert_eq!(clock.format(field, json).as_deref(), text, "{field} {json}");
        }
    }
}
