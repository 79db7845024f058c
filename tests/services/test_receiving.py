"""What programs push: who sent it, once, and what became of each entry."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from database.tables import BrandMentionRow, MentionRow, ReceivedRow
from services.installation import Installation
from services.receiving import ANSWERS_KEPT, DeliveryBodyError, KeyReusedError, receive
from services.signing import SecretError, SignatureError, sign, verify
from settings.model import Inbound
from tests.installations import NOON, HandClock, installation

CALLS = Inbound(id="calls", secret=SecretStr("a long word"), about=("northwind",))
FEEDS = Inbound(id="feeds", secret=SecretStr("a long word"))
NOW = int(NOON.timestamp())


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def inst(tmp_path: Path, clock: HandClock, database_address: str) -> Installation:
    return installation(tmp_path, clock, database=SecretStr(database_address), inbound=(CALLS, FEEDS))


def push(inst: Installation, value: object, key: str = "k", sender: Inbound = CALLS) -> Mapping[str, object]:
    return receive(inst, sender, key, json.dumps(value).encode())


def how_many(inst: Installation, table: type = MentionRow) -> int:
    with inst.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar() or 0


def test_a_call_is_kept_under_its_sender_with_its_score(inst: Installation) -> None:
    call = {"id": "c-1", "text": "The desk is closed.", "rating": 2, "rating_scale": "csat", "author": "Ana"}
    assert push(inst, call) == {"received": 1, "new": 1, "known": 0, "unrelated": (), "refused": ()}
    with inst.database.reading() as connection:
        row = connection.execute(select(MentionRow.__table__)).one()
        brand = connection.execute(select(BrandMentionRow.__table__)).one()
    assert (row.key, row.source, row.rating, row.rating_scale) == ("calls:c-1", "calls", 2, "csat")
    assert (row.published_at, brand.brand, brand.reason, brand.evidence) == (NOON, "northwind", "source", "calls")


def test_good_entries_are_kept_and_the_others_listed_with_their_reasons(inst: Installation) -> None:
    answer = push(
        inst,
        [
            {"text": "Northwind Air is late"},
            {"text": "Somebody else"},
            {"title": ""},
            17,
            {"text": "Northwind Air is late"},
            {"text": "Late", "brand": "Northwind Air"},
            {"text": "Northwind Air", "published": "1/2/2026"},
            {"text": "Late", "brand": "nortwind"},
        ],
        sender=FEEDS,
    )
    assert (answer["received"], answer["new"], answer["known"], answer["unrelated"]) == (8, 2, 1, (1,))
    refused = json.loads(json.dumps(answer["refused"]))
    assert [one["index"] for one in refused] == [2, 3, 6, 7]
    assert [one["reason"][:23] for one in refused] == [
        "It has no text.",
        "It is not a JSON object",
        'The date "1/2/2026" can',
        "Its brand is none of th",
    ]


def test_a_sender_cannot_speak_for_another_source(inst: Installation) -> None:
    push(inst, {"text": "said", "id": "1", "key": "mastodon:1", "source": "forum", "dating": "future"})
    with inst.database.reading() as connection:
        row = connection.execute(select(MentionRow.__table__)).one()
    assert (row.key, row.source, row.dating) == ("calls:1", "calls", "missing")


def test_the_same_delivery_is_kept_once_and_answered_alike(inst: Installation, clock: HandClock) -> None:
    first = push(inst, {"text": "said"})
    clock.advance(hours=5)
    assert dict(push(inst, {"text": "said"})) == json.loads(json.dumps(first))
    assert how_many(inst) == 1
    assert push(inst, {"text": "other"}, sender=FEEDS)["received"] == 1


def test_a_key_that_comes_again_with_something_else_is_refused(inst: Installation) -> None:
    push(inst, {"text": "said"})
    with pytest.raises(KeyReusedError, match="Nothing of this one was kept"):
        push(inst, {"text": "something else"})
    assert how_many(inst) == 1


def test_of_the_same_delivery_many_times_at_once_one_is_kept_and_all_are_answered_alike(inst: Installation) -> None:
    start, answers = threading.Barrier(4), list[object]()

    def send() -> None:
        start.wait()
        answers.append(json.dumps(push(inst, [{"text": "said"}, {"text": "said again"}])))

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert how_many(inst) == 2


def test_answers_are_forgotten_once_nobody_sends_again(inst: Installation, clock: HandClock) -> None:
    push(inst, {"text": "said"}, "old")
    clock.now += ANSWERS_KEPT + timedelta(minutes=1)
    push(inst, {"text": "said"}, "new")
    assert how_many(inst, ReceivedRow) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "the list is empty"),
        (json.dumps([{}] * 1001).encode(), "1,001 mentions"),
    ],
    ids=["nothing", "half", "bytes", "deep", "empty", "many"],
)
def test_what_is_no_delivery_is_refused_whole_and_may_come_again(inst: Installation, body: bytes, says: str) -> None:
    with pytest.raises(DeliveryBodyError, match=says):
        receive(inst, CALLS, "k", body)
    assert push(inst, {"text": "said"})["new"] == 1


def test_hostile_texts_are_kept_as_data(inst: Installation) -> None:
    push(
        inst, {"text": "'; DROP TABLE mentions; -- \x00\ud800<script>", "author": "\x00", "url": "javascript:alert(1)"}
    )
    with inst.database.reading() as connection:
        row = connection.execute(select(MentionRow.__table__)).one()
    assert (row.text, row.author, row.url) == ("'; DROP TABLE mentions; -- <script>", None, None)


class TestSignatures:
    SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()

    def test_a_signature_is_that_of_the_specification(self) -> None:
        by_hand = hmac.new(b"0123456789abcdef0123456789abcdef", b'msg_1.1700000000.{"a":1}', hashlib.sha256).digest()
        assert sign(self.SECRET, "msg_1", 1700000000, b'{"a":1}') == "v1," + base64.b64encode(by_hand).decode()

    def test_a_secret_of_another_form_is_its_own_key(self) -> None:
        by_hand = hmac.new(b"pass word", b"m.1.", hashlib.sha256).digest()
        assert sign("pass word", "m", 1, b"") == "v1," + base64.b64encode(by_hand).decode()

    def test_one_right_signature_among_several_is_enough(self) -> None:
        right = sign(self.SECRET, "m", NOW, b"x")
        verify(self.SECRET, "m", str(NOW), f"v1a,AAAA v1,AAAA {right}", b"x", NOON)

    @pytest.mark.parametrize("seconds", [-300, 0, 300])
    def test_five_minutes_either_way_are_tolerated(self, seconds: int) -> None:
        at = NOW + seconds
        verify(self.SECRET, "m", str(at), sign(self.SECRET, "m", at, b"x"), b"x", NOON)

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"delivery_id": ""}, "webhook-id"),
            ({"delivery_id": "a b"}, "webhook-id"),
            ({"delivery_id": "x" * 256}, "webhook-id"),
            ({"delivery_id": "other"}, "webhook-signature"),
            ({"timestamp": ""}, "webhook-timestamp"),
            ({"timestamp": "12.5"}, "webhook-timestamp"),
            ({"timestamp": "\u0661"}, "webhook-timestamp"),
            ({"timestamp": str(NOW + 1)}, "webhook-signature"),
            ({"timestamp": str(NOW - 301)}, "5 minutes"),
            ({"timestamp": str(NOW + 301)}, "5 minutes"),
            ({"signatures": ""}, "webhook-signature"),
            ({"signatures": "v1,\u00e9"}, "webhook-signature"),
            ({"body": b"y"}, "webhook-signature"),
            ({"secret": "other"}, "webhook-signature"),
        ],
    )
    def test_anything_else_is_refused(self, changed: dict[str, str], says: str) -> None:
        values = {
            "secret": self.SECRET, "delivery_id": "m", "timestamp": str(NOW),
            "signatures": sign(self.SECRET, "m", NOW, b"x"), "body": b"x", **changed,
        }  # fmt: skip
        with pytest.raises(SignatureError, match=says):
            verify(now=NOON, **values)  # type: ignore[arg-type]  # a table of arguments

    @pytest.mark.parametrize("secret", ["whsec_&&", "whsec_\u00e9", "whsec_"])
    def test_a_secret_that_cannot_sign_is_a_mistake_of_the_settings(self, secret: str) -> None:
        with pytest.raises(SecretError, match="not Base64"):
            sign(secret, "m", 1, b"")
