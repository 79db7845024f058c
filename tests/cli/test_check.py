from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.companies import company
from tests.console.served import certify

if TYPE_CHECKING:  # test folders are no packages when tests run
    from tests.cli.conftest import Outcome, Site

    Run = Callable[..., Outcome]

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """\
brands: [{{id: northwind, name: Northwind, phrases: [Northwind]}}]
sources:
  - {{id: forum, kind: rss, url: "{address}/forum.xml", internal: true}}
  - {{id: quiet, kind: rss, url: "{address}/quiet.xml", internal: true}}
people: [{{id: ana, name: Ana, email: ana@example.com}}]
routing: {{owner: ana}}
mail: {mail}
contact: ops@example.com
"""
FILES = "{transport: file, sender: a@example.com, folder: outbox}"


def feed(*ages: timedelta) -> str:
    now = datetime.now(UTC)
    dates = (format_datetime(now - age) for age in ages)
    items = (
        f"<item><guid>{date}</guid><title>Northwind is late</title><pubDate>{date}</pubDate></item>" for date in dates
    )
    return f'<rss version="2.0"><channel><title>Forum</title>{"".join(items)}</channel></rss>'


@pytest.fixture
def path(tmp_path: Path, site: Site) -> Path:
    site.pages["/forum.xml"] = (200, feed(timedelta(minutes=3, seconds=30), timedelta(days=2)))
    site.pages["/quiet.xml"] = (200, feed())
    path = tmp_path / "groundswell.yaml"
    path.write_text(SETTINGS.format(address=site.address, mail=FILES))
    return path


def test_what_works_is_told_a_line_each(groundswell: Run, path: Path, site: Site) -> None:
    outcome = groundswell("check", "-c", path)
    assert outcome.out.splitlines() == [
        "groundswell.yaml:  ok      1 brand, 2 sources, 1 person",
        f"database:          ok      sqlite:///{path.parent}/groundswell-data/groundswell.db",
        "forum:             ok      2 entries, newest 3 min ago",
        "quiet:             ok      answers, with no entries at the moment",
        "mail:              ok      file accepts mails",
    ]
    assert (outcome.code, outcome.err) == (0, "")
    assert all(agent.startswith("groundswell/") and agent.endswith("(+ops@example.com)") for agent in site.asked)


def test_a_source_that_fails_is_told_with_a_remedy_and_the_rest_is_tried(
    groundswell: Run, path: Path, site: Site
) -> None:
    del site.pages["/forum.xml"]
    outcome = groundswell("check", "-c", path)
    assert outcome.code == 1
    failed = [line for line in outcome.out.splitlines() if "FAILED" in line]
    assert len(failed) == 1
    assert failed[0].startswith("forum:")
    assert "404" in failed[0]
    assert "mail:              ok" in outcome.out


def test_a_search_is_tried_with_the_phrases_of_its_brands(groundswell: Run, path: Path, site: Site) -> None:
    site.pages["/api/v1/search_by_date"] = (200, '{"hits": [], "nbHits": 0}')
    source = f'  - {{id: search, kind: hackernews, server: "{site.address}", internal: true}}\n'
    path.write_text(path.read_text().replace("people:", f"{source}people:"))
    outcome = groundswell("check", "-c", path)
    assert "search:            ok" in outcome.out
    assert any("query=Northwind" in asked or "query=%22Northwind" in asked for asked in site.paths)


