from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, insert, select

from alerts.incident_alert import IncidentAlert
from database import incidents as store
from database.buckets import buckets_between
from database.correcting import correct, undo
from database.corrections import Verdict
from database.forgotten import not_forgotten
from database.listening import Heard
from database.marks import all_marks
from database.proposals import proposals_of
from database.reading_mentions import Wanted
from database.repeated import erase_repeated
from database.said import said_between
from database.tables import BrandMentionRow, CorrectionRow, MentionRow, OutboxRow, ReceivedRow, StoryKeyRow, TagRow
from database.tags import insert_tags, values_of
from detection.view import voices_of
from incidents.proposals import Author, Note
from mentions.quoting import Quotes
from services import proposing
from services.files.exporting import Format, export, write_whole
from services.forgetting import ForgettingError, Forgotten, Request, forget, forgetting, look_up
from services.installation import Installation
from services.marking import mark_missed
from settings.understanding import Privacy
from tests.conftest import ROOT
from tests.database.incident_rows import opening
from tests.installations import NOON, HandClock, installation, said
from tests.services.traces import LINK, NEEDLES, QUILL, WORDS, hear, tell_of, traces
from topics.tag import Tag

PSEUDONYMS = Privacy(authors="pseudonyms", key=SecretStr("a key that nobody can guess"))
PLACE = "answers to deliveries"
Install = Callable[..., Installation]


@pytest.fixture
def install(tmp_path: Path, database_address: str) -> Install:
    def made(**changed: Any) -> Installation:
        return installation(tmp_path, HandClock(), database=SecretStr(database_address), **changed)

    return made


def forgotten(inst: Installation, who: str = "@zephyrine_q", **asked: Any) -> Forgotten:
    with forgetting(inst, lambda: None):
        return forget(inst, Request(who, **asked))


def count(inst: Installation, column: Any = MentionRow.id) -> int:
    with inst.database.reading() as connection:
        return connection.execute(select(func.count(column))).scalar() or 0


@pytest.mark.parametrize("privacy", [Privacy(), PSEUDONYMS], ids=["names", "pseudonyms"])
def test_nothing_of_an_author_is_left_in_any_file_and_all_counts_stay(
    install: Install, tmp_path: Path, privacy: Privacy
) -> None:
    with (inst := install(privacy=privacy)).database:
        tell_of(inst)
        write_whole(tmp_path / "kept.csv", export(inst, Wanted(("northwind",)), Format.CSV))
        write_whole(tmp_path / "kept.jsonl", export(inst, Wanted(("northwind",)), Format.JSONL))
        before = _counts(inst)
        if not inst.database.is_sqlite:  # as PostgreSQL does by itself now and then: its statistics hold values
            with inst.database.writing() as connection:
                connection.exec_driver_sql("ANALYZE")
        assert traces(tmp_path, inst.database) >= {"purple walrus", "Reykjavík"}
        done = forgotten(inst)
        assert inst.database.rewrite()
        assert traces(tmp_path, inst.database) == set()
        assert _counts(inst) == before
        assert (done.posts, done.dropped_at, done.known) == (1, ("forum",), False)
        assert done.repeated["letters"] >= 1
        assert done.letters >= 1
        assert {path.name: lines for path, lines in done.exports.items()} == {"kept.csv": 1, "kept.jsonl": 1}
        assert "stranded-3" in (tmp_path / "kept.csv").read_text(encoding="utf-8") or privacy == PSEUDONYMS


def _counts(inst: Installation) -> list[Any]:
    with inst.database.reading() as connection:
        return [
            buckets_between(connection, "northwind", NOON.replace(month=1), NOON),
            connection.execute(select(func.count(MentionRow.id))).scalar(),
            connection.execute(select(BrandMentionRow.label, func.count()).group_by(BrandMentionRow.label)).all(),
            voices_of(said_between(connection, "northwind", NOON.replace(hour=11), NOON)),
        ]


