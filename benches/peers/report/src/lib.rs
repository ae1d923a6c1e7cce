//! The rows that each program counts, and the line that it prints of its run, which benches/measure.py reads.
//!
//! Rows and sum are the same for every program that reads the same pages: none of them did less than the others.

/// An error of any kind.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The rows of a run.
#[derive(Debug, Default)]
pub struct Count {
    rows: u64,
    sum: u64,
}

impl Count {
    /// Counts a row.
    pub fn add(&mut self, uid: &str, name: Option<&str>, joined_at: Option<i64>) {
        let text = (uid.len() + name.map_or(0, str::len)) as u64;
        let joined_at = joined_at.unwrap_or(0).unsigned_abs();
        self.rows += 1;
        self.sum = self.sum.wrapping_add(text).wrapping_add(joined_at);
    }

    /// Prints rows, sum, and the peak of the memory in KiB (0 if the system does not tell).
    pub fn print(&self) {
        println!("{} {} {}", self.rows, self.sum, peak_kib().unwrap_or(0));
    }
}

fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Counts the rows of one page after the other; `read` returns the number of pages.
pub async fn one_by_one(read: impl AsyncFn(u32, &mut Count) -> Result<i64>) -> Result<Count> {
    let mut count = Count::default();
    let mut number = 1;
    while i64::from(number) < read(number, &mut count).await? {
        number += 1;
    }
    Ok(count)
}