def test_a_look_at_a_source_that_charges_pays_for_as_little_as_it_can(
    groundswell: Run, path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [{"id": str(2_060_000_000_000_000_000 - n), "text": "Northwind"} for n in range(10)]
    answer = {"data": posts, "meta": {"result_count": 10, "next_token": "more"}}
    site.pages["/2/tweets/search/recent"] = (200, json.dumps(answer))
    monkeypatch.setenv("X_TOKEN", "t")
    source = f'  - {{id: paid, kind: x, token: "${{X_TOKEN}}", server: "{site.address}", internal: true}}\n'
    path.write_text(path.read_text().replace("people:", f"{source}people:"))
    assert "paid:              ok" in groundswell("check", "-c", path).out
    asked = [path for path in site.paths if path.startswith("/2/")]
    assert (len(asked), "max_results=10&" in asked[0]) == (1, True)


def test_a_private_address_needs_the_sources_consent(groundswell: Run, path: Path, site: Site) -> None:
    path.write_text(path.read_text().replace(", internal: true", "", 1))
    outcome = groundswell("check", "-c", path)
    assert outcome.code == 1
    assert len(site.asked) == 1


def test_breaking_off_does_not_wait_for_a_server_that_does_not_answer(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        path.write_text(SETTINGS.format(address=f"http://127.0.0.1:{silent.getsockname()[1]}", mail=FILES))
        check = subprocess.Popen([sys.executable, "-m", "cli", "check", "-c", path], cwd=ROOT, stderr=subprocess.PIPE)
        with silent.accept()[0]:
            check.send_signal(signal.SIGINT)
            told = check.communicate(timeout=25)[1]  # its own patience with the server is longer
    assert (check.returncode, told.strip()) == (130, b"")


def test_a_mail_server_that_is_not_there_fails(groundswell: Run, path: Path, site: Site) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    mail = f"{{transport: smtp, sender: a@example.com, host: 127.0.0.1, port: {port}, security: none}}"
    path.write_text(SETTINGS.format(address=site.address, mail=mail))
    outcome = groundswell("check", "-c", path)
    assert outcome.code == 1
    assert "mail:              FAILED" in outcome.out


def test_without_network_only_the_file_is_read(groundswell: Run, path: Path, site: Site) -> None:
    outcome = groundswell("check", "-c", path, "--no-network")
    assert (outcome.code, len(outcome.out.splitlines()), site.asked) == (0, 1, [])


def test_wrong_settings_stop_before_the_network(groundswell: Run, path: Path, site: Site) -> None:
    path.write_text(path.read_text().replace("owner: ana", "owner: eve"))
    outcome = groundswell("check", "-c", path)
    assert (outcome.code, outcome.out, site.asked) == (2, "", [])
    assert outcome.err.startswith(f'{path}:6: routing.owner: "eve" is not the id of a person.')


@pytest.mark.parametrize(("environ", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(path: Path, environ: dict[str, str], *, coloured: bool) -> None:
    command = [sys.executable, "-c", "from cli.main import main; main()", "check", "-c", str(path), "--no-network"]
    terminal, end = pty.openpty()
    subprocess.run(command, stdout=end, env={"TERM": "xterm", **environ}, cwd=ROOT, check=True)
    os.close(end)
    assert (b"\x1b[32mok" in os.read(terminal, 1000)) is coloured
    os.close(terminal)


def test_a_database_that_cannot_be_opened_is_told(groundswell: Run, path: Path) -> None:
    (path.parent / "file").write_text("")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\ndatabase: sqlite:///{path.parent}/file/groundswell.db\n", encoding="utf-8")
    outcome = groundswell("check", "-c", path)
    assert outcome.code == 1
    assert "Make it writable." in outcome.out


BEYOND = """
console:
  sign_in: required
  host: 0.0.0.0
  address: https://groundswell.example.com
  tls: {certificate: console.pem, key: console.key}
"""


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("groundswell.example.com", 30, "certificate:       ok      for groundswell.example.com, 127.0.0.1, until 20"),
        (
            "other.example",
            30,
            "note    browsers open groundswell.example.com, and the certificate is for other.example",
        ),
        ("groundswell.example.com", -1, "certificate:       FAILED  ended on 20"),
        ("", 0, "FAILED  console.pem and console.key: the files are not both in PEM."),
    ],
)
def test_the_certificate_of_the_console_is_tried(groundswell: Run, path: Path, name: str, days: int, said: str) -> None:
    path.write_text(path.read_text() + BEYOND)
    tls = certify(path.parent, name or "a", days=days)
    if not name:
        tls.key.write_text("nothing")
    outcome = groundswell("check", "--no-network", "-c", path)
    assert said in outcome.out.replace(f"{path.parent}/", "")
    assert outcome.code == int("FAILED" in said)


def test_a_console_open_to_strangers_is_refused_with_file_and_line(groundswell: Run, path: Path) -> None:
    path.write_text(path.read_text() + BEYOND.replace("required", "none"))
    outcome = groundswell("check", "-c", path)
    line = path.read_text().splitlines().index("  host: 0.0.0.0") + 1
    assert outcome.code == 2
    assert f'{path}:{line}: console.host: "0.0.0.0" would open the console to others' in outcome.err


COMPANY = """
console:
  sign_in: required
  oidc: {{issuer: "{issuer}", client_id: groundswell, client_secret: "${{PATH}}", name: Northwind}}
"""


@pytest.mark.parametrize("away", [False, True])
def test_the_companys_sign_in_is_tried(groundswell: Run, path: Path, *, away: bool) -> None:
    with company() as made:
        issuer = "http://127.0.0.1:1" if away else made.issuer
        path.write_text(path.read_text() + COMPANY.format(issuer=issuer))
        outcome = groundswell("check", "-c", path)
    said = (
        "FAILED  Northwind: it cannot be reached" if away else "ok      Northwind answers; it has to know the address"
    )
    assert f"sign-in:           {said}" in outcome.out
    assert outcome.code == int(away)
