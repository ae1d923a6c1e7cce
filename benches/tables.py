#!/usr/bin/env python3
"""Makes the tables and plots of docs/benchmarks.md from the raw numbers that benches/measure.py keeps.

Each number is a median over rounds; a ratio is the median of the ratios of the rounds, not the ratio of two medians that may
come from different moments. A table whose raw numbers are missing stays in the document as it is. With --print, nothing is
written.
"""

import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parent.parent
RAW = ROOT / "target/bench/raw"
DOCUMENT = ROOT / "docs/benchmarks.md"
PLAIN = "reqwest + serde, all fields"
FEW = "reqwest + serde, five fields"
INK, OURS, OTHERS = "#24292f", "#c24d1d", "#8a939c"


def short(value):
    """A number with three significant digits."""
    size = abs(value)
    return f"{value:.{0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3}f}"


class Runs:
    """The raw numbers of a table."""

    def __init__(self, name):
        self.raw = json.loads((RAW / f"{name}.json").read_text())
        self.runs = self.raw["runs"]
        self.names = list(self.runs)
        load, rounds = self.raw["load"], self.raw["rounds"]
        self.notes = [f"{rounds} rounds; load {load:.2f} when the table was begun."]
        if "server" in self.raw:
            self.notes.insert(0, f"Served by {self.raw['server']}.")
        self.wall = ("wall, s", lambda name: short(self.median(name, "wall")))
        self.cpu = ("CPU, s", lambda name: short(self.median(name, "cpu")))
        self.peak = ("peak, MiB", lambda name: short(self.median(name, "peak") / 1024))

    def median(self, name, measure):
        return statistics.median(run[measure] for run in self.runs[name])

    def ratio(self, name, base, measure="wall"):
        return statistics.median(a[measure] / b[measure] for a, b in zip(self.runs[name], self.runs[base]))

    def over(self, base, head, measure="wall"):
        """A column of the ratios to a base."""
        return head, lambda name: short(self.ratio(name, base, measure))

    def bars(self, measure):
        return [(name, self.median(name, measure)) for name in self.names]


class Document:
    """docs/benchmarks.md: the numbers stand between marks, the words around them are written by hand."""

    def __init__(self):
        self.text = DOCUMENT.read_text()
        self.targets = []
        self.plots = {}

    def block(self, name, lines):
        marked = re.compile(f"(<!-- measured: {name} -->\n).*?(<!-- end: {name} -->)", re.DOTALL)
        if not marked.search(self.text):
            raise SystemExit(f"{DOCUMENT} has no block {name}")
        self.text = marked.sub(lambda found: found[1] + "\n".join(lines) + "\n" + found[2], self.text)

    def table(self, name, runs, columns, notes, plots=()):
        """Each column is its head and the text of the cell of a program."""
        head = ["", *(head for head, _ in columns)]
        rows = [[program, *(cell(program) for _, cell in columns)] for program in runs.names]
        lines = []
        for file, title, svg in plots:
            self.plots[file] = svg
            lines += [f"![{title}](benchmarks/{file}.svg)", ""]
        lines += [line(head), line(["---"] + ["---:"] * (len(head) - 1)), *map(line, rows)]
        for note in [*notes, *runs.notes]:
            lines += ["", note]
        self.block(name, lines)
        print(f"\n({name})\n\n" + "\n".join(lines))

    def target(self, letter, what, bound, limit, measured, unit):
        reached = measured <= limit if bound == "≤" else measured >= limit
        cells = [f"({letter}) {what}", f"{bound} {limit} {unit}", f"{short(measured)} {unit}", "yes" if reached else "**no**"]
        self.targets.append(line(cells))

    def write(self):
        made = {target[:5] for target in self.targets}
        kept = [old for old in re.findall(r"^\| \([a-h]\).*", self.text, re.MULTILINE) if old[:5] not in made]
        head = [line(["what", "to reach", "measured", "reached"]), "| --- | ---: | ---: | --- |"]
        self.block("targets", head + sorted(self.targets + kept, key=lambda target: target[3]))
        DOCUMENT.write_text(self.text)
        for file, svg in self.plots.items():
            (ROOT / f"docs/benchmarks/{file}.svg").write_text(svg)


def line(cells):
    return f"| {' | '.join(cells)} |"


def bars(file, title, unit, values):
    """A plot with a bar for each name and value."""
    height = 56 + 26 * len(values)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{height}" viewBox="0 0 760 {height}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">\n<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="12" y="26" font-size="17">{escape(title)}</text>',
    ]
    longest = max(value for _, value in values)
    for place, (name, value) in enumerate(values):
        top, width = 44 + 26 * place, max(1, round(value / longest * 340))
        color = OURS if name.startswith("cometchat") else OTHERS
        parts += [
            f'<text x="322" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="330" y="{top}" width="{width}" height="20" fill="{color}"/>',
            f'<text x="{336 + width}" y="{top + 15}">{short(value)} {unit}</text>',
        ]
    return file, title, "\n".join([*parts, "</svg>\n"])


