# ruff: noqa: RUF001  every language in its own letters
from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.language import MOST_CHARACTERS, identify
from sentiment.score import Flag, Label
from sentiment.scorer import Scorer

NEUTRAL = {
    "es": (
        "El avión sale mañana a las ocho desde la puerta doce",
        "La reunión de accionistas se celebra en junio en Madrid",
        "Me han dicho que el paquete llega el viernes por la mañana",
        "El doctor dice que no hay cambios en el horario de la clínica",
        "La guerra de precios entre las dos cadenas sigue igual, no hay novedades",
        "Nueva tienda en el centro de Sevilla, abre el lunes por la tarde",
    ),
    "de": (
        "Die Filiale in Köln öffnet morgen um neun Uhr",
        "Der Vorstand stellt im Juni die Zahlen für das erste Quartal vor",
        "Wir fahren am Wochenende mit dem Bus an die Ostsee",
        "Gestern war die Messe gut besucht, die Bilder sind online",
        "Die Bahn war pünktlich und der Wagen war fast leer",
        "Im Stadtpark gibt es am Sonntag ein kostenloses Konzert",
    ),
    "fr": ("Le nouveau téléphone sera disponible à l'automne", "On part en Bretagne samedi avec les enfants"),
    "pt": ("A loja do centro abre amanhã às nove horas da manhã", "O trem para o Porto parte da linha quatro"),
    "nl": ("De winkel in Utrecht gaat morgen om negen uur open", "We gaan dit weekend met de bus naar het strand"),
    "it": ("Il negozio di Torino apre domani alle nove", "C'è un concerto gratuito domenica nel parco"),
    "pl": ("Sklep w Krakowie otwiera się jutro o dziewiątej", "W niedzielę w parku jest darmowy koncert"),
    "tr": ("Mağaza yarın sabah dokuzda açılıyor", "Çeyrek sonuçları perşembe sabahı açıklanacak"),
    "id": ("Saya naik kereta ke Surabaya besok pagi", "Laporan keuangan akan diumumkan hari kamis pagi"),
    "ru": ("Магазин в Казани открывается завтра в девять утра", "Отчёт выйдет в четверг"),
    "uk": ("Крамниця у Львові відчиняється завтра о дев'ятій",),
    "ar": ("يفتح المتجر غدا في الساعة التاسعة صباحا",),
    "fa": ("فروشگاه فردا ساعت نه صبح باز می‌شود",),
    "ja": ("店は明日の朝九時に開きます",),
    "zh": ("商店明天早上九点开门",),
    "ko": ("매장은 내일 아침 아홉 시에 문을 엽니다",),
}
ANGRY = {
    "es": ("q asco de app, otra vez caída y sin avisar a nadie", "QUE VERGÜENZA DE SERVICIO, NO VUELVO NUNCA MÁS"),
    "de": ("UNVERSCHÄMTHEIT! NIE WIEDER DIESE FIRMA!", "mein paket ist weg und der support antwortet nicht"),
    "fr": ("@acme vous m'avez facturé deux fois, remboursez moi", "UNE HONTE CE SERVICE CLIENT, PLUS JAMAIS"),
    "pt": ("vcs são uns ladrões, devolvam meu dinheiro", "nao aguento mais essa operadora, vou cancelar tudo"),
    "nl": ("SCHANDALIG, NOOIT MEER BIJ DIT BEDRIJF", "stelletje oplichters, ik zeg mijn abonnement op"),
    "it": ("VERGOGNA, MAI PIÙ CON QUESTA AZIENDA", "siete dei ladri, rivoglio i miei soldi"),
    "pl": ("SKANDAL, NIGDY WIĘCEJ TEJ FIRMY", "znowu nie działa ta wasza aplikacja, masakra"),
    "tr": ("BU NE REZALET, BİR DAHA ASLA", "uygulama yine çöktü, rezalet ya"),
    "id": ("KECEWA BANGET, TIDAK AKAN BELI LAGI", "min gimana nih pesanan gue belum sampai juga"),
    "ru": ("верните деньги, мошенники", "ПОЗОР", "Support the обман", "the app шок"),
    "ar": ("أنتظر منذ ثلاث ساعات ولا أحد يرد", "ايه القرف ده النت فاصل من امبارح ومحدش بيرد"),
    "ja": ("アプリがまた落ちた、最悪", "Acme Airlinesの対応が最悪"),
    "zh": ("我等了三个小时没有人接电话", "iPhone 充电器坏了"),
    "ko": ("세 시간째 기다리는데 아무도 전화를 안 받아요", "최악이다"),
}
INFORMAL = (
    "ur app sux fix it plz lol",
    "wtf acme my card got charged twice smh",
    "lmaooo they really cancelled it again",
    "bruh why is the wifi down againnn",
    "imma need a refund asap",
    "FLIGHT CANCELLED AGAIN, NO REBOOKING, NO HOTEL",
    "luv da new phone tho",
    "delayed, delayed, delayed, delayed",
    "Great crew, smooth landing in Denver",
    "lost luggage, zero updates",
    "why u always lyin to ur customers",
    "iight bet, cancel my sub den",
    "me and mi amigos stuck at LAX por 5 hrs thx",
    "Total fiasco. Adios, Acme!",
    "bon voyage to my luggage i guess",
    "Premier provider of missed connections!",
    "need to chat with an actual human ASAP!",
    "help im falling out of one of your planes",
    "Harbour Pier: « Angry guests » on duty?",
    "...please come to Denver St. Paul!",
    "Adios amigos, hello competitor",
    "contact via chat, Twitter DM or text",
    "roast duck (北京烤鸭) overrated plus overpriced, same as last year",
    "stuck in München at gate B, no news from Lufthansa",
    "you’re a joke and I’m done",
    "my café voucher doesn't work \N{ANGRY FACE}\N{ANGRY FACE}",
    "no service ¯\\_(ツ)_/¯ again and again",
    "this is what i think of you ಠ_ಠ",
    "best sushi 寿司 in this town and it was cold",
)


