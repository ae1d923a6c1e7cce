//! Times for people: in their own time zone, or in UTC.

use cometchat::UnixTime;
use jiff::tz::TimeZone;

use crate::args::Times;

/// How times are written.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    /// As they were sent.
    Seconds,
    /// In this time zone, as in `2021-12-01 13:01:46`.
    In(TimeZone),
    /// In UTC, as in `2021-12-01T12:01:46Z`.
    Utc,
}

impl Clock {
    /// The clock that was asked for. Where the time zone of this machine can't be found out, it is UTC.
    pub(crate) fn new(times: Times) -> Self {
        match times {
            Times::Seconds => Self::Seconds,
            Times::Utc => Self::Utc,
            Times::Local => Self::In(TimeZone::system()),
        }
    }

    /// A time as this clock writes it; nothing where it is to be left as it was sent.
    pub(crate) fn write(&self, time: UnixTime) -> Option<String> {
        let timestamp = || time.to_timestamp();
        match self {
            Self::Seconds => None,
            Self::Utc => Some(timestamp()?.to_string()),
            Self::In(zone) => {
                let local = timestamp()?.to_zoned(zone.clone());
                Some(local.strftime("%Y-%m-%d %H:%M:%S").to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOINED: UnixTime = UnixTime::from_secs(1_638_360_106);

    #[test]
    fn a_time_is_written_as_asked() {
        let zone = |name| Clock::In(TimeZone::get(name).unwrap());
        assert_eq!(Clock::Seconds.write(JOINED), None);
        assert_eq!(Clock::Utc.write(JOINED).unwrap(), "2021-12-01T12:01:46Z");
        assert_eq!(
            zone("Europe/Berlin").write(JOINED).unwrap(),
            "2021-12-01 13:01:46"
        );
        assert_eq!(
            zone("Asia/Kolkata").write(JOINED).unwrap(),
            "2021-12-01 17:31:46"
        );
    }

    #[test]
    fn a_time_that_no_calendar_has_stays_as_it_was_sent() {
        assert_eq!(Clock::Utc.write(UnixTime::from_secs(i64::MAX)), None);
    }
}
