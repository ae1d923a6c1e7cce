#!/usr/bin/env python3
"""Draws docs/terminal.svg: what the program prints in a terminal of 100 columns.

Run it after `cargo build -p cometchat-cli`, when the output of the program has changed.
"""

import fcntl
import html
import os
import pathlib
import pty
import re
import struct
import termios
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS, WIDTH, HEIGHT, MARGIN = 100, 7.83, 18, 16
COMMAND = ["cometchat", "--sandbox", "members", "city", "--scope", "admin,moderator", "--limit", "6"]
COLOURS = {"1": "font-weight='bold'", "2": "opacity='.6'", "31": "fill='#ff7b72'", "32": "fill='#7ee787'",
           "33": "fill='#d29922'", "34": "fill='#79c0ff'", "35": "fill='#d2a8ff'", "36": "fill='#76e3ea'"}


def run():
    """What the command prints on a terminal, escape sequences included."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(COLUMNS), TZ="UTC")
        os.execv(ROOT / "target" / "debug" / "cometchat", COMMAND)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    output = b""
    try:
        while chunk := os.read(terminal, 65536):
            output += chunk
    except OSError:  # The other end is closed.
        pass
    if status := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise SystemExit(f"error: the program exits with {status}\n{output.decode()}")
    return output.decode()


def cells(text):
    """The columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def spans(line, y):
    """A line as text elements of SVG: one per word, each in its column, whatever font is at hand."""
    style, column = "", 0
    for part in re.split(r"(\x1b\[[0-9;]*m|  +)", line):
        if codes := re.fullmatch(r"\x1b\[([0-9;]*)m", part):
            style = " ".join(filter(None, map(COLOURS.get, codes[1].split(";"))))
            continue
        if part.strip():
            yield f"<text x='{MARGIN + column * WIDTH:.1f}' y='{y}' {style}>{html.escape(part)}</text>"
        column += cells(part)


def main():
    # A line that is drawn again, as a progress bar is, shows its last state.
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1] for line in run().split("\n")]
    lines = [re.sub(r"\x1b\[[0-9;?]*[A-HJ-lhKn]", "", line) for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    lines = [f"$ {' '.join(COMMAND)}", *lines]
    width, height = round(COLUMNS * WIDTH + 2 * MARGIN), len(lines) * HEIGHT + 2 * MARGIN
    rows = "\n".join("".join(spans(line, MARGIN + 13 + HEIGHT * number)) for number, line in enumerate(lines))
    (ROOT / "docs" / "terminal.svg").write_text(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>\n"
        f"<title>{html.escape(' '.join(COMMAND))}</title>\n"
        f"<rect width='100%' height='100%' rx='8' fill='#0d1117'/>\n"
        f"<g fill='#e6edf3' font-family='ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace' font-size='13'"
        f" xml:space='preserve'>\n{rows}\n</g>\n</svg>\n")


if __name__ == "__main__":
    main()
