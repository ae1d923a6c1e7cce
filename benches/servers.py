"""The servers that are read from: on loopback, on a free port, gone when a table is done."""

import asyncio
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse

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
def with_latency(pages, milliseconds):
    """Serves the same from memory, each response after so many milliseconds, by a thread of this process."""
    bodies = {}

    def body(target):
        path, _, query = target.partition("?")
        guid, page = path.split("/")[3], urllib.parse.parse_qs(query).get("page", ["1"])[0]
        return (pages / guid / f"{page}.json").read_bytes()

    async def serve(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                target = head.split(b" ")[1].decode()
                if target not in bodies:
                    bodies[target] = body(target)
                await asyncio.sleep(milliseconds / 1000)
                content = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(bodies[target])
                writer.write(b"HTTP/1.1 200 OK\r\n" + content + bodies[target])
                await writer.drain()

    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096), loop).result()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v3"
    finally:
        loop.call_soon_threadsafe(loop.stop)
