"""Forgetting people and posts for good, everywhere at once, and so that they do not come back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from alerts import contract
from database.erasing import Written, erase_mentions, naming, pseudonyms_kept, spoken_by, written_at, written_by
from database.forgotten import are_forgotten, remember_forgotten
from database.reading_mentions import heard_from
from database.repeated import erase_repeated
from database.stories import hold_stories
from errors import GroundswellError
from mentions.addresses import canonical
from mentions.quoting import Quotes
from mentions.redaction import PSEUDONYM, of_page, of_post, of_voice, spelled
from services.files.withdrawing import exports_in, withdraw_from
from services.installation import Installation
from sources.contract import kinds


class ForgettingError(GroundswellError):
    """It is not clear whom or what to forget; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Request:
    """Whom or what to forget.

    Attributes:
        who: an account, a name or a pseudonym as it is shown, or the address of a post.
        source: id of the source where they spoke; empty for wherever they did.
        everyone: all voices that are called so, if there are several.
    """

    who: str
    source: str = ""
    everyone: bool = False

    @property
    def page(self) -> str | None:
        """The canonical address, None where it is no address."""
        who = self.who.strip()
        host = who.partition("/")[0]
        return canonical(who if "://" in who else f"https://{who}") if "://" in who or "." in host != who else None


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who spoke at a source: the account or else the name, the names it was shown under, their posts."""

    source: str
    account: str
    names: tuple[str, ...]
    posts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten, or would be.

    Attributes:
        voices: the authors; of an address none.
        posts: mentions that were erased.
        repeated: rows that repeated them, by what they are called.
        letters: mails deleted from the folder that mails are written to.
        exports: lines taken out of exports in the data folder, by file.
        known: they were forgotten before.
        dropped_at: sources where what they post is dropped from now on; of an address all.
        named_by: posts of others that name the account; they are left to their authors.
        other_keys: there are pseudonyms that another key may have made; under those the author is not found by name.
    """

    voices: tuple[Voice, ...] = ()
    posts: int = 0
    repeated: Mapping[str, int] = field(default_factory=dict)
    letters: int = 0
    exports: Mapping[Path, int] = field(default_factory=dict)
    known: bool = False
    dropped_at: tuple[str, ...] = ()
    named_by: int = 0
    other_keys: bool = False


# What to do about pseudonyms that cannot be worked out; whether there are any of this person, nobody can tell.
OTHER_KEYS = (
    "Posts whose pseudonyms were made with another key than privacy.key is now cannot be found by name. If it was "
    "changed or taken out, run this once more with privacy.authors: pseudonyms and each key of before, or name the "
    "pseudonym that such a post shows, or its address."
)


def look_up(inst: Installation, request: Request) -> Forgotten:
    """What would be forgotten; nothing is changed.

    Raises:
        ForgettingError: several are called so and it was not said which, or nobody is.
        DatabaseError: the database cannot be read.
    """
    with inst.database.reading() as connection:
        return _forget(_Work(connection, inst, inst.clock(), only_look=True), request)


def forget(inst: Installation, request: Request) -> Forgotten:
    """Erase it wherever it is kept, and remember not to store it again. To be called in :func:`forgetting`.

    Files are changed before the database: whatever ends this early leaves a state in which doing it again completes it.

    Raises:
        ForgettingError, DatabaseError, DeliveryError, ExportError: nothing was erased from the database.
    """
    with inst.database.writing() as connection:
        hold_stories(connection)
        return _forget(_Work(connection, inst, inst.clock(), only_look=False), request)


@contextmanager
def forgetting(inst: Installation, waiting: Callable[[], None]) -> Iterator[None]:
    """Keep ticks away; one that is running is waited for, of which the caller is told."""
    with inst.database.exclusive("tick", wait=False) as held:
        if held:
            yield
            return
    waiting()
    with inst.database.exclusive("tick", wait=True):
        yield


@dataclass(frozen=True, slots=True)
class _Work:
    """A transaction in which something is forgotten, or only looked up."""

    connection: Connection
    inst: Installation
    now: datetime
    only_look: bool

    def remember(self, source: str, known_by: Iterable[str]) -> None:
        if not self.only_look:
            remember_forgotten(self.connection, source, known_by, self.now)


def _forget(work: _Work, request: Request) -> Forgotten:
    return _forget_page(work, request.who.strip(), request.page) if request.page else _forget_author(work, request)


def _forget_author(work: _Work, request: Request) -> Forgotten:
    connection, name = work.connection, spelled(request.who)
    written, sources = _chosen(work, request)
    other_keys = _may_have_other_keys(work, request)  # before the last of them is erased
    known_by = {source: {of_voice(request.who)} for source in sources}
    for one in written:
        known_by.setdefault(one.said.source, {of_voice(request.who)}).add(of_voice(one.voice))
    done = _erase(work, written, {request.who, *(one.voice for one in written)})
    known = all(are_forgotten(connection, source, its) for source, its in known_by.items())
    for source, its in sorted(known_by.items()):
        work.remember(source, its)
    work.remember("", {of_post(one.digest) for one in written})  # another source may bring the same posts
    named_by = 0 if " " in name else naming(connection, name)
    return replace(
        done,
        voices=_voices(written),
        known=known,
        dropped_at=tuple(sorted(known_by)),
        named_by=named_by,
        other_keys=other_keys,
    )


