//! Tests that run themselves in a process of their own, whose environment they set.

use std::process::Command;

/// Runs the test of this name with these variables, and with `given` as `COMETCHAT_TEST_CHILD`.
pub async fn in_child(name: &str, given: &str, variables: &[(&str, &str)]) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", name]);
    for variable in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        child
            .env_remove(variable)
            .env_remove(variable.to_lowercase());
    }
    child.env("COMETCHAT_TEST_CHILD", given);
    child.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || child.output().unwrap());
    let output = output.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
