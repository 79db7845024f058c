from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from playbooks.playbook import Severity
from settings.loading import load_text, read_options
from settings.problems import SettingsError

if TYPE_CHECKING:  # test folders are no packages when tests run
    from tests.settings.conftest import Desk

ROOT = Path(__file__).resolve().parents[2]


def option(model: BaseModel, name: str) -> object:
    return model.model_dump()[name]


def test_a_complete_file_becomes_settings(desk: Desk) -> None:
    read = desk.load()
    assert read.path == desk.path
    assert [source.every for source in read.sources] == [timedelta(seconds=30), timedelta(minutes=5)]
    assert option(read.sources[1].options, "tag") == "northwind"
    assert read.routing.routes[0].match.severity == (Severity.SEV1,)
    assert (read.time_zone, read.tick) == (ZoneInfo("Europe/Berlin"), timedelta(seconds=10))
    assert read.data_folder == desk.path.parent / "groundswell-data"
    assert read.database.get_secret_value() == f"sqlite:///{desk.path.parent}/groundswell-data/groundswell.db"


def test_relative_places_are_taken_from_the_files_folder(desk: Desk) -> None:
    mail = desk.complete[desk.complete.index("\nmail:") : desk.complete.index("time_zone")]
    content = desk.complete.replace(mail, "\nmail: {transport: file, sender: a@example.com, folder: outbox}\n")
    read = desk.load(content + "data_folder: var/data\ndatabase: sqlite:///var/x.db?timeout=5\n")
    folder = desk.path.parent
    assert option(read.mail.options, "folder") == folder / "outbox"
    assert read.data_folder == folder / "var" / "data"
    assert read.database.get_secret_value() == f"sqlite:///{folder}/var/x.db?timeout=5"


@pytest.mark.parametrize(
    ("written", "environ", "path"),
    [
        ("~/data", {"HOME": "/home/ana"}, "/home/ana/data"),
        ("~", {"HOME": "/home/ana"}, "/home/ana"),
        ("~/data", {}, "~/data"),
        ("~ben/data", {"HOME": "/home/ana"}, "~ben/data"),
        ("/var/${NAME}", {"NAME": "x"}, "/var/x"),
    ],
)
def test_a_tilde_is_the_home_of_the_environment(desk: Desk, written: str, environ: dict[str, str], path: str) -> None:
    read = desk.load(f"{desk.complete}data_folder: '{written}'\n", {**desk.environ, **environ})
    assert read.data_folder == desk.path.parent / path


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("${URL}", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:${DB}@h/d", "postgresql+psycopg://u:s3%2Fcret@h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
    ],
)
def test_a_postgresql_address_takes_its_password_from_the_environment(desk: Desk, written: str, address: str) -> None:
    environ = {**desk.environ, "DB": "s3/cret", "URL": "postgres://u:p@h/d"}
    assert desk.load(f"{desk.complete}database: {written}\n", environ).database.get_secret_value() == address


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("every: 30s", "every: 5 parsecs", '9: sources[0].every: "5 parsecs" is not a duration. Write it as 30s, 5m'),
        ("every: 30s", "every: 0s", '9: sources[0].every: "0s" is too short. The shortest is 1s.'),
        ("every: 30s", "every: [30s]", "9: sources[0].every: is not accepted. It should be a valid timedelta."),
        ("tick: 10s", "tick: 4s", '31: tick: "4s" is too short. The shortest is 5s.'),
        ("every: 30s", "evry: 30s", '9: sources[0].evry: is not a key that belongs here. Did you mean "every"?'),
        ("time_zone:", "timezone:", '30: timezone: is not a key that belongs here. Did you mean "time_zone"?'),
        ("Europe/Berlin", "Mars/Base", '30: time_zone: "Mars/Base" is not a time zone. Write a name such as'),
        ("Europe/Berlin", "../../etc/passwd", '30: time_zone: "../../etc/passwd" is not a time zone.'),
        ("kind: rss", "kind: rsss", '7: sources[0].kind: "rsss" is not a kind of source. Known: '),
        ("kind: rss", "kind: fetching", '7: sources[0].kind: "fetching" is not a kind of source.'),
        ("transport: smtp", "transport: fax", '25: mail.transport: "fax" is not a transport. Known: file, smtp.'),
        (
            "    url: https://forum.example.com/feed.xml\n",
            "",
            '6: sources[0].url: is missing. Add it, as in "url: https',
        ),
        ("url: https://forum.example.com/feed.xml", "url:", "8: sources[0].url: is empty. Write a value after"),
        ("id: tags", "id: forum", '11: sources[1].id: "forum" is used already, in line 6. Give each its own id.'),
        ("id: tags", "id: My Tags", '11: sources[1].id: "My Tags" is not an id. Use lower-case letters'),
        (
            "about: [northwind]",
            "about: [nortwind]",
            '10: sources[0].about[0]: "nortwind" is not the id of a brand. Did',
        ),
        ("about: [northwind]", "about: northwind", '10: sources[0].about: "northwind" is not a list. Write it as'),
        ("about: [northwind]", "internal: perhaps", '10: sources[0].internal: "perhaps" is neither true nor false.'),
        ("owner: ana", "owner: anna", '19: routing.owner: "anna" is not the id of a person. Did you mean "ana"?'),
        ("owner: ben", "owner: zoe", '22: routing.routes[0].owner: "zoe" is not the id of a person. Known here: ana'),
        ("notify: [ana]", "notify: [ana, eve]", '23: routing.routes[0].notify[1]: "eve" is not the id of a person.'),
        ("[SEV1]", "[SEV9]", '21: routing.routes[0].match.severity[0]: "SEV9" is not one of the choices. Write SEV1,'),
        ("[negative_wave]", "[negative]", '21: routing.routes[0].match.kind[0]: "negative" is not the name of a sign'),
        ("brand: [northwind]", "brand: [x]", '21: routing.routes[0].match.brand[0]: "x" is not the id of a brand.'),
        ("[Northwind Air]", "[]", "2: brands[0]: There is nothing to listen for."),
        ("[Northwind Air]", '["  "]', '4: brands[0].phrases[0]: "  " is empty. Write a text.'),
        ("name: Ana", 'name: "A\\nBcc: x"', '16: people[0].name: "A\\nBcc: x" holds a line break'),
        ("ana@example.com", "ana", '16: people[0].email: "ana" is not a mail address.'),
        ("Groundswell <alerts@example.com>", "Groundswell", '26: mail.sender: "Groundswell" is not a sender.'),
        ("host: mail.example.com", "port: many", '27: mail.port: "many" is not a whole number.'),
        ("tick: 10s", "console: {address: here}", '31: console.address: "here" is not an address for browsers.'),
        ("tick: 10s", "console: {port: 70000}", '31: console.port: "70000" is not accepted. It should be less'),
        ("tick: 10s", "console: open", "31: console: must be a section. Write its keys below it"),
        ("tick: 10s", "database: mysql://h/d", "31: database: is not the address of a SQLite file or a PostgreSQL"),
        ("tick: 10s", "database: 'sqlite:///:memory:'", "31: database: is not the address of a SQLite file"),
        ("tick: 10s", "contact: ${WHO}", "31: contact: needs the environment variable WHO, which is not set. Set it"),
        ("tick: 10s", "contact: ${who am I}", '31: contact: "${who am I}" holds a ${ that does not name a variable.'),
        ("tick: 10s", "2024: x", "31: 2024: is not a key that belongs here."),
        ("tick: 10s", "path: /x", "31: path: is not a key that belongs here."),
    ],
)
def test_a_wrong_value_gets_its_line_its_place_and_a_remedy(desk: Desk, old: str, new: str, complaint: str) -> None:
    complaints = desk.complaints(desk.changed(old, new))
    assert any(line.startswith(complaint) for line in complaints), complaints


