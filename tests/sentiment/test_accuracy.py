"""How often the tone that is said is the tone that people read."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from sentiment.measures import TONES, Measures, measure
from sentiment.packs import Pack, load_pack
from sentiment.score import Label
from sentiment.scorer import Scorer

PACKS = tuple(load_pack(name) for name in ("general", "customer_service", "crisis"))

NEGATIVE = """
Never again, worst ever.
Still on hold. 50 minutes now.
Paid for next day delivery on Monday. Still no parcel on Thursday.
My flight was cancelled and I am stuck here until tomorrow
They took the money twice and won't give it back
Your app crashes whenever I try to pay, please fix it
So my card was declined at the till and your helpline hung up on me
Three engineers later and the broadband is down again
I want my money back
You lost my suitcase and nobody answers the phone
Thanks for nothing
Great job losing my bag
Would be nice if you picked up the phone
Good luck reaching a human there, nobody answers
The recall covers my car and no dealer has the part
They leaked my data and didn't even write to me
My son got food poisoning from your yoghurt
Boycott this shop until they apologise
Please help, I have been locked out for two days and nobody answers
I can't log in and neither can anyone in my office
Outage again, third time this month
Hidden fees, rude staff, dirty room
The soup was cold and the bread was stale
This is the third replacement that arrives broken
Staff could not have cared less
Half the order was missing and the rest was soggy
No response to four emails, unacceptable
Charged twice, and now they refuse a refund
I am fed up with this network
They are being sued, and rightly so
What a scam, stay away
👎🏽
Slow, buggy, and it drains my battery 😡
I asked for vegetarian and found ham 🤬
ffs answer the phone
Less than helpful, the lot of them
The clerk was anything but friendly
The room was far from clean
They couldnt care less
The man at the desk could not have been ruder
Not once did anyone offer to help
Not a single person picked up
Nobody seems to know where my parcel is
No one was polite to my mother
I am no longer happy with this bank
You no longer have my trust
Nothing but excuses since May
The meal was nothing short of awful
I cannot recommend this garage to anyone
I will never use them again
"""
NEUTRAL = """
Please help: how do I reset my PIN?
What time does the branch on Mill Road open?
Do you ship to Norway?
Can I change the name on a booking?
I sent you a message with my order number
The store opens at nine
Could someone share the link to the form please?
Is there a security update for the older model?
I'd like to add a passenger to my trip
Customer care number?
The company reports its figures on Thursday
My credit card expires in May, how do I update it?
I recall that you used to sell blue ones
Sold out until Friday, more on Saturday
How do I cancel my order?
What is your refund policy?
The bank is next to the library
We are open 24 hours
The ferry takes 40 minutes
We are open for an hour on Sunday
Thanks, what is the address?
No one was hurt
I no longer need the second seat
It takes less than a week
Does anyone else use it on a tablet?
"""
POSITIVE = """
No problems at all, in and out in ten minutes
Honestly not the worst breakfast I've had
Not bad at all, I'd come back
Can't wait for the new store to open
Thank you so much for the quick reply!
Kudos to Anna at the front desk
Your driver made my day
Delivered a day ahead of schedule, well packed
They replaced it without any trouble, great support
Never had an issue in ten years
Above and beyond, thank you
Got my refund within a day, impressed
You guys rock
❤️
👍🏿 sorted in five minutes
👏🏻👏🏻 great work
Spotless room and a lovely team
Five stars
We can't thank your crew enough
Cant thank you guys enough for last night
I can not recommend this hotel enough
Couldn't praise the staff highly enough
Nothing but praise for the two ladies at the till
Nothing short of amazing
Couldnt be happier with the new boiler
The nurses couldn't have been kinder
No fuss, got my refund the same day
The move went without a single hitch
Never once disappointed in six years
It does not disappoint
Not a single complaint about the kitchen
Not one delay all week
Not once have they let me down
Nobody was rude and it was over quickly
No one does it better
My train is no longer late
No longer a problem, thanks
I would never fly with anyone else
We'll never use anyone else
Didnt have to wait on hold, great
I never had to queue
Anything but boring
"""
CASES = [
    pytest.param(text, label, id=f"{label}: {text}")
    for label, texts in zip(TONES, (NEGATIVE, NEUTRAL, POSITIVE), strict=True)
    for text in texts.strip().splitlines()
]


@pytest.fixture(scope="module")
def tweets(recorded: Path) -> list[dict[str, str]]:
    with (recorded / "airline" / "tweets-dev.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(rows: Sequence[dict[str, str]], packs: Sequence[Pack]) -> Measures:
    """How well the tone of each row's text is said, its brand's name being neutral."""
    scorers = {brand: Scorer([brand], packs) for brand in {row["brand"] for row in rows}}
    return measure(
        (Label(row["label"]), scorers[row["brand"]].score_batch([row["text"]], ["en"])[0].label) for row in rows
    )


@pytest.mark.parametrize(("text", "label"), CASES)
def test_the_tone_is_the_one_a_reader_hears(text: str, label: Label) -> None:
    assert Scorer(packs=PACKS).score_batch([text], ["en"])[0].label is label


def test_complaints_are_found_and_little_else_is_called_one(tweets: list[dict[str, str]]) -> None:
    found = measured(tweets, PACKS)
    assert found.macro_f1 >= 0.68
    assert found.recall(Label.NEGATIVE) >= 0.80
    assert found.precision(Label.NEGATIVE) >= 0.86


@pytest.mark.parametrize("brand", ["United", "US Airways", "Virgin America"])
def test_each_brand_is_read_well_and_far_better_than_without_packs(tweets: list[dict[str, str]], brand: str) -> None:
    rows = [row for row in tweets if row["brand"] == brand]
    found, stock = measured(rows, PACKS), measured(rows, ())
    assert found.macro_f1 >= max(0.66, stock.macro_f1 + 0.1)
    assert found.recall(Label.NEGATIVE) >= max(0.78, stock.recall(Label.NEGATIVE) + 0.2)
