"""Readers of the console for bench_console.py, in a process of their own; each keeps a connection.

Run as ``python page_readers.py ADDRESS READERS SECONDS THINK`` with the addresses of pages by kind on standard input;
prints one list for each page read: kind, seconds, bytes, bytes as sent, status. Both are JSON.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from http.client import HTTPConnection, HTTPException
from random import Random
from threading import Thread
from urllib.parse import quote, urlsplit

Read = tuple[str, float, int, int, int]


def read(address: str, pages: dict[str, list[str]], number: int, until: float, think: float) -> list[Read]:
    """What one reader read; each begins at another kind of page, and at another moment."""
    dice, kinds, host = Random(number), [*pages], urlsplit(address).netloc  # noqa: S311  # repeatable, not secret
    time.sleep(dice.random() * think)
    connection, found = HTTPConnection(host, timeout=60), []
    turn = number
    while time.monotonic() < until:
        kind = kinds[turn % len(kinds)]
        began = time.perf_counter()
        try:
            page = quote(dice.choice(pages[kind]), safe="/?&=%+:~.")
            connection.request("GET", page, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            body, status, packed = answer.read(), answer.status, answer.getheader("Content-Encoding") == "gzip"
        except (OSError, HTTPException):
            connection.close()
            body, status, packed = b"", 0, False
        took = time.perf_counter() - began
        plain = gzip.decompress(body) if packed else body
        found.append((kind, took, len(plain), len(body), status))
        turn += 1
        time.sleep(think * (0.5 + dice.random()))
    return found


def main() -> None:
    address, readers, seconds, think = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    pages, found = json.load(sys.stdin), []
    until = time.monotonic() + seconds

    def run(number: int) -> None:
        found.extend(read(address, pages, number, until, think))

    threads = [Thread(target=run, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
