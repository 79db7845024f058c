"""What is taken out of a mention before it is stored, so that it says less about people.

A pseudonym is an HMAC-SHA256 (RFC 2104) of the source and the account, or the name where there are no accounts: the
same person keeps it, and whoever does not hold the key can neither read it nor try names against it. Sixty bits of it
are kept; among a million people two share one with a probability of one in two million.

With pseudonyms a mention's key is replaced by its digest, under which it stays the same mention whatever is set later.
Its link stays unless it leads to the author by name or account: people have to see what they answer, and a public text
can be looked for by its words anyway.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from mentions.addresses import canonical
from mentions.masking import mask
from mentions.mention import Mention

PSEUDONYM = "author-"
_LENGTH = 12  # characters of base 32, five bits each
# Places where sites keep the pages of an account, whatever it is called.
_PROFILE = re.compile(r"/@|/(?:u|users?|profile|author|channel|people|in)/|/~|did:", re.IGNORECASE)
_AT = re.compile(r"^(?:@|/?u/)")
_LETTERS = re.compile(r"[\W_]+")
_PLACEHOLDER = re.compile(r"\[[a-z ]+\]")
_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a team wants left out.

    Attributes:
        pseudonym_key: makes pseudonyms of authors; None keeps their names.
        mask: whether personal data in texts is hidden (:mod:`mentions.masking`).
    """

    pseudonym_key: bytes | None = None
    mask: bool = False

    def of(self, mention: Mention, source: str) -> Mention:
        """A mention as it is to be stored; one that is redacted already stays as it is.

        Args:
            source: id of the source it came from.
        """
        if self.pseudonym_key is not None and not _is_unnamed(mention):
            mention = self._unnamed(mention, source)
        return self._masked(mention) if self.mask else mention

    def stored_name(self, name: str) -> str | None:
        """A name as it is stored where names are kept, None where it says nothing but what is hidden."""
        if not self.mask or (masked := mask(name)) == name:
            return name
        return masked if _LETTERS.sub("", _PLACEHOLDER.sub("", masked)) else None

    def pseudonym(self, voice: str, source: str) -> str | None:
        """What stands for an account or name at a source, None where names are kept."""
        if self.pseudonym_key is None:
            return None
        told = f"{source}\0{spelled(voice)}".encode("utf-8", "surrogatepass")
        digest = hmac.digest(self.pseudonym_key, told, hashlib.sha256)
        return PSEUDONYM + base64.b32encode(digest).decode().lower()[:_LENGTH]

    def _masked(self, mention: Mention) -> Mention:
        title, text, author = mask(mention.title), mask(mention.text), mention.author
        if (title, text) != (mention.title, mention.text):
            mention = replace(mention, title=title, text=text, word_marks=None)
        # ana@social.example is an account where it is the author's.
        if not author or author == mention.handle or (stored := self.stored_name(author)) == author:
            return mention
        return replace(mention, author=stored, fingerprints=fingerprints(mention))

    def _unnamed(self, mention: Mention, source: str) -> Mention:
        pseudonym = self.pseudonym(mention.voice, source) if mention.voice else None
        names = [name for name in (mention.handle, mention.author) if name]
        known_by = fingerprints(mention)
        if pseudonym:
            known_by |= {of_voice(pseudonym)}
        return replace(
            mention,
            key=mention.nameless_key,
            url=None if mention.url and leads_to(mention.url, names) else mention.url,
            author=pseudonym,
            handle=pseudonym if mention.handle else None,
            title=_without(mention.title, mention, pseudonym),
            text=_without(mention.text, mention, pseudonym),
            word_marks=None,
            fingerprints=known_by,
        )


def fingerprints(mention: Mention) -> frozenset[str]:
    """What a mention is known by to those who asked to be forgotten: its author, its page, itself."""
    return mention.fingerprints | frozenset(_known_by(mention))


def of_voice(voice: str) -> str:
    """The fingerprint of an account or name; it holds for one source alone."""
    return f"voice {spelled(voice)}"


def of_post(digest: str) -> str:
    """The fingerprint of a mention, by its digest."""
    return f"post {digest}"


def of_page(url: str) -> str | None:
    """The fingerprint of an address, None where it leads to no page."""
    page = canonical(url)
    return page and f"page {page}"


def is_of_one_source(fingerprint: str) -> bool:
    """Whether a fingerprint means another person at another source."""
    return fingerprint.startswith("voice ")


def spelled(name: str) -> str:
    """A name or account in the one form in which it is compared: ``@Ana`` and ``u/ana`` are ``ana``."""
    return _AT.sub("", " ".join(unicodedata.normalize("NFKC", name).casefold().split()))


def leads_to(url: str, names: list[str]) -> bool:
    """Whether an address leads to a person: it holds one of their names, or is a page that sites keep for accounts."""
    if _PROFILE.search(url):
        return True
    letters = _LETTERS.sub("", spelled(unquote(url)))
    return any((part := _LETTERS.sub("", each)) and part in letters for name in names for each in _parts(spelled(name)))


def _known_by(mention: Mention) -> Iterator[str]:
    yield of_post(mention.digest)
    if mention.voice:
        yield of_voice(mention.voice)
    if mention.url and (page := of_page(mention.url)):
        yield page


def _parts(name: str) -> Iterator[str]:
    """A name, and what comes before the server in an account."""
    yield name
    if "@" in name:
        yield name.partition("@")[0]


def _is_unnamed(mention: Mention) -> bool:
    """Whether it was redacted before: one that was exported and is imported again."""
    return mention.key == mention.nameless_key and (mention.voice is None or mention.voice.startswith(PSEUDONYM))


def _without(text: str, mention: Mention, pseudonym: str | None) -> str:
    """A text in which its author's account is not named.

    One word may mean anything, so it means the account only behind a sign or in a link. A name of several words stays:
    it is as often the name of the brand or the outlet that speaks.
    """
    if not mention.voice or pseudonym is None:
        return text
    for part in _parts(_AT.sub("", mention.voice)):
        if part.casefold() in text.casefold():
            account = rf"{re.escape(part)}(?!-?\w)"
            sign = "(@|/?u/)?" if mention.handle and re.search("[@.]", part) else "(@|/?u/)"
            text = re.sub(rf"(?<![\w/]){sign}{account}", rf"\g<1>{pseudonym}", text, flags=re.IGNORECASE)
            text = _without_in_links(text, rf"(?<=[/@.]){account}", pseudonym)
    return text


def _without_in_links(text: str, account: str, pseudonym: str) -> str:
    if "://" not in text and "www." not in text:
        return text
    in_link = re.compile(account, re.IGNORECASE)

    def mended(found: re.Match[str]) -> str:
        token = found[0]
        return in_link.sub(pseudonym, token) if "://" in token or "www." in token else token

    return _TOKEN.sub(mended, text)