def _forget_page(work: _Work, url: str, page: str) -> Forgotten:
    written = written_at(work.connection, page, _digests(url))
    known_by = {of_page(f"https://{page}") or "", *(of_post(one.digest) for one in written)}
    known = are_forgotten(work.connection, "", known_by)
    done = _erase(work, written, ())
    work.remember("", known_by)
    return replace(done, known=known)


def _chosen(work: _Work, request: Request) -> tuple[list[Written], tuple[str, ...]]:
    """The mentions to erase, or the sources where an author of whom nothing is kept is to be heard no more."""
    connection = work.connection
    found = written_by(connection, _stored_as(work, request.who), request.source)
    voices = sorted({(one.said.source, one.voice) for one in found})
    if len(voices) > 1 and not request.everyone:
        raise ForgettingError(
            f'"{request.who}"',
            f"{len(voices)} voices are called so: {'; '.join(map(_told, _voices(found)))}.",
            "Write the account, or say which one with --source ID, or --all. Nothing was changed.",
        )
    if voices:
        written = (one for source, voice in voices for one in spoken_by(connection, source, voice))
        return list({one.id: one for one in (*written, *found)}.values()), ()
    sources = (request.source,) if request.source else _known_at(work, request.who)
    if not sources:
        hidden = _may_have_other_keys(work, request)
        raise ForgettingError(
            f'"{request.who}"',
            f"nothing that {'can be found by name' if hidden else 'is kept'} has this author.",
            "Write the account or name as posts show it, or the address of a post. With --source ID what they post "
            f"there will not be kept from now on.{f' {OTHER_KEYS}' if hidden else ''}",
        )
    return [], sources


def _may_have_other_keys(work: _Work, request: Request) -> bool:
    return not spelled(request.who).startswith(PSEUDONYM) and pseudonyms_kept(work.connection)


def _told(voice: Voice) -> str:
    posts = f"{voice.posts} post{'' if voice.posts == 1 else 's'}"
    return f"{voice.account} at {voice.source} ({', '.join((*voice.names, posts))})"


def _stored_as(work: _Work, who: str) -> list[str]:
    """What an author may be called in the database: as written, masked, and by their pseudonym at each source."""
    redaction = work.inst.settings.privacy.redaction
    names = (redaction.stored_name(who), *(redaction.pseudonym(who, source) for source in _sources(work)))
    return [who, *(name for name in names if name)]


def _sources(work: _Work) -> list[str]:
    return sorted({*heard_from(work.connection), *known_sources(work.inst)})


def known_sources(inst: Installation) -> tuple[str, ...]:
    """Ids of the sources and senders in the settings."""
    return (*(one.id for one in inst.settings.sources), *(one.id for one in inst.settings.inbound))


def _known_at(work: _Work, who: str) -> tuple[str, ...]:
    """Sources at which somebody was forgotten before."""
    return tuple(one for one in _sources(work) if are_forgotten(work.connection, one, [of_voice(who)]))


def _digests(url: str) -> list[str]:
    """Digests that a post at an address has where its key is the address: then it is found without being kept."""
    keys = (f"{kind}:{url}" for kind in kinds())
    return [hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() for key in keys]


def _voices(written: Iterable[Written]) -> tuple[Voice, ...]:
    by_voice: dict[tuple[str, str], list[Written]] = {}
    for one in written:
        by_voice.setdefault((one.said.source, one.voice), []).append(one)
    return tuple(
        Voice(
            source,
            some[0].said.handle or some[0].said.author or "",
            tuple(sorted({one.said.author for one in some if one.said.author and one.said.handle})),
            len(some),
            min(one.published_at for one in some),
            max(one.published_at for one in some),
        )
        for (source, _), some in sorted(by_voice.items())
    )


def _erase(work: _Work, written: Sequence[Written], names: Iterable[str]) -> Forgotten:
    """Erase mentions and what repeats them: files first, then rows, all of which are kept together or not at all."""
    inst, only_look = work.inst, work.only_look
    ours = {spelled(person.name) for person in inst.settings.people}
    quotes = Quotes([one.said for one in written], [name for name in names if spelled(name) not in ours])
    exports = {
        path: lines
        for path in exports_in(inst.settings.data_folder)
        if (lines := withdraw_from(path, quotes, only_count=only_look))
    }
    repeated = erase_repeated(work.connection, quotes, only_count=only_look)
    letters = 0 if only_look else withdraw_letters(inst, repeated.letters)
    for source, voice in () if only_look else sorted({(one.said.source, one.voice) for one in written}):
        ids = [one.id for one in written if (one.said.source, one.voice) == (source, voice)]
        erase_mentions(work.connection, ids, work.now, f"forgotten-{inst.rng.getrandbits(40):010x}")
    return Forgotten(posts=len(written), repeated=repeated.rows, letters=letters, exports=exports)


def withdraw_letters(inst: Installation, message_ids: Sequence[str]) -> int:
    """Delete letters where the channel writes them down for people to fetch; how many.

    Raises:
        DeliveryError: one cannot be deleted.
    """
    withdraw = getattr(contract.load(inst.settings.mail.transport), "withdraw", None)
    return withdraw(inst.settings.mail.options, message_ids) if withdraw and message_ids else 0