def test_one_wrong_value_is_one_complaint(desk: Desk) -> None:
    assert len(desk.complaints(desk.changed("every: 30s", "every: soon"))) == 1
    assert len(desk.complaints(f"{desk.complete}console: {{port: '${{PORT}}'}}\n")) == 1


def test_all_complaints_come_at_once_in_the_order_of_lines(desk: Desk) -> None:
    content = (
        desk.changed("every: 30s", "every: soon")
        .replace("kind: mastodon", "kind: telegraph")
        .replace("owner: ana", "owner: nobody")
        .replace("host: mail.example.com", "port: x")
        .replace("tick: 10s", "tock: 10s\ntime_zone: UTC")
    )
    lines = [int(re.match(r"\d+", line)[0]) for line in desk.complaints(content)]  # type: ignore[index]
    assert lines == [9, 12, 19, 24, 27, 31, 32]


def test_a_team_may_listen_to_programs_that_push_alone(desk: Desk) -> None:
    other = re.sub(r"^sources:\n(?: .*\n)+", "", desk.complete, flags=re.MULTILINE)
    settings_of_pushes = f"{other}sources: []\ninbound:\n  - id: calls\n    secret: ${{CALLS}}\n"
    read = load_text(settings_of_pushes, Path("groundswell.yaml"), {**desk.environ, "CALLS": "a long word"})
    assert (read.sources, [one.id for one in read.inbound]) == ((), ["calls"])


@pytest.mark.parametrize("section", ["brands", "sources", "people"])
def test_a_file_without_a_needed_section_or_with_an_empty_one_is_refused(desk: Desk, section: str) -> None:
    other = re.sub(rf"^{section}:\n(?: .*\n)+", "", desk.complete, flags=re.MULTILINE)
    assert f'1: {section}: is missing. Add it, as in "{section}: ...".' in desk.complaints(other)
    assert any(f"{section}: is an empty list." in line for line in desk.complaints(f"{other}{section}: []\n"))


