#!/usr/bin/env python3
"""Runs the SDK and its peers side by side, and keeps the raw numbers in target/bench/raw.

The programs of a table take turns, round by round, so that whatever else the machine does meets all of them. hyperfine times
each run; a program of benches/peers prints its rows and the peak of its memory.
"""

import argparse
import glob
import json
import os
import pathlib
import resource
import shlex
import shutil
import subprocess
import sys

import pages
import servers

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "benches/peers"
WORK = ROOT / "target/bench"
RAW = WORK / "raw"
PROGRAMS = WORK / "peers/release"
COMETCHAT = WORK / "program/release/cometchat"
GENERATED = WORK / "openapi-generator/release/openapi-generator"
XTASK = WORK / "program/debug/xtask"
ROWS_100 = 100 * pages.ROWS


class Program:
    """A command, and what a table calls it.

    It has to read so many `rows`. Either it reports them, or they are the lines of a file: `prints` is where its output
    goes, `writes` is a file that it makes itself. A folder that is `fresh` is not there when a run begins.
    """

    def __init__(self, name, *command, env=None, rows=None, prints=None, writes=None, fresh=None):
        self.name, self.command, self.env = name, [str(part) for part in command], env or {}
        self.rows, self.prints, self.lines, self.fresh = rows, prints, prints or writes, fresh

    def run(self, folder, stem):
        """Runs it once: wall and CPU seconds, rows, and the peak of its memory in KiB."""
        exported, output = folder / f"{stem}.json", self.prints or folder / f"{stem}.txt"
        hyperfine = ["hyperfine", "--shell=none", "--runs=1", "--style=none", "--export-json", exported, "--output", output]
        hyperfine += ["--prepare", f"rm -rf {self.fresh}"] if self.fresh else []
        environment = {**os.environ, "COMETCHAT_API_KEY": "key", **self.env}
        done = subprocess.run(
            [*hyperfine, shlex.join(self.command)], env=environment, capture_output=True, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise SystemExit(f"{self.name} failed: {done.stderr.decode()}")
        timed = json.loads(exported.read_text())["results"][0]
        run = {"wall": timed["mean"], "cpu": timed["user"] + timed["system"]}
        if self.lines:
            read = self.lines.read_bytes().count(b"\n")
        elif self.rows:
            read, run["sum"], run["peak"] = map(int, output.read_text().split())
        if self.rows and read != self.rows:
            raise SystemExit(f"{self.name} read {read} rows of {self.rows}")
        return run


def in_turns(table, programs, rounds, **about):
    """Runs the programs `rounds` times each, in turns, and keeps what their runs took."""
    folder = RAW / table
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    about |= {"rounds": rounds, "load": os.getloadavg()[0]}
    runs = {program.name: [] for program in programs}
    for number in range(rounds):
        # No program is always the one after the slow one.
        for turn in range(len(programs)):
            place = (turn + number) % len(programs)
            runs[programs[place].name].append(programs[place].run(folder, f"{number}-{place}"))
    (RAW / f"{table}.json").write_text(json.dumps({**about, "runs": runs}, indent=1))


def no_latency():
    """nginx, or if it is missing a server of ours; and the name of it for the table."""
    if servers.find_nginx():
        return servers.nginx(WORK / "pages", WORK / "nginx"), "nginx"
    return servers.with_latency(WORK / "pages", 0), "benches/servers.py"


def ours(name, base, guid, prefetch, rows=ROWS_100, kind="typed", env=None):
    return Program(name, PROGRAMS / "ours", kind, base, guid, prefetch, rows=rows, env=env)


def plain(name, kind, base, guid, *more, rows=ROWS_100, env=None):
    return Program(name, PROGRAMS / "plain", kind, base, guid, *more, rows=rows, env=env)


def table_a(rounds):
    server, served_by = no_latency()
    with server as base:
        few, four = "reqwest + serde, five fields", "cometchat, prefetch 4"
        programs = [
            plain(few, "few", base, "pages100"),
            plain("reqwest + serde, all fields", "typed", base, "pages100"),
            ours("cometchat, prefetch off", base, "pages100", 1),
            ours(four, base, "pages100", 4),
            ours("cometchat, prefetch 8", base, "pages100", 8),
            ours("cometchat, raw rows, prefetch off", base, "pages100", 1, kind="raw"),
            plain("reqwest + serde, all fields and unknown ones", "typed-extra", base, "pages100"),
            plain("reqwest + serde, all fields, 4 buffered", "buffered", base, "pages100", 4),
            Program("progenitor's client, bare", PROGRAMS / "bare", base, "pages100", rows=ROWS_100),
        ]
        if GENERATED.exists():
            programs.append(Program("openapi-generator's client", GENERATED, base, "pages100", rows=ROWS_100))
        for jemalloc in glob.glob("/usr/lib*/*/libjemalloc.so.2")[:1]:
            preload = {"LD_PRELOAD": jemalloc}
            programs.append(plain(f"{few}, jemalloc", "few", base, "pages100", env=preload))
            programs.append(ours(f"{four}, jemalloc", base, "pages100", 4, env=preload))
        in_turns("a", programs, rounds, server=served_by)


def table_b(rounds):
    with servers.with_latency(WORK / "pages", 50) as base:
        programs = [ours(f"cometchat, prefetch {n}", base, "pages100", n) for n in (1, 4, 8, 16)]
        programs.append(plain("reqwest + serde, all fields", "typed", base, "pages100"))
        programs.append(plain("reqwest + serde, all fields, 8 buffered", "buffered", base, "pages100", 8))
        in_turns("b", programs, rounds, server="benches/servers.py")


def table_c(rounds):
    server, served_by = no_latency()
    with server as base:
        for guid, count in pages.LISTS.items():
            rows, apart, one = count * pages.ROWS, {"MALLOC_MMAP_THRESHOLD_": "131072"}, {"MALLOC_ARENA_MAX": "1"}
            programs = [
                ours("cometchat, prefetch 8", base, guid, 8, rows),
                ours("cometchat, prefetch 8, large allocations apart", base, guid, 8, rows, env=apart),
                ours("cometchat, prefetch 8, one arena", base, guid, 8, rows, env=one),
                ours("cometchat, prefetch off", base, guid, 1, rows),
                plain("reqwest + serde, all fields", "typed", base, guid, rows=rows),
            ]
            in_turns(f"c-{guid}", programs, rounds, server=served_by)


def table_d(rounds):
    """Decoding alone is measured in one process, by criterion: each round is one of its runs."""
    home, load = WORK / "criterion", os.getloadavg()[0]
    sizes = {name: (WORK / "pages" / f"{name}.json").stat().st_size for name in ("documented", "unknown")}
    runs = {}
    for _ in range(rounds):
        command = ["cargo", "bench", "--quiet", "--package", "decode", "--target-dir", WORK / "peers", "--"]
        command += ["--warm-up-time", "0.2", "--measurement-time", "0.5", "--sample-size", "10"]
        environment = {**os.environ, "CRITERION_HOME": str(home), "BENCH_PAGES": str(WORK / "pages")}
        subprocess.run(command, cwd=PEERS, env=environment, check=True, stdout=subprocess.DEVNULL)
        for file in home.glob("*/*/new/estimates.json"):
            page, way = file.parts[-4:-2]
            nanoseconds = json.loads(file.read_text())["median"]["point_estimate"]
            runs.setdefault(page, {}).setdefault(way, []).append(sizes[page] * 1000 / nanoseconds)
    RAW.mkdir(parents=True, exist_ok=True)
    (RAW / "d.json").write_text(json.dumps({"rounds": rounds, "load": load, "runs": runs}, indent=1))


def table_e(rounds):
    start = [Program("cometchat --help", COMETCHAT, "--help")]
    if shutil.which("curl"):
        start.append(Program("curl --version", "curl", "--version"))
    has_requests = subprocess.run([sys.executable, "-c", "import requests"], capture_output=True).returncode == 0
    if has_requests:
        start.append(Program('python3 -c "import requests"', sys.executable, "-c", "import requests"))
    mebibytes = {"program": COMETCHAT.stat().st_size / 2**20, "peer": (PROGRAMS / "plain").stat().st_size / 2**20}
    in_turns("e-start", start, rounds * 3, **mebibytes)

    exports = WORK / "exports"
    exports.mkdir(exist_ok=True)
    server, served_by = no_latency()
    with server as base:
        members = ["--base-url", base, "members", "pages100", "--per-page", "1000", "--format", "ndjson"]
        export = {"cometchat members, as it is": [], "cometchat members --prefetch 1": ["--prefetch", "1"]}
        export["cometchat members --prefetch 4"] = ["--prefetch", "4"]
        programs = [
            Program(name, COMETCHAT, *members, *more, rows=ROWS_100, prints=exports / f"{place}.ndjson")
            for place, (name, more) in enumerate(export.items())
        ]
        scripts = PEERS / "scripts"
        if has_requests:
            file = exports / "python.ndjson"
            command = [sys.executable, scripts / "export.py", base, "pages100", file]
            programs.append(Program("Python requests", *command, rows=ROWS_100, writes=file))
        if shutil.which("curl") and shutil.which("jq"):
            file = exports / "jq.ndjson"
            command = [scripts / "export.sh", base, "pages100", file]
            programs.append(Program("curl + jq", *command, rows=ROWS_100, writes=file))
        in_turns("e-export", programs, rounds, server=served_by)


def table_f(rounds):
    programs, crates = [], {}
    for package, name in (("ours", "cometchat"), ("plain", "reqwest + serde")):
        target, select = WORK / "cold" / package, ["--manifest-path", PEERS / "Cargo.toml", "--package", package]
        build = ["cargo", "build", *select, "--target-dir", target, "--jobs", "2", "--offline", "--quiet"]
        programs.append(Program(name, *build, fresh=target))
        tree = ["cargo", "tree", *select, "--offline", "--edges=normal,build", "--prefix=none", "--format={p}", "--no-dedupe"]
        crates[name] = len(set(subprocess.run(tree, check=True, capture_output=True, text=True).stdout.splitlines()))
    in_turns("f", programs, rounds, crates=crates)


def table_g(rounds):
    spec = ROOT / "openapi.yaml"
    programs = [
        Program("cargo xtask codegen --check", XTASK, "codegen", "--check"),
        Program("cargo xtask lint", XTASK, "lint"),
        # diff exits with the level of the change; the same file twice is none.
        Program("cargo xtask diff", XTASK, "diff", "--from", spec, "--to", spec),
    ]
    in_turns("g", programs, rounds)


def table_h(rounds):
    rows = pages.SMALL_GROUPS * pages.SMALL_ROWS
    server, served_by = no_latency()
    with server as base:
        programs = [
            Program("cometchat", PROGRAMS / "ours", "groups", base, pages.SMALL_GROUPS, rows=rows),
            plain("reqwest + serde, all fields", "groups", base, pages.SMALL_GROUPS, rows=rows),
        ]
        in_turns("h", programs, rounds, server=served_by)


TABLES = {name[-1]: make for name, make in list(globals().items()) if name.startswith("table_")}


def build():
    """Builds what is set side by side; the client of openapi-generator where that is installed."""

    def cargo(folder, target, *arguments):
        command = ["cargo", "build", "--target-dir", WORK / target, *arguments]
        subprocess.run(command, cwd=folder, check=True)

    cargo(PEERS, "peers", "--release")
    cargo(ROOT, "program", "--release", "--package", "cometchat-cli")
    cargo(ROOT, "program", "--package", "xtask")
    if generator := shutil.which("openapi-generator-cli"):
        package = PEERS / "openapi-generator"
        generate = [generator, "generate", "-g", "rust", "-i", ROOT / "openapi.yaml", "-o", package / "client"]
        generate += ["--additional-properties=packageName=openapi_client"]
        subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
        cargo(package, "openapi-generator", "--release")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", help="letters, such as a d; all of them by default")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true", help="three rounds, and no first builds")
    options = parser.parse_args()
    if not shutil.which("hyperfine"):
        raise SystemExit("hyperfine is missing; install it: apt-get install hyperfine")
    # A thousand groups at once are a thousand connections.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    pages.write(WORK / "pages")
    build()
    for letter in options.tables or [letter for letter in TABLES if not (options.quick and letter == "f")]:
        print(f"table {letter}, load {os.getloadavg()[0]:.2f}", flush=True)
        TABLES[letter](3 if options.quick else options.rounds)


main()
