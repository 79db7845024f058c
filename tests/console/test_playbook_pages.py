from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.app import create_app
from tests.console.seeding import open_incident
from tests.installations import HandClock, installation


@pytest.mark.parametrize("spoiled", [b"title: [", b"\x00\xff", b"", b"title: Own\nsteps: []\n"])
def test_every_page_stands_beside_a_spoiled_playbook_and_says_where_it_is_spoiled(
    tmp_path: Path, spoiled: bytes
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "communication-crisis.yaml").write_bytes(spoiled)
    inst = installation(tmp_path, HandClock(), playbook_folder=folder)
    with inst.database:
        number = open_incident(inst)
        client = TestClient(create_app(inst), base_url="http://127.0.0.1:8420")
        for path in ("/", "/incidents", f"/incidents/{number}", f"/incidents/{number}/playbook", "/signals", "/drills"):
            assert client.get(path).status_code == 200, path
        page = client.get("/playbooks").text
        assert client.get("/playbooks/communication-crisis").status_code == 200
    assert "<strong>communication-crisis.yaml</strong> cannot be used as a playbook." in page
    assert '<li class="words">line ' in page
    assert "The playbook of that name that comes with Groundswell is in force." in page
