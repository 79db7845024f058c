"""Feeds made to hang or fill the collector, each read by a whole tick between two healthy feeds.

The tick runs in a process of its own, so that its memory and that of all its children can be measured from outside.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import textwrap
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.sources.conftest import Site

# What its tests share is made once.
pytestmark = pytest.mark.xdist_group("hostile feeds")

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 3, 300
XML = "application/rss+xml"


def rss(items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def item(number: int) -> str:
    return f"<item><guid>id-{number}</guid><title>Title {number}</title><description>Text {number}</description></item>"


def attributes(value: str) -> str:
    return " ".join(f"a{number}={value}" for number in range(40_000))


def described(text: str) -> str:
    return rss(f"<item><title>t</title><description>{text}</description></item>")


def gigabyte(head: bytes, wbits: int) -> bytes:
    """A body of about 1 MB that unpacks to 1 GB: one packed megabyte, repeated."""
    packing = zlib.compressobj(9, zlib.DEFLATED, wbits)
    begin = packing.compress(head) + packing.flush(zlib.Z_FULL_FLUSH)
    megabyte = packing.compress(b" " * 2**20) + packing.flush(zlib.Z_FULL_FLUSH)
    return begin + megabyte * 1024


BODIES: dict[str, Callable[[], str]] = {
    "400 KB of newlines": lambda: "<?xml version='1.0'?>" + "\n" * 400_000 + rss(item(1)),
    "an entity of 80 KB used 20,000 times": lambda: rss(
        f"<item><title>{'&a;' * 20_000}</title></item>", head=f'<!DOCTYPE rss [<!ENTITY a "{"x" * 80_000}">]>'
    ),
    "a billion laughs": lambda: rss(
        "<item><title>&i;</title></item>",
        head="<!DOCTYPE rss [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY {name} '{f'&{other};' * 10}'>" for other, name in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>",
    ),
    "32 KB of author": lambda: rss(f"<item><title>t</title><author>{'a' * 32_000}</author></item>"),
    "40,000 attributes": lambda: rss("<item " + attributes("'1'") + "><title>t</title></item>"),
    "40,000 loose attributes": lambda: rss("<item " + attributes("1") + "><title>&t</title></item>"),
    "20,000 categories": lambda: rss(f"<item>{''.join(f'<category>c{n}</category>' for n in range(20_000))}</item>"),
    "50 MB of items": lambda: rss("".join(map(item, range(500_000)))),
    "5 MB of items": lambda: rss("".join(map(item, range(50_000)))),
    "4 MB of markup": lambda: described("&lt;b&gt;x&lt;/b&gt;" * 200_000),
    "a million nested tags": lambda: rss("<a>" * 1_000_000),
    "600,000 nested tags in a text": lambda: described("&lt;div>" * 600_000),
    "a web page": lambda: "<html><body>" + "<p>x</p>" * 500_000,
    "a web page that hides it": lambda: "<body>" + "<p>x</p>" * 500_000,
    "a million open comments": lambda: "<!--" * 1_000_000 + rss(item(1)),
    "an open doctype": lambda: "<!DOCTYPE rss " + "\"'" * 1_000_000 + rss(item(1)),
    "deep JSON": lambda: '{"a":' * 900_000,
}  # fmt: skip
PACKED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gzip of 1 GB": ("gzip", lambda: gigabyte(b"<rss>", 31)),
    "deflate of 1 GB": ("deflate", lambda: gigabyte(b"<rss>", 15)),
    "gzip within gzip": ("gzip", lambda: gzip.compress(gigabyte(b"<rss>", 31))),
    "gzip that is none": ("gzip", lambda: b"<rss>" * 100_000),
}

TICKS = textwrap.dedent(
    """
    import json, os, sys
    from pathlib import Path
    from services.ticking import tick
    from sources.reading import feeds
    from tests.installations import installation, source

    folder, site = Path(sys.argv[1]), sys.argv[2]
    for number, line in enumerate(sys.stdin):
        middle = source("hostile", url=site + line.strip())
        around = [source(name, url=f"{site}/{name}") for name in ("before", "after")]
        inst = installation(folder / str(number), sources=(around[0], middle, around[1]))
        began = os.times()
        report = tick(inst)
        feeds._shared_pool().close()  # so that what its processes used is counted here
        spent = sum(os.times()[:4]) - sum(began[:4])
        inst.database.close()
        told = [[one.seen, one.problem, one.remedy] for one in report.collected]
        print(json.dumps({"spent": spent, "told": told}), flush=True)
    """
)


class Tree:
    """The memory of a process and all its descendants, looked at every few milliseconds."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid, self._ended = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, sum(map(memory, family(self._pid))))

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


def memory(pid: int) -> int:
    """Bytes, each shared page divided among those who share it; 0 once the process has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))


def family(pid: int) -> Iterator[int]:
    yield pid
    try:
        lists = [(task / "children").read_text("ascii") for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return
    for child in " ".join(lists).split():
        yield from family(int(child))


class Ticking:
    """A process that ticks, one feed after another."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        for name in ("before", "after"):
            site.serve(f"/{name}", rss("".join(map(item, range(20)))), headers={"Content-Type": XML})
        self._process = subprocess.Popen(
            [sys.executable, "-c", TICKS, folder, site.url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        self.tree = Tree(self._process.pid)

    def tick(self, path: str) -> dict[str, Any]:
        """What a tick told of each of its sources, and the processor seconds that it took."""
        assert self._process.stdin
        assert self._process.stdout
        self.tree.peak = 0
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def close(self) -> None:
        self._process.communicate()
        self.tree.end()


@pytest.fixture(scope="module")
def ticking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ticking]:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("the memory of a process tree is measured on Linux only")
    with closing(Site()) as site, closing(Ticking(tmp_path_factory.mktemp("hostile"), site)) as opened:
        opened.tick("/before")  # the first imports what later ones have
        yield opened


def judge(ticking: Ticking, path: str) -> None:
    found = ticking.tick(path)
    before, (seen, problem, remedy), after = found["told"]
    assert before == after == [20, None, None]
    assert seen or (problem and remedy)
    assert found["spent"] < SECONDS
    assert 20_000_000 < ticking.tree.peak < MEGABYTES * 1_000_000


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_feed_is_read_or_refused_and_harms_no_other(name: str, ticking: Ticking) -> None:
    ticking.site.serve("/hostile", BODIES[name](), headers={"Content-Type": XML})
    judge(ticking, "/hostile")


@pytest.mark.parametrize("name", PACKED)
def test_a_hostile_packing_is_unpacked_only_so_far_and_harms_no_other(name: str, ticking: Ticking) -> None:
    encoding, pack = PACKED[name]
    ticking.site.serve("/packed", pack(), headers={"Content-Type": XML, "Content-Encoding": encoding})
    judge(ticking, "/packed")
