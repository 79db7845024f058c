from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from sqlalchemy import Connection, event, select

from database.forgotten import are_forgotten, not_forgotten, remember_forgotten
from database.listening import Heard
from database.session import Database
from database.tables import ForgottenRow
from mentions.redaction import Redaction, of_page, of_post, of_voice
from tests.installations import NOON, said

ANA = Heard(said("hello", NOON, number=1, author="Ana"), ())
LEE = Heard(said("hello", NOON, number=2, author="Lee"), ())


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """What is asked of the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def test_where_nobody_asked_everything_passes_at_the_price_of_one_look(database: Database) -> None:
    with database.writing() as connection, statements(connection) as asked:
        heard = [ANA] * 2_000
        assert not_forgotten(connection, "forum", heard) is heard
    assert len(asked) == 1


def test_an_author_is_forgotten_at_one_source_and_a_page_at_all(database: Database) -> None:
    page = of_page("https://example.com/2") or ""
    with database.writing() as connection:
        remember_forgotten(connection, "forum", [of_voice("@ana")], NOON)
        remember_forgotten(connection, "", [page], NOON)
        assert not_forgotten(connection, "forum", [ANA, LEE]) == []
        assert not_forgotten(connection, "blog", [ANA, LEE]) == [ANA]
        assert are_forgotten(connection, "forum", [of_voice("ANA")])
        assert not are_forgotten(connection, "blog", [of_voice("Ana")])


def test_a_redacted_mention_is_known_by_what_was_taken_out_of_it(database: Database) -> None:
    redaction = Redaction(b"secret")
    kept = Heard(redaction.of(ANA.mention, "forum"), ())
    for fingerprint in (of_voice("ana"), of_voice(kept.mention.voice or ""), of_post(ANA.mention.digest)):
        with suppress(InterruptedError), database.writing() as connection:
            remember_forgotten(connection, "forum", [fingerprint], NOON)
            assert not_forgotten(connection, "forum", [kept, LEE]) == [LEE]
            raise InterruptedError  # so that it is undone


def test_the_list_names_nobody_and_says_everything_once(database: Database) -> None:
    with database.writing() as connection:
        for _ in range(2):
            remember_forgotten(connection, "forum", [of_voice("ana")], NOON)
        digests = connection.execute(select(ForgottenRow.digest).order_by(ForgottenRow.digest)).scalars().all()
    assert [len(digest) for digest in digests] == [64, 64]
    assert sum(digest.startswith("key.") for digest in digests) == 1


def test_of_many_mentions_only_the_forgotten_ones_are_dropped(database: Database) -> None:
    many = [Heard(replace(LEE.mention, key=f"test:{n}", author=f"author {n}"), ()) for n in range(1_200)]
    with database.writing() as connection:
        remember_forgotten(connection, "forum", [of_voice(f"author {n}") for n in range(0, 1_200, 2)], NOON)
        assert not_forgotten(connection, "forum", many) == many[1::2]
