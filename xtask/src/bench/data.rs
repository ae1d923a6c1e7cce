//! The pages that are served: rows as the service sends them, the same on every machine and in every run.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Rows a page: the most that the service sends.
pub const ROWS: usize = 1000;

/// The groups whose members are read.
pub const GROUP_10: &str = "pages10";
pub const GROUP_100: &str = "pages100";
pub const GROUP_1000: &str = "pages1000";

/// Small groups, `group1` to `group1000`, and the rows of each.
pub const SMALL_GROUPS: usize = 1000;
const SMALL_ROWS: usize = 20;

/// A page whose rows have fields that the spec does not know.
pub const UNKNOWN_FIELDS: &str = "unknown-fields.json";

/// Pages that differ from one another. A longer list has them again and again, which costs no disk.
const BODIES: usize = 100;

/// Writes `DIRECTORY/GUID/PAGE.json` for every group, unless it is there.
pub fn write(directory: &Path) -> Result<()> {
    // Whoever changes what is written changes this, too.
    let stamp = directory.with_extension("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == STAMP) {
        return Ok(());
    }
    for (guid, pages) in [(GROUP_10, 10), (GROUP_100, 100), (GROUP_1000, 1000)] {
        let group = directory.join(guid);
        renew(&group)?;
        for number in 1..=pages {
            let file = group.join(format!("{number}.json"));
            if number <= BODIES {
                fs::write(file, page(number, ROWS, pages, Fields::Known))?;
            } else {
                fs::hard_link(
                    group.join(format!("{}.json", (number - 1) % BODIES + 1)),
                    file,
                )?;
            }
        }
    }
    for number in 1..=SMALL_GROUPS {
        let group = directory.join(format!("group{number}"));
        renew(&group)?;
        fs::write(
            group.join("1.json"),
            page(number, SMALL_ROWS, 1, Fields::Known),
        )?;
    }
    let unknown = page(1, ROWS, 1, Fields::Unknown);
    fs::write(directory.with_file_name(UNKNOWN_FIELDS), unknown)?;
    fs::write(stamp, STAMP)?;
    Ok(())
}

const STAMP: &str = "1";

/// Makes an empty directory.
fn renew(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory).with_context(|| format!("{}", directory.display()))
}

/// Which fields rows have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    /// Those that the documentation shows.
    Known,
    /// Three more.
    Unknown,
}

/// A page as the service sends it, with slashes escaped as seen live.
fn page(number: usize, rows: usize, pages: usize, fields: Fields) -> String {
    let mut text = String::from("{\"data\":[");
    for row in 0..rows {
        if row > 0 {
            text.push(',');
        }
        self::row(&mut text, (number - 1) * ROWS + row, fields);
    }
    let _ = write!(
        text,
        "],\"meta\":{{\"pagination\":{{\"total\":0,\"count\":{rows},\"per_page\":{ROWS},\"current_page\":{number},\
         \"total_pages\":{pages}}},\"cursor\":{{\"updatedAt\":1638354799,\"affix\":\"prepend\"}}}}}}"
    );
    text
}

/// A row. Which of the optional fields it has follows from its number.
fn row(text: &mut String, number: usize, fields: Fields) {
    const NAMES: [&str; 8] = [
        "Captain America",
        "Iron Man",
        "Wolverine",
        "Cyclops",
        "Barry Allen",
        "Zoë Müller",
        "Jean Grey",
        "Peter Parker",
    ];
    let pick = |every: usize| number.is_multiple_of(every);
    let name = NAMES[number % NAMES.len()];
    let time = 1_629_869_270 + number * 7;
    let _ = write!(
        text,
        "{{\"uid\":\"user-{number:08}\",\"name\":\"{name}\",\
         \"avatar\":\"https:\\/\\/data-us.cometchat.io\\/assets\\/images\\/avatars\\/{number:06}.png\""
    );
    if pick(3) {
        text.push_str(",\"link\":\"https:\\/\\/data-us.cometchat.io\\/assets\"");
    }
    if pick(2) {
        let _ = write!(
            text,
            ",\"metadata\":{{\"email\":\"user{number}@example.com\",\"contactNumber\":\"0123456789\"}}"
        );
    }
    if pick(5) {
        text.push_str(",\"tags\":[\"beta\",\"europe\"],\"statusMessage\":\"At the movies\"");
    }
    let status = if pick(4) { "available" } else { "offline" };
    let scope = match number % 50 {
        0 => "admin",
        1 | 2 => "moderator",
        _ => "participant",
    };
    let _ = write!(
        text,
        ",\"status\":\"{status}\",\"role\":\"default\",\"scope\":\"{scope}\",\"joinedAt\":{time},\
         \"createdAt\":{},\"updatedAt\":{},\"lastActiveAt\":{}",
        time - 1000,
        time + 10,
        time + 20
    );
    let _ = write!(
        text,
        ",\"conversationId\":\"user-{number:08}_user_superhero4\""
    );
    if fields == Fields::Unknown {
        let _ = write!(
            text,
            ",\"isOnline\":{},\"platform\":\"web\",\"unreadMessageCount\":\"{}\"",
            pick(4),
            number % 9
        );
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn a_page_is_json_with_rows_of_the_size_that_is_claimed() {
        let text = page(2, ROWS, 100, Fields::Known);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["data"].as_array().unwrap().len(), ROWS);
        assert_eq!(value["data"][0]["uid"], "user-00001000");
        assert_eq!(value["meta"]["pagination"]["total_pages"], 100);
        let bytes_a_row = text.len() / ROWS;
        assert!((370..=410).contains(&bytes_a_row), "{bytes_a_row}");
    }
}
