#!/usr/bin/env python3
"""Builds the site into target/site: the guides as an mdBook, and the API reference of openapi.yaml in one page.

Needs mdbook (bash .ci/tools mdbook) and redocly (bash conformance/install). If Chromium is installed, it opens each page and
fails on a console error, a failed request, a request to another host or a broken link.
"""

import functools
import html.parser
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
SITE = ROOT / "target" / "site"
BUNDLE = ROOT / "target" / "site-openapi.json"
REDOCLY = ROOT / "conformance" / "node_modules" / ".bin" / "redocly"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REPOSITORY = "https://github.com/cometchat-rs/cometchat/blob/main/"
# What a reader of the API reference looks for: each operation, by its route on the page, and a row of its example.
REFERENCE = {
    "api.html#/other/list_group_members": ("/groups/{guid}/members", "Captain America", "apikey: $COMETCHAT_API_KEY"),
    "api.html#/other/list_banned_users": ("/groups/{guid}/bannedusers", "Barry Allen", "apikey: $COMETCHAT_API_KEY"),
}


def build():
    if not shutil.which("mdbook"):
        sys.exit("error: mdbook is missing; install it with: bash .ci/tools mdbook")
    if not REDOCLY.exists():
        sys.exit("error: redocly is missing; install it with: bash conformance/install")
    # A link to a file outside of docs/ works in the repository; on the site it leads there.
    source = ROOT / "target" / "site-source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "docs", source)
    for guide in source.glob("*.md"):
        guide.write_text(re.sub(r"\]\(\.\./", f"]({REPOSITORY}", guide.read_text()))
    subprocess.run(["mdbook", "build", source, "--dest-dir", SITE], check=True)
    redocly("bundle", "openapi.yaml", "--output", BUNDLE)
    BUNDLE.write_text(json.dumps(reference(json.loads(BUNDLE.read_text()))))
    redocly("build-docs", BUNDLE, "--output", SITE / "api.html", "--inlineBundle",
            "--openapi.disableGoogleFont=true", "--openapi.jsonSamplesExpandLevel=5")


def redocly(*arguments):
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run([REDOCLY, *arguments, "--lint-config=off"], cwd=ROOT, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"error: redocly {arguments[0]} fails\n{done.stdout}")


def reference(spec):
    """The document as its page shows it: all operations unfolded, a sample for each, and a way back."""
    spec["info"]["title"] = "API reference"
    spec["info"]["description"] = f"[Back to the guides](index.html)\n\n{spec['info']['description']}"
    server = spec["servers"][0]
    base = server["url"].format_map({name: variable["default"] for name, variable in server.get("variables", {}).items()})
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method not in ("get", "put", "post", "delete", "patch"):
                continue
            # Redoc folds the operations of a tag.
            operation.pop("tags", None)
            parameters = [resolved(spec, parameter) for parameter in operation.get("parameters", ())]
            examples = {parameter["name"]: parameter.get("example", parameter["name"].upper())
                        for parameter in parameters if parameter["in"] == "path"}
            sample = [f"curl --request {method.upper()}",
                      *(f'--header "{scheme["name"]}: $COMETCHAT_API_KEY"'
                        for scheme in spec["components"].get("securitySchemes", {}).values() if scheme.get("in") == "header"),
                      f"'{base}{path.format_map(examples)}'"]
            operation["x-codeSamples"] = [{"lang": "shell", "label": "curl", "source": " \\\n  ".join(sample)}]
    spec.pop("tags", None)
    return spec


def resolved(spec, value):
    while "$ref" in value:
        target = spec
        for step in value["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        value = target
    return value


class Page(html.parser.HTMLParser):
    """The anchors and the links of a page, as a browser has rendered it."""

    def __init__(self, dom):
        super().__init__()
        self.anchors, self.links, self.text = set(), [], re.sub(r"<script.*?</script>", "", dom, flags=re.S)
        self.feed(dom)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.update(filter(None, (attributes.get("id"), attributes.get("name"))))
        self.links += filter(None, (attributes.get("href"), attributes.get("src")))


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site, and notes the requests that fail."""

    failed = []

    def log_message(self, *_):
        pass

    def send_error(self, code, *arguments):
        # The browser asks for an icon by itself.
        if self.path != "/favicon.ico":
            self.failed.append(f"{code} {self.path}")
        super().send_error(code, *arguments)


def render(url, screenshot):
    """Opens a page: its DOM, and the errors of its console. Names of other hosts don't resolve."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--enable-logging=stderr", "--virtual-time-budget=10000", "--window-size=1280,1600",
        ]
        dom = subprocess.run([*command, "--dump-dom", url], capture_output=True, text=True, timeout=120)
        if screenshot:
            subprocess.run([*command, f"--screenshot={screenshot}", url], capture_output=True, timeout=120)
    # Redoc prints its version.
    console = [line for line in re.findall(r'CONSOLE:\d+\] "[^"]*"', dom.stderr) if "Redoc" not in line]
    return dom.stdout, console


def check():
    handler = functools.partial(Handler, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}/"

    problems, pages = [], {}
    guides = [file.name for file in sorted(SITE.glob("*.html")) if file.name not in ("404.html", "print.html", "toc.html")]
    (SITE / "screenshots").mkdir(exist_ok=True)
    for name in [*guides, *REFERENCE]:
        shown = name in ("index.html", "api.html")
        shot = SITE / "screenshots" / f"{name.rsplit('/')[-1]}.png" if shown else None
        dom, console = render(base + name, shot)
        pages[name] = Page(dom)
        problems += [f"{name}: {line}" for line in console]
        problems += [f"{name}: {text!r} is not on the page" for text in REFERENCE.get(name, ())
                     if text not in pages[name].text]
    problems += [f"{name}: an empty panel" for name in REFERENCE if "No request payload" in pages[name].text]
    if "api.html" not in pages["index.html"].links or "index.html" not in pages["api.html"].links:
        problems.append("the guides and the API reference don't lead to each other")
    for name, page in pages.items():
        for link in page.links:
            target = urllib.parse.urlsplit(urllib.parse.urljoin(base + name, link))
            if target.netloc != urllib.parse.urlsplit(base).netloc:
                continue
            path = urllib.parse.unquote(target.path).lstrip("/") or "index.html"
            anchor = urllib.parse.unquote(target.fragment)
            if name.startswith("api.html") and link.startswith(("#/", "/")):
                # A route within the page; those of the operations have been opened.
                continue
            if not (SITE / path).is_file():
                problems.append(f"{name}: {link} leads to no file of the site")
            elif anchor and path in pages and anchor not in pages[path].anchors:
                problems.append(f"{name}: {link} leads to no anchor of {path}")
    problems += [f"request failed: {request}" for request in Handler.failed]
    for problem in dict.fromkeys(problems):
        print("error:", re.sub(r"[\x00-\x1f\x7f]", " ", problem), file=sys.stderr)
    print(f"{len(pages)} pages opened, {len(problems)} problems; screenshots in {SITE / 'screenshots'}")
    return not problems


if __name__ == "__main__":
    build()
    if not CHROMIUM:
        print("Chromium is not installed: the pages were built and not opened.")
    elif not check():
        sys.exit(1)
