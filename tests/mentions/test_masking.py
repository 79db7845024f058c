from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mentions.masking import mask

HIDDEN = [
    # mail addresses
    ("Write to ana.reyes@example.com please", "Write to [mail address] please"),
    ("it is A_B+news@mail.example.co.uk.", "it is [mail address]."),
    ("mailto:jürgen@bücher.example", "mailto:[mail address]"),
    ("<ana@example.org>, (lee@example.org)", "<[mail address]>, ([mail address])"),
    (
        "ana@example.com-- thanks, lee@example.org- and a@x.example_",
        "[mail address]-- thanks, [mail address]- and [mail address]_",
    ),
    ("mail]ana@example.com", "mail][mail address]"),
    ("ana\uff20example.com", "[mail address]"),
    ("logo@2x.png-ana@example.com", "[mail address]"),
    # phones, as they are written abroad
    ("Ring me: +49 30 5550123", "Ring me: [phone number]"),
    ("+44 (0)20 7946 0018 until five", "[phone number] until five"),
    ("+44 20 7946 0018, gate 12", "[phone number], gate 12"),
    ("(+33) 6 39 98 00 12", "[phone number]"),
    ("0049 171 123 45 67", "[phone number]"),
    ("+1 (212) 555-0142 is mine", "[phone number] is mine"),
    ("+12125550142", "[phone number]"),
    ("tel:+34-612-345-678", "tel:[phone number]"),
    ("+91 98765 43210 or +55 11 91234-5678", "[phone number] or [phone number]"),
    ("+٤٩ ٣٠ ٥٥٥٠١٢٣", "[phone number]"),
    # phones, as they are written at home
    ("call (212) 555-0142 now", "call [phone number] now"),
    ("212.555.0142", "[phone number]"),
    ("1-800-555-0199 rings for ever", "[phone number] rings for ever"),
    ("(212-555-0142)", "([phone number])"),
    ("Flight 447, 212 555 0142", "Flight 447, [phone number]"),
    ("020 7946 0018 twice", "[phone number] twice"),
    ("(030) 555 01 23", "[phone number]"),
    ("0171/5550123", "[phone number]"),
    ("06 39 98 00 12", "[phone number]"),
    ("06.39.98.00.12", "[phone number]"),
    ("07700900123", "[phone number]"),
    ("my number is 5550142", "my number is [phone number]"),
    ("Tel. 5550142", "Tel. [phone number]"),
    ("llámame 612 345 678", "llámame [phone number]"),
    ("020 7946 0018 10 min ago", "[phone number] 10 min ago"),
    # cards: numbers that issuers publish for tests
    ("charged 4111 1111 1111 1111 twice", "charged [card number] twice"),
    ("4111111111111111", "[card number]"),
    ("5555-5555-5555-4444", "[card number]"),
    ("378282246310005 12/27", "[card number] 12/27"),
    ("3782 822463 10005", "[card number]"),
    ("card number 6011111111111117.", "card number [card number]."),
    ("card #4111111111111111, card4111111111111111", "card #[card number], card[card number]"),
    ("$4111111111111111", "$[card number]"),
    # accounts: examples of the IBAN registry
    ("DE89 3704 0044 0532 0130 00 bitte", "[account number] bitte"),
    ("gb29nwbk60161331926819", "[account number]"),
    ("IBAN: NO93 8601 1117 947!", "IBAN: [account number]!"),
    ("account number 12345678", "account number [account number]"),
    ("account number is: 12345678", "account number is: [account number]"),
    ("sort code 12-34-56, acct no. 87654321", "sort code [account number], acct no. [account number]"),
    ("Kontonummer: 1234567", "Kontonummer: [account number]"),
]
LEFT = [
    "order 1234567890 is late",
    "Order no. 212-555-0142 never came",
    "booking reference 020 7946 0018",
    "Bestellnummer 07700900123",
    "PNR 0123 456 789",
    "JD4111111111111111, postcard4111111111111111 and https://example.com/p#4111111111111111",
    "order #4005550142, ticket 220-1234567890",
    "order 113-1234567-1234567",
    "AB-212-555-0142",
    "part 555-0142-A and 555-0142",
    "4111 1111 1111 1112",  # its check digit is wrong
    "9111111111111115",  # no issuer begins so
    "DE88 3704 0044 0532 0130 00",  # its check digits are wrong
    "flight NW447 at 08:45 on 01.02.2026, 06-12-2026 or 2026-03-04 12:30",
    "12/06/2026 18:30",
    "call me on 04.03.2026",
    "departures 0830 1045 1200",
    "$212,555,014 or 1.234.567,89 EUR",
    "+20 000 000 people, +500 000 000 dollars, +12,500,000",
    "up +12% and +1 000 000 000 views",
    "won 3-2, 21-19, 21-17 and 10-8",
    "10 000 000 passengers in 2025 2026",
    "https://example.com/status/4111111111111111?id=2125550142",
    "https://example.com/p/212-555-0142",
    "gate 12 020 7946 0018",  # as likely the rest of something longer
    "10.0.0.1 and 192.168.100.200",
    "version 1.22.333.4444",
    "ISBN 978-3-16-148410-0",
    "@ana@social.example and @ana",
    "logo@2x.png",
    "3 seats @ 20.50 each, a@b",
    "1234567890123456789012345678901234567890",
    "my account is locked since 2026",
    "#2125550142",
    "53.480759, -2.242631",
    "",
]
# Pieces of what is hidden and of what is not, put together at random.
PIECES = (
    "212|555|0142|020|7946|0018|+49|+|00|(|)|-|.|/| |,|@|x.org|ana|DE89370400440532013000|4111111111111111|call |order "
    "|[|]|#|1|A|account number |30 5550123|(0)|phone |06 39 98 00 12|07700900123|\u00a0|\n|٣|a@x.org"
    "|_|card|$|is|:|\uff20|.png|="
)


@pytest.mark.parametrize(("text", "masked"), HIDDEN)
def test_personal_data_is_hidden(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", LEFT)
def test_what_only_looks_like_it_is_left(text: str) -> None:
    assert mask(text) == text


@given(st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join) | st.text())
@example("212-555-0142-(212) 555-0142")
@example("+1-212-555-0142...........................................................................a@x.org")
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


@given(st.text(st.characters(exclude_categories=["Nd"], exclude_characters="@\uff20\ufe6b")))
def test_a_text_without_digits_and_at_signs_never_changes(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(("text", "masked"), HIDDEN)
def test_what_stands_around_makes_no_difference(text: str, masked: str) -> None:
    assert mask(f"So!\n{text}\nThat is all.") == f"So!\n{masked}\nThat is all."
