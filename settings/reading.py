"""One pass over what was written: references replaced, sections checked against their models, problems collected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from settings import environment, shape, wording
from settings.document import Document, Entry
from settings.problems import Location, Problem, closest, name_of, shown

AnyModel = TypeVar("AnyModel", bound=BaseModel)

# Where a password is part of a longer text; every other secret is nothing but a reference.
_DATABASE: Location = ("database",)


class Reading:
    """Reads sections of one document and goes on after a problem, so that all are told at once.

    Attributes:
        folder: relative paths are taken from here.
        problems: what was found so far. One place is complained of once.
    """

    def __init__(self, document: Document, environ: Mapping[str, str], folder: Path) -> None:
        self.document = document
        self.folder = folder
        self.problems: list[Problem] = list(document.problems)
        self._environ = environ
        self._secret: set[Location] = set()

    def refuse(self, at: Location, problem: str, remedy: str, *, show: bool = True) -> None:
        """Note a problem, with the value that was written unless it is secret."""
        if self.refused(at):
            return
        written = self.document.at(at)
        value = shown(written) if isinstance(written, str) and show and at not in self._secret else ""
        self.problems.append(Problem(self.document.line(at), name_of(at), value, problem, remedy))

    def refused(self, at: Location) -> bool:
        """Whether a place has been complained of."""
        return any(problem.path == name_of(at) for problem in self.problems)

    def section(self, written: Mapping[str, Entry], fields: shape.Fields, at: Location = ()) -> dict[str, Any]:
        """The known keys of a section, with references replaced and sections within it read."""
        for key in written.keys() - fields.keys():
            self.refuse((*at, key), "is not a key that belongs here.", closest(key, fields), show=False)
        return {key: self._value(written[key], fields[key], (*at, key)) for key in written if key in fields}

    def build(self, model: type[AnyModel], values: Mapping[str, Any], at: Location = ()) -> AnyModel | None:
        """Validate a section; None where it does not hold, which is then among the problems."""
        try:
            return model.model_validate(values)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                self._refuse_detail(detail, at, model)
            return None

    def check_known(self, value: object, at: Location, noun: str, known: Collection[str]) -> None:
        """Refuse a name that nothing has."""
        if isinstance(value, str) and value not in known:
            self.refuse(at, f"is not the {noun}.", closest(value, known))

    def place(self, written: str | Path) -> Path:
        """An absolute path: a relative one is taken from the file's folder, ``~`` from the environment's HOME."""
        path = Path(written)
        home = self._environ.get("HOME")
        return Path(home, *path.parts[1:]) if home and path.parts[:1] == ("~",) else self.folder / path

    def _placed(self, options: BaseModel) -> BaseModel:
        return options.model_copy(update={key: self.place(value) for key, value in options if isinstance(value, Path)})

    def _refuse_detail(self, detail: ErrorDetails, at: Location, model: type[BaseModel]) -> None:
        location = (*at, *detail["loc"])
        if location == at and detail["type"] == "value_error" and self._complained_within(at):
            return  # how its keys fit together is judged once each of them is right
        problem, remedy = wording.describe(detail, shape.example(model, detail["loc"]))
        if detail["type"] != "missing":
            location = self._written(location)
        elif location in self.document.empty:
            problem, remedy = "is empty.", "Write a value after the colon."
        # A text where a section belongs may be anything, a password too.
        self.refuse(location, problem, remedy, show=detail["type"] not in {"model_type", "dict_type"})

    def _complained_within(self, at: Location) -> bool:
        return any(problem.path.startswith(f"{name_of(at)}.") for problem in self.problems)

    def _written(self, location: Location) -> Location:
        # Pydantic goes on with the names of types where several are possible.
        while location and self.document.at(location) is None:
            location = location[:-1]
        return location

    def _value(self, written: Entry, annotation: Any, at: Location) -> Any:
        if isinstance(written, str):
            return self._text(written, annotation, at)
        if isinstance(written, list):
            element = shape.element_of(annotation)
            return [self._value(entry, element, (*at, position)) for position, entry in enumerate(written)]
        model = shape.model_of(annotation)
        if model is None:
            self._refuse_empty(at)
            return {key: self._value(entry, Any, (*at, key)) for key, entry in written.items()}
        if model in shape.PLUGS:
            return self._plugged(written, model, at)
        return self.section(written, shape.fields_of(model), at)

    def _refuse_empty(self, table: Location) -> None:
        """A table holds what its author names, so a key without a value is no default but an oversight."""
        for location in self.document.empty:
            if location[:-1] == table:
                self.refuse(location, "is empty.", 'Write its value, or remove the line; an empty text is "".')

    def _plugged(self, written: Mapping[str, Entry], model: type[BaseModel], at: Location) -> dict[str, Any]:
        plug = shape.PLUGS[model]
        own = {key: kind for key, kind in shape.fields_of(model).items() if key != "options"}
        kind = written.get(plug.key)
        if not isinstance(kind, str) or kind not in plug.kinds():
            if kind is not None:
                known = f"Known: {', '.join(plug.kinds())}."
                self.refuse((*at, plug.key), f"is not a {plug.noun}.", known)
            # Without the kind nobody knows which further keys are right.
            return {**self.section({k: v for k, v in written.items() if k in own}, own, at), "options": plug.no_options}
        options = plug.options(kind)
        values = self.section(written, {**shape.fields_of(options), **own}, at)
        chosen = {key: value for key, value in values.items() if key not in own}
        built = self.build(options, chosen, at)
        values = {key: value for key, value in values.items() if key in own}
        return {**values, "options": self._placed(built) if built else plug.no_options}

    def _text(self, written: str, annotation: Any, at: Location) -> str:
        secret = shape.is_secret(annotation)
        if secret:
            self._secret.add(at)
        literal = secret and written and at != _DATABASE and not environment.is_reference(written)
        if literal or environment.holds_password(written):
            self._refuse_literal(at, part=not literal)
        expansion = environment.expand(written, self._environ)
        for name in expansion.unset:
            remedy = f"Set it before starting: export {name}=..."
            self.refuse(at, f"needs the environment variable {name}, which is not set.", remedy, show=False)
        if expansion.malformed:
            self.refuse(at, "holds a ${ that does not name a variable.", "Write ${NAME}, or $${ for the characters.")
        if secret and not expansion.text:
            self.refuse(at, "is empty.", "Give the environment variable a value, or remove this line.")
        return expansion.text

    def _refuse_literal(self, at: Location, *, part: bool) -> None:
        name = "_".join(str(key) for key in at if isinstance(key, str)).upper()
        if part:
            where = "user:${%s_PASSWORD}@host" % name  # noqa: UP031  # braces that stay
            self.refuse(
                at, "holds a password that is written out.", f"Write {where} and set that variable.", show=False
            )
        else:
            remedy = "Write ${%s} and set that variable." % name  # noqa: UP031  # braces that stay
            self.refuse(at, "is secret and must not stand in the file.", remedy)
