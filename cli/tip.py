"""``groundswell tip``: for the phone call that asks "are you aware of this?"."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cli.config import config_option
from cli.output import plain
from errors import GroundswellError
from playbooks.playbook import Severity
from services.installation import Installation, open_installation
from services.reporting import Declined, Taken, Told, take_report


class TipError(GroundswellError):
    """It was not taken; nothing was changed."""


@click.command(
    help="Report what somebody told you. It joins the open incident of its brand, or opens one: with an owner, a "
    "checklist, and mails that leave with the next round."
)
@click.argument("words")
@config_option
@click.option("--brand", default="", help="Id of the brand; needless where there is one, or the words name it.")
@click.option("--url", default="", help="Where it can be seen.")
@click.option(
    "--by", "said_by", default="", metavar="PERSON", help="Who said it: somebody of the settings, or any name."
)
@click.option("--severity", type=click.Choice(list(Severity), case_sensitive=False), help="How bad it is; else SEV3.")
@click.option("--incident", type=click.IntRange(min=1), help="Number of the open incident that it belongs to.")
@click.option("--new", "separate", is_flag=True, help="It is something else than what is open.")
def command(  # noqa: PLR0913  # each is an option
    words: str,
    config: Path,
    brand: str,
    url: str,
    said_by: str,
    severity: str | None,
    incident: int | None,
    *,
    separate: bool,
) -> None:
    """Take it and say what became of it; what is not taken is raised."""
    if incident and separate:
        raise click.UsageError("--incident and --new say the opposite of each other.")
    inst = open_installation(config, os.environ)
    with inst.database:
        person = person_called(inst, said_by)
        told = Told(
            words=words,
            brand=brand,
            said_by="" if person else said_by,
            url=url,
            taken_by=person or "",
            severity=Severity(severity) if severity else None,
            incident=incident,
            separate=separate,
        )
        taken = take_report(inst, told)
    if isinstance(taken, Declined):
        raise TipError("tip", taken.text, "Nothing was changed.")
    click.echo(plain(_sentence(inst, taken)))


def person_called(inst: Installation, name: str) -> str | None:
    """The id of the person of the settings with an id or name, None where there is none."""
    wanted = name.strip().casefold()
    return next((one.id for one in inst.settings.people if wanted in {one.id, one.name.casefold()}), None)


def _sentence(inst: Installation, taken: Taken) -> str:
    incident = taken.incident
    did = f"Incident {incident.id} is open" if taken.opened else f"It is added to incident {incident.id}"
    told = f" Mails to {', '.join(taken.told)} leave with the next round." if taken.told else ""
    address = f"{inst.settings.console.base_url}/incidents/{incident.id}"
    return f"{did} ({incident.severity}). {inst.name_of(incident.owner)} owns it.{told} {address}"