@pytest.mark.parametrize("privacy", [Privacy(), PSEUDONYMS], ids=["names", "pseudonyms"])
def test_who_was_forgotten_does_not_come_back_whatever_is_set_later(install: Install, privacy: Privacy) -> None:
    with (inst := install(privacy=privacy)).database:
        hear(inst, [QUILL])
        forgotten(inst)
        again = [QUILL, replace(QUILL, key="test:later", text="Northwind Air again", author="Z. Quill")]
        for later in (Privacy(), PSEUDONYMS, Privacy(authors="pseudonyms", key=SecretStr("another key of 16 letters"))):
            assert hear(replace(inst, settings=inst.settings.model_copy(update={"privacy": later})), again) == 0
        with inst.database.reading() as connection:  # the same post by another way, about another brand
            assert not_forgotten(connection, "elsewhere", [Heard(QUILL, ())]) == []
        assert hear(inst, [replace(QUILL, key="test:other", url=None)], "elsewhere") == 1  # a namesake


def test_a_post_is_forgotten_by_its_address_and_its_author_is_not(install: Install, tmp_path: Path) -> None:
    with (inst := install()).database:
        other = replace(QUILL, key="test:other", text="Northwind Air was fine today", url="https://social.example/2")
        hear(inst, [QUILL, other])
        done = forgotten(inst, f"{LINK}?utm_source=mail")
        assert (done.posts, done.voices, done.dropped_at) == (1, (), ())
        assert inst.database.rewrite()
        assert traces(tmp_path, needles=("purple walrus", "@zephyrine_q/110233")) == set()
        assert hear(inst, [QUILL, replace(QUILL, key="news:1")]) == 0  # found again under another key
        with inst.database.reading() as connection:
            texts = connection.execute(select(MentionRow.author, MentionRow.text).order_by(MentionRow.id)).all()
        assert sorted(map(str, texts)) == sorted(["(None, '')", "('Zephyrine Quill', 'Northwind Air was fine today')"])


def test_where_links_are_not_kept_an_address_that_is_the_key_still_finds_its_post(install: Install) -> None:
    with (inst := install(privacy=PSEUDONYMS)).database:
        uri = "https://social.example/users/zephyrine_q/statuses/110233"
        hear(inst, [replace(QUILL, key=f"mastodon:{uri}", url=uri)])
        assert forgotten(inst, uri).posts == 1


def test_namesakes_are_told_apart_before_anything_is_erased(install: Install) -> None:
    with (inst := install()).database:
        hear(inst, [said("Northwind Air is late", NOON, number=1, author="Ana")])
        hear(inst, [said("Northwind Air is early", NOON, number=2, author="ana")], "blog")
        with pytest.raises(ForgettingError, match=r"2 voices are called so: ana at blog .*; Ana at forum"):
            forget(inst, Request("@Ana"))
        assert forgotten(inst, "ana", source="blog").posts == 1
        assert forgotten(inst, "ANA", everyone=True).voices[0].source == "forum"
        assert count(inst, MentionRow.author) == 0


def test_an_account_takes_all_its_names_with_it(install: Install) -> None:
    with (inst := install()).database:
        renamed = replace(QUILL, key="test:2", author="Z. Q. 🌻", text="Northwind Air, me again", url=None)
        hear(inst, [QUILL, renamed])
        assert forgotten(inst, "Zephyrine Quill").posts == 2
        assert hear(inst, [replace(renamed, key="test:3")]) == 0


@pytest.mark.parametrize("asked", ["Ángel LÓPEZ", "@Über_Élan", "ÜBer_Élan"])
def test_accents_and_capitals_make_no_difference_to_any_database(install: Install, asked: str) -> None:
    with (inst := install()).database:
        hear(inst, [replace(QUILL, author="Ángel López", handle="ÜBer_Élan"), said("Northwind Air", NOON, number=1)])
        assert forgotten(inst, asked).posts == 1
        assert hear(inst, [replace(QUILL, key="test:later", author="ángel", handle="über_élan")]) == 0


def test_a_masked_name_is_found_as_it_was_written_and_one_that_says_nothing_takes_nobody_along(
    install: Install,
) -> None:
    with (inst := install(privacy=Privacy(mask=True))).database:
        roe, lee = (
            replace(QUILL, key=f"test:{name}", author=f"{name}@mail.example{told}", handle=None, url=None)
            for name, told in (("ana", " (Ana Roe)"), ("lee", ""))
        )
        hear(inst, [roe, lee])
        assert forgotten(inst, roe.author or "").posts == 1
        assert hear(inst, [replace(roe, key="test:later")]) == 0
        with pytest.raises(ForgettingError, match="nothing that is kept"):
            forgotten(inst, lee.author or "")
        forgotten(inst, lee.author or "", source="forum")
        assert hear(inst, [replace(lee, key="test:later")]) == 0
        assert hear(inst, [replace(lee, key="test:other", author="sam@mail.example")]) == 1


