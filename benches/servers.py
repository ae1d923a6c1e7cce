"""The servers that are read from: on loopback, on a free port, gone when a table is done."""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

# nginx as anyone may run it: one worker, everything that it writes under one folder.
NGINX = """{user}daemon off;
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
    root {pages};
    location ~ ^/v3/groups/([^/]+)/members$ {{ try_files /$1/$arg_page.json =404; }}
  }}
}}
"""


def find_nginx():
    """Where nginx is; Debian has it where not everyone looks."""
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


@contextlib.contextmanager
def nginx(pages, work):
    """Serves PAGES/GUID/PAGE.json as the members of a group."""
    work = pathlib.Path(work)
    work.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Started by root, nginx hands its work to another user, who may not see the files.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(NGINX.format(user=user, work=work, port=port, pages=pages))
    command = [find_nginx(), "-p", work, "-c", work / "nginx.conf", "-e", work / "error.log"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"nginx does not listen; see {work}/error.log")
        yield f"http://127.0.0.1:{port}/v3"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def with_latency(program, pages, milliseconds):
    """The server of benches/peers/latency-server, which answers after so many milliseconds."""
    process = subprocess.Popen([program, pages, str(milliseconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v3"
    finally:
        process.kill()
        process.wait()
