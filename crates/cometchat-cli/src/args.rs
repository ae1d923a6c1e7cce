//! The command line: what can be said, and what is said about it in the help.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cometchat_sandbox::Faults;

const EXAMPLES: &str = "\
Examples:
  cometchat --sandbox members supergroup           try it, without an account
  cometchat members supergroup --scope admin       who runs the group
  cometchat banned city --output banned.csv        export as CSV
  cometchat members city | jq -r .name             NDJSON in a pipe

Environment:
  COMETCHAT_APP_ID, COMETCHAT_REGION   the app, and its region (us, eu, in)
  COMETCHAT_BASE_URL                   the address, in place of these two
  COMETCHAT_API_KEY                    a REST API key (fullAccess)
  COMETCHAT_ON_BEHALF_OF               the uid of a user to act for
  NO_COLOR                             no colour
  RUST_LOG                             a log on stderr, such as RUST_LOG=debug

Exit codes: 0 all done, 1 the service or the network failed, 2 wrong usage, 130 interrupted.";

const MEMBERS_EXAMPLES: &str = "\
Examples:
  cometchat members supergroup
  cometchat members city town --scope admin,moderator --format csv
  cometchat members city --output city.csv --per-page 1000
  cometchat members city --output city.csv --per-page 1000 --resume
  cometchat members --guids-file groups.txt --format ndjson | jq -r '[.guid, .uid] | @tsv'";

const BANNED_EXAMPLES: &str = "\
Examples:
  cometchat banned supergroup
  cometchat banned city --output banned.csv --spreadsheet-safe
  cometchat banned city town --columns guid,uid,name --format csv
  cat groups.txt | cometchat banned --guids-file - --format json";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  cometchat sandbox
  cometchat sandbox --port 8080 --latency-ms 200 --members 100000
  cometchat sandbox --fault 502-html@page=3,times=2 --fault 429=1@attempts=1

It has the groups `supergroup`, with the rows of the vendor's examples, and `city`. Ctrl-C stops it, with exit code 0.";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Lists and exports the members and the banned users of CometChat groups
///
/// All pages of a list are read, however many there are: retried where that helps, as fast as the rate limit lets them.
/// The key comes from COMETCHAT_API_KEY or --api-key-file, and never from an argument: arguments show in process lists.
#[derive(Parser)]
#[command(
    name = "cometchat",
    bin_name = "cometchat",
    version,
    styles = STYLES,
    max_term_width = 100,
    after_help = EXAMPLES,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How to reach the service.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Ask a sandbox inside this program, which needs no account and no network
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// The id of the app, from the dashboard
    #[arg(long, value_name = "ID")]
    pub(crate) app_id: Option<String>,
    /// The region that the app was created in
    #[arg(long, value_parser = ["us", "eu", "in"])]
    pub(crate) region: Option<String>,
    /// The address of the service, in place of app id and region
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// A file that holds the REST API key, in place of COMETCHAT_API_KEY
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// The uid of a user to act for
    ///
    /// Failing that, COMETCHAT_ON_BEHALF_OF. The vendor does not document it for these two lists.
    #[arg(long, value_name = "UID", hide_short_help = true)]
    pub(crate) on_behalf_of: Option<String>,
    /// The most requests a minute, evenly spaced
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate_limit: Option<u32>,
    /// How often a request is made at the most, the first time included
    ///
    /// 5 where nothing is said.
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) attempts: Option<u32>,
    /// How many seconds one attempt may take
    ///
    /// 30 where nothing is said.
    #[arg(long, value_name = "SECONDS", hide_short_help = true, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: Option<u64>,
    /// Allow plain http:// to other machines
    ///
    /// It shows the key to the network between.
    #[arg(long, hide_short_help = true)]
    pub(crate) allow_plain_http: bool,
}

/// What is said on stderr.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Messages")]
pub(crate) struct Talk {
    /// Say nothing but warnings and errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say a line for each request
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl Connection {
    /// What is said after the command, and failing that what is said before it.
    fn or(self, before: Self) -> Self {
        Self {
            sandbox: self.sandbox || before.sandbox,
            app_id: self.app_id.or(before.app_id),
            region: self.region.or(before.region),
            base_url: self.base_url.or(before.base_url),
            api_key_file: self.api_key_file.or(before.api_key_file),
            on_behalf_of: self.on_behalf_of.or(before.on_behalf_of),
            rate_limit: self.rate_limit.or(before.rate_limit),
            attempts: self.attempts.or(before.attempts),
            timeout: self.timeout.or(before.timeout),
            allow_plain_http: self.allow_plain_http || before.allow_plain_http,
        }
    }
}

/// What can be said before the command and after it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Common {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    pub(crate) talk: Talk,
}

