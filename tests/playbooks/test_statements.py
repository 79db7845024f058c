"""Drafts of statements: what they are made of, what is left to fill in."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.facts import NAMES, Facts
from playbooks.library import available, load
from playbooks.playbook import Applies, Playbook, Severity, StatementKind, StatementTemplate
from playbooks.statements import blanks, is_filled_in, offered, render
from playbooks.wording import flaws

INJECTED = '{{ 7*7 }} {% for x in y %} {# no #} {{ "".__class__ }} <b>&amp;</b> %s {0} [time] \\'


def draft(text: str, facts: Facts | None = None) -> str:
    assert flaws(text) == ()
    return render(StatementTemplate("x", StatementKind.UPDATE, "X", text), facts or Facts())


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("We hear you.", Facts(), "We hear you."),
        ("{{ brand }} is sorry.", Facts(brand="Northwind"), "Northwind is sorry."),
        ('{{ help or "[where]" }}', Facts(), "[where]"),
        ('{{ help or "[where]" }}', Facts(help="the desk"), "the desk"),
        ('{{ help | default("[where]") }}', Facts(), "[where]"),
        ("{{ action | sentence }}", Facts(action="rebooking at NASA"), "Rebooking at NASA"),
        ('{{ "late" if cause else "soon" }}', Facts(), "soon"),
        (
            "{% if severity == 'SEV1' %}A{% elif severity in 'SEV2 SEV3' %}B{% else %}C{% endif %}",
            Facts(severity="SEV3"),
            "B",
        ),
        ("{% if not cause and brand %}x{% endif %}", Facts(brand="N"), "x"),
        ("a\n{% if cause %}\nbecause {{ cause }}\n{% endif %}\nb", Facts(), "a\nb"),
        ("a\n{% if cause %}\nbecause {{ cause }}\n{% endif %}\nb", Facts(cause="of it"), "a\nbecause of it\nb"),
        ("a   \n\n\n\n{{ brand }}\n\n\nb\n", Facts(), "a\n\nb"),
        ("{{ brand | upper }} {{ brand | lower }} {{ brand | trim }}", Facts(brand=" Ab "), "AB   ab  Ab"),
        ("a {# for whoever writes #}b", Facts(), "a b"),
    ],
)
def test_a_draft_holds_the_facts_that_are_known(text: str, facts: Facts, expected: str) -> None:
    assert draft(text, facts) == expected


def test_facts_are_data_whatever_they_hold() -> None:
    facts = Facts(**dict.fromkeys(NAMES, INJECTED))
    text = " | ".join(f"{{{{ {name} }}}}" for name in NAMES)
    assert draft(text, facts) == " | ".join([INJECTED] * len(NAMES))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1))
def test_any_fact_stands_in_the_draft_as_it_is(fact: str) -> None:
    assert draft("<{{ known }}>", Facts(known=fact)) == f"<{fact}>"


@pytest.mark.parametrize("name", [field.name for field in fields(Facts)])
def test_every_fact_can_be_used(name: str) -> None:
    assert draft(f"{{{{ {name} }}}}", Facts(**{name: "x"})) == "x"


def test_what_is_offered_is_meant_for_the_incident() -> None:
    def template(key: str, applies: Applies) -> StatementTemplate:
        return StatementTemplate(key, StatementKind.HOLDING, key, key, applies)

    playbook = load("communication-crisis")
    grave = template("grave", Applies(severities=(Severity.SEV1,)))
    leak = template("leak", Applies(categories=("data-breach",)))
    own = Playbook(
        id="own", version="", title="", summary="", clocks=playbook.clocks, steps=playbook.steps,
        statements=(grave, template("any", Applies()), leak),
    )  # fmt: skip
    assert [one.key for one in offered(own, Severity.SEV1, None, "")] == ["grave", "any"]
    assert [one.key for one in offered(own, Severity.SEV2, "data-breach", "")] == ["any", "leak"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We are [doing what right now].", ("doing what right now",)),
        ("[time] and [place]", ("time", "place")),
        ("[what we\n  do]", ("what we do",)),
        ("[2 hours]", ("2 hours",)),
        ("[ÜBER WEN]", ("ÜBER WEN",)),
        ("[誰に]", ("誰に",)),
        ("[name] (spokesperson)", ("name",)),
        ("[time](UTC)", ("time",)),
        ("We help you at [where people get", ("where people get",)),
        ("[what [exactly] we do]", ("exactly",)),
        ("see [1], [a], [^2], [*]", ()),
        ("they said [...] and [\u2026] and [sic]", ()),
        ("[our page](https://northwind.example/help) [call](tel:+4912345) [write](mailto:a@b.example)", ()),
        ("[our page][1]\n\n[1]: https://northwind.example/help", ()),
        ("[our page][help]\n\n[help]: https://northwind.example/help", ()),
        ("[ ] [] [x] a[0]", ()),
        ("no blank", ()),
    ],
)
def test_a_blank_is_a_word_in_square_brackets_that_is_no_link_and_no_footnote(
    text: str, expected: tuple[str, ...]
) -> None:
    assert blanks(text) == expected


@pytest.mark.parametrize("playbook_id", available())
def test_every_statement_that_comes_with_groundswell_leaves_blanks_until_all_is_known(playbook_id: str) -> None:
    for template in load(playbook_id).statements:
        assert blanks(render(template, Facts())), template.key
        known = render(template, Facts(**dict.fromkeys(NAMES, "known")))
        assert "known" in known, template.key
        assert "{" not in known, template.key


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("We rebook everybody. Next word at 14:30, here.", True),
        ("We rebook everybody.\nNext word at 15:05, here.", True),
        ("We [what we do]. Next word at 14:30, here.", True),
        ("We rebook everybody, and it was not our fault. Next word at 14:30, here.", True),  # in a blank anybody writes
        ("They rebook everybody. Next word at 14:30, here.", False),
        ("We rebook everybody. Next word at 14:30, there.", False),
        ("We rebook everybody. Next word at 14:30, here. It was not our fault.", False),
        ("We, here.", False),
        ("", False),
    ],
)
def test_a_draft_that_was_only_filled_in_is_told_from_one_that_says_something_else(text: str, same: bool) -> None:  # noqa: FBT001
    assert is_filled_in("We [what we do]. Next word at 14:30, here.", text) is same
    assert is_filled_in(text, text)
