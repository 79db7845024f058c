"""Feeds per second of a whole tick, beside the ``reader`` library's, cold and then unchanged (304).

Both ask the same local server for the same feeds of 40 entries, one in ten of them slow and one in twenty failing, each
in a process of its own, one after the other, several times over. ``reader`` parses and stores; a tick parses, matches,
scores, stores, evaluates and mails. The rival comes from the package index into an environment of its own, under the
temporary folder, so that neither changes the other's packages; where there is no index it is left out and said so.

``--quick`` asks for 40 feeds once, to see that it runs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from feed_server import BRAND, ENTRIES, SLOW, failure, is_slow  # type: ignore[import-not-found]  # beside this script
from pydantic import SecretStr

from alerts.contract import load as load_channel
from services.installation import install
from services.ticking import tick
from settings.model import Brand, Mail, Person, Routing, Settings, Source
from sources.contract import load as load_source

HERE = Path(__file__).resolve().parent
RIVAL = ("reader>=3.20,<4", "feedparser-sgmllib>=2,<3")
WORKERS = 8
# Every entry names the brand, or one in ten does.
SHARES = {1: "every entry names the brand", 10: "one entry in ten names the brand"}


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one run, and what is stored afterwards."""

    cold: float
    unchanged: float
    stored: int


@contextmanager
def feed_server() -> Iterator[str]:
    """The address of a server of feeds."""
    command = [sys.executable, str(HERE / "feed_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own script
        try:
            yield f"http://127.0.0.1:{int(cast('IO[str]', server.stdout).readline())}"
        finally:
            server.terminate()


def rival_python(folder: Path) -> Path | None:
    """An interpreter that has the rival, None where it cannot be had."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *RIVAL]
    done = subprocess.run(pip, check=False, capture_output=True)  # noqa: S603  fixed words
    return python if done.returncode == 0 else None


def settings(folder: Path, urls: Sequence[str]) -> Settings:
    """One brand, and every address as a source."""
    options = load_source("rss").Options
    return Settings(
        path=folder / "groundswell.yaml",
        brands=(Brand(id="northwind", name=BRAND, phrases=(BRAND,)),),
        sources=tuple(
            Source(id=f"feed{n}", kind="rss", options=options.model_validate({"url": url}), internal=True)
            for n, url in enumerate(urls)
        ),
        people=(Person(id="dana", name="Dana", email="dana@example.com"),),
        routing=Routing(owner="dana"),
        mail=Mail(
            transport="file",
            sender="groundswell@example.com",
            options=load_channel("file").Options.model_validate({"folder": folder / "outbox"}),
        ),
        data_folder=folder,
        database=SecretStr(f"sqlite:///{folder / 'groundswell.db'}"),
    )


def tick_twice(folder: Path, urls: Sequence[str]) -> Took:
    """Two ticks over all sources."""
    inst = install(settings(folder, urls))
    seconds, stored = [], 0
    for _ in ("cold", "unchanged"):
        began = time.perf_counter()
        report = tick(inst, everything=True)
        seconds.append(time.perf_counter() - began)
        stored += sum(one.new for one in report.collected)
    return Took(seconds[0], seconds[1], stored)


def run_ours(folder: Path, urls: Sequence[str]) -> Took:
    """A process of ours, fed with the addresses."""
    done = subprocess.run(  # noqa: S603  this script
        [sys.executable, __file__, "--only", folder],
        input="\n".join(urls),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Took(**json.loads(done.stdout))


def run_rival(python: Path, folder: Path, urls: Sequence[str]) -> Took:
    """A process of the rival, fed with the addresses."""
    done = subprocess.run(  # noqa: S603  a script beside this one
        [python, HERE / "reader_rival.py", folder / "reader.db", str(WORKERS)],
        input="\n".join(urls),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    cold, unchanged, stored = done.stdout.split()
    return Took(float(cold), float(unchanged), int(stored))


def compare(base: str, share: int, feeds: int, rounds: int, rival: Path | None) -> None:
    """Run both in turn and print feeds per second and their ratio."""
    urls = [f"{base}/{share}/{number}" for number in range(feeds)]
    ours, theirs = [], []
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            ours.append(run_ours(Path(folder), urls))
            if rival:
                theirs.append(run_rival(rival, Path(folder), urls))
    print(
        f"\n{SHARES[share]}: {ours[0].stored:,} mentions stored" + (f", {theirs[0].stored:,} by reader" * bool(rival))
    )
    for phase in ("cold", "unchanged"):
        mine = feeds / min(getattr(took, phase) for took in ours)
        line = f"  {phase:<10} groundswell {mine:8.1f} feeds/s"
        if rival:
            other = feeds / min(getattr(took, phase) for took in theirs)
            line += f"   reader {other:8.1f} feeds/s   ratio {mine / other:5.2f}"
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="40 feeds, once")
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)  # this process is the one that is measured
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(asdict(tick_twice(asked.only, sys.stdin.read().split()))))
        return
    feeds, rounds = (40, 1) if asked.quick else (500, 3)
    numbers = range(feeds)
    slow, failing = sum(map(is_slow, numbers)), sum(failure(number) is not None for number in numbers)
    print(f"{feeds} feeds of {ENTRIES} entries, {slow} slow ({SLOW} s), {failing} failing; the best of {rounds}")
    with feed_server() as base, TemporaryDirectory() as folder:
        rival = rival_python(Path(folder))
        if rival is None:
            print("reader cannot be installed here: groundswell alone")
        for share in SHARES:
            compare(base, share, feeds, rounds, rival)


if __name__ == "__main__":
    main()
