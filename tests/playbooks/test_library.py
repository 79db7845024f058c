"""Reading playbook files: what is accepted, and how a wrong one is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.library import DEFAULT, PlaybookError, choose, for_wave, load, parse
from playbooks.playbook import (
    Applies,
    Cluster,
    Phase,
    Playbook,
    Severity,
    Spending,
    Stance,
    StatementKind,
)

HEAD = """\
title: Lost luggage
summary: What we do when bags go missing.
"""
CLOCKS = """\
clocks:
  SEV1: {acknowledge: 15m, first_public: 20m, update_every: 30m}
  SEV2: {acknowledge: 30m, first_public: 1h, update_every: 1h}
  SEV3: {acknowledge: 60m, first_public: 4h}
  SEV4: {acknowledge: 4h, first_public: 1d}
phases:
  - {key: look, title: Look, purpose: Know where the bags are.}
"""
COUNT = """\
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
"""
GOOD = (
    HEAD
    + CLOCKS
    + COUNT
    + """\
    due: {SEV1: 5m, SEV2: 10m, SEV3: 1h, SEV4: 1d}
  - key: tell
    phase: look
    title: Tell the owners
    why: They are waiting.
    how: Call each of them.
    role: service desk
    due: {SEV1: 20m, SEV2: 1h, SEV3: 4h, SEV4: 1d}
"""
)

COMPLETE = (
    HEAD
    + """\
categories: [service-failure]
kinds: [negative_wave]
"""
    + CLOCKS
    + """\
  - {key: tell, title: Tell, purpose: Tell those who wait.}
"""
    + COUNT
    + """\
    spending: {each: 20, total: 500}
    due: {SEV1: 5m, SEV2: 10m, SEV3: 1h, SEV4: 1d}
    evidence: The number of bags.
  - key: tell
    phase: tell
    title: Tell the owners
    why: They are waiting.
    how: Call each of them.
    role: service desk
    preapproved: [holding]
    after: count
    due: {SEV1: 20m, SEV2: 1h, SEV3: 4h, SEV4: 1d}
    approval: legal
    approval_at: [SEV1]
    only: {severity: [SEV1, SEV2], category: [service-failure], brand: [northwind]}
    statement: holding
statements:
  - key: holding
    kind: holding
    title: Holding statement
    only: {severity: [SEV1, SEV2, SEV3]}
    text: |
      We are looking for your bag.
      {% if help %}
      Ask here: {{ help }}.
      {% endif %}
stances:
  - cluster: accidental
    examples: a jammed belt
    advice: Say where the bags are.
    because: People want their bags.
