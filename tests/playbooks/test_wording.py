"""What a statement must not hold: the known ways out of a Jinja sandbox, and whatever costs time or memory."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.facts import NAMES, Facts
from playbooks.library import PlaybookError, load, parse
from playbooks.playbook import StatementKind, StatementTemplate
from playbooks.statements import render
from playbooks.wording import FILTERS, environment, flaws
from tests.playbooks.test_library import COMPLETE

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ brand|attr('__class__') }}",
    '{{ brand|attr("\\x5f\\x5fclass\\x5f\\x5f") }}',
    "{{ self.__init__.__globals__.__builtins__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ cycler }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ lipsum() }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ dict(a=1) }}",
    "{{ request.application }}",
    "{{ request }}",
    "{{ config }}",
    "{{ config.items() }}",
    "{{ __builtins__ }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{ loop }}",
    "{{ loop.__class__ }}",
    "{{ environment }}",
    "{{ range(10**9) }}",
    "{{ range(999999999)|list }}",
    "{{ 'a'*10**9 }}",
    "{{ 9**9**9 }}",
    "{{ 1 + 1 }}",
    "{{ -1 }}",
    "{{ 1 // 0 }}",
    "{{ brand ~ brand }}",
    '{{ "%999999999d"|format(1) }}',
    '{{ "%s" % brand }}',
    '{{ "{0.__class__}".format(brand) }}',
    '{{ "{x.__class__}".format_map(brand) }}',
    "{{ brand.upper() }}",
    "{{ brand.upper }}",
    "{{ brand[0] }}",
    "{{ brand[:1] }}",
    "{{ [brand] }}",
    "{{ (brand, brand) }}",
    "{{ {'a': brand} }}",
    "{{ brand is defined }}",
    "{{ brand is callable }}",
    "{% if brand is mapping %}x{% endif %}",
    "{% if brand < cause %}x{% endif %}",
    "{% if 1 == 1 %}x{% endif %}",
    "{{ not brand }}",
    "{{ brand == cause }}",
    "{{ brand if cause }}",
    "{{ none }}",
    "{{ true }}",
    "{{ 3.5 }}",
    "{{ 1" + "0" * 5000 + " }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base' %}",
    "{% block a %}{% endblock %}",
    "{% for c in brand %}{{ c }}{% endfor %}",
    "{% for c in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "{% macro a() %}{% endmacro %}",
    "{% call a() %}{% endcall %}",
    "{% set a = brand %}",
    "{% set a %}x{% endset %}",
    "{% with a = brand %}{% endwith %}",
    "{% filter upper %}x{% endfilter %}",
    "{% autoescape false %}x{% endautoescape %}",
    "{% raw %}{{ brand }}{% endraw %}",
    "{% do brand %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% print brand %}",
    "{%- set a = brand -%}",
    "{{ brand|map('upper') }}",
    "{{ brand|pprint }}",
    "{{ brand|filesizeformat }}",
    "{{ brand|urlize }}",
    "{{ brand|safe }}",
    "{{ brand|escape }}",
    "{{ brand|replace('', 'aaaaaaaa') }}",
    "{{ brand|center(999999999) }}",
    "{{ brand|indent(999999999) }}",
    "{{ brand|wordwrap(1) }}",
    "{{ brand|tojson }}",
    "{{ brand|xmlattr }}",
    "{{ brand|join(brand) }}",
    "{{ brand|batch(1) }}",
    "{{ brand|random }}",
    "{{ brand|upper(1) }}",
    "{{ brand|default }}",
    "{{ brand|default('x', true) }}",
    "{{ brand|default(*cause) }}",
    "{{ brand|default(other='x') }}",
    "{{ brand|default(cause.x) }}",
    "{{ br\u200band }}",
    "{{ \uff42\uff52\uff41\uff4e\uff44 }}",
    "{{ \ufe4d\ufe4dclass\ufe4d\ufe4d }}",
    "{{ ''.\uff3f\uff3fclass\uff3f\uff3f }}",
    "{{ '\\ud800' }}",
    "{{ '\\x00' }}",
    "{{ '\\x1b[2J' }}",
    "{{ '\\N{SNOWMAN' }}",
    "{{ brand",
    "{% if brand %}",
    "{% endif %}",
    "{{ }}",
    "{# never closed",
    "{{ " + "(" * 4000 + "brand" + ")" * 4000 + " }}",
    "{{ " + "[" * 4000 + "]" * 4000 + " }}",
    "{% if " + "not " * 2400 + "brand %}{% endif %}",
    "{% if brand %}" * 300 + "{% endif %}" * 300,
    "{% if brand %}" + "{% elif cause %}x" * 500 + "{% endif %}",
    "{{ " + " or ".join(["brand"] * 800) + " }}",
    "{{ brand" + "|upper" * 1500 + " }}",
    "{{ " + "brand if cause else " * 400 + "brand }}",
    "x" * 1_000_000,
    "{{ brand }}" * 100_000,
]


@pytest.mark.parametrize("source", ESCAPES, ids=lambda source: source[:40])
def test_a_way_out_is_refused_with_its_line_when_the_playbook_is_read(source: str) -> None:
    text = COMPLETE.replace("      We are looking for your bag.", f"      We look for it.\n      {source}")
    with pytest.raises(PlaybookError) as caught:
        parse(text, "playbooks/own.yaml")
    faults = caught.value.faults
    if len(source) > 10_000:
        assert [fault.line for fault in faults] in ([1], [44])
    elif len(faults) == 1 and "simply" in faults[0].right:
        assert faults[0].line == 45
    else:
        assert faults
        assert all(46 <= fault.line <= 50 for fault in faults), faults
    assert caught.value.subject.startswith("playbooks/own.yaml:")


def test_the_line_is_that_of_the_fault_in_a_longer_statement() -> None:
    source = "Dear all,\n\n{{ brand }} says:\n{% if cause %}\n{{ cuase }}\n{% endif %}\n{{ brand.upper }}\n"
    assert [flaw.line for flaw in flaws(source)] == [5, 7]


def test_nothing_of_jinja_is_within_reach_but_the_filters() -> None:
    made = environment()
    assert (made.globals, made.tests, set(made.filters)) == ({}, {}, set(FILTERS))


def test_even_unchecked_nothing_gets_out_of_the_sandbox() -> None:
    template = environment().from_string("{{ brand.upper }}{{ ''.__class__ }}{{ cycler }}")
    assert "class" not in template.render(brand="x")


fragments = st.sampled_from([
    "{{", "}}", "{%", "%}", "{#", "#}", " if ", " elif ", " else ", " endif ", " or ", " and ", " not ", " in ", "==",
    "|", "upper", "default", "(", ")", '"', "'", ".", "[", "]", "-", "\n", "\\", "set", "for", "x", "1", *NAMES[:4],
])  # fmt: skip


@given(st.lists(fragments, max_size=30).map("".join) | st.text(string.printable, max_size=60))
@settings(max_examples=500, deadline=None)
def test_what_is_accepted_renders_whatever_the_facts(source: str) -> None:
    if flaws(source) == ():
        template = StatementTemplate("x", StatementKind.UPDATE, "X", source)
        for value in ("", "x", "{{ brand }}"):
            render(template, Facts(**dict.fromkeys(NAMES, value)))


def test_every_statement_that_comes_with_groundswell_is_without_flaws() -> None:
    assert [flaws(one.text) for one in load("communication-crisis").statements] == [()] * 6
