"""The first ``groundswell.yaml`` of a team: commented, and right from the start."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import yaml

from settings.environment import escape

PASSWORD = "SMTP_PASSWORD"  # noqa: S105  # the name of a variable
MAX_ID = 40
# RFC 8314, section 3.3: TLS from the first byte.
SUBMISSIONS = 465


@dataclass(frozen=True, slots=True)
class Answers:
    """What a team says about itself.

    Attributes:
        phrases: the brand's name stands in where there is none.
        feeds: addresses of RSS, Atom or JSON feeds; a news search for the brand stands in where there is none.
        smtp_host: empty where mails are to be written to ``mail_folder`` as files.
        smtp_user: empty where the server asks for no sign-in.
    """

    brand: str
    owner_name: str
    owner_email: str
    phrases: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    mail_folder: str = "outbox"


def write(answers: Answers) -> str:
    """The text of a settings file that says what was answered; line breaks in answers become spaces."""
    brand = _one_line(answers.brand)
    owner = slug(answers.owner_name, "owner")
    return "\n".join(
        (
            _HEAD,
            _BRANDS.format(
                id=slug(brand, "brand"),
                name=_scalar(brand),
                phrases=_list(answers.phrases or (brand,)),
            ),
            _SOURCES.format(sources="\n".join(_sources(answers))),
            _PEOPLE.format(id=owner, name=_scalar(answers.owner_name), email=_scalar(answers.owner_email)),
            _ROUTING.format(owner=owner),
            _mail(answers),
            _REST,
        )
    )


def slug(name: str, otherwise: str) -> str:
    """An id made of a name: its letters and digits in lower case, accents dropped; ``otherwise`` where none is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_ID].rstrip("-")
    return made if made not in {"", "null"} else otherwise  # YAML takes a bare null for nothing


def _sources(answers: Answers) -> Iterable[str]:
    if not answers.feeds:
        yield _SEARCH
    taken: set[str] = set()
    for feed in answers.feeds:
        wanted = slug(_host(feed), "feed")
        number = 1
        identity = wanted
        while identity in taken:
            number += 1
            identity = f"{wanted}-{number}"
        taken.add(identity)
        yield _FEED.format(id=identity, url=_scalar(feed))


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _mail(answers: Answers) -> str:
    sender = _scalar(f"Groundswell <{_one_line(answers.owner_email)}>")
    if not answers.smtp_host:
        return _MAIL_FILES.format(sender=sender, folder=_scalar(answers.mail_folder))
    sign_in = _NO_SIGN_IN
    if answers.smtp_user:
        sign_in = _SIGN_IN.format(user=_scalar(answers.smtp_user), password="${%s}" % PASSWORD)  # noqa: UP031  # braces
    return _MAIL_SMTP.format(
        sender=sender,
        host=_scalar(answers.smtp_host),
        port=answers.smtp_port,
        security="tls" if answers.smtp_port == SUBMISSIONS else "starttls",
        sign_in=sign_in,
    )


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_scalar(text) for text in texts)}]"


def _scalar(text: str) -> str:
    written: str = yaml.safe_dump(escape(_one_line(text)), default_style='"', allow_unicode=True, width=float("inf"))
    return written.strip()


def _one_line(text: str) -> str:
    printed = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return " ".join("".join(printed).encode("utf-8", "replace").decode().split())


_HEAD = """\
# Settings of Groundswell. After a change: groundswell check
#
# Lengths of time are written as 30s, 5m, 2h or 1d. Ids are yours to choose: lower-case letters, digits and hyphens.
# Passwords never stand here: write ${NAME} and set the environment variable NAME.
"""

_BRANDS = """\
# What to listen for. A post counts when it holds one of the phrases as whole words, capitals or not.
# Add the spellings people really use, and your product names.
brands:
  - id: {id}
    name: {name}
    phrases: {phrases}
    # For more than phrases can say (docs/queries.md):
    # query: 'acme NEAR/10 (refund OR cancel*) NOT site:jobs.example.com'
    # Words that sound like praise or anger but are only names here, such as a product called Terrific:
    # neutral: [Terrific]
"""

_SOURCES = """\
# Where to listen, and how often. "groundswell preview rss url=https://..." shows what a feed would bring.
# docs/sources.md shows all kinds: Mastodon, Bluesky, X, Reddit, YouTube, reviews, forums, any JSON API.
sources:
{sources}
  # Stories and comments on Hacker News that your brands' phrases find:
  # - id: hackernews
  #   kind: hackernews
  # Posts with a hashtag on a Mastodon server:
  # - id: mastodon
  #   kind: mastodon
  #   server: https://mastodon.social
  #   tag: yourbrand
  #   every: 2m
"""

_FEED = """\
  - id: {id}
    kind: rss
    url: {url}
    every: 5m"""

_SEARCH = """\
  # News that name the brand. Add your own feeds: forums, review sites, blogs, news alerts.
  - id: news
    kind: google_news
    every: 10m"""

_PEOPLE = """\
# Who can own an incident or be told of one.
people:
  - id: {id}
    name: {name}
    email: {email}
    role: comms lead
"""

_ROUTING = """\
# Who owns a new incident. The first route that matches decides; where none does, the owner named first.
routing:
  owner: {owner}
  # notify: [{owner}]            # also told, without owning it
  # operator: {owner}            # told when a source has gone deaf; the owner where nobody is named
  # routes:
  #   - match: {{severity: [SEV1, SEV2]}}
  #     owner: {owner}
  #     notify: [{owner}]
"""

_MAIL_FILES = """\
# How mails leave. "file" writes each mail into a folder, for a start without a mail server; any mail program opens
# them.
mail:
  transport: file
  sender: {sender}
  folder: {folder}
  # With a mail server instead:
  # transport: smtp
  # host: smtp.example.com
  # port: 587
  # user: alerts@example.com
  # password: ${{SMTP_PASSWORD}}
"""

_MAIL_SMTP = """\
# How mails leave.
mail:
  transport: smtp
  sender: {sender}
  host: {host}
  port: {port}
  security: {security}    # starttls (usual with port 587), tls (usual with port 465) or none
{sign_in}
"""

_SIGN_IN = """\
  user: {user}
  password: {password}"""

_NO_SIGN_IN = """\
  # user: alerts@example.com
  # password: ${SMTP_PASSWORD}"""

_REST = """\
# Everything below is optional and shows what holds without it.

# Where Groundswell keeps its data, seen from this file's folder.
# data_folder: groundswell-data

# Where your own playbooks lie, one YAML file each; they stand beside those that come with Groundswell.
# playbook_folder: playbooks

# A SQLite file in that folder, or a PostgreSQL server:
# database: postgresql+psycopg://groundswell:${DB_PASSWORD}@localhost/groundswell

# The time zone of people's clocks.
# time_zone: UTC

# How often everything is looked at.
# tick: 1m

# Between two requests to the same host.
# spacing: 1s

# A mail or web address that services you read can complain to; it goes out with every request.
# contact: ""

# The pages people work on, for browsers on this machine; address is what mails link to. People sign in; with
# "sign_in: none" whoever reaches this machine is trusted. docs/serving.md shows how others reach them.
# console:
#   sign_in: required
#   port: 8420
#   address: http://127.0.0.1:8420
"""