impl Common {
    /// What is said after the command, and failing that what is said before it.
    pub(crate) fn or(self, before: Self) -> Self {
        Self {
            connection: self.connection.or(before.connection),
            talk: Talk {
                quiet: self.talk.quiet || before.talk.quiet,
                verbose: self.talk.verbose || before.talk.verbose,
            },
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the members of groups
    #[command(after_help = MEMBERS_EXAMPLES)]
    Members {
        #[command(flatten)]
        export: Export,
        /// Only members with one of these scopes: admin, moderator, participant
        #[arg(
            long,
            value_name = "SCOPE,…",
            value_delimiter = ',',
            help_heading = "Rows"
        )]
        scope: Vec<String>,
        /// Only members who are available, or only those who are offline
        #[arg(long, value_parser = ["available", "offline"], help_heading = "Rows")]
        status: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// List the users who are banned from groups
    #[command(after_help = BANNED_EXAMPLES)]
    Banned {
        #[command(flatten)]
        export: Export,
        #[command(flatten)]
        common: Common,
    },
    /// Serve both lists on this machine, with faults on request
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(SandboxOptions),
    /// Write completions for a shell to stdout
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write a man page to stdout
    #[command(hide = true)]
    Man {
        /// The command that the page is about, or this program
        command: Option<String>,
    },
}

/// What is listed, and where it goes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Export {
    /// The GUIDs of the groups
    #[arg(value_name = "GUID", required_unless_present = "guids_file")]
    pub(crate) guids: Vec<String>,
    /// Read GUIDs from a file too, one a line; - is stdin
    ///
    /// Blank lines, and lines that begin with #, are passed over.
    #[arg(long, value_name = "FILE")]
    pub(crate) guids_file: Option<PathBuf>,

    /// Rows a page, 1 to 1000; the service sends 100 where nothing is said
    #[arg(long, value_name = "N", help_heading = "Rows", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) per_page: Option<u32>,
    /// The page to begin with
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Rows", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) start_page: u32,
    /// The most rows of each group
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub(crate) limit: Option<usize>,
    /// Drop a user who came before in the same group
    ///
    /// Rows shift while a list changes, so that one can come twice.
    #[arg(long, help_heading = "Rows")]
    pub(crate) dedup: bool,
    /// How many requests are in flight at a time, 1 to 64
    #[arg(long, value_name = "N", default_value_t = 4, help_heading = "Rows", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) prefetch: u8,

    /// The form of the rows
    ///
    /// Where nothing is said: what the name of --output ends in (.csv, .json, .ndjson, .jsonl), a table on a terminal,
    /// NDJSON elsewhere.
    #[arg(long, help_heading = "Output")]
    pub(crate) format: Option<Format>,
    /// Write to a file, by way of FILE.part, which gets its name when all is done
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Go on with an export that was cut off
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(crate) resume: bool,
    /// Which fields, and in which order
    ///
    /// Any field that the service sends can be named, and guid.
    #[arg(
        long,
        value_name = "FIELD,…",
        value_delimiter = ',',
        help_heading = "Output"
    )]
    pub(crate) columns: Vec<String>,
    /// How times are written in a table or CSV: local in a table and seconds in CSV where nothing is said
    #[arg(long, help_heading = "Output")]
    pub(crate) times: Option<Times>,
    /// Disarm CSV cells that a spreadsheet would run as a formula, with a ' in front
    #[arg(long, help_heading = "Output")]
    pub(crate) spreadsheet_safe: bool,
}

/// The form of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the main fields, as wide as the terminal
    Table,
    /// One array of all rows, with every field as it was sent
    Json,
    /// A JSON object a line, with every field as it was sent
    Ndjson,
    /// RFC 4180, a line of names first
    Csv,
}

impl Format {
    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Times {
    /// As sent: seconds since 1970
    Seconds,
    /// As in 2021-12-01T12:01:46Z
    Utc,
    /// As in 2021-12-01 13:01:46, where you are
    Local,
}

#[derive(Args)]
pub(crate) struct SandboxOptions {
    /// The port; 0 takes one that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// How many milliseconds each answer is held back
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) latency_ms: u64,
    /// How many members the group `city` has
    #[arg(long, value_name = "N", default_value_t = 2_500)]
    pub(crate) members: u32,
    /// Something that goes wrong, such as 502@page=3; may be given more than once. A wrong one lists them all
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Faults>,
}
