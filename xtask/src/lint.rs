//! `cargo xtask lint`: the errors and warnings of a spec.

use std::path::PathBuf;

use cometchat_codegen::{Level, lint};

use crate::input;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The spec. The openapi.yaml of this workspace.
    file: Option<PathBuf>,
    /// Fails on warnings too.
    #[arg(long)]
    strict: bool,
}

/// Prints the findings: 0 if code can be generated, 1 if not, or with `strict` on any finding.
pub(crate) fn run(args: &Args) -> anyhow::Result<u8> {
    let (origin, spec) = input::spec(args.file.as_deref())?;
    let findings = lint(&spec);
    let lines = findings
        .iter()
        .map(|finding| format!("{}: {finding}\n", finding.level()));
    let errors = findings
        .iter()
        .filter(|finding| finding.level() == Level::Error)
        .count();
    let (lines, warnings) = (lines.collect::<String>(), findings.len() - errors);
    input::print(&format!(
        "{lines}{origin}: {errors} errors, {warnings} warnings\n"
    ))?;
    Ok(u8::from(errors > 0 || args.strict && warnings > 0))
}

#[cfg(test)]
mod tests {
    use super::{Args, run};

    fn code_of(text: &str, strict: bool) -> Result<u8, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("spec.yaml");
        std::fs::write(&file, text).unwrap();
        run(&Args {
            file: Some(file),
            strict,
        })
        .map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn our_spec_is_clean_under_strict() {
        assert_eq!(code_of(include_str!("../../openapi.yaml"), true), Ok(0));
    }

    #[test]
    fn a_warning_fails_under_strict_alone() {
        let ours = include_str!("../../openapi.yaml");
        let warned = ours.replace("x-lenient", "x-leniant");
        assert_eq!(code_of(&warned, false), Ok(0));
        assert_eq!(code_of(&warned, true), Ok(1));
        let broken = ours.replace("{guid}/bannedusers", "{guid}/../bannedusers");
        assert_eq!(code_of(&broken, false), Ok(1));
    }

    #[test]
    fn what_is_no_spec_is_an_error() {
        for (text, said) in [
            ("", "it is empty"),
            ("a: [", "not YAML"),
            ("swagger: '2.0'\npaths: {}", "must be OpenAPI 3.0 or 3.1"),
            ("openapi: 3.2.0\npaths: {}", "must be OpenAPI 3.0 or 3.1"),
            ("openapi: 3.0.3", "has no paths"),
            (
                "{openapi: 3.0.3, paths: {/a: {$ref: '#/paths/~1b'}}}",
                "leads to nothing",
            ),
            (
                "{openapi: 3.0.3, paths: {}, components: {schemas: {A: {$ref: '#/components/schemas/A'}}}}",
                "in a circle",
            ),
        ] {
            let error = code_of(text, false).unwrap_err();
            assert!(error.contains(said), "{text:?}: {error}");
        }
        let args = Args {
            file: Some("not-there.yaml".into()),
            strict: false,
        };
        let error = run(&args).unwrap_err().to_string();
        assert!(error.contains("can't be read"), "{error}");
    }
}
