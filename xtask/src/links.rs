//! `links`: every link of a Markdown file leads somewhere, as far as that can be told without a network.
//!
//! A README is shown in three places: the repository, the crate's page and the crate's documentation. The last two
//! don't have the repository around them, so a README of a crate may link to it by its full address only; such an
//! address is looked up in the tree, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::cargo::files;
use crate::findings::Findings;

/// Where the repository is shown, up to the path of a file or a folder.
const REPOSITORY: [&str; 2] = [
    "https://github.com/cometchat-rs/cometchat/blob/main/",
    "https://github.com/cometchat-rs/cometchat/tree/main/",
];

/// Checks the links of all Markdown files.
pub(crate) fn run() -> Result<ExitCode> {
    let mut findings = Findings::default();
    let files = files(&[])?;
    let mut pages = BTreeMap::new();
    for name in files.iter().filter(|name| name.ends_with(".md")) {
        let text = fs::read_to_string(crate::root().join(name))
            .with_context(|| format!("can't read {name}"))?;
        pages.insert(name.clone(), Page::read(&text));
    }
    let mut checked = 0;
    for (name, page) in &pages {
        for link in &page.links {
            checked += 1;
            if let Err(problem) = follow(name, link, &pages, &files) {
                findings.fail(
                    format!("{name}: [{}]({}): {problem}", link.text, link.target),
                    "correct the link, or bring back what it led to",
                );
            }
        }
        for reference in &page.undefined {
            findings.fail(
                format!("{name}: [{reference}] is a reference that nothing defines"),
                format!("add a line `[{reference}]: …`"),
            );
        }
    }
    if !findings.any() {
        findings.pass(format!(
            "{checked} links in {} Markdown files lead somewhere",
            pages.len()
        ));
    }
    Ok(findings.exit())
}

/// What a Markdown file links to, and what in it can be linked to.
#[derive(Default)]
struct Page {
    links: Vec<Link>,
    anchors: BTreeSet<String>,
    undefined: Vec<String>,
}

struct Link {
    text: String,
    target: String,
}

impl Page {
    fn read(markdown: &str) -> Self {
        let mut page = Self::default();
        let mut undefined = Vec::new();
        let mut note = |link: BrokenLink<'_>| {
            // `[x]` alone is as likely to be just that.
            if link.link_type != LinkType::Shortcut {
                undefined.push(link.reference.to_string());
            }
            None
        };
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
        let parser = Parser::new_with_broken_link_callback(markdown, options, Some(&mut note));
        let (mut heading, mut link) = (None, None);
        for event in parser {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.add_heading(&heading.take().unwrap_or_default())
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    link = Some(Link {
                        text: String::new(),
                        target: dest_url.to_string(),
                    });
                }
                Event::End(TagEnd::Link | TagEnd::Image) => page.links.extend(link.take()),
                Event::Text(text) | Event::Code(text) => {
                    for into in [heading.as_mut(), link.as_mut().map(|link| &mut link.text)] {
                        into.into_iter().for_each(|into| into.push_str(&text));
                    }
                }
                Event::Html(html) | Event::InlineHtml(html) => page.add_anchors(&html),
                _ => {}
            }
        }
        page.undefined = undefined;
        page
    }

    /// Adds a heading under the name that it has as an anchor: in lower case, without punctuation, with a hyphen for a
    /// space, and numbered where it is not the first of that name.
    fn add_heading(&mut self, heading: &str) {
        let name: String = heading
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let mut unique = name.clone();
        let mut number = 0;
        while !self.anchors.insert(unique) {
            number += 1;
            unique = format!("{name}-{number}");
        }
    }

    /// Adds what HTML names: `<a id="name">`.
    fn add_anchors(&mut self, html: &str) {
        for attribute in ["id=\"", "name=\""] {
            let named = html
                .split(attribute)
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            self.anchors.extend(named.map(str::to_owned));
        }
    }
}

