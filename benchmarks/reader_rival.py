"""What bench_collecting.py measures itself against: the ``reader`` library, in an environment and process of its own.

Run as ``python reader_rival.py DATABASE WORKERS`` with addresses on the input, one a line; prints the seconds it took
cold and unchanged, and how many entries are stored.
"""

from __future__ import annotations

import sys
import time

import feedparser_sgmllib

# reader brings a copy of feedparser that imports this module under the name it had in Python 2.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)

from reader import make_reader  # type: ignore[import-not-found]  # noqa: E402  needs the line above


def main() -> None:
    database, workers = sys.argv[1], int(sys.argv[2])
    reader = make_reader(database)
    for url in sys.stdin.read().split():
        reader.add_feed(url)
    for _ in ("cold", "unchanged"):
        began = time.perf_counter()
        reader.update_feeds(workers=workers, scheduled=False)
        print(time.perf_counter() - began)
    print(reader.get_entry_counts().total)


if __name__ == "__main__":
    main()