def table_a(document):
    runs, title = Runs("a"), "100 pages of 1,000 rows, no latency: "
    off, four = "cometchat, prefetch off", "cometchat, prefetch 4"
    busy = statistics.median(run["cpu"] / run["wall"] for run in runs.runs[four])
    note = (
        f"With prefetch 4 the client keeps {short(busy)} of {os.cpu_count()} processors busy. Much of the rest is waiting for "
        "the allocator: rows are made by the tasks that prefetch and dropped by the reader, and the threads of glibc's "
        "allocator wait for one another there. Those of jemalloc do less."
    )
    columns = [runs.wall, runs.over(FEW, "× five fields"), runs.over(PLAIN, "× all fields")]
    columns += [runs.cpu, runs.over(PLAIN, "× all fields", "cpu"), runs.peak]
    plots = [bars("a-wall", f"{title}wall time", "s", runs.bars("wall")), bars("a-cpu", f"{title}CPU time", "s", runs.bars("cpu"))]
    document.table("a", runs, columns, [note], plots)
    for name, what, peer, measure, most in (
        (off, "prefetch off: wall time", PLAIN, "wall", 1.1),
        (off, "prefetch off: CPU time", PLAIN, "cpu", 1.25),
        (four, "prefetch 4: wall time", PLAIN, "wall", 0.7),
        (four, "prefetch 4: wall time", FEW, "wall", 0.7),
    ):
        document.target("a", f"{what} of {peer}", "≤", most, runs.ratio(name, peer, measure), "×")


def table_b(document):
    runs, prefetch = Runs("b"), {f"cometchat, prefetch {n}": n for n in (1, 4, 8, 16)}
    speed = lambda name: runs.ratio("cometchat, prefetch 1", name)
    ideal = lambda name: f"{speed(name) / prefetch[name] * 100:.0f} %" if name in prefetch else "—"
    columns = [runs.wall, ("times as fast", lambda name: short(speed(name))), ("of the ideal", ideal), runs.cpu]
    title = "50 ms a response: as fast as one page after the other, times"
    plots = [bars("b", title, "×", [(name, speed(name)) for name in runs.names])]
    note = "With 8 at a time, 100 pages take 13 waits, so 7.69 times as fast is the most that can be reached."
    document.table("b", runs, columns, [note], plots)
    what = "prefetch 8: as fast as one page after the other, times"
    document.target("b", what, "≥", 7.2, speed("cometchat, prefetch 8"), "×")


def table_c(document):
    lists = {"10,000 rows": Runs("c-pages10"), "100,000 rows": Runs("c-pages100"), "1,000,000 rows": Runs("c-pages1000")}
    ten, _, million = lists.values()
    mebibytes = lambda runs, name: runs.median(name, "peak") / 1024
    growth = lambda name: mebibytes(million, name) / mebibytes(ten, name)
    note = (
        "What grows is what glibc's allocator keeps: once a large allocation was freed, it takes later ones from its arenas, "
        "where they leave holes. `large allocations apart` is the same program with `MALLOC_MMAP_THRESHOLD_=131072`, which "
        "keeps it from that; `one arena` is with `MALLOC_ARENA_MAX=1`, where rows are made and freed in the same one. Both are "
        "for a program to set, not for a library."
    )
    peak = lambda runs: lambda name: f"{short(mebibytes(runs, name))} MiB"
    columns = [(length, peak(runs)) for length, runs in lists.items()]
    columns += [("× 10,000 rows", lambda name: short(growth(name))), ("1,000,000 rows, s", million.wall[1])]
    values = [(f"{name}: {length}", mebibytes(runs, name)) for name in million.names for length, runs in lists.items()]
    document.table("c", million, columns, [note], [bars("c", "Peak memory of a list read row by row", "MiB", values)])
    eight = "cometchat, prefetch 8"
    document.target("c", "prefetch 8: peak for 1,000,000 rows, of that for 10,000", "≤", 1.2, growth(eight), "×")
    document.target("c", "prefetch 8: peak for 1,000,000 rows", "≤", 40, mebibytes(million, eight), "MiB")