/// Follows a link of the file `from`, and says what is wrong if it leads nowhere.
fn follow(
    from: &str,
    link: &Link,
    pages: &BTreeMap<String, Page>,
    files: &BTreeSet<String>,
) -> Result<(), String> {
    let target = link.target.as_str();
    let (path, anchor) = target
        .split_once('#')
        .map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let inside = REPOSITORY
        .iter()
        .find_map(|address| path.strip_prefix(address));
    let file = match inside {
        Some(path) => normal("", path)?,
        // Another address: there is no network to look it up in.
        None if path
            .split('/')
            .next()
            .is_some_and(|first| first.contains(':')) =>
        {
            return Ok(());
        }
        None if path.is_empty() => from.to_owned(),
        None if from.starts_with("crates/") && from.ends_with("/README.md") => {
            return Err(format!(
                "a crate's page does not have the repository around it; write {}{}",
                REPOSITORY[0],
                normal(from, path)?
            ));
        }
        None => normal(from, path)?,
    };
    let folder = format!("{file}/");
    let is_folder = file.is_empty()
        || files
            .range(folder.clone()..)
            .next()
            .is_some_and(|name| name.starts_with(&folder));
    if !files.contains(&file) && !is_folder {
        return Err(format!("there is no {file}"));
    }
    match (anchor, pages.get(&file)) {
        (Some(anchor), Some(page)) if !page.anchors.contains(anchor) => {
            Err(format!("{file} has no heading of that name"))
        }
        // Lines of code: `#L10`.
        _ => Ok(()),
    }
}

/// The path from the root of a path in a link of the file `from`.
fn normal(from: &str, path: &str) -> Result<String, String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or("it leads out of the repository")?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, markdown: &str) -> Result<(), String> {
        let guide = Page::read(
            "# How *paging* ends\n\n## `a_b`: c?\n\n## Twice\n\n## Twice\n\n<a id=\"here\"></a>\n",
        );
        let page = Page::read(markdown);
        let files = ["docs/guide.md", "src/lib.rs", from]
            .map(str::to_owned)
            .into();
        let link = page.links.first().ok_or("no link")?;
        follow(
            from,
            link,
            &BTreeMap::from([("docs/guide.md".to_owned(), guide)]),
            &files,
        )
    }

    #[test]
    fn what_leads_somewhere_passes() {
        for link in [
            "docs/guide.md",
            "./docs/../docs/guide.md",
            "docs",
            "src/lib.rs#L10",
            "docs/guide.md#how-paging-ends",
            "docs/guide.md#a_b-c",
            "docs/guide.md#twice-1",
            "docs/guide.md#here",
            "https://elsewhere.example/a#b",
            "mailto:a@elsewhere.example",
            "https://github.com/cometchat-rs/cometchat/blob/main/docs/guide.md#twice",
        ] {
            assert_eq!(
                check("README.md", &format!("[text]({link})")),
                Ok(()),
                "{link}"
            );
        }
        assert_eq!(check("docs/other.md", "[text](guide.md)"), Ok(()));
        assert_eq!(
            check("docs/other.md", "[text][a]\n\n[a]: ../src/lib.rs"),
            Ok(())
        );
    }

    #[test]
    fn what_leads_nowhere_is_found() {
        for (link, reason) in [
            ("docs/gone.md", "there is no docs/gone.md"),
            ("doc", "there is no doc"),
            ("../outside.md", "out of the repository"),
            ("docs/guide.md#gone", "no heading"),
            ("docs/guide.md#twice-2", "no heading"),
            (
                "https://github.com/cometchat-rs/cometchat/blob/main/gone.md",
                "there is no gone.md",
            ),
        ] {
            let problem = check("README.md", &format!("[text]({link})")).unwrap_err();
            assert!(problem.contains(reason), "{link}: {problem}");
        }
    }

    #[test]
    fn the_readme_of_a_crate_links_by_full_address() {
        let problem = check("crates/a/README.md", "[text](../../docs/guide.md)").unwrap_err();
        assert!(problem.ends_with("blob/main/docs/guide.md"), "{problem}");
    }

    #[test]
    fn a_reference_without_a_definition_is_found() {
        let page = Page::read("[text][gone], and [x] alone");
        assert_eq!(page.undefined, ["gone"]);
    }
}