def pairs(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), [*pairs(NEUTRAL), *pairs(ANGRY)])
def test_the_language_of_posts_that_are_not_english(language: str, text: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "The flight was late and nobody told us why.",
        "I can't believe you charged me again",
        "TWO HOURS ON HOLD AND THEN YOU HUNG UP ON ME",
        "  \n we\x00 waited\tfor\nthe bus with our bags and they just drove on",
        "𝗜 𝗵𝗮𝘁𝗲 𝘁𝗵𝗶𝘀 𝗮𝗻𝗱 𝗜 𝘄𝗮𝗻𝘁 𝗺𝘆 𝗺𝗼𝗻𝗲𝘆 𝗯𝗮𝗰𝗸",
        "Baggage carousel seven delivers luggage from Denver shortly",
    ],
)
def test_english_is_told(text: str) -> None:
    assert identify(text) == "en"


@pytest.mark.parametrize("text", INFORMAL)
def test_informal_english_is_never_taken_for_foreign(text: str) -> None:
    assert identify(text) in {"en", None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "Danke!",
        "ok boss",
        "1,200.50 / 37 (2026-03-04) 18:00",
        "\N{FIRE}\N{FIRE}\N{FIRE} \N{ANGRY FACE}",
        "@acmeair @acme_help @JetztAberSchnell",
        "#NieWieder #UnverschaemteFirma #Sauerei",
        "https://example.de/die-neue-filiale-in-koeln-ist-offen www.beispiel-firma-in-deutschland.de",
        "&amp; &lt;&gt; &quot;&quot; &nbsp; &hellip; &hellip;",
        "xzqv jkwp bnrt mlkd ghjk qwzx",
        "die neue Filiale &nbsp; &nbsp; &nbsp; &nbsp; &nbsp;",
        " " * MOST_CHARACTERS + "The flight was late and nobody told us why",
        "ツ",
        "ಠ_ಠ",
    ],
)
def test_where_nothing_tells_the_language_there_is_no_answer(text: str) -> None:
    assert identify(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2 hrs 30 mins, 1 hr 45 mins, 3 hrs 10 mins",
        "4 hrs 20 mins 3 hrs 15 mins 2 hrs",
        "@acmeair 2 hrs 30 mins... 3 hrs 20 mins... 4 hrs 15 mins #acmeair",
        "2hrs 30 mins / 3 hrs 40 mins / 5 hrs 10 mins / 6 hrs",
        "15 lbs 20 lbs 30 lbs 45 lbs 50 lbs 60 lbs 70 lbs",
        "200 km 300 kms 400 km 500 kms 600 km 700 kms",
        "50 mbps 20 mbps 10 mbps 5 mbps 1 mbps",
    ],
)
def test_units_without_a_word_tell_no_language(text: str) -> None:
    assert identify(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le service est nul ce soir", "fr"),
        ("Le bus est en avance, est-ce normal", "fr"),
        ("Flug am Freitag gestrichen", "de"),
        ("Chaos am Flughafen heute", "de"),
    ],
)
def test_words_that_are_units_elsewhere_tell_their_language(text: str, language: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ПОЗОР", "ru"),
        ("αίσχος", "el"),
        ("בושה", "he"),
        ("แย่มาก", "th"),
        ("शर्मनाक", "hi"),
        ("სირცხვილი", "ka"),
        ("最悪だよ", "ja"),
        ("太差了", "zh"),
        ("최악이야", "ko"),
        ("ｻｲｱｸﾀﾞ", "ja"),
        ("عار عليكم", "ar"),
    ],
)
def test_a_script_tells_the_language_of_the_shortest_text(text: str, language: str) -> None:
    assert identify(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Acabo de ver The Walking Dead en la tele, luego pongo You",
        "Ich höre gerade The Sound of Silence und das ist mit dem Chor noch besser",
        "J'ai regardé How I Met Your Mother hier soir avec les enfants, pas mal",
        "今日 The Best of You を聴いています。とても懐かしい",
    ],
)
def test_english_titles_make_no_foreign_text_english(text: str) -> None:
    assert identify(text) != "en"


