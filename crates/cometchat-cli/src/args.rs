//! The command line and its help.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cometchat_sandbox::Fault;

const EXAMPLES: &str = "\
Examples:
  cometchat --sandbox members supergroup           try it without an account
  cometchat members supergroup --scope admin       list the admins of a group
  cometchat banned city --output banned.csv        export as CSV
  cometchat members city | jq -r .name             process NDJSON

Environment:
  COMETCHAT_APP_ID, COMETCHAT_REGION   the app and its region (us, eu, in)
  COMETCHAT_BASE_URL                   the base URL, instead of these two
  COMETCHAT_API_KEY                    a REST API key (fullAccess)
  COMETCHAT_ON_BEHALF_OF               the uid of a user to act for
  NO_COLOR                             disables colours
  RUST_LOG                             enables a log on stderr, such as RUST_LOG=debug

Exit codes: 0 success, 1 the service or the network failed, 2 wrong usage, 3 the key was rejected,
4 not found, 130 interrupted.";

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

The sandbox has the group `supergroup`, with the rows of the vendor's documentation, and the group `city`.
Ctrl-C stops it, with exit code 0.";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Lists and exports the members and the banned users of CometChat groups
///
/// Reads all pages of a list. Retries requests that fail, and keeps to the rate limit of the service. The key comes from
/// COMETCHAT_API_KEY or --api-key-file, never from an argument: other users can see the arguments of a process.
#[derive(Parser)]
#[command(
    name = "cometchat",
    bin_name = "cometchat",
    version,
    styles = STYLES,
    max_term_width = 100,
    after_help = EXAMPLES,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The connection to the service.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// Use a sandbox inside this program, without an account or a network
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// App id, from the dashboard
    #[arg(long, value_name = "ID")]
    pub(crate) app_id: Option<String>,
    /// Region of the app
    #[arg(long, value_parser = ["us", "eu", "in"])]
    pub(crate) region: Option<String>,
    /// Base URL of the service, instead of app id and region
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// File that contains the REST API key, instead of COMETCHAT_API_KEY
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Uid of the user to act for
    ///
    /// Default: COMETCHAT_ON_BEHALF_OF. The vendor does not document this for the two lists.
    #[arg(long, value_name = "UID", hide_short_help = true)]
    pub(crate) on_behalf_of: Option<String>,
    /// Maximum requests per minute, evenly spaced
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate_limit: Option<u32>,
    /// Maximum attempts of a request, including the first
    ///
    /// Default: 5.
    #[arg(long, value_name = "N", hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) attempts: Option<u32>,
    /// Time limit of an attempt, in seconds
    ///
    /// Default: 30.
    #[arg(long, value_name = "SECONDS", hide_short_help = true, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) timeout: Option<u64>,
    /// Allow plain http:// to other machines
    ///
    /// Exposes the key to the network in between.
    #[arg(long, hide_short_help = true)]
    pub(crate) allow_plain_http: bool,
}

