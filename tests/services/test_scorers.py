from __future__ import annotations

from pathlib import Path

import pytest

from sentiment.packs import PackError
from sentiment.score import Label
from services.scorers import scorers
from settings.understanding import Sentiment
from tests.installations import settings


def label(folder: Path, text: str, **sentiment: object) -> Label:
    made = settings(folder, sentiment=Sentiment.model_validate(sentiment))
    return scorers(made)["northwind"].score_batch([text], ["en"])[0].label


def test_complaints_are_read_with_the_packs_that_come_with_groundswell(tmp_path: Path) -> None:
    assert label(tmp_path, "They put me on hold for an hour") is Label.NEGATIVE
    assert label(tmp_path, "They put me on hold for an hour", packs=[]) is Label.NEUTRAL


def test_a_teams_own_pack_stands_beside_its_settings_and_outweighs_the_others(tmp_path: Path) -> None:
    (tmp_path / "ours.tsv").write_text("# language: en\non hold\t2.5\nzorbed\t-3\n", encoding="utf-8")
    packs = ["general", "customer_service", "ours.tsv"]
    assert label(tmp_path, "It is on hold", packs=packs) is Label.POSITIVE
    assert label(tmp_path, "Zorbed again", packs=packs) is Label.NEGATIVE


@pytest.mark.parametrize(("name", "content"), [("absent.tsv", None), ("torn.tsv", b"\xff\xfe\x00")])
def test_a_pack_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PackError, match=f'(?s)pack of words "{name}".*customer_service'):
        label(tmp_path, "", packs=[name])


def test_thresholds_decide_what_is_neutral(tmp_path: Path) -> None:
    assert label(tmp_path, "a bit late", packs=[]) is Label.NEUTRAL
    assert label(tmp_path, "The food was bad", packs=[]) is Label.NEGATIVE
    assert label(tmp_path, "The food was bad", packs=[], negative_from=-0.9) is Label.NEUTRAL
