"""The file that holds what a team's model learned."""

from __future__ import annotations

from pathlib import Path

from sentiment.learned import MOST_CHARACTERS, Learned, ModelError, read_model


def read_model_file(path: Path) -> Learned:
    """Read the model in a file.

    Raises:
        ModelError: the file cannot be read, or is no model.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(MOST_CHARACTERS + 1)
    except OSError as error:
        problem = f"cannot be read ({(error.strerror or 'unknown reason').lower()})."
        raise ModelError(str(path), problem, "Check its name and permissions.") from error
    return read_model(text, str(path))
