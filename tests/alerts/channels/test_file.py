from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from alerts.channels.file import Options, connect, withdraw
from alerts.contract import DeliveryError, Letter

Write = Callable[..., Letter]
LATER = datetime(2026, 5, 12, 13, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]


def deliver(folder: Path, letter: Letter) -> list[Path]:
    with connect(Options(folder=folder)) as carrier:
        carrier.deliver(letter)
    return sorted(folder.iterdir())


def test_a_letter_becomes_a_file_that_mail_programs_read(tmp_path: Path, write: Write) -> None:
    letter = write()
    (path,) = deliver(tmp_path / "new" / "mail", letter)
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert path.name.startswith("20260512T120500Z-")
    assert path.suffix == ".eml"
    assert message["Subject"] == letter.subject
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_letter_delivered_again_replaces_its_own_file_and_no_other(tmp_path: Path, write: Write) -> None:
    deliver(tmp_path, write())
    deliver(tmp_path, write({"message_id": "<two@example.com>"}))
    paths = deliver(tmp_path, replace(write(), subject="said better", written_at=LATER))
    assert len(paths) == 2
    assert sum(b"said better" in path.read_bytes() for path in paths) == 1


def test_a_message_id_never_becomes_a_path(tmp_path: Path, write: Write) -> None:
    folder = tmp_path / "mail"
    deliver(folder, write({"message_id": "<../../x@example.com>"}))
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_a_file_in_place_of_the_folder_is_named_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("x")
    with (
        pytest.raises(DeliveryError, match=r"Mail folder .*mail.*may write to") as caught,
        connect(Options(folder=tmp_path / "mail")),
    ):
        pass
    assert not caught.value.permanent


def test_a_folder_that_vanishes_is_a_failure_to_try_again(tmp_path: Path, write: Write) -> None:
    with connect(Options(folder=tmp_path / "mail")) as carrier:
        (tmp_path / "mail").rmdir()
        with pytest.raises(DeliveryError, match="kept in the outbox") as caught:
            carrier.deliver(write())
    assert not caught.value.permanent


CHILD = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from alerts.channels.file import Options, connect, withdraw
from alerts.contract import DeliveryError, Letter

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write then fails with EFBIG instead of ending the process
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
letter = Letter("<a@b.example>", "<a@b.example>", "s@b.example", "r@b.example", "s", "x" * 100_000, "h", (),
                datetime(2026, 5, 12, tzinfo=UTC))
with connect(Options(folder=Path(sys.argv[1]))) as carrier:
    try:
        carrier.deliver(letter)
    except DeliveryError as error:
        print(error.permanent, error)
"""


def test_a_disk_without_space_leaves_no_half_letter_behind(tmp_path: Path) -> None:
    """The size a file may have is limited in a child process: the write fails in the middle, as on a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "False" in done.stdout
    assert "has no space left" in done.stdout
    assert "free some space" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_letters_are_withdrawn_by_their_message_ids(tmp_path: Path, write: Write) -> None:
    one, other = write(), replace(write(), message_id="<other@example.com>")
    deliver(tmp_path, one)
    assert len(deliver(tmp_path, other)) == 2
    assert withdraw(Options(folder=tmp_path), [one.message_id, "<unknown@example.com>"]) == 1
    (left,) = tmp_path.iterdir()
    assert other.message_id.encode() in left.read_bytes()
    assert withdraw(Options(folder=tmp_path / "missing"), [one.message_id]) == 0