def test_links_handles_and_tags_are_not_read() -> None:
    text = "Die Filiale in Köln öffnet morgen um neun Uhr"
    around = f"@you_and_me {text} https://example.com/this-is-what-you-get-for-it #ThisIsWhatYouGet &amp; 24h"
    assert identify(around) == identify(text) == "de"


def test_only_the_beginning_is_read() -> None:
    german = "Die Filiale in Köln öffnet morgen um neun Uhr. " * 20
    assert len(german) > MOST_CHARACTERS
    assert identify(german + "and this is what you get from them " * 1_000) == "de"


@pytest.mark.parametrize(
    "text",
    [
        "\ud800" * 50,
        "die neue \udfff Filiale in \ud83d Köln öffnet morgen um neun Uhr",
        "\x00" * 1_000,
        "x" * 1_000_000,
        "\N{RIGHT-TO-LEFT OVERRIDE}abc \N{ZERO WIDTH JOINER}" * 50,
        "Z\u0351\u036b\u0343\u036aa\u0314\u0300l\u0321\u0353g\u0324o\u031e " * 50,
        "\ufdfa" * 500,
        "&" * 500,
        "@" * 500,
        "a." * 250,
        "\N{GRINNING FACE}" * 100_000,
        "__label__de " * 20,
    ],
    ids=range(12),
)
def test_hostile_strings_get_an_answer_too(text: str) -> None:
    assert is_answer(identify(text))


@given(
    st.text(st.characters(codec=None), max_size=80) | st.text(st.sampled_from("aé ñжの最\ud800@#&\n\x00"), max_size=80)
)
def test_any_string_gets_no_answer_or_a_subtag(text: str) -> None:
    assert is_answer(identify(text))


def is_answer(answer: str | None) -> bool:
    return answer is None or re.fullmatch(r"[a-z]{2,3}", answer) is not None


def test_threads_get_the_answers_that_one_gets() -> None:
    texts = [f"{text} {turn}" for turn in range(20) for _, text in [*pairs(NEUTRAL), *pairs(ANGRY)]]
    alone = [identify(text) for text in texts]
    texts = [text.replace(" ", "  ") for text in texts]
    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(identify, texts)) == alone


OFFLINE = """
import sys

def refuse(event, details):
    writes = event == "open" and isinstance(details[1], str) and set(details[1]) & set("wax+")
    if writes or event in {"socket.connect", "socket.getaddrinfo", "os.mkdir", "subprocess.Popen"}:
        print(event, details, file=sys.stderr)
        raise SystemExit(9)

sys.addaudithook(refuse)
from sentiment.language import identify
print(identify("Sklep w Krakowie otwiera jutro"))
"""


def test_nothing_is_fetched_and_nothing_written_not_even_at_home(tmp_path: Path) -> None:
    environment = os.environ | {
        "HOME": str(tmp_path / "missing"),
        "TMPDIR": "/dev/null",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    run = subprocess.run([sys.executable, "-c", OFFLINE], env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "pl\n"), run.stderr


@pytest.mark.parametrize("language", ["es", "de"])
def test_neutral_texts_in_other_languages_raise_no_negative_share(language: str) -> None:
    texts = NEUTRAL[language]
    scores = Scorer().score_batch(texts, [identify(text) for text in texts])
    assert {(score.label, score.flags, score.language) for score in scores} == {
        (Label.UNSCORED, (Flag.FOREIGN,), language)
    }
    unasked = Scorer().score_batch(texts, ["en"] * len(texts))
    assert Label.NEGATIVE in {score.label for score in unasked}, "the texts prove nothing"


def test_recorded_english_tweets_keep_their_scores(recorded: Path) -> None:
    with (recorded / "airline" / "tweets-dev.csv").open(encoding="utf-8", newline="") as file:
        answers = [identify(row["text"]) for row in csv.DictReader(file)]
    assert sum(answer == "en" for answer in answers) > 0.93 * len(answers)
    assert sum(answer not in {"en", None} for answer in answers) < 0.002 * len(answers)