def test_letters_and_answers_are_looked_through_to_the_last(install: Install) -> None:
    with (inst := install()).database:
        many = range(450)
        with inst.database.writing() as connection:
            answers = [{"sender": f"s{n % 3}", "key": str(n), "body_digest": "", "at": NOON} for n in many]
            connection.execute(insert(ReceivedRow), [one | {"answer": {"said": "by @zephyrine_q"}} for one in answers])
            assert erase_repeated(connection, Quotes([], ["zephyrine_q"]), only_count=True).rows == {PLACE: 450}
            assert erase_repeated(connection, Quotes([], ["zephyrine_q"])).rows == {PLACE: 450}
            assert erase_repeated(connection, Quotes([], ["zephyrine_q"])).rows == {}


def test_somebody_unknown_is_not_forgotten_by_mistake_but_can_be_kept_out_of_a_source(install: Install) -> None:
    with (inst := install()).database:
        hear(inst, [said("Northwind Air", NOON, number=1)])
        with pytest.raises(ForgettingError, match="nothing that is kept has this author"):
            forget(inst, Request("zephyrine_q"))
        assert forgotten(inst, source="forum").posts == 0
        assert hear(inst, [QUILL]) == 0


OTHER = Privacy(authors="pseudonyms", key=SecretStr("another key of 16 letters"))


@pytest.mark.parametrize("later", [OTHER, Privacy()], ids=["another key", "names"])
def test_what_another_key_stored_is_not_said_to_be_nothing_and_is_found_with_that_key(
    install: Install, later: Privacy
) -> None:
    with (inst := install(privacy=PSEUDONYMS)).database:
        hear(inst, [QUILL])
        after = replace(inst, settings=inst.settings.model_copy(update={"privacy": later}))
        with pytest.raises(ForgettingError) as caught:
            forget(after, Request("zephyrine_q"))
        assert "nothing that is kept" not in str(caught.value)
        assert "each key of before" in str(caught.value)
        hear(after, [replace(QUILL, key="test:later", text="Northwind Air again")])
        seen, done = look_up(after, Request("zephyrine_q")), forgotten(after)
        assert (seen.other_keys, done.other_keys, done.posts) == (True, True, 1)
        assert forgotten(inst).posts == 1
        assert not look_up(inst, Request("zephyrine_q", source="forum")).other_keys


def test_where_no_pseudonym_is_kept_or_one_is_named_no_other_key_is_spoken_of(install: Install) -> None:
    with (inst := install()).database:
        hear(inst, [replace(QUILL, author="Author Lee", handle="authors")])
        assert not look_up(inst, Request("authors")).other_keys
    with (inst := install(privacy=PSEUDONYMS)).database:
        hear(inst, [replace(QUILL, key="test:2", url=None)])
        with inst.database.reading() as connection:
            name = connection.execute(select(MentionRow.author).order_by(MentionRow.id.desc())).scalars().first() or ""
        assert not look_up(inst, Request(name)).other_keys


def test_what_stands_beside_a_mention_goes_with_it(install: Install, tmp_path: Path) -> None:
    with (inst := install()).database:
        hear(inst, [QUILL])
        key = (1, "northwind")
        with inst.database.writing() as connection:
            insert_tags(connection, values_of(key, QUILL.published.at, [Tag("product", "bags", "walrus suitcase")]))
            correct(connection, [key], Verdict.NOT_ABOUT_US, "dana", NOON)
        forgotten(inst)
        with inst.database.writing() as connection:
            kept = connection.execute(select(CorrectionRow.before)).scalar_one()
            undo(connection, [key])
            row = connection.execute(select(BrandMentionRow.author, BrandMentionRow.evidence)).one()
            tags = connection.execute(select(TagRow.name, TagRow.evidence)).all()
        assert (kept["row"]["evidence"], tuple(row), [tuple(tag) for tag in tags]) == ("", (None, ""), [("bags", "")])
        assert count(inst, StoryKeyRow.mention_id) == 0
        assert inst.database.rewrite()
        assert traces(tmp_path, needles=(*NEEDLES, "walrus suitcase")) == set()


