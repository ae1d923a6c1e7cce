//! Two documents side by side: ours before and after a change, and ours beside a vendor's.

pub mod diff;
pub mod drift;