/// The messages on stderr.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Messages")]
pub(crate) struct Messages {
    /// Print only warnings and errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print a line for each request
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl ConnectionArgs {
    /// The arguments after the command, or else the ones before it.
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

/// The arguments that may come before or after the command.
#[derive(Args, Clone, Debug)]
pub(crate) struct CommonArgs {
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    #[command(flatten)]
    pub(crate) messages: Messages,
}

impl CommonArgs {
    /// The arguments after the command, or else the ones before it.
    pub(crate) fn or(self, before: Self) -> Self {
        Self {
            connection: self.connection.or(before.connection),
            messages: Messages {
                quiet: self.messages.quiet || before.messages.quiet,
                verbose: self.messages.verbose || before.messages.verbose,
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
        export: ExportArgs,
        /// Only members with one of these scopes: admin, moderator, participant
        #[arg(
            long,
            value_name = "SCOPE,…",
            value_delimiter = ',',
            help_heading = "Rows"
        )]
        scope: Vec<String>,
        /// Only members with this status
        #[arg(long, value_parser = ["available", "offline"], help_heading = "Rows")]
        status: Option<String>,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// List the banned users of groups
    #[command(after_help = BANNED_EXAMPLES)]
    Banned {
        #[command(flatten)]
        export: ExportArgs,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Check the settings, and ask the service whether it accepts the key
    Check {
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Serve both lists on this machine, with faults if wanted
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(SandboxArgs),
    /// Write completions for a shell to stdout
    Completions {
        /// Shell
        shell: Shell,
    },
    /// Write a man page to stdout
    #[command(hide = true)]
    Man {
        /// Command to describe; the program by default
        command: Option<String>,
    },
}

/// The arguments of an export.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExportArgs {
    /// GUIDs of the groups
    #[arg(value_name = "GUID", required_unless_present = "guids_file")]
    pub(crate) guids: Vec<String>,
    /// Read more GUIDs from a file, one a line; - is stdin
    ///
    /// Skips blank lines and lines that begin with #.
    #[arg(long, value_name = "FILE")]
    pub(crate) guids_file: Option<PathBuf>,

    /// Rows per page, 1 to 1000; the service sends 100 by default
    #[arg(long, value_name = "N", help_heading = "Rows", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) per_page: Option<u32>,
    /// First page
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Rows", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) start_page: u32,
    /// Maximum rows of each group
    #[arg(long, value_name = "N", help_heading = "Rows")]
    pub(crate) limit: Option<usize>,
    /// Drop repeated users of a group
    ///
    /// Rows shift while a list changes, so that a user can appear on two pages.
    #[arg(long, help_heading = "Rows")]
    pub(crate) dedup: bool,
    /// Maximum requests in flight, 1 to 64
    #[arg(long, value_name = "N", default_value_t = 4, help_heading = "Rows", value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) prefetch: u8,

    /// Format of the rows
    ///
    /// Default: by the extension of --output (.csv, .json, .ndjson, .jsonl), a table on a terminal, NDJSON otherwise.
    #[arg(long, help_heading = "Output")]
    pub(crate) format: Option<FormatArg>,
    /// Write to a file: to FILE.part, which is renamed when it is complete
    ///
    /// Only the owner can read the file.
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// Resume an interrupted export
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(crate) resume: bool,
    /// Replace the file of --output if it is there
    #[arg(long, requires = "output", help_heading = "Output")]
    pub(crate) force: bool,
    /// Fields to write, in this order
    ///
    /// Any field that the service sends can be given, and guid.
    #[arg(
        long,
        value_name = "FIELD,…",
        value_delimiter = ',',
        help_heading = "Output"
    )]
    pub(crate) columns: Vec<String>,
    /// How to write times; default: local in a table, seconds in CSV
    #[arg(long, help_heading = "Output")]
    pub(crate) times: Option<Times>,
    /// Keep spreadsheets from running CSV text as formulas, with a ' before each formula
    #[arg(long, help_heading = "Output")]
    pub(crate) spreadsheet_safe: bool,
}

/// The format of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// For people: the main fields, as wide as the terminal
    Table,
    /// One array of all rows, with every field verbatim
    Json,
    /// One JSON object a line, with every field verbatim
    Ndjson,
    /// RFC 4180, with a header line
    Csv,
}

/// The name of a value on the command line.
pub(crate) fn value_name(value: &impl ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// How times are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Times {
    /// Verbatim: seconds since 1970
    Seconds,
    /// In UTC: 2021-12-01T12:01:46Z
    Utc,
    /// In the local time zone: 2021-12-01 13:01:46
    Local,
}

/// The arguments of the command `sandbox`.
#[derive(Args)]
pub(crate) struct SandboxArgs {
    /// Port; 0 chooses a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// Delay of each response, in milliseconds
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) latency_ms: u64,
    /// Number of members of the group `city`
    #[arg(long, value_name = "N", default_value_t = 2_500)]
    pub(crate) members: u32,
    /// Fault to inject, such as 502@page=3; can be repeated. An invalid one lists the valid ones
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<Fault>,
    /// Print a line for each request
    #[arg(long, short)]
    pub(crate) verbose: bool,
}
