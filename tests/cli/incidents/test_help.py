from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cli.incidents.commands import command


def every(group: click.Group, path: str = "incidents") -> Iterator[tuple[str, click.Command]]:
    for name, one in group.commands.items():
        yield f"{path} {name}", one
        if isinstance(one, click.Group):
            yield from every(one, f"{path} {name}")


COMMANDS = dict(every(command))


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_explained_by_one_plain_sentence(path: str) -> None:
    told = COMMANDS[path].help or ""
    assert told[:1].isupper()
    assert told.endswith(".")
    assert told.count(".") == 1
    assert len(told.split()) <= 14


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_takes_json_and_the_settings_and_explains_its_options(path: str) -> None:
    one = COMMANDS[path]
    options = {name: option for option in one.params if isinstance(option, click.Option) for name in option.opts}
    assert isinstance(one, click.Group) or {"--json", "--config", "--as"} <= set(options)
    assert [name for name, option in options.items() if not (option.help or "").endswith(".")] == []
