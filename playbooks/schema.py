"""The format of a playbook file as a JSON Schema, with which editors complete and check while somebody writes.

It says what a file looks like. What its parts say of each other, and what statements hold, is checked when the file is
read (:func:`playbooks.library.parse`).
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from playbooks.playbook import Severity
from playbooks.playbook_file import PlaybookFile

# A place beside the document that names it: Groundswell has no address of its own.
NAME = "playbook.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Authors(GenerateJsonSchema):
    """Leaves out what only Python knows of: null for what is left out, names of classes and of fields as titles."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
        return False


def schema() -> dict[str, Any]:
    """The schema, ready to be written as JSON."""
    made = PlaybookFile.model_json_schema(schema_generator=_Authors)
    for part in made["$defs"].values():
        part.pop("title", None)
        if "enum" in part:
            part.pop("description", None)
    made["$defs"]["Severity"]["description"] = "; ".join(f"{one}: {one.meaning}" for one in Severity)
    body: dict[str, Any] = _plain(made)
    head = {"$schema": _DIALECT, "$id": NAME, "title": "Playbook"}
    return {**head, **{name: value for name, value in body.items() if name not in head}}


def written() -> str:
    """The schema as it is published in ``docs/playbook.schema.json``."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """Descriptions as plain text on one line."""
    if isinstance(value, dict):
        return {
            name: " ".join(inner.replace("``", "`").split())
            if name == "description" and isinstance(inner, str)
            else _plain(inner)
            for name, inner in value.items()
        }
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
