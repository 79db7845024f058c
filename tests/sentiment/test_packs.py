from __future__ import annotations

import string
from contextlib import suppress
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.packs import STRONGEST, Pack, PackError, built_in, load_pack, read_pack
from sentiment.scorer import Scorer

LETTERS = st.text(string.ascii_lowercase + "éßñ" + string.digits, min_size=1, max_size=8)
TERMS = st.one_of(
    st.lists(LETTERS, min_size=1, max_size=4).map(" ".join), st.sampled_from(["can't wait", ":(", "a+", "👍", "💔"])
)
VALENCES = st.dictionaries(TERMS, st.floats(-STRONGEST, STRONGEST), min_size=1, max_size=20)


def written(pack: Pack, note: str = "") -> str:
    header = f"# pack: {pack.name}\n# version: {pack.version}\n# language: {pack.language}\n"
    return header + "".join(f"{term}\t{valence!r}{note}\n" for term, valence in pack.valences.items())


@given(VALENCES, st.sampled_from(["", "\t", "\tasked for more often than praised"]))
def test_what_is_written_is_what_is_read(valences: dict[str, float], note: str) -> None:
    pack = Pack("ours", "7", "de", valences)
    assert read_pack(written(pack, note), "any") == pack


@given(st.lists(st.one_of(st.text(max_size=8), st.floats().map(str), st.sampled_from("\t\t\n# 👍")), max_size=12))
def test_any_text_is_a_pack_within_range_or_a_pack_error(parts: list[str]) -> None:
    with suppress(PackError):
        pack = read_pack("".join(parts), "ours")
        assert all(term and -STRONGEST <= valence <= STRONGEST for term, valence in pack.valences.items())


def test_a_file_without_a_header_is_an_english_pack_named_after_it() -> None:
    pack = read_pack("late\t-1\n", "ours")
    assert (pack.name, pack.language, dict(pack.valences)) == ("ours", "en", {"late": -1.0})


def test_without_a_version_a_pack_that_changes_is_another_version() -> None:
    assert read_pack("late\t-1\n", "ours").version != read_pack("late\t-2\n", "ours").version


@pytest.mark.parametrize(
    ("line", "term"),
    [
        ("Never  Again\t-2", "never again"),
        ("can\u2019t reach\t-2", "can't reach"),
        ("👍🏿\t-2", "👍"),
        ("❤️\t-2", "❤"),
        (" late \t -2 ", "late"),
        ("late\t-2\r", "late"),
        ("\ufefflate\t-2", "late"),
        ("late\t-2\tweeks\u2028too", "late"),
        ("\n#\r\n# a remark\r\n\r\nlate\t-2", "late"),
    ],
)
def test_terms_are_read_as_texts_are_searched_for_them(line: str, term: str) -> None:
    assert dict(read_pack(line, "ours").valences) == {term: -2.0}


@pytest.mark.parametrize(
    ("text", "subject", "said"),
    [
        ("late\t-1\nlate -2", "ours:2", "has 1 of the columns"),
        ("late\t-1\tnote\tmore", "ours:1", "has 4 of the columns"),
        ("# version: 1\nlate\t-5", "ours:2", '"-5" is no number from -4 to 4'),
        ("late\tnan", "ours:1", "no number"),
        ("late\t-1,5", "ours:1", "with a point"),
        ("late\t", "ours:1", "no number"),
        ("Late\t-1\nlate\t-2", "ours:2", "twice"),
        ("👍🏿\t1\n👍\t1", "ours:2", "twice"),
        ("\t-1", "ours:1", "has no term"),
        ("\ufe0f\t-1", "ours:1", "has no term"),
        ("#fail\t-2", "ours:1", 'Write "fail"'),
        ("so late!\t-2", "ours:1", 'Write "late"'),
        ("# only a remark", "ours", "holds no words"),
        ("", "ours", "holds no words"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_what_to_write(text: str, subject: str, said: str) -> None:
    with pytest.raises(PackError) as caught:
        read_pack(text, "ours")
    assert caught.value.subject == subject
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["aviation", "../general", ""])
def test_a_pack_that_does_not_come_with_groundswell_is_answered_with_those_that_do(name: str) -> None:
    with pytest.raises(PackError, match="Choose from crisis, customer_service, general"):
        load_pack(name)


@pytest.mark.parametrize("name", built_in())
def test_the_files_that_come_with_groundswell_are_sorted_and_read_whole(name: str) -> None:
    text = (resources.files("sentiment") / "lexicons" / f"{name}.tsv").read_text(encoding="utf-8")
    terms = [line.split("\t")[0] for line in text.splitlines() if not line.startswith("# ")]
    pack = load_pack(name)
    assert terms == sorted(pack.valences)
    assert (pack.name, pack.language, pack.version.isdecimal()) == (name, "en", True)


@pytest.mark.parametrize("name", built_in())
def test_every_term_of_a_pack_is_found_as_it_stands_there(name: str) -> None:
    pack = load_pack(name)
    scorer = Scorer(packs=[pack])
    carried = {term: [one.valence for one in scorer.explain(term).carriers] for term in pack.valences}
    assert carried == {term: [valence] if valence else [] for term, valence in pack.valences.items()}


def test_packs_of_one_content_and_version_share_a_scorer() -> None:
    assert len({load_pack("general"), load_pack("general"), load_pack("crisis")}) == 2


@pytest.mark.parametrize(("written", "language"), [("en-GB", "en"), ("DE_de", "de"), ("es", "es")])
def test_of_a_language_its_primary_subtag_counts(written: str, language: str) -> None:
    assert read_pack(f"# language: {written}\nzorbed\t-2\n", "ours").language == language


def test_what_is_no_code_of_a_language_is_refused() -> None:
    with pytest.raises(PackError, match="english, please"):
        read_pack("# language: english, please\nzorbed\t-2\n", "ours")
