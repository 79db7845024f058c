"""What a model asks for at each place, as far as reading needs to know it before validating."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr

import alerts.contract
import sources.contract
from settings.model import Mail, Source
from settings.problems import Location

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plug:
    """A section whose remaining keys are the options of a kind found by name.

    Attributes:
        key: the key that names the kind.
        noun: what a kind of this is called.
        kinds: names of all kinds.
        options: the model of a kind's options.
        no_options: what stands in for options that could not be read.
    """

    key: str
    noun: str
    kinds: Callable[[], tuple[str, ...]]
    options: Callable[[str], type[BaseModel]]
    no_options: BaseModel


def _source_options(kind: str) -> type[BaseModel]:
    return sources.contract.load(kind).Options


def _channel_options(kind: str) -> type[BaseModel]:
    return alerts.contract.load(kind).Options


PLUGS: Mapping[type[BaseModel], Plug] = {
    Source: Plug("kind", "kind of source", sources.contract.kinds, _source_options, sources.contract.SourceOptions()),
    Mail: Plug("transport", "transport", alerts.contract.kinds, _channel_options, alerts.contract.ChannelOptions()),
}


def fields_of(model: type[BaseModel]) -> Fields:
    """The keys of a section, as they are written, and what each asks for."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model of a section, None where something else than a section is asked for."""
    found = (kind for kind in _alternatives(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel))
    return next(found, None)


def is_section(annotation: Any) -> bool:
    """Whether keys stand below this one: a model's, or whichever a table of texts holds."""
    return model_of(annotation) is not None or any(get_origin(kind) is dict for kind in _alternatives(annotation))


def element_of(annotation: Any) -> Any:
    """What a list's entries are to be; Any where no list is asked for."""
    for kind in _alternatives(annotation):
        if get_origin(kind) in {tuple, list, set, frozenset}:
            return get_args(kind)[0]
    return Any


def example(model: type[BaseModel], location: Location) -> str:
    """A right value for a key of a section, empty where its model gives none; secrets stand in variables."""
    field = model.model_fields.get(str(location[0])) if len(location) == 1 else None
    if field and is_secret(field.annotation):
        return f"${{{str(location[0]).upper()}}}"
    return str(field.examples[0]) if field and field.examples else ""


def is_secret(annotation: Any) -> bool:
    """Whether a value is a password or token."""
    return SecretStr in _alternatives(annotation)


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return tuple(kind for part in get_args(annotation) for kind in _alternatives(part))
    return (annotation,)
