"""An installation that has told people of a wave, and a search for what is left of it in its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import text

from database.forgotten import not_forgotten
from database.listening import About, Heard, store
from database.session import Database
from database.stories import hold_stories
from mentions.matching import about
from mentions.mention import Mention
from services.delivery import deliver
from services.evaluating import evaluate
from services.installation import Installation
from services.reporting import Told, take_report
from tests.installations import NOON, calm_weeks, outcry, said

# Near enough to what all complain of to be quoted for them.
WORDS = "Northwind Air, cancelled again and nobody answers: a purple walrus ate my suitcase in Reykjavík, this is awful"
LINK = "https://social.example/@zephyrine_q/110233"
QUILL = replace(
    said(WORDS, NOON - timedelta(minutes=1), number="quill", author="Zephyrine Quill", handle="zephyrine_q"), url=LINK
)
# What must be found nowhere; pieces, since whatever is left of a text is too much.
NEEDLES = ("purple walrus", "ate my suitcase", "Reykjavík", "zephyrine_q", "Zephyrine Quill", "social.example")


def hear(inst: Installation, mentions: Iterable[Mention], source: str = "forum") -> int:
    """Store mentions as collecting does; how many were new."""
    some = list(mentions)
    scores = inst.scorers["northwind"].score_batch([m.content for m in some], [m.language for m in some])
    match = about(["northwind"], source)[0]
    redaction = inst.settings.privacy.redaction
    heard = [Heard(redaction.of(one, source), (About(match, score),)) for one, score in zip(some, scores, strict=True)]
    with inst.database.writing() as connection:
        hold_stories(connection)
        return store(connection, source, not_forgotten(connection, source, heard), inst.clock()).mentions


def tell_of(inst: Installation, post: Mention = QUILL) -> None:
    """Let a post be part of a wave, quote it in letters and in a report, and write the letters."""
    hear(inst, [*calm_weeks(NOON), *outcry(NOON), post])
    evaluate(inst)
    name = inst.settings.privacy.redaction.of(post, "forum").voice
    take_report(
        inst, Told(words=f"Seen this by @{name}? {post.text} {post.url}", brand="northwind", url=post.url or "")
    )
    deliver(inst)


def traces(folder: Path, database: Database | None = None, needles: Iterable[str] = NEEDLES) -> set[str]:
    """What of the needles stands in a file below a folder, or of a PostgreSQL database where one is named."""
    files = [path for path in folder.rglob("*") if path.is_file()] + (_server_files(database) if database else [])
    contents = [part for path in files for part in _contents(path)]
    return {
        needle
        for needle in needles
        for encoded in {needle.encode(), needle.encode("utf-16-le"), needle.encode("unicode_escape")}
        if any(encoded in content for content in contents)
    }


def _contents(path: Path) -> list[bytes]:
    """The bytes of a file, and of a letter what its parts say."""
    content = path.read_bytes()
    if path.suffix != ".eml":
        return [content]
    letter = message_from_bytes(content, policy=policy.default)
    texts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    return [content, *(text.encode() for text in texts)]


def _server_files(database: Database) -> list[Path]:
    """The files of a PostgreSQL database: tables and indexes, as they are on the disk."""
    if database.is_sqlite:
        return []
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = connection.execute(text("SHOW data_directory")).scalar()
        number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar()
    return list(Path(str(folder), "base", str(number)).iterdir())
