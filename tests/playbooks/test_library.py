"""Reading playbook files: what is accepted, and how a wrong one is refused."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.library import DEFAULT, PlaybookError, choose, for_wave, load, parse
from playbooks.playbook import Playbook, Severity

GOOD = """\
title: Lost luggage
summary: What we do when bags go missing.
clocks:
  SEV1: {acknowledge: 15m, first_public: 20m, update_every: 30m}
  SEV2: {acknowledge: 30m, first_public: 1h, update_every: 1h}
  SEV3: {acknowledge: 60m, first_public: 4h}
  SEV4: {acknowledge: 4h, first_public: 1d}
phases:
  - {key: look, title: Look, purpose: Know where the bags are.}
steps:
  - key: count
    phase: look
    title: Count the bags
    why: Nobody believes an estimate.
    how: |
      Ask the belt.
      Ask the desk.
    role: ground staff
    you_may: Open any cupboard.
    due: {SEV1: 5m, SEV2: 10m, SEV3: 1h, SEV4: 1d}
  - key: tell
    phase: look
    title: Tell the owners
    why: They are waiting.
    how: Call each of them.
    role: service desk
    due: {SEV1: 20m, SEV2: 1h, SEV3: 4h, SEV4: 1d}
"""


def faults(text: str) -> list[str]:
    with pytest.raises(PlaybookError) as caught:
        parse(text, "playbooks/lost-luggage.yaml")
    assert caught.value.subject == f"playbooks/lost-luggage.yaml:{caught.value.faults[0].line}"
    return [str(fault) for fault in caught.value.faults]


def test_a_file_becomes_a_playbook_named_after_it() -> None:
    playbook = parse(GOOD, "playbooks/lost-luggage.yaml")
    assert (playbook.id, playbook.title) == ("lost-luggage", "Lost luggage")
    assert playbook.clocks[Severity.SEV2].update_every == timedelta(hours=1)
    assert playbook.clocks[Severity.SEV3].update_every is None
    count, tell = playbook.steps
    assert count.how == "Ask the belt.\nAsk the desk."
    assert tell.you_may == ""
    assert list(count.due.values()) == [
        timedelta(minutes=5),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(days=1),
    ]


def test_words_that_yaml_takes_for_other_things_stay_words() -> None:
    text = GOOD.replace("Lost luggage", "No").replace("Call each of them.", "2031-13-45").replace("count", "1e5")
    playbook = parse(text, "x.yaml")
    assert (playbook.title, playbook.steps[0].key, playbook.steps[1].how) == ("No", "1e5", "2031-13-45")


def test_tags_construct_nothing() -> None:
    assert parse(GOOD.replace("Lost luggage", "!!python/name:os.system Lost"), "x.yaml").title == "Lost"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("SEV1: 5m", "SEV1: soon", 'line 20: step 1, due, SEV1 is "soon"; write a number of minutes, hours or days'),
        ("SEV1: 5m", "SEV1: 0m", 'line 20: step 1, due, SEV1 is "0m"; write a number of minutes, hours or days'),
        ("SEV1: 5m", "SEV1: 5", 'line 20: step 1, due, SEV1 is "5"; write a number of minutes, hours or days'),
        (
            "SEV1: 5m",
            "SEV1: \u0665m",
            'line 20: step 1, due, SEV1 is "\u0665m"; write a number of minutes, hours or days',
        ),
        ("SEV1: 5m, ", "", "line 20: step 1, due, SEV1 is missing; add it"),
        ("SEV1: 5m", "SEV1: 15m", 'line 20: step 1, due is {"SEV1": "15m"'),
        ("    why: They are waiting.\n", "", "line 21: step 2, why is missing; add it"),
        ("you_may: Open", "you_mai: Open", 'line 19: step 1, you_mai is "Open any cupboard."; remove it or correct'),
        ("role: ground staff", "role:", 'line 18: step 1, role is ""; write at least a word'),
        ("key: tell", "key: Tell all", 'line 21: step 2, key is "Tell all"; write small letters, digits and hyphens'),
        ("key: tell", "key: count", 'line 21: step 2, key is "count"; write another key, line 11 has this one'),
        ("title: Tell the owners", 'title: "a\\nb"', 'line 23: step 2, title is "a\\nb"; write it on one line'),
        ("why: They are waiting.", "why: [a, b]", 'line 24: step 2, why is ["a", "b"]; write text here'),
        ("summary:", "title: x\nsummary:", "line 2: title is written again; keep one of the two, line 1 has it too"),
        ("title: Lost luggage", "title: *t", 'line 1: the text is "title: *t"; write valid YAML here (aliases are not'),
        ("title: Lost luggage", "title: a: b", 'line 1: the text is "title: a: b"; write valid YAML here (mapping'),
        (
            "clocks:",
            "categories: [Lost bags]\nclocks:",
            'line 3: category 1 is "Lost bags"; write small letters, digits',
        ),
        ("clocks:", "categories: luggage\nclocks:", 'line 3: categories is "luggage"; write a list here'),
        ("clocks:", "kinds: [wave, 1st]\nclocks:", 'line 3: kind 2 is "1st"; write the name of a kind of signal'),
        ("bags", "\x07", 'line 2: a character is "\\u0007"; remove it'),
        ("title: Lost", '"\\e[2J\\x9b": x\ntitle: Lost', 'line 1: \\u001b[2J\\u009b is "x"; remove it'),
    ],
)
def test_a_mistake_is_named_with_its_line_its_value_and_what_would_be_right(old: str, new: str, expected: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    (fault,) = faults(text)
    assert expected in fault


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 'line 1: the file is ""; write a block of settings here'),
        ("- a\n- b\n", 'line 1: the file is ["a", "b"]; write a block of settings here'),
        ("[" * 5000, "line 1: the file is nested too deeply; write fewer levels"),
        ("title: [", "the text is"),
    ],
)
def test_what_is_no_playbook_at_all_is_refused_as_clearly(text: str, expected: str) -> None:
    (fault,) = faults(text)
    assert expected in fault


def test_all_mistakes_come_at_once_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("acknowledge: 15m", "acknowledge: fast").replace("key: tell", "key: ''")
    text = text.replace("title: Lost luggage\n", "") + "colour: red\nsummary: again\n"
    assert [line.split(";")[0] for line in faults(text)] == [
        "line 1: title is missing",
        'line 3: clocks, SEV1, acknowledge is "fast"',
        'line 20: step 2, key is ""',
        'line 27: colour is "red"',
        "line 28: summary is written again",
    ]


def test_long_values_are_shortened() -> None:
    (fault,) = faults(GOOD.replace("5m", "x" * 5000, 1))
    assert len(fault) < 200


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#?,%@ \n\t1\\", max_size=60))
def test_any_text_is_a_playbook_or_a_playbook_error(text: str) -> None:
    with pytest.raises(PlaybookError):
        parse(text, "x.yaml")


def test_an_unknown_playbook_is_refused_with_those_there_are() -> None:
    with pytest.raises(PlaybookError, match=r"Choose one of: .*communication-crisis"):
        load("../settings/model")


def made_for(playbook_id: str, keys: str) -> Playbook:
    return parse(GOOD.replace("clocks:", f"{keys}\nclocks:", 1), f"{playbook_id}.yaml")


GENERAL = parse(GOOD, f"{DEFAULT}.yaml")
LUGGAGE = made_for("luggage", "categories: [lost-bags, service-failure]")
VOICE = made_for("a-voice", "kinds: [loud_voice]")
RECALL = made_for("recall", "categories: [product-defect]\nkinds: [critical_words, loud_voice]")


@pytest.mark.parametrize(
    ("kind", "category", "playbook"),
    [
        ("negative_wave", "service-failure", LUGGAGE),
        ("negative_wave", "lost-bags", LUGGAGE),
        ("loud_voice", "lost-bags", LUGGAGE),
        ("negative_wave", "product-defect", RECALL),
        ("critical_words", "price", RECALL),
        ("critical_words", None, RECALL),
        ("loud_voice", None, VOICE),
        ("negative_wave", None, GENERAL),
        ("negative_wave", "price", GENERAL),
    ],
)
def test_the_category_picks_the_playbook_then_the_kind_then_there_is_one_for_all(
    kind: str, category: str | None, playbook: Playbook
) -> None:
    for order in permutations([GENERAL, LUGGAGE, VOICE, RECALL]):
        assert choose(order, kind, category).id == playbook.id


def test_of_two_playbooks_for_the_same_the_first_by_its_id_is_taken() -> None:
    other = made_for("bags", "categories: [lost-bags]")
    for order in permutations([GENERAL, LUGGAGE, other]):
        assert choose(order, "negative_wave", "lost-bags").id == "bags"


def test_what_a_wave_picks_comes_with_groundswell() -> None:
    assert for_wave("no_such_kind", None) is load(DEFAULT)


class TestVersion:
    def version(self, text: str) -> str:
        return parse(text, "x.yaml").version

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Lost luggage", "Lost bags"),
            ("clocks:", "kinds: [loud_voice]\nclocks:"),
            ("SEV4: 1d", "SEV4: 2d"),
            ("Ask the desk.", "Ask the desk!"),
        ],
    )
    def test_it_changes_with_the_content(self, old: str, new: str) -> None:
        assert self.version(GOOD.replace(old, new, 1)) != self.version(GOOD)

    @pytest.mark.parametrize(
        ("old", "new"),
        [("summary:", "# a remark\nsummary:"), ("title: Lost luggage", "title: 'Lost luggage'"), ("1h", "60m")],
    )
    def test_it_does_not_change_with_the_layout(self, old: str, new: str) -> None:
        assert self.version(GOOD.replace(old, new)) == self.version(GOOD)
