from __future__ import annotations

import inspect
import types

import pytest
from pydantic import ValidationError

from alerts.contract import ChannelOptions, kinds, load


def test_files_and_mail_servers_are_channels() -> None:
    assert {"file", "smtp"} <= set(kinds())


@pytest.mark.parametrize("kind", kinds())
class TestEveryChannel:
    def test_says_what_it_is(self, kind: str) -> None:
        module = load(kind)
        assert isinstance(module, types.ModuleType)
        assert module.__doc__
        assert module.Options.__doc__

    def test_has_options_that_refuse_what_they_do_not_know(self, kind: str) -> None:
        options = load(kind).Options
        assert issubclass(options, ChannelOptions)
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            options.model_validate({"surely_unknown": 1})

    def test_opens_with_its_own_options(self, kind: str) -> None:
        module = load(kind)
        (parameter,) = inspect.signature(module.connect, eval_str=True).parameters.values()
        assert parameter.annotation is module.Options
