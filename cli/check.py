"""``groundswell check``: are the settings right, does every source answer, does the mail server?"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

import alerts.contract
from cli.config import config_option
from cli.output import ago, counted, plain
from console.certificates import examine
from database.session import Database
from errors import GroundswellError
from playbooks.library import PlaybookError
from services.looking import Wish, fetch_once
from services.provider import BACK, Provider
from services.scorers import scorers
from services.shelf import Playbooks
from settings.loading import load
from settings.model import Console, Mail, Settings, Source
from settings.serving import Oidc, Tls
from sources.contract import Fetched
from sources.network.fetching import Client
from sources.network.pacing import Pacing

# A dozen sources that do not answer should not take a dozen timeouts.
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """What trying one thing showed.

    Attributes:
        notes: what is odd about it but does not hurt.
    """

    name: str
    works: bool
    text: str
    notes: tuple[str, ...] = ()


@click.command(
    help="Check the settings and your own playbooks, then try every source and the mail server once. "
    "Nothing is stored or sent."
)
@config_option
@click.option("--no-network", is_flag=True, help="Check the settings file only.")
def command(config: Path, *, no_network: bool) -> int:
    """Exit code 0, or 1 where something does not answer; wrong settings are raised."""
    settings = load(config, os.environ)
    scorers(settings)  # packs of words are files of their own
    found = (counted(len(settings.brands), "brand"), counted(len(settings.sources), "source"))
    text = f"{', '.join(found)}, {counted(len(settings.people), 'person', 'people')}"
    findings = [Finding(config.name, works=True, text=text), *playbook_findings(settings)]
    now = datetime.now(UTC)
    if settings.console.tls:
        findings.append(try_certificate(settings.console, settings.console.tls, now))
    if not no_network:
        findings.append(try_database(settings))
        if settings.console.oidc:
            findings.append(try_provider(settings.console, settings.console.oidc))
        findings += _try_all(settings, now)
    _show(findings)
    return 0 if all(finding.works for finding in findings) else 1


def playbook_findings(settings: Settings) -> list[Finding]:
    """Read a team's own playbooks; one that is not taken is told with every line that is wrong."""
    findings = []
    for file, found in Playbooks(settings.playbook_folder).own().items():
        if isinstance(found, PlaybookError):
            findings.append(Finding(file, works=False, text=f"{found.problem} {found.remedy}"))
        else:
            steps = counted(len(found.playbook.steps), "step")
            findings.append(Finding(file, works=True, text=f"“{found.playbook.title}”, {steps}"))
    return findings


def try_certificate(console: Console, tls: Tls, now: datetime) -> Finding:
    """Read the console's certificate: whether it can be used, for how long, and for what names."""
    try:
        found = examine(tls)
    except GroundswellError as error:
        return Finding("certificate", works=False, text=str(error))
    names, day = ", ".join(found.names) or "no name", f"{found.until:%Y-%m-%d}"
    if found.until <= now:
        return Finding("certificate", works=False, text=f"ended on {day}, so browsers refuse it. Renew it.")
    host = urlsplit(console.base_url).hostname or ""
    notes = () if found.stands_for(host) else (f"browsers open {host}, and the certificate is for {names}",)
    return Finding("certificate", works=True, text=f"for {names}, until {day}", notes=notes)


def try_provider(console: Console, oidc: Oidc) -> Finding:
    """Ask the company's provider what it says of itself; nobody is signed in."""
    back = f"{console.base_url}{BACK}"
    try:
        Provider(oidc, back, lambda: datetime.now(UTC)).start()
    except GroundswellError as error:
        return Finding("sign-in", works=False, text=str(error))
    return Finding("sign-in", works=True, text=f"{oidc.name} answers; it has to know the address {back}")


def try_database(settings: Settings) -> Finding:
    """Open the database; its tables are made by the first command that needs them."""
    try:
        with Database(settings.database.get_secret_value()) as database, database.reading():
            pass
    except GroundswellError as error:
        return Finding("database", works=False, text=str(error))
    return Finding("database", works=True, text=database.name)


def try_source(source: Source, settings: Settings, now: datetime, pacing: Pacing) -> Finding:
    """Fetch a source as the first time, and forget what it brought."""
    queries = tuple(brand.wanted for brand in settings.brands if not source.about or brand.id in source.about)
    spacing = 0.0 if source.internal else settings.spacing.total_seconds()
    try:
        with Client(
            user_agent=settings.user_agent, allow_private=source.internal, pacing=pacing, spacing=spacing
        ) as client:
            fetched = fetch_once(client, Wish(source.kind, source.options, queries), now)
    except GroundswellError as error:
        return Finding(source.id, works=False, text=str(error))
    return Finding(source.id, works=True, text=_entries(fetched, now), notes=fetched.warnings)


def try_mail(mail: Mail) -> Finding:
    """Open the way that mails take, and send nothing."""
    try:
        with alerts.contract.load(mail.transport).connect(mail.options):
            return Finding("mail", works=True, text=f"{mail.transport} accepts mails")
    except GroundswellError as error:
        return Finding("mail", works=False, text=str(error))


def _try_all(settings: Settings, now: datetime) -> list[Finding]:
    pacing = Pacing(lambda: datetime.now(UTC))
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        tried = pool.map(lambda source: try_source(source, settings, now, pacing), settings.sources)
        return [*tried, try_mail(settings.mail)]
    finally:  # without waiting for servers that do not answer, where somebody broke off
        pool.shutdown(wait=False, cancel_futures=True)


def _entries(fetched: Fetched, now: datetime) -> str:
    if not fetched.mentions:
        return "answers, with no entries at the moment"
    newest = max(mention.published.at for mention in fetched.mentions)
    return f"{counted(len(fetched.mentions), 'entry', 'entries')}, newest {ago(newest, now)}"


def _show(findings: list[Finding]) -> None:
    width = max(len(finding.name) for finding in findings) + 1
    for finding in findings:
        word = click.style("ok    ", fg="green") if finding.works else click.style("FAILED", fg="red")
        click.echo(f"{f'{finding.name}:':<{width}}  {word}  {plain(finding.text)}")
        for note in finding.notes:
            click.echo(f"{'':<{width}}  note    {plain(note)}")
