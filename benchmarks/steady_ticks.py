"""Ticks for bench_console.py, in a process of their own: one after the other, with new posts in each.

Run as ``python steady_ticks.py SETTINGS``; it prints a line for each tick that ended: its seconds and what it stored.
"""

from __future__ import annotations

import os
import sys
import time
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from random import Random
from threading import Thread
from xml.sax.saxutils import escape

from stored_year import BRANDS  # type: ignore[import-not-found]  # beside this script

from services.installation import install, system_clock
from services.ticking import tick
from settings.loading import load
from settings.model import Source
from simulation.traffic import crisis
from sources.contract import load as load_source

# Twice as many as a company of a million mentions a year hears in a minute, about once a second.
NEW, PAUSE = 4, 1.0


class Feed(BaseHTTPRequestHandler):
    """A feed whose entries are new each time."""

    numbers = count(int(time.time()) * 1_000)
    posts = [post for story, _ in BRANDS.values() for post in crisis(9, brand=story, start=system_clock(), minutes=20)]  # noqa: RUF012  # read only

    def do_GET(self) -> None:  # http.server calls it so
        """Answer with new entries."""
        dice = Random()  # noqa: S311  # no secret
        entries = "".join(map(self.entry, dice.choices(self.posts, k=NEW)))
        content = f"<rss version='2.0'><channel><title>Busy</title>{entries}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def entry(self, post: object) -> str:
        """A post as an entry of now."""
        number, said = next(self.numbers), f"{post.text}"  # type: ignore[attr-defined]
        at = format_datetime(system_clock())
        said = escape(f"{said} Number {number}.")
        return f"<item><guid>busy-{number}</guid><description>{said}</description><pubDate>{at}</pubDate></item>"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    Thread(target=server.serve_forever, daemon=True).start()
    options = load_source("rss").Options.model_validate({"url": f"http://127.0.0.1:{server.server_port}/"})
    busy = Source(id="busy", kind="rss", options=options, internal=True, every="1s")  # type: ignore[arg-type]  # as settings have it
    settings = load(Path(sys.argv[1]), os.environ)
    inst = install(settings.model_copy(update={"sources": (*settings.sources, busy)}))
    with inst.database:
        while True:
            began = time.perf_counter()
            report = tick(inst)
            took = time.perf_counter() - began
            print(f"{took:.3f} {sum(one.new for one in report.collected)} {len(report.fired)}", flush=True)
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
