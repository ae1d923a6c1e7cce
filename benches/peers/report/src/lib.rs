//! What each program says of its run: one line, which benches/measure.py reads.
//!
//! Rows and sum are the same for every program that reads the same pages: none of them did less than the others.

/// The rows of a run, as they are counted.
#[derive(Debug, Default)]
pub struct Count {
    rows: u64,
    sum: u64,
}

impl Count {
    /// Counts a row by what it holds.
    pub fn add(&mut self, uid: &str, name: Option<&str>, joined_at: Option<i64>) {
        let text = uid.len() + name.map_or(0, str::len);
        self.rows += 1;
        self.sum = self
            .sum
            .wrapping_add(text as u64)
            .wrapping_add(joined_at.unwrap_or(0).unsigned_abs());
    }

    /// Prints the line: rows, sum, and the peak of the memory in KiB (0 where the system does not tell).
    pub fn print(&self) {
        println!("{} {} {}", self.rows, self.sum, peak_kib().unwrap_or(0));
    }
}

/// The most memory that this process had at a time, in KiB.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
