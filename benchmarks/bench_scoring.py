"""Texts scored per second beside the vaderSentiment package, and time against length.

They do the same texts in turns, a few hundred at a time, so that what else the machine does falls on all: the
package's own ``polarity_scores``, ours with packs off (the same scores), and ours as it runs: packs, a brand's own
terms, the language identified. Every text comes once, so that no memory of an answer helps; ratios are the median over
the turns, in time of the processor. Texts are made up here; ``--csv FILE`` measures on a file too.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentiment.language import identify
from sentiment.packs import built_in, load_pack
from sentiment.scorer import MOST_TOKENS, Scorer

Contestant = Callable[[Sequence[str]], object]

AT_ONCE = 250
PACKAGE, OFF, ON = "vaderSentiment", "ours, packs off", "ours, packs, brand, language"
LANGUAGE = "the language alone"
SIZES = (1_000, 10_000, 100_000)
# Beyond this nobody waits for the package.
MOST_SECONDS = 10.0

_OPENINGS = (
    "@northwindair you",
    "So my flight to Bergen",
    ".@northwindair the crew on NW417",
    "I can't believe the app",
    "Honestly the queue at gate B7",
    "hey @northwindair my bag",
    "ugh this airline",
    "Shoutout to the lounge staff, they",
    "RT @lena_h: the new seat map",
    "Why does the hotline",
)
_MIDDLES = (
    "was late again and nobody told us anything",
    "handled the delay really well, thank you",
    "still hasn't answered after 3 hours on hold",
    "is GREAT but the food was awful",
    "lost everything we had packed for the wedding",
    "moved us to row 21 without asking",
    "isn't the worst I have seen, not even close",
    "kept everyone calm while we waited for de-icing",
    "crashes each time I try to check in",
    "wants another 40 euros for a seat next to my kid",
    "leaves at nine from the other terminal",
)
_ENDINGS = (
    "!!!",
    "...",
    " #fail",
    " \N{FACE WITH STUCK-OUT TONGUE}",
    " \N{POUTING FACE}\N{POUTING FACE}",
    " :(",
    " https://pic.example/x8fk2",
    "?",
    ". Never again.",
    ". Please fix this",
    " #northwind #travel",
    ". Kudos to Ana at the desk!",
)


def posts(count: int, seed: int = 1) -> list[str]:
    """Posts that differ from one another, as people write of an airline."""
    dice = Random(seed)  # noqa: S311  the same texts every time
    return [
        f"{dice.choice(_OPENINGS)} {dice.choice(_MIDDLES)}{dice.choice(('. Also it ', ', and it ', ' but it '))}"
        f"{dice.choice(_MIDDLES)}{dice.choice(_ENDINGS)} {number}"
        for number in range(count)
    ]


def contestants() -> dict[str, Contestant]:
    package, off = SentimentIntensityAnalyzer(), Scorer()
    on = Scorer(("Northwind Air", "@northwindair"), [load_pack(name) for name in built_in()])
    return {
        PACKAGE: lambda texts: [package.polarity_scores(text)["compound"] for text in texts],
        OFF: lambda texts: off.score_batch(texts, ["en"] * len(texts)),
        ON: lambda texts: on.score_batch(texts, [identify(text) for text in texts]),
        # A word more before each, so that what it remembers of a text helps neither.
        LANGUAGE: lambda texts: [identify(f"re {text}") for text in texts],
    }


def seconds(rival: Contestant, texts: Sequence[str]) -> float:
    began = time.process_time()
    rival(texts)
    return time.process_time() - began


def turns(rivals: dict[str, Contestant], texts: Sequence[str]) -> Iterator[dict[str, float]]:
    """What a text took each of them, turn by turn; another begins each time."""
    order = list(rivals)
    for start in range(0, len(texts), AT_ONCE):
        order.append(order.pop(0))
        some = texts[start : start + AT_ONCE]
        yield {name: seconds(rivals[name], some) / len(some) for name in order}


def race(title: str, texts: Sequence[str], rivals: dict[str, Contestant]) -> None:
    for rival in rivals.values():
        rival(posts(50, seed=0))
    taken = list(turns(rivals, texts))
    print(f"{title}: {len(texts):,} texts, {sum(map(len, texts)) // len(texts)} characters on average")
    for name in rivals:
        each = median(turn[name] for turn in taken)
        ratio = median(turn[PACKAGE] / turn[name] for turn in taken)
        print(f"  {name:<30}{1 / each:10,.0f} texts/s{each * 1e6:8.1f} us each   ratio {ratio:5.2f}")


def lengths(rivals: dict[str, Contestant]) -> None:
    print(f"milliseconds for one text, of which ours reads {MOST_TOKENS:,} words")
    for title, text in (("emoji", "\N{POUTING FACE}"), ("good but bad", "good but bad "), ("prose", prose())):
        theirs = 0.0
        for size in SIZES:
            one = [(text * (size // len(text) + 1))[:size]]
            off, on = (1e3 * min(seconds(rivals[name], one) for _ in range(3)) for name in (OFF, ON))
            # The package's time grows with the square of the length.
            expected = theirs * 100
            theirs = expected if expected > MOST_SECONDS else seconds(rivals[PACKAGE], one)
            said = f"about {expected:,.0f} s, not run" if expected > MOST_SECONDS else f"{theirs * 1e3:8.1f}"
            print(f"  {title:<13}{size:>8,} characters   packs off {off:7.2f}   on {on:7.2f}   {PACKAGE} {said}")


def prose() -> str:
    return " ".join(posts(2_000, seed=2))


def main() -> None:
    parser = argparse.ArgumentParser(description="Texts scored per second beside the vaderSentiment package.")
    parser.add_argument("--quick", action="store_true", help="fewer texts")
    parser.add_argument("--csv", type=Path, help="a file to measure on too")
    parser.add_argument("--column", default="text", help="the column of it that holds the texts")
    wanted = parser.parse_args()
    rivals = contestants()
    race("made up", posts(1_500 if wanted.quick else 10_000), rivals)
    if wanted.csv:
        with wanted.csv.open(encoding="utf-8", newline="") as file:
            texts = [row[wanted.column] for row in csv.DictReader(file)]
        race(wanted.csv.name, texts[: 1_500 if wanted.quick else None], rivals)
    lengths(rivals)
    emoji = ["\N{POUTING FACE}" * 100_000]
    print(f"100,000 emoji: {seconds(rivals[ON], emoji):.3f} s")


if __name__ == "__main__":
    main()
