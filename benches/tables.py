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

    def median(self, name, measure):
        return statistics.median(run[measure] for run in self.runs[name])

    def ratio(self, name, base, measure="wall"):
        return statistics.median(a[measure] / b[measure] for a, b in zip(self.runs[name], self.runs[base]))

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

    def table(self, name, head, rows, notes, plots=()):
        lines = []
        for file, title, svg in plots:
            self.plots[file] = svg
            lines += [f"![{title}](benchmarks/{file}.svg)", ""]
        lines += [line(head), line(["---"] + ["---:"] * (len(head) - 1)), *map(line, rows)]
        for note in notes:
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


def svg(height, parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{height}" viewBox="0 0 760 {height}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">\n<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def bars(file, title, unit, values):
    """A plot with a bar for each name and value."""
    parts = [f'<text x="12" y="26" font-size="17">{escape(title)}</text>']
    longest = max(value for _, value in values)
    for place, (name, value) in enumerate(values):
        top, width = 44 + 26 * place, max(1, round(value / longest * 340))
        color = OURS if name.startswith("cometchat") else OTHERS
        parts += [
            f'<text x="322" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="330" y="{top}" width="{width}" height="20" fill="{color}"/>',
            f'<text x="{336 + width}" y="{top + 15}">{short(value)} {unit}</text>',
        ]
    return file, title, svg(56 + 26 * len(values), parts)


def curves(file, title, x, y, lines):
    """A plot with a line through the points of each name."""
    right = max(point[0] for points in lines.values() for point in points) * 1.15
    top = max(point[1] for points in lines.values() for point in points) * 1.05
    place = lambda point: (60 + point[0] / right * 660, 350 - point[1] / top * 300)
    parts = [
        f'<text x="12" y="26" font-size="17">{escape(title)}</text>',
        f'<path d="M60 50V350H720" fill="none" stroke="{INK}"/>',
        f'<text x="390" y="388" text-anchor="middle">{escape(x)}</text>',
        f'<text transform="rotate(-90 16 200)" x="16" y="200" text-anchor="middle">{escape(y)}</text>',
    ]
    for number in sorted({point[0] for points in lines.values() for point in points}):
        parts.append(f'<text x="{place((number, 0))[0]:.0f}" y="368" text-anchor="middle">{number}</text>')
        parts.append(f'<text x="52" y="{place((0, number))[1] + 4:.0f}" text-anchor="end">{number}</text>')
    for name, points in lines.items():
        color = OURS if name.startswith("cometchat") else OTHERS
        spots = [place(point) for point in points]
        path = " ".join(f"{across:.1f},{down:.1f}" for across, down in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4" fill="{color}"/>' for across, down in spots]
        parts.append(f'<text x="{spots[-1][0] + 8:.0f}" y="{spots[-1][1] + 4:.0f}" fill="{color}">{escape(name)}</text>')
    return file, title, svg(400, parts)


def table_a(document):
    runs, title = Runs("a"), "100 pages of 1,000 rows, no latency: "
    rows = [
        [
            name,
            short(runs.median(name, "wall")),
            short(runs.ratio(name, FEW)),
            short(runs.ratio(name, PLAIN)),
            short(runs.median(name, "cpu")),
            short(runs.ratio(name, PLAIN, "cpu")),
            short(runs.median(name, "peak") / 1024),
        ]
        for name in runs.names
    ]
    off, four = "cometchat, prefetch off", "cometchat, prefetch 4"
    busy = statistics.median(run["cpu"] / run["wall"] for run in runs.runs[four])
    note = (
        f"With prefetch 4 the client keeps {short(busy)} of {os.cpu_count()} processors busy. Much of the rest is waiting for "
        "the allocator: rows are made by the tasks that prefetch and dropped by the reader, and the threads of glibc's "
        "allocator wait for one another there. Those of jemalloc do less."
    )
    head = ["", "wall, s", "× five fields", "× all fields", "CPU, s", "× all fields", "peak, MiB"]
    plots = [bars("a-wall", f"{title}wall time", "s", runs.bars("wall")), bars("a-cpu", f"{title}CPU time", "s", runs.bars("cpu"))]
    document.table("a", head, rows, [note, *runs.notes], plots)
    document.target("a", f"prefetch off: wall time of {PLAIN}", "≤", 1.1, runs.ratio(off, PLAIN), "×")
    document.target("a", f"prefetch off: CPU time of {PLAIN}", "≤", 1.25, runs.ratio(off, PLAIN, "cpu"), "×")
    document.target("a", f"prefetch 4: wall time of {PLAIN}", "≤", 0.7, runs.ratio(four, PLAIN), "×")
    document.target("a", f"prefetch 4: wall time of {FEW}", "≤", 0.7, runs.ratio(four, FEW), "×")


def table_b(document):
    runs, prefetch = Runs("b"), [1, 4, 8, 16]
    speed = lambda name: runs.ratio("cometchat, prefetch 1", name)
    rows, points = [], []
    for place, name in enumerate(runs.names):
        ideal = "—"
        if place < len(prefetch):
            points.append((prefetch[place], speed(name)))
            ideal = f"{speed(name) / prefetch[place] * 100:.0f} %"
        rows.append([name, short(runs.median(name, "wall")), short(speed(name)), ideal, short(runs.median(name, "cpu"))])
    title = "50 ms a response: as fast as one page after the other, times"
    lines = {"ideal": [(number, number) for number in prefetch], "cometchat": points}
    note = "With 8 at a time, 100 pages take 13 waits, so 7.69 times as fast is the most that can be reached."
    head = ["", "wall, s", "times as fast", "of the ideal", "CPU, s"]
    document.table("b", head, rows, [note, *runs.notes], [curves("b", title, "prefetch", "times as fast", lines)])
    what = "prefetch 8: as fast as one page after the other, times"
    document.target("b", what, "≥", 7.2, speed("cometchat, prefetch 8"), "×")


def table_c(document):
    lists = {"10,000 rows": Runs("c-pages10"), "100,000 rows": Runs("c-pages100"), "1,000,000 rows": Runs("c-pages1000")}
    ten, _, million = lists.values()
    rows, values = [], []
    for name in million.names:
        peaks = [runs.median(name, "peak") / 1024 for runs in lists.values()]
        values += [(f"{name}: {length}", peak) for length, peak in zip(lists, peaks)]
        cells = [f"{short(peak)} MiB" for peak in peaks] + [short(peaks[2] / peaks[0]), short(million.median(name, "wall"))]
        rows.append([name, *cells])
    note = (
        "What grows is what glibc's allocator keeps: once a large allocation was freed, it takes later ones from its arenas, "
        "where they leave holes. `large allocations apart` is the same program with `MALLOC_MMAP_THRESHOLD_=131072`, which "
        "keeps it from that; `one arena` is with `MALLOC_ARENA_MAX=1`, where rows are made and freed in the same one. Both are "
        "for a program to set, not for a library."
    )
    head = ["", *lists, "× 10,000 rows", "1,000,000 rows, s"]
    plots = [bars("c", "Peak memory of a list read row by row", "MiB", values)]
    document.table("c", head, rows, [note, *million.notes], plots)
    eight = "cometchat, prefetch 8"
    growth = million.median(eight, "peak") / ten.median(eight, "peak")
    document.target("c", "prefetch 8: peak for 1,000,000 rows, of that for 10,000", "≤", 1.2, growth, "×")
    document.target("c", "prefetch 8: peak for 1,000,000 rows", "≤", 40, million.median(eight, "peak") / 1024, "MiB")


def table_d(document):
    ways = {
        "typed": "serde_json, all fields",
        "ours": "cometchat, all fields and unknown ones",
        "ours-text": "cometchat, all fields and unknown ones, as its calls read them",
        "ours-raw": "cometchat, raw rows",
        "typed-text": "serde_json, all fields, encoding checked at once",
        "few": "serde_json, five fields",
        "typed-extra": "serde_json, all fields and unknown ones",
        "value": "serde_json, Value",
    }
    raw = json.loads((RAW / "d.json").read_text())
    rows = [[name] for name in ways.values()]
    for page, what in (("documented", "rows as documented"), ("unknown", "rows with three unknown fields more")):
        speeds = raw["runs"][page]
        ratio = lambda way: statistics.median(a / b for a, b in zip(speeds[way], speeds["typed"]))
        for row, way in zip(rows, ways):
            row += [short(statistics.median(speeds[way])), short(ratio(way))]
        document.target("d", f"{what}: as fast as serde_json into a plain struct", "≥", 0.85, ratio("ours"), "×")
    values = [(name, statistics.median(raw["runs"]["documented"][way])) for way, name in ways.items()]
    head = ["", "rows as documented, MB/s", "×", "three unknown fields more, MB/s", "×"]
    note = f"{raw['rounds']} rounds; load {raw['load']:.2f} when the table was begun."
    plots = [bars("d", "Decoding a page of 1,000 rows as documented", "MB/s", values)]
    document.table("d", head, rows, [note], plots)


def table_e(document):
    start, export = Runs("e-start"), Runs("e-export")
    rows = [[name, short(start.median(name, "wall") * 1000)] for name in start.names]
    note = (
        f"The program has {short(start.raw['program'])} MiB, with TLS and the sandbox in it; the peer of reqwest + serde has "
        f"{short(start.raw['peer'])} MiB."
    )
    document.table("e-start", ["", "start to end, ms"], rows, [note, *start.notes])
    document.target("e", "cometchat --help", "≤", 10, start.median("cometchat --help", "wall") * 1000, "ms")
    base = export.names[0]
    cells = lambda name: [short(export.median(name, "wall")), short(export.ratio(name, base)), short(export.median(name, "cpu"))]
    rows = [[name, *cells(name)] for name in export.names]
    plots = [bars("e-export", "NDJSON of 100,000 rows, no latency: wall time", "s", export.bars("wall"))]
    document.table("e-export", ["", "wall, s", "cometchat is faster, times", "CPU, s"], rows, export.notes, plots)
    for peer, least in (("Python requests", 10), ("curl + jq", 80)):
        if peer in export.names:
            document.target("e", f"NDJSON export: as fast as {peer}, times", "≥", least, export.ratio(peer, base), "×")


def table_f(document):
    runs, base = Runs("f"), "reqwest + serde"
    rows = [
        [name, short(runs.median(name, "wall")), short(runs.ratio(name, base)), short(runs.median(name, "cpu")), str(crates)]
        for name, crates in runs.raw["crates"].items()
    ]
    plots = [bars("f", "First build of a small program, cargo build --jobs 2", "s", runs.bars("wall"))]
    document.table("f", ["", "wall, s", "×", "CPU, s", "crates"], rows, runs.notes, plots)
    document.target("f", f"first build: wall time of {base}", "≤", 1.05, runs.ratio("cometchat", base), "×")


def table_g(document):
    runs = Runs("g")
    rows = [[name, short(runs.median(name, "wall")), short(runs.median(name, "cpu"))] for name in runs.names]
    note = "Without the time that cargo takes to see that nothing has to be built."
    document.table("g", ["", "wall, s", "CPU, s"], rows, [note, *runs.notes])
    for name in runs.names:
        document.target("g", name, "≤", 1, runs.median(name, "wall"), "s")


def table_h(document):
    runs = Runs("h")
    cells = lambda name: [short(runs.median(name, "wall")), short(runs.ratio(name, PLAIN)), short(runs.median(name, "cpu"))]
    rows = [[name, *cells(name), short(runs.median(name, "peak") / 1024)] for name in runs.names]
    plots = [bars("h", "1,000 groups of 20 members at once: wall time", "s", runs.bars("wall"))]
    notes = ["Each group is read on a connection of its own.", *runs.notes]
    document.table("h", ["", "wall, s", "×", "CPU, s", "peak, MiB"], rows, notes, plots)


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
