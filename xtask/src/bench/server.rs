//! The servers that are read from, on loopback, on a free port, gone when the table is done.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// A server that runs.
pub struct Server {
    /// What a table calls it.
    pub name: String,
    /// The base URL for a client.
    pub base_url: String,
    process: Child,
    /// How it is told to stop.
    stop: Option<Command>,
}

impl Server {
    /// nginx, with `DIRECTORY/GUID/PAGE.json` as the members of the group.
    pub fn nginx(nginx: &Path, directory: &Path, work: &Path) -> Result<Self> {
        fs::create_dir_all(work)?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let configuration = work.join("nginx.conf");
        fs::write(&configuration, self::configuration(port, directory, work))?;
        let command = || {
            let mut command = Command::new(nginx);
            command.arg("-p").arg(work).arg("-c").arg(&configuration);
            command.arg("-e").arg(work.join("error.log"));
            command.stderr(Stdio::null());
            command
        };
        let mut stop = command();
        stop.args(["-s", "stop"]);
        let mut server = Self {
            name: "nginx".to_owned(),
            base_url: format!("http://127.0.0.1:{port}/v3"),
            process: command().spawn()?,
            stop: Some(stop),
        };
        for _ in 0..100 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait()? {
                server.stop = None;
                let log = fs::read_to_string(work.join("error.log")).unwrap_or_default();
                bail!("nginx ended ({status}): {}", log.trim());
            }
            sleep(Duration::from_millis(50));
        }
        bail!("nginx does not listen on port {port} after 5 s");
    }

    /// The server under `benches/peers/latency-server`, which answers after so many milliseconds.
    pub fn with_latency(program: &Path, directory: &Path, milliseconds: u32) -> Result<Self> {
        let mut process = Command::new(program)
            .arg(directory)
            .arg(milliseconds.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} can't be run", program.display()))?;
        let mut port = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut port)?;
        }
        let port = port.trim();
        if port.is_empty() {
            bail!("the latency server ended: {}", process.wait()?);
        }
        Ok(Self {
            name: "benches/peers/latency-server".to_owned(),
            base_url: format!("http://127.0.0.1:{port}/v3"),
            process,
            stop: None,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match &mut self.stop {
            // A master that is killed leaves its workers behind.
            Some(stop) => drop(stop.status()),
            None => drop(self.process.kill()),
        }
        drop(self.process.wait());
    }
}

/// nginx as anyone may run it: one worker, everything it writes under `work`.
fn configuration(port: u16, directory: &Path, work: &Path) -> String {
    let (directory, work) = (directory.display(), work.display());
    let user = user();
    format!(
        r#"{user}daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid {work}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_body_temp_path {work}/body;
  proxy_temp_path {work}/proxy;
  fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi;
  scgi_temp_path {work}/scgi;
  types {{ application/json json; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    root {directory};
    location ~ ^/v3/groups/([^/]+)/members$ {{ try_files /$1/$arg_page.json =404; }}
  }}
}}
"#
    )
}

/// Started by root, nginx hands its work to another user, who may not see the files.
#[cfg(unix)]
fn user() -> &'static str {
    if nix::unistd::geteuid().is_root() {
        "user root;\n"
    } else {
        ""
    }
}

#[cfg(not(unix))]
fn user() -> &'static str {
    ""
}

/// Where nginx is; Debian has it where not everyone looks.
pub fn find_nginx() -> Option<PathBuf> {
    super::tools::find("nginx").or_else(|| {
        let path = PathBuf::from("/usr/sbin/nginx");
        path.exists().then_some(path)
    })
}
