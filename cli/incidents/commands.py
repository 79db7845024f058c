"""``groundswell incidents``: the whole of the response for the person at a terminal, and for programs."""

from __future__ import annotations

import click

from cli.incidents import (
    checklist,
    listing,
    owners,
    playbook,
    proposals,
    remarks,
    review,
    showing,
    standing,
    statements,
)

_COMMANDS = (
    listing.list_incidents,
    showing.show,
    owners.ack,
    owners.handover,
    owners.accept,
    owners.decline,
    owners.takeover,
    standing.respond,
    standing.monitor,
    standing.resolve,
    standing.dismiss,
    standing.reopen,
    standing.merge,
    standing.severity,
    standing.category,
    checklist.step,
    checklist.task,
    checklist.task_done,
    remarks.note,
    remarks.correct,
    remarks.update,
    remarks.promise,
    statements.statement,
    proposals.proposals,
    proposals.do,
    proposals.not_now,
    owners.follow,
    owners.unfollow,
    playbook.playbook,
    review.review,
    review.review_write,
    review.review_finish,
    review.team_figures,
)


class _InOrder(click.Group):
    """Commands in the order in which a crisis needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Names as they were added."""
        return list(self.commands)


@click.group(cls=_InOrder, help="See the incidents and act on them: who has one, what is next, what is said.")
def command() -> None:
    """The commands below do the work."""


for one in _COMMANDS:
    command.add_command(one)