def table_d(document):
    ways = {
        "serde_json, all fields": "typed",
        "cometchat, all fields and unknown ones": "ours",
        "cometchat, all fields and unknown ones, as its calls read them": "ours-text",
        "cometchat, raw rows": "ours-raw",
        "serde_json, all fields, encoding checked at once": "typed-text",
        "serde_json, five fields": "few",
        "serde_json, all fields and unknown ones": "typed-extra",
        "serde_json, Value": "value",
    }
    runs, columns = Runs("d"), []
    pages, runs.names = runs.runs, list(ways)
    speed = lambda page, name: statistics.median(pages[page][ways[name]])
    ratio = lambda page, name: statistics.median(a / b for a, b in zip(pages[page][ways[name]], pages[page]["typed"]))
    for page, head, what in (
        ("documented", "rows as documented", "rows as documented"),
        ("unknown", "three unknown fields more", "rows with three unknown fields more"),
    ):
        columns.append((f"{head}, MB/s", lambda name, page=page: short(speed(page, name))))
        columns.append(("×", lambda name, page=page: short(ratio(page, name))))
        measured = ratio(page, "cometchat, all fields and unknown ones")
        document.target("d", f"{what}: as fast as serde_json into a plain struct", "≥", 0.85, measured, "×")
    values = [(name, speed("documented", name)) for name in ways]
    document.table("d", runs, columns, [], [bars("d", "Decoding a page of 1,000 rows as documented", "MB/s", values)])


def table_e(document):
    start, export = Runs("e-start"), Runs("e-export")
    milliseconds = lambda name: start.median(name, "wall") * 1000
    program, peer = short(start.raw["program"]), short(start.raw["peer"])
    note = f"The program has {program} MiB, with TLS and the sandbox in it; the peer of reqwest + serde has {peer} MiB."
    document.table("e-start", start, [("start to end, ms", lambda name: short(milliseconds(name)))], [note])
    document.target("e", "cometchat --help", "≤", 10, milliseconds("cometchat --help"), "ms")
    base = export.names[0]
    plots = [bars("e-export", "NDJSON of 100,000 rows, no latency: wall time", "s", export.bars("wall"))]
    columns = [export.wall, export.over(base, "cometchat is faster, times"), export.cpu]
    document.table("e-export", export, columns, [], plots)
    for peer, least in (("Python requests", 10), ("curl + jq", 80)):
        if peer in export.names:
            document.target("e", f"NDJSON export: as fast as {peer}, times", "≥", least, export.ratio(peer, base), "×")


def table_f(document):
    runs, base = Runs("f"), "reqwest + serde"
    plots = [bars("f", "First build of a small program, cargo build --jobs 2", "s", runs.bars("wall"))]
    crates = ("crates", lambda name: str(runs.raw["crates"][name]))
    document.table("f", runs, [runs.wall, runs.over(base, "×"), runs.cpu, crates], [], plots)
    document.target("f", f"first build: wall time of {base}", "≤", 1.05, runs.ratio("cometchat", base), "×")


def table_g(document):
    runs, note = Runs("g"), "Without the time that cargo takes to see that nothing has to be built."
    document.table("g", runs, [runs.wall, runs.cpu], [note])
    for name in runs.names:
        document.target("g", name, "≤", 1, runs.median(name, "wall"), "s")


def table_h(document):
    runs, note = Runs("h"), "Each group is read on a connection of its own."
    plots = [bars("h", "1,000 groups of 20 members at once: wall time", "s", runs.bars("wall"))]
    document.table("h", runs, [runs.wall, runs.over(PLAIN, "×"), runs.cpu, runs.peak], [note], plots)


def machine():
    """The machine and the versions of what ran on it."""

    def first(*command):
        if not shutil.which(command[0]):
            return None
        done = subprocess.run(command, capture_output=True, text=True)
        said = (done.stdout + done.stderr).splitlines()
        return said[0].strip() if done.returncode == 0 and said else None

    def field(file, name):
        return re.search(rf"^{name}\s*: *(.*)$", pathlib.Path(file).read_text(), re.MULTILINE)[1]

    memory = -(-int(field("/proc/meminfo", "MemTotal").split()[0]) // 2**20)
    model = field("/proc/cpuinfo", "model name")
    lines = [f"- {model}, {os.cpu_count()} processors, {memory} GiB of memory, {first('uname', '-sr')}"]
    lock = (ROOT / "benches/peers/Cargo.lock").read_text()
    versions = {"Rust": first("rustc", "--version")}
    for package in ("reqwest", "serde_json", "tokio", "progenitor", "criterion"):
        versions[package] = re.search(rf'name = "{package}"\nversion = "(.*)"', lock)[1]
    versions |= {
        "nginx": first("/usr/sbin/nginx", "-v"),
        "hyperfine": first("hyperfine", "--version"),
        "openapi-generator": first("openapi-generator-cli", "version"),
        "Python": first(sys.executable, "--version"),
        "requests": first(sys.executable, "-c", "import requests; print(requests.__version__)"),
        "curl": first("curl", "--version"),
        "jq": first("jq", "--version"),
    }
    missing = [f"- not on this machine, and left out: {name}" for name, version in versions.items() if not version]
    return lines + [f"- {name}: {version}" for name, version in versions.items() if version] + missing


def main():
    document = Document()
    for letter in "abcdefgh":
        if any(RAW.glob(f"{letter}*.json")):
            globals()[f"table_{letter}"](document)
    document.block("machine", machine())
    if "--print" not in sys.argv:
        document.write()
    print("\n" + "\n".join(document.targets))


main()
