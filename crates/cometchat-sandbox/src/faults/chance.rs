//! Random numbers that are the same each time.

use crate::faults::fault::Place;

/// Returns the random numbers of one request for one purpose.
pub(crate) fn chance(seed: u64, place: Place<'_>, purpose: &str) -> fastrand::Rng {
    // FNV-1a: unlike the standard library's hashes, it is stable across releases.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut mix = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    mix(&seed.to_le_bytes());
    if let Some((operation, guid)) = place.list {
        for part in [operation.id(), guid] {
            mix(part.as_bytes());
            mix(&[0]);
        }
    }
    mix(&place.page.unwrap_or_default().to_le_bytes());
    mix(&place.attempt.to_le_bytes());
    mix(purpose.as_bytes());
    let mut chance = fastrand::Rng::with_seed(hash);
    // Similar seeds give similar first numbers: drop one.
    chance.u64(..);
    chance
}