def test_what_a_note_on_an_alarm_quotes_goes_and_the_rest_of_it_stays(install: Install, tmp_path: Path) -> None:
    with (inst := install()).database:
        hear(inst, [QUILL])
        mark_missed(inst, "northwind", NOON, "dana", f"@zephyrine_q was right: {LINK}")
        mark_missed(inst, "northwind", NOON - timedelta(hours=1), "dana", "Only the radio had it.")
        assert forgotten(inst).repeated["marks on alarms"] == 1
        assert inst.database.rewrite()
        assert traces(tmp_path) == set()
        with inst.database.reading() as connection:
            notes = [one.note for one in all_marks(connection, None, None)]
        assert notes[0] == "Only the radio had it."
        assert " was right: " in notes[1]


def test_what_a_program_quoted_when_it_proposed_something_goes_and_the_rest_stays(
    install: Install, tmp_path: Path
) -> None:
    with (inst := install()).database:
        hear(inst, [QUILL])
        with inst.database.writing() as connection:
            number = store.add(connection, opening())
        program = Author("Desk assistant", "lee")
        proposing.propose(inst, number, program, Note(f"They say: {WORDS}"), f"@zephyrine_q was right: {LINK}")
        proposing.decline(inst, number, 1, "dana", "@zephyrine_q has been answered.")
        assert forgotten(inst).repeated["proposals"] == 1
        assert inst.database.rewrite()
        assert traces(tmp_path) == set()
        with inst.database.reading() as connection:
            (kept,) = proposals_of(connection, number)
        assert isinstance(kept.what, Note)
        assert kept.what.text.startswith("They say: ")
        assert " was right: " in kept.because
        assert kept.declined_because.endswith(" has been answered.")


def test_a_letter_that_waits_is_sent_without_the_post(install: Install) -> None:
    with (inst := install()).database:
        tell_of(inst)
        with inst.database.writing() as connection:
            told = [IncidentAlert.from_json(row) for row in connection.execute(select(OutboxRow.content)).scalars()]
            assert all(any(post.text == WORDS for post in alert.posts) for alert in told)
            erase_repeated(connection, Quotes([], ["zephyrine_q"]))
        forgotten(inst)
        with inst.database.reading() as connection:
            alerts = [IncidentAlert.from_json(row) for row in connection.execute(select(OutboxRow.content)).scalars()]
        assert all(WORDS not in str(alert) for alert in alerts)
        assert any(alert.posts for alert in alerts)


def test_it_can_be_looked_at_before_and_done_again_after(install: Install) -> None:
    with (inst := install()).database:
        tell_of(inst)
        seen = look_up(inst, Request("zephyrine_q"))
        assert count(inst, MentionRow.erased_at) == 0
        done = forgotten(inst)
        assert replace(seen, letters=done.letters) == done
        again = forgotten(inst)
        assert (again.posts, again.known, dict(again.repeated)) == (0, True, {})


def test_it_waits_for_a_tick_and_says_so(install: Install) -> None:
    with (inst := install()).database:
        told = threading.Event()
        entered = threading.Event()

        def wait() -> None:
            with forgetting(inst, told.set):
                entered.set()

        with inst.database.exclusive("tick", wait=True):
            thread = threading.Thread(target=wait)
            thread.start()
            assert told.wait(10)
            assert not entered.is_set()
        thread.join(10)
        assert entered.is_set()


_KILLED = """
import os, random, signal, sys
from dataclasses import replace
from pathlib import Path
from services.forgetting import Request, forget
from tests.installations import installation

class Deadly(random.Random):
    def getrandbits(self, k):
        os.kill(os.getpid(), signal.SIGKILL)

inst = installation(Path(sys.argv[1]))
forget(replace(inst, rng=Deadly()), Request("zephyrine_q"))
"""


def test_killed_in_the_middle_it_is_completed_by_running_it_again(tmp_path: Path) -> None:
    with (inst := installation(tmp_path)).database:
        tell_of(inst)
    died = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    with (inst := installation(tmp_path)).database:
        assert count(inst, MentionRow.erased_at) == 0
        assert forgotten(inst).posts == 1
        assert inst.database.rewrite()
        assert traces(tmp_path) == set()
