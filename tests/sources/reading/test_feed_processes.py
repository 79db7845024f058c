"""The child processes that parse feeds, when one hangs, grows, dies or is orphaned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sources.reading.feed_processes import ParserFailedError, ParserPool

ROOT = Path(__file__).resolve().parents[3]
URL = "https://acme.example/feed"
FEED = b"<rss version='2.0'><channel><item><title>%d</title></item></channel></rss>"
# feedparser looks for a mail address in it, which takes the square of its length: many minutes.
HANGS = b"<rss><channel><item><author>" + b"a" * 300_000 + b"</author></item></channel></rss>"


def title(pool: ParserPool, number: int) -> str:
    return pool.parse(FEED % number, "", URL).entries[0].title


def test_one_process_parses_feed_after_feed() -> None:
    with ParserPool(size=1) as pool:
        assert [title(pool, number) for number in range(20)] == [str(number) for number in range(20)]


def test_many_threads_share_few_processes_and_each_gets_its_own_feed() -> None:
    with ParserPool(size=2) as pool, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda number: title(pool, number), range(80))) == [str(n) for n in range(80)]


def test_a_feed_that_takes_too_long_is_stopped_and_the_next_is_parsed() -> None:
    with ParserPool(size=1, time_limit=0.5) as pool:
        with pytest.raises(ParserFailedError, match="time"):
            pool.parse(HANGS, "", URL)
        assert title(pool, 1) == "1"


def test_a_feed_that_takes_too_long_by_the_clock_is_stopped_however_little_of_the_processor_it_had() -> None:
    with ParserPool(size=1, time_limit=60, patience=0.5) as pool, pytest.raises(ParserFailedError, match="time"):
        pool.parse(HANGS, "", URL)


def test_a_process_that_does_not_even_take_a_large_feed_is_replaced_when_patience_ends() -> None:
    large = b"<rss><channel><item><title>" + b"x" * 3_000_000 + b"</title></item></channel></rss>"
    with ParserPool(size=1, patience=0.5) as pool:
        before = children()
        assert title(pool, 1) == "1"
        (child,) = children() - before
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(ParserFailedError, match="time"):
            pool.parse(large, "", URL)
        assert title(pool, 2) == "2"


def test_a_feed_and_entries_larger_than_a_pipe_pass_whole() -> None:
    items = b"".join(
        b"<item><title>%d</title><description>%b</description></item>" % (n, b"word " * 2_000) for n in range(200)
    )
    with ParserPool(size=1) as pool:
        parsed = pool.parse(b"<rss version='2.0'><channel>" + items + b"</channel></rss>", "", URL)
    assert [(entry.title, len(entry.text)) for entry in parsed.entries] == [(str(n), 9_999) for n in range(200)]


def test_a_feed_that_takes_too_much_memory_is_stopped_and_the_next_is_parsed() -> None:
    large = b"<rss><channel><item><title>" + b"x" * 10_000_000 + b"</title></item></channel></rss>"
    with ParserPool(size=1, memory_limit=20 * 2**20) as pool:
        with pytest.raises(ParserFailedError, match="memory"):
            pool.parse(large, "", URL)
        assert title(pool, 1) == "1"


def test_a_process_that_was_killed_between_two_feeds_is_replaced() -> None:
    with ParserPool(size=1) as pool:
        assert title(pool, 1) == "1"
        for child in children():
            os.kill(child, signal.SIGKILL)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert title(pool, 2) == "2"


def test_a_pool_that_was_closed_leaves_no_process_and_can_be_used_again() -> None:
    before = children()
    with ParserPool(size=2) as pool:
        assert title(pool, 1) == "1"
    assert children() == before
    assert title(pool, 2) == "2"
    pool.close()


def children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


ORPHANED = textwrap.dedent(
    """
    import subprocess, sys
    from sources.reading.entries import frame

    command = [sys.executable, "-m", "sources.reading.feed_parser", str(2**29), "60", "1"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(frame(b'{"charset": "", "url": ""}') + frame(sys.stdin.buffer.read()))
    child.stdin.flush()
    print("sent", flush=True)
    child.wait()
    """
)


def test_no_process_outlives_a_parent_that_was_killed_even_while_parsing() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANED],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as parent:
        assert parent.stdin
        assert parent.stdout
        parent.stdin.write(HANGS)
        parent.stdin.close()
        assert parent.stdout.readline() == b"sent\n"
        parent.kill()
        parent.stdin = None
        # The child holds the same pipe for errors: it only ends when both have ended.
        assert parent.communicate(timeout=30) == (b"", b"")


FORKED = textwrap.dedent(
    """
    import os, sys
    from requests.structures import CaseInsensitiveDict
    from sources.reading import feeds
    from sources.network.fetching import Answer

    def titles(n):
        body = b"<rss version='2.0'><channel><item><title>%d</title></item></channel></rss>" % n
        feed = feeds.read_feed(Answer(200, "https://acme.example/", CaseInsensitiveDict(), body))
        return [entry.title for entry in feed.entries]

    assert titles(1) == ["1"]
    pool = feeds._shared_pool()
    busy = [pool._free.get() for _ in pool._all]  # as other threads have them at the moment of the fork
    child = os.fork()
    if child != 0:
        for process in busy:
            pool._free.put(process)
    right = all(titles(n) == [str(n)] for n in range(50))
    if child == 0:
        os._exit(0 if right else 1)
    assert right and os.waitpid(child, 0)[1] == 0
    """
)


def test_a_forked_child_neither_uses_nor_waits_for_its_parents_processes() -> None:
    done = subprocess.run([sys.executable, "-c", FORKED], check=False, capture_output=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
