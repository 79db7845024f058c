from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sentiment.features import terms, tone
from sentiment.learned import Card, Figures, ModelError
from sentiment.measures import Measures, measure
from sentiment.score import Label
from services.examples import Example, compare, label_by
from services.fitting import Texts, cross_validate, fit
from services.learning import LearningError, Verdict, interval, judge, learn
from services.model_file import read_model_file
from tests.conftest import ROOT
from tests.labelled import THEN, examples, labelled_texts

FIGURES = Figures(macro_f1=0.7, negative_recall=0.8, negative_precision=0.9)
CARD = Card(at=THEN, labels=(9, 8, 7), scorer="v", learned=FIGURES, vader=FIGURES, margin=0.05, spread=0.01)
HALF_RIGHT = measure([(Label.NEGATIVE, Label.NEGATIVE), (Label.NEUTRAL, Label.POSITIVE)])
ALL_WRONG = measure([(Label.NEGATIVE, Label.POSITIVE)] * 9)


def test_a_model_that_knows_the_teams_words_wins_and_its_card_tells_by_how_much() -> None:
    lesson = learn("acme.json", examples(labelled_texts(300)), THEN)
    card = lesson.model.card
    assert lesson.verdict is Verdict.WINS
    assert card.learned.macro_f1 > 0.95 > card.vader.macro_f1 > 0.5
    assert card.margin == pytest.approx(card.learned.macro_f1 - card.vader.macro_f1, abs=0.02)
    assert 0 < card.spread < card.margin
    assert (card.at, sum(card.labels), card.scorer) == (THEN, 300, "vader-3.3.2")
    fresh = compare(examples(labelled_texts(200, seed=1)).all, lesson.model)
    assert fresh.learned is not None
    assert fresh.learned.macro_f1 > 0.95 > fresh.vader.macro_f1


def test_the_same_labels_teach_the_same_model() -> None:
    known = examples(labelled_texts(220))
    assert learn("m", known, THEN).model.written() == learn("m", known, THEN).model.written()


def test_labels_that_follow_nothing_teach_nothing() -> None:
    """Labels drawn by lot: a model that seems to win was tried on what it had seen."""
    pairs, labels = labelled_texts(300), [label for _, label in labelled_texts(300, seed=1)]
    lesson = learn("m", examples([(text, label) for (text, _), label in zip(pairs, labels, strict=True)]), THEN)
    assert lesson.verdict is not Verdict.WINS
    assert lesson.model.card.learned.macro_f1 < 0.45


def test_what_is_told_again_and_again_is_no_proof() -> None:
    """One text by lot in each label, then copied: copies on both sides would be recognised and give full marks."""
    rng = random.Random(0)  # noqa: S311  # made-up texts
    words = [f"{one}{other}" for one in ("am", "bir", "ced") for other in ("ber", "ch", "ar", "elta", "ock")]
    base = [(" ".join(rng.sample(words, 9)), rng.choice(list(Label)[:3])) for _ in range(60)]
    copied = [(f"{text} {'!' * n}", label) for text, label in base for n in range(5)]
    assert learn("m", examples(copied), THEN).model.card.learned.macro_f1 < 0.55


@pytest.mark.parametrize(
    ("changed", "vader", "verdict"),
    [
        ({}, HALF_RIGHT, Verdict.WINS),
        ({"margin": 0.019}, HALF_RIGHT, Verdict.TOO_CLOSE),
        ({"margin": -0.2}, HALF_RIGHT, Verdict.TOO_CLOSE),
        ({"spread": 0.05}, HALF_RIGHT, Verdict.TOO_CLOSE),
        ({"learned": FIGURES.model_copy(update={"negative_recall": 0.77})}, HALF_RIGHT, Verdict.MISSES_ANGER),
        ({"learned": FIGURES.model_copy(update={"negative_recall": 0.79})}, HALF_RIGHT, Verdict.WINS),
        ({}, ALL_WRONG, Verdict.ONLY_MISTAKES),
    ],
)
def test_a_model_must_be_clearly_better_and_miss_no_more_anger(
    changed: dict[str, object], vader: Measures, verdict: Verdict
) -> None:
    assert judge(CARD.model_copy(update=changed), vader) is verdict


def test_corrections_of_mistakes_alone_prove_nothing() -> None:
    known = examples(labelled_texts(900))
    mistakes = tuple(one for one in known.all if one.vader is not one.label)
    kept = tuple(one for one in known.all if one.vader is one.label and one.label is Label.NEUTRAL)[:40]
    assert learn("m", replace(known, all=mistakes + kept), THEN).verdict is Verdict.ONLY_MISTAKES