def test_yaml_words_are_phrases_like_any_other(desk: Desk) -> None:
    assert desk.load(desk.changed("[Northwind Air]", "[no, 2024, 1e5]")).brands[0].phrases == ("no", "2024", "1e5")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("password: ${SMTP_PASSWORD}", "password: hunter2"),
        ("password: ${SMTP_PASSWORD}", "password: hunter2${SMTP_PASSWORD}"),
        ("password: ${SMTP_PASSWORD}", "password: ${hunter2"),
        ("password: ${SMTP_PASSWORD}", "password: $hunter2"),
        ("password: ${SMTP_PASSWORD}", "password: *hunter2"),
        ("password: ${SMTP_PASSWORD}", "password: !hunter2"),
        ("password: ${SMTP_PASSWORD}", "password: '@hunter2' x"),
        ("password: ${SMTP_PASSWORD}", "password: @hunter2"),
        ("password: ${SMTP_PASSWORD}", 'password: "\\hunter2"'),
        ("password: ${SMTP_PASSWORD}", "password: hunter2: x"),
        ("password: ${SMTP_PASSWORD}", "password: [hunter2]"),
        ("password: ${SMTP_PASSWORD}", "pasword: hunter2"),
        ("tag: northwind", "tag: northwind\n    token: hunter2"),
        ("forum.example.com", "me:hunter2@forum.example.com"),
        ("tick: 10s", "database: postgresql+psycopg://me:hunter2@host/db"),
        ("tick: 10s", "database: postgresql+psycopg://host/db?password=hunter2"),
        ("tick: 10s", "database: mysql://me:hunter2@host/db"),
        ("tick: 10s", "database: me:hunter2"),
        ("tick: 10s", "console: password=hunter2"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_never_shown(desk: Desk, old: str, new: str) -> None:
    error = desk.refused(desk.changed(old, new))
    assert "hunter2" not in f"{error} {error!r} {error.problems}"


def test_a_secret_from_the_environment_is_never_shown(desk: Desk) -> None:
    environ = {**desk.environ, "TOKEN": "hunter2", "PORT": "hunter2"}
    content = desk.changed("tag: northwind", "tag: northwind\n    token: ${TOKEN}")
    assert "hunter2" not in repr(desk.load(content, environ))
    error = desk.refused(desk.changed("tick: 10s", "console: {port: '${PORT}'}"), environ)
    assert str(error).endswith('console.port: "${PORT}" is not a whole number. Write digits only.')
    assert "hunter2" not in repr(error.problems)


def test_a_secret_reaches_its_options_as_it_is(desk: Desk) -> None:
    assert option(desk.load().mail.options, "password") == SecretStr("correct horse")


@pytest.mark.parametrize(
    ("environ", "complaint"), [({}, "SMTP_PASSWORD, which is not set"), ({"SMTP_PASSWORD": ""}, "empty")]
)
def test_an_unset_or_empty_secret_is_told_by_name(desk: Desk, environ: dict[str, str], complaint: str) -> None:
    (line,) = desk.complaints(desk.complete, environ)
    assert line.startswith("29: mail.password: ")
    assert complaint in line


def test_an_unset_secret_is_not_also_told_as_missing_beside_its_fellow(desk: Desk) -> None:
    reddit = "kind: reddit\n    client_id: abc\n    client_secret: ${REDDIT_SECRET}"
    content = desk.changed("kind: mastodon\n    server: https://social.example.com\n    tag: northwind", reddit)
    (line,) = desk.complaints(content)
    assert line.startswith("14: sources[1].client_secret: needs the environment variable REDDIT_SECRET")
    (line,) = desk.complaints(content.replace("    client_secret: ${REDDIT_SECRET}\n", ""))
    assert "client_id and client_secret are given together" in line


def test_options_by_themselves_follow_the_same_rules(desk: Desk) -> None:
    options = type(desk.load().sources[1].options)
    built, problems = read_options(options, {"server": "https://a.example", "tag": "x", "token": "hunter2"}, {}, Path())
    assert built is None
    assert [problem.path for problem in problems] == ["token"]


def test_the_example_loads(desk: Desk) -> None:
    text = (ROOT / "groundswell.example.yaml").read_text()
    read = load_text(text, ROOT / "groundswell.example.yaml", desk.environ)
    assert {source.kind for source in read.sources} == {"google_news", "rss", "mastodon", "hackernews"}
    assert [event.name for event in read.brands[0].events] == ["Winter sale", "Stockholm air show"]
    assert [row.severity for row in read.detection.severity] == [Severity.SEV1, Severity.SEV4]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 1000),
    length=st.integers(0, 40),
    put=st.text(alphabet=st.sampled_from(list("\n\t :-[]{}&*!|>'\"%@`#,?~$ \0a0é")) | st.characters(), max_size=12),
)
def test_a_damaged_file_is_read_or_refused_with_settings_error(desk: Desk, start: int, length: int, put: str) -> None:
    damaged = desk.complete[:start] + put + desk.complete[start + length :]
    try:
        load_text(damaged, Path("groundswell.yaml"), desk.environ)
    except SettingsError as error:
        assert error.problems  # noqa: PT017  # either outcome is right
