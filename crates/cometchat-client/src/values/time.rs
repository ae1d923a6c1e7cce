//! Times as the service sends them: whole seconds since 1970.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Number;

/// A point in time, in whole seconds since 1970-01-01T00:00:00Z.
///
/// In `deactivatedAt`, 0 means that the user is active, not that they were deactivated in 1970.
///
/// Read from an integer. A float (cut to the second) and a number in quotes are read too: neither was seen on these
/// lists, both occur where a backend is written in PHP.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use cometchat_client::types::UnixTime;
///
/// let joined = UnixTime::from_secs(1_638_360_106);
/// assert_eq!(joined.to_system_time(), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_638_360_106)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(transparent))]
pub struct UnixTime(i64);

impl UnixTime {
    /// The time so many seconds after 1970-01-01T00:00:00Z, or before it where negative.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// The time as the standard library has it; nothing where it can't hold it.
    pub fn to_system_time(self) -> Option<SystemTime> {
        let distance = Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }

    /// The time as jiff has it; nothing where that is outside of the years -9999 to 9999.
    #[cfg(feature = "jiff_0_2")]
    pub fn to_timestamp(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_second(self.0).ok()
    }
}

impl From<SystemTime> for UnixTime {
    /// Cut to the second, towards the past; a time that 64 bits can't count is taken as the nearest one that they can.
    fn from(time: SystemTime) -> Self {
        Self(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => {
                let before = before.duration();
                let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
                -seconds - i64::from(before.subsec_nanos() > 0)
            }
        })
    }
}

/// Why a time can't be had as another type: that type can't hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfRange(UnixTime);

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} seconds since 1970 are out of range", self.0.0)
    }
}

impl std::error::Error for OutOfRange {}

impl TryFrom<UnixTime> for SystemTime {
    type Error = OutOfRange;

    fn try_from(time: UnixTime) -> Result<Self, OutOfRange> {
        time.to_system_time().ok_or(OutOfRange(time))
    }
}

#[cfg(feature = "jiff_0_2")]
impl From<jiff::Timestamp> for UnixTime {
    fn from(timestamp: jiff::Timestamp) -> Self {
        // `as_second` cuts towards 1970, which is not the past for a time before it.
        Self(timestamp.as_second() - i64::from(timestamp.subsec_nanosecond() < 0))
    }
}

#[cfg(feature = "jiff_0_2")]
impl TryFrom<UnixTime> for jiff::Timestamp {
    type Error = OutOfRange;

    fn try_from(time: UnixTime) -> Result<Self, OutOfRange> {
        time.to_timestamp().ok_or(OutOfRange(time))
    }
}

impl<'de> Deserialize<'de> for UnixTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Seconds)
    }
}

struct Seconds;

impl<'de> Visitor<'de> for Seconds {
    type Value = UnixTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_i64<E>(self, seconds: i64) -> Result<UnixTime, E> {
        Ok(UnixTime(seconds))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<UnixTime, E> {
        let seconds = i64::try_from(seconds);
        seconds
            .map(UnixTime)
            .map_err(|_| E::custom("more seconds than 64 bits can count"))
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<UnixTime, E> {
        let whole = seconds.floor();
        if whole >= i64::MIN as f64 && whole < i64::MAX as f64 {
            Ok(UnixTime(whole as i64))
        } else {
            Err(E::custom("more seconds than 64 bits can count"))
        }
    }

    /// A number as `serde_json` gives it with its feature `arbitrary_precision`.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<UnixTime, A::Error> {
        let number = Number::deserialize(MapAccessDeserializer::new(map))?;
        let seconds = number
            .as_f64()
            .ok_or_else(|| de::Error::custom("no number"))?;
        self.visit_f64(seconds)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<UnixTime, E> {
        match (text.trim().parse::<i64>(), text.trim().parse::<f64>()) {
            (Ok(seconds), _) => Ok(UnixTime(seconds)),
            (_, Ok(seconds)) if seconds.is_finite() => self.visit_f64(seconds),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_floats_and_quoted_numbers_are_read() {
        for text in [
            "1638360106",
            "1638360106.9",
            "\"1638360106\"",
            "\"1638360106.5\"",
        ] {
            let time: UnixTime = serde_json::from_str(text).unwrap();
            assert_eq!(time, UnixTime(1_638_360_106), "{text}");
        }
        for text in [
            "\"\"",
            "\"soon\"",
            "[]",
            "true",
            "18446744073709551615",
            "1e300",
            "\"inf\"",
        ] {
            assert!(serde_json::from_str::<UnixTime>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_before_1970_is_cut_towards_the_past() {
        let time = SystemTime::UNIX_EPOCH - Duration::from_millis(1500);
        assert_eq!(UnixTime::from(time), UnixTime(-2));
        assert_eq!(
            UnixTime(-2).to_system_time(),
            Some(SystemTime::UNIX_EPOCH - Duration::from_secs(2))
        );
    }

    #[test]
    fn the_standard_library_has_the_same_time() {
        for seconds in [i64::MIN / 4, -1, 0, 1, 1_638_360_106, i64::MAX / 4] {
            let time = UnixTime::from_secs(seconds);
            // How far a `SystemTime` reaches depends on the system.
            if let Some(system) = time.to_system_time() {
                assert_eq!(UnixTime::from(system), time);
                assert_eq!(SystemTime::try_from(time), Ok(system));
            }
        }
        assert!(UnixTime(1_638_360_106).to_system_time().is_some());
    }

    #[test]
    fn a_time_is_sent_as_an_integer() {
        let text = serde_json::to_string(&UnixTime(1_638_360_106)).unwrap();
        assert_eq!(text, "1638360106");
    }

    #[test]
    fn a_float_before_1970_is_cut_towards_the_past() {
        let time: UnixTime = serde_json::from_str("-1.5").unwrap();
        assert_eq!(time, UnixTime(-2));
    }

    #[cfg(feature = "jiff_0_2")]
    #[test]
    fn jiff_has_the_same_time() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_638_360_106, "2021-12-01T12:01:46Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            let timestamp = UnixTime(seconds).to_timestamp().unwrap();
            assert_eq!(timestamp.to_string(), text);
            assert_eq!(UnixTime::from(timestamp), UnixTime(seconds));
            assert_eq!(jiff::Timestamp::try_from(UnixTime(seconds)), Ok(timestamp));
        }
    }

    #[cfg(feature = "jiff_0_2")]
    #[test]
    fn jiff_times_are_cut_towards_the_past() {
        for (milliseconds, seconds) in [(1500, 1), (-1500, -2), (-2000, -2), (-1, -1), (999, 0)] {
            let timestamp = jiff::Timestamp::from_millisecond(milliseconds).unwrap();
            assert_eq!(UnixTime::from(timestamp), UnixTime(seconds));
        }
    }

    #[cfg(feature = "jiff_0_2")]
    #[test]
    fn what_jiff_cannot_hold_is_an_error_that_says_so() {
        let error = jiff::Timestamp::try_from(UnixTime(i64::MAX)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "9223372036854775807 seconds since 1970 are out of range"
        );
        assert_eq!(UnixTime(i64::MIN).to_timestamp(), None);
    }
}