def test_fewer_than_two_hundred_labels_are_refused_with_how_many_are_missing() -> None:
    unscored = [Example("hola", Label.NEGATIVE, None, Label.UNSCORED, "es")] * 50
    known = examples(labelled_texts(187))
    with pytest.raises(LearningError, match=r"187 labelled texts, and 200 are needed: 13 more\."):
        learn("m", replace(known, all=(*known.all, *unscored)), THEN)


def test_a_label_that_hardly_occurs_is_refused_by_name() -> None:
    rare = examples([*labelled_texts(250, labels=(Label.NEGATIVE, Label.NEUTRAL)), *labelled_texts(40)[:5]])
    with pytest.raises(LearningError, match=r"only \d positive texts; 10 of each label are needed"):
        learn("m", rare, THEN)


def test_texts_in_other_languages_are_left_out_and_counted() -> None:
    known = examples(labelled_texts(210))
    foreign = (
        Example("Todo fatal", Label.NEGATIVE, None, Label.UNSCORED, "es"),
        Example("Alles schlecht", Label.NEGATIVE, -0.5, Label.NEGATIVE, "de"),
    )
    lesson = learn("m", replace(known, all=(*known.all, *foreign)), THEN)
    assert (lesson.foreign, sum(lesson.model.card.labels)) == (2, 210)
    assert [label_by(lesson.model, one) for one in foreign] == [Label.UNSCORED, Label.NEGATIVE]


def test_folds_keep_stories_together_and_try_every_text_once_a_round() -> None:
    stories = [at // 4 for at in range(240)]
    known = examples(labelled_texts(240)).all
    texts = Texts([terms(one.text) for one in known], [(0, 0, 0, 0)] * 240, [one.label for one in known], stories)
    places = [set(tried) for tried, _ in cross_validate(texts, 5, 2)]
    assert [len(round_) for round_ in (set().union(*places[:5]), set().union(*places[5:]))] == [240, 240]
    assert sum(map(len, places)) == 480
    for tried in places:
        assert {stories[at] for at in tried}.isdisjoint(stories[at] for at in set(range(240)) - tried)


def test_the_interval_is_wider_than_one_that_takes_folds_for_independent() -> None:
    gaps = [0.10, 0.04, 0.07, 0.12, 0.02, 0.08, 0.06, 0.11, 0.03, 0.07]
    # By hand: variance 0.00113333 times (1/10 + 1/4), its root times 2.262.
    assert interval(gaps) == pytest.approx((0.07, 0.04505), abs=1e-4)


def test_no_word_is_kept_that_fewer_than_three_stories_hold() -> None:
    said = [["late", "jane roe"]] * 5 + [["late", "hold", "jane roe"]] + [["late", "hold"]] * 2
    texts = Texts(said, [tone(0, -1, 1)] * 8, [*list(Label)[:3], *[Label.NEGATIVE] * 5], [0] * 5 + [1, 2, 3])
    assert set(fit(texts).model("m", CARD, (-1, 1)).terms) == {"<account>", "<link>", "<number>", "late", "hold"}


def test_a_file_is_read_up_to_the_limit_and_errors_name_it(tmp_path: Path) -> None:
    model = learn("m", examples(labelled_texts(220)), THEN).model
    (tmp_path / "good.json").write_text(model.written(), encoding="utf-8")
    assert read_model_file(tmp_path / "good.json").terms == model.terms
    (tmp_path / "bad.json").write_bytes(b"\x80\x04K\x01.")
    for name, problem in (("bad.json", "is no model"), ("gone.json", "no such file"), ("", "is a directory")):
        with pytest.raises(ModelError, match=problem) as refused:
            read_model_file(tmp_path / name)
        assert refused.value.subject == str(tmp_path / name)


def test_without_the_extra_the_exact_command_is_told() -> None:
    """In a process of its own, in which scikit-learn cannot be imported."""
    script = (
        "import sys; sys.modules['sklearn'] = None\n"
        "from services.learning import learn; from tests.labelled import THEN, examples, labelled_texts\n"
        "try: learn('m', examples(labelled_texts(220)), THEN)\n"
        "except Exception as error: print(error)\n"
    )
    told = subprocess.check_output([sys.executable, "-c", script], text=True, cwd=ROOT)
    assert told == (
        "learn: scikit-learn is not installed (the extra groundswell[learn]). "
        f'Run {sys.executable} -m pip install "scikit-learn>=1.5,<2" and try again.\n'
    )
