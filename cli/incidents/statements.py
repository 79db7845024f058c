"""``groundswell incidents statement``: words for the public, drafted, read by a second person, published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import click

from cli.incidents import times
from cli.incidents.acting import Answer, Call, Number, action, look, refuse, say
from cli.incidents.telling import Words
from cli.incidents.texts import of_file, typed
from cli.output import plain
from database.incidents import find
from incidents.incident import Change, Refusal, Statement
from incidents.statements import Edit, next_promise
from playbooks.playbook import StatementKind
from playbooks.statements import blanks
from services import statements
from services.installation import Installation
from services.records import Version, Whole, incident_record, whole_of

STATEMENT = click.argument("which", metavar="NUMBER", type=Number)
SEEN = click.option("--seen", required=True, type=Number, metavar="V", help="The version that you read.")


@click.group("statement", help="Draft, edit, approve and publish what is said to the public.")
def statement() -> None:
    """The commands below do the work."""


@action("draft", "Begin words for the public from the playbook or with your own.")
@click.option("--from", "key", metavar="KEY", help="Key of a statement of the playbook; show N lists them.")
@click.option("--kind", type=click.Choice([kind.value for kind in StatementKind]), help="What your own words are for.")
@click.option("--text", help="Your own words; - reads standard input.")
@click.option("--title", default="", help="What your own words are called.")
def draft(call: Call, key: str | None, kind: str | None, text: str | None, title: str) -> Answer:
    """Begin a statement."""
    own = kind and text is not None
    if bool(key) == bool(own) or (key and (kind or text is not None or title)):
        raise click.UsageError("Give --from KEY, or --kind and --text for words of your own.")
    if key:
        done = statements.draft_from(call.inst, call.number, call.person, key)
    else:
        done = statements.draft(
            call.inst, call.number, call.person, StatementKind(kind or ""), typed(text or ""), title
        )
    return done, _drafted(done)


@action("edit", "Write the next version.")
@STATEMENT
@SEEN
@click.option("--text", help="The new words; - reads standard input.")
@click.option("--file", metavar="FILE", help="A file that holds them; - reads standard input.")
def edit(call: Call, which: int, seen: int, text: str | None, file: str | None) -> Answer:
    """Write a version, unless somebody was faster."""
    if (text is None) == (file is None):
        raise click.UsageError("Give the words either with --text or with --file.")
    words = typed(text) if text is not None else of_file(file or "")
    done = statements.edit(call.inst, call.number, call.person, Edit(which, seen, words))
    return done, _drafted(done)


@action("approve", "Say yes to a version as the second pair of eyes.")
@STATEMENT
@SEEN
def approve(call: Call, which: int, seen: int) -> Answer:
    """Approve what was read."""
    return statements.approve(call.inst, call.number, call.person, which, seen), "Approved. It can go out."


@action("publish", "Say that it is out, after you have put it out on your channels.")
@STATEMENT
@SEEN
@click.option("--url", default="", help="Where it can be read.")
@click.option(
    "--next",
    "next_at",
    metavar="WHEN|none",
    help=f"When the public hears more, {times.WRITTEN}; else as the severity asks.",
)
def publish(call: Call, which: int, seen: int, url: str, next_at: str | None) -> Answer:
    """Record a publication; the clock to the first public answer stops."""
    at = _next(call, which, next_at)
    done = statements.publish(call.inst, call.number, call.person, which, seen, url, at)
    return done, f"It is public. {_promised(call, done)}"


@look("show", "Show one with its versions.")
@click.argument("number", metavar="N", type=Number)
@STATEMENT
@click.option("--version", type=Number, metavar="V", help="That version; else the newest.")
@click.option("--words", "words_alone", is_flag=True, help="The words and nothing else, for a file to edit.")
def show(
    inst: Installation,
    person: str | None,
    number: int,
    which: int,
    version: int | None,
    *,
    words_alone: bool,
    as_json: bool,
) -> int:
    """Show the words as they are, line by line."""
    with inst.database.reading() as connection:
        whole = whole_of(connection, number)
    found = next((one for one in whole.statements if one.number == which), None)
    if found is None:
        told = f"There is no statement {which} in incident {number}; there are {len(whole.statements)}."
        return refuse(told, as_json=as_json)
    versions = {one.version: one for one in whole.versions[which]}
    chosen = versions.get(version or found.version)
    if chosen is None:
        return refuse(f"There is no version {version} of it; there are {len(versions)}.", as_json=as_json)
    now = inst.clock()
    if as_json:
        shown = next(one for one in incident_record(whole, inst.names, now)["statements"] if one["number"] == which)
        picked = [one for one in shown["versions"] if version in {None, one["version"]}]
        click.echo(json.dumps({**shown, "versions": picked}))
        return 0
    if not words_alone:
        say(_head(whole, found, chosen, Words(inst, now, person)))
    click.echo(plain(chosen.text, keep="\n"))
    return 0


def state_of(one: Statement, words: Words) -> str:
    """``approved by Lee Okafor``, in the console's words."""
    if one.published_at:
        return f"public since {words.clock(one.published_at)}"
    if one.approved_by:
        return f"approved by {words.person(one.approved_by)}"
    return f"draft by {words.person(one.author)}"


def _head(whole: Whole, found: Statement, chosen: Version, words: Words) -> Iterator[str]:
    yield f"Statement {found.number} of incident {whole.incident.id}: {found.title}, {found.kind}"
    yield state_of(found, words)
    if found.url:
        yield found.url
    for one in whole.versions[found.number]:
        mark = ">" if one.version == chosen.version else " "
        yield f"{mark} version {one.version}, {words.person(one.author)}, {words.clock(one.written_at)}"
    yield ""


def _drafted(done: Change | Refusal) -> str:
    if isinstance(done, Refusal):
        return ""
    written = next(one for one in done.also if isinstance(one, Statement))
    left = blanks(written.text)
    open_places = f" Still to be filled in: {', '.join(left)}." if left else ""
    return f"Statement {written.number} is there in version {written.version}.{open_places}"


def _next(call: Call, which: int, written: str | None) -> datetime | None:
    """When the public hears more: as said, else as the severity asks; a last word promises nothing."""
    inst = call.inst
    if written:
        return times.promised(written, inst.clock(), inst.settings.time_zone, "--next")
    with inst.database.reading() as connection:
        incident = find(connection, call.number)
        playbook = inst.playbooks.of(connection, incident.playbook, incident.playbook_version)
        kinds = {one.number: one.kind for one in whole_of(connection, call.number).statements}
    last = incident.ended or kinds.get(which) is StatementKind.CLOSING
    return None if last else next_promise(playbook.clocks[incident.severity].update_every, inst.clock())


def _promised(call: Call, done: Change | Refusal) -> str:
    if isinstance(done, Refusal) or not done.incident.update_due_at:
        return "No further word is promised."
    return f"The next word is promised for {Words(call.inst, call.inst.clock()).clock(done.incident.update_due_at)}."


for one in (draft, edit, approve, publish, show):
    statement.add_command(one)