"""
)


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


def test_every_setting_of_the_format_reaches_the_playbook() -> None:
    playbook = parse(COMPLETE, "lost-luggage.yaml")
    assert playbook.phases[0] == Phase("look", "Look", "Know where the bags are.")
    count, tell = playbook.steps
    assert (count.phase, count.evidence, count.spending) == ("look", "The number of bags.", Spending(20, 500))
    assert (tell.after, tell.statement, tell.preapproved) == ("count", "holding", ("holding",))
    assert [tell.approver(severity) for severity in Severity] == ["legal", "", "", ""]
    assert tell.applies == Applies((Severity.SEV1, Severity.SEV2), ("service-failure",), ("northwind",))
    (holding,) = playbook.statements
    assert (holding.key, holding.kind, holding.title) == ("holding", StatementKind.HOLDING, "Holding statement")
    assert holding.applies == Applies((Severity.SEV1, Severity.SEV2, Severity.SEV3))
    assert holding.text.startswith("We are looking for your bag.\n{% if help %}\n")
    assert playbook.stances == (
        Stance(Cluster.ACCIDENTAL, "a jammed belt", "Say where the bags are.", "People want their bags."),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    phase: look", "    phase: lok", 'line 15: step 1, phase is "lok"; name one of the phases: look, tell'),
        ("after: count", "after: tell", 'line 33: step 2, after is "tell"; name a step that comes earlier: count'),
        ("after: count", "after: coun", 'line 33: step 2, after is "coun"; name a step that comes earlier: count'),
        (
            "    evidence:",
            "    after: tell\n    evidence:",
            'line 25: step 1, after is "tell"; name a step that comes earlier: there is none, leave it out',
        ),
        (
            "statement: holding",
            "statement: hold",
            'line 38: step 2, statement is "hold"; name one of the statements: hol',
        ),
        (
            "[holding]",
            "[holding, sorry]",
            'line 32: step 2, preapproved 2 is "sorry"; name one of the statements: holding',
        ),
        (
            "    evidence:",
            "    only: {severity: [SEV1]}\n    evidence:",
            'line 34: step 2, after is "count"; count is only there for severity SEV1; give this step the same only',
        ),
        (
            "only: {severity: [SEV1, SEV2, SEV3]}",
            "only: {brand: [southwind]}",
            'step 2, statement is "holding"; holding is only there for brand southwind; give this step the same only',
        ),
        (
            "    only: {severity: [SEV1, SEV2], category: [service-failure], brand: [northwind]}\n",
            "",
            'line 37: step 2, statement is "holding"; holding is only there for severity SEV1, SEV2, SEV3; give',
        ),
        (
            "    phase: tell\n",
            "    phase: look\n",
            'line 12: phase 2, key is "tell"; give this phase a step, or remove it',
        ),
        (
            "{key: tell, title: Tell,",
            "{key: look, title: Tell,",
            'line 12: phase 2, key is "look"; write another key, line 11',
        ),
        (
            "severity: [SEV1, SEV2], cat",
            "severity: [SEV1, SEV5], cat",
            'severity 2 is "SEV5"; write SEV1, SEV2, SEV3 or SEV4',
        ),
        ("kind: holding", "kind: denial", 'line 41: statement 1, kind is "denial"; write holding, apology, correction'),
        (
            "cluster: accidental",
            "cluster: guilty",
            'line 50: stance 1, cluster is "guilty"; write victim, accidental or',
        ),
        ("each: 20,", "each: 2.5,", 'line 23: step 1, spending, each is "2.5"; write a whole number above zero'),
        ("each: 20,", "each: 600,", "line 23: step 1, spending is {"),
        ("    approval: legal\n", "", 'line 35: step 2, approval_at is ["SEV1"]; say with approval who must approve'),
        (
            "{severity: [SEV1, SEV2], category: [service-failure], brand: [northwind]}",
            "{}",
            "line 37: step 2, only is {}; name severity, category or brand here, or leave it out",
        ),
        ("first_public: 4h}", "first_public: 4h, update_every: 2h}", None),
        ("SEV3: {acknowledge: 60m", "SEV3: {acknowledge: 20m", "line 5: clocks is {"),
        ("update_every: 30m", "update_every: 2h", "give SEV1 no slower update_every than SEV2"),
        ("    text: |", "    text: >", None),
        (
            "{{ help }}",
            "{{ hlp }}",
            'line 47: statement 1, text is "Ask here: {{ hlp }}."; name one of the facts: brand',
        ),
    ],
)
def test_what_does_not_fit_together_is_named_at_its_line(old: str, new: str, expected: str | None) -> None:
    text = COMPLETE.replace(old, new, 1)
    assert text != COMPLETE
    if expected is None:
        parse(text, "x.yaml")
        return
    assert any(expected in fault for fault in faults(text)), faults(text)


def test_steps_stand_in_the_order_of_the_phases() -> None:
    first, second = (
        "{key: look, title: Look, purpose: Know where the bags are.}",
        "{key: tell, title: Tell, purpose: T.}",
    )
    text = COMPLETE.replace(f"  - {first}\n", "").replace("those who wait.}\n", f"those who wait.}}\n  - {first}\n")
    assert second not in text
    assert faults(text) == [
        'line 27: step 2, phase is "tell"; keep the steps of a phase together, in the order of the phases'
    ]


def test_every_severity_has_something_to_do() -> None:
    text = COMPLETE.replace("    evidence:", "    only: {severity: [SEV1, SEV2, SEV3]}\n    evidence:")
    (fault,) = faults(text)
    assert fault.startswith("line 25: step 1, only is {")
    assert fault.endswith("leave a step without only, or SEV4 may have nothing to do")


def test_what_does_not_fit_comes_at_once_with_what_has_the_wrong_shape() -> None:
    text = (
        COMPLETE.replace("after: count", "after: never")
        .replace("SEV1: 5m", "SEV1: soon")
        .replace("{{ help }}", "{{ x }}")
    )
    assert [line.split(" is ")[0] for line in faults(text)] == [
        "line 24: step 1, due, SEV1",
        "line 33: step 2, after",
        "line 47: statement 1, text",
    ]


def test_words_that_yaml_takes_for_other_things_stay_words() -> None:
    text = GOOD.replace("Lost luggage", "No").replace("Call each of them.", "2031-13-45").replace("count", "1e5")
    playbook = parse(text, "x.yaml")
    assert (playbook.title, playbook.steps[0].key, playbook.steps[1].how) == ("No", "1e5", "2031-13-45")


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
        ("title: Lost", "title: !!python/name:os.system Lost", "valid YAML here (tags are not read, remove it)"),
        ("title: Lost", "title: !!str Lost", "line 1: the text is"),
        ("Lost luggage", '"\\ud800"', 'line 1: title is "\\ud800"; remove what is half a character'),
        ("Lost luggage", '"a\\0b"', 'line 1: title is "a\\u0000b"; remove the character \\u0000'),
        ("Lost luggage", '"\\U00110000"', "line 1: a number is out of range"),
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


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (bytes(range(256)), "line 2: a character is the byte 0x80; save the file as text in UTF-8"),
        (GOOD.encode("utf-16"), "line 1: a character is the byte 0xff; save the file as text in UTF-8"),
        ("a: b\n" * 2_000_000, "line 1: the file is 10,000,000 characters long; write at most 200,000"),
        ("steps: [" + "{}," * 60_000, "line 1: the file is too long; write at most 5,000 keys and values"),
        ("- " * 5_000, "line 1: the file is nested too deeply; write fewer levels"),
        ("\n".join(" " * level + "a:" for level in range(600)), "line 20: the file is nested too deeply"),
        ("%YAML 1." + "9" * 5_000 + "\n---\na", "line 1: a number is out of range; write a smaller one"),
        ("? [a]\n: b\n", "line 1: the text is"),
        (f"{GOOD}---\n{GOOD}", "line 28: the text is"),
    ],
    ids=["binary", "utf-16", "huge", "many", "deep", "deep on many lines", "a number", "a key that is a list", "two"],
)
def test_a_file_of_any_other_kind_is_refused_with_its_line(content: str | bytes, expected: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        parse(content, "x.yaml")
    (fault,) = map(str, caught.value.faults)
    assert fault.startswith(expected)


def test_of_endless_mistakes_a_hundred_are_told() -> None:
    with pytest.raises(PlaybookError) as caught:
        parse("\n".join(f"k{index}: x" for index in range(2_000)), "x.yaml")
    assert len(caught.value.faults) == 100


@given(st.binary(max_size=200))
def test_any_bytes_are_a_playbook_or_a_playbook_error(content: bytes) -> None:
    with pytest.raises(PlaybookError):
        parse(content, "x.yaml")


@given(
    st.integers(0, len(COMPLETE)),
    st.integers(0, 40),
    st.text(max_size=12) | st.sampled_from(["{{", "&a ", "!!x ", "\t"]),
)
@settings(max_examples=300, deadline=None)
def test_a_playbook_with_a_slip_of_the_pen_is_a_playbook_or_a_playbook_error(at: int, cut: int, put: str) -> None:
    with suppress(PlaybookError):
        parse(COMPLETE[:at] + put + COMPLETE[at + cut :], "x.yaml")


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
