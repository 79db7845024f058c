"""What attackers write is inert on every page, in every file and in every mail.

The browsers here set the content security policy aside: what is tried is what the pages themselves let through.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from console.app import create_app
from services.delivery import deliver
from services.installation import Installation
from tests.console.conftest import Servers
from tests.console.gallery.hostile import strike
from tests.console.gallery.pages import PAGES, TROUBLES, Shown
from tests.console.gallery.rich_team import rich_team
from tests.console.gallery.showing import show
from tests.console.gallery.test_every_page import WEIGHT
from tests.installations import HandClock


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = rich_team(tmp_path_factory.mktemp("struck"), HandClock())
    with made.database:
        strike(made)
        yield made


@pytest.fixture(scope="module")
def struck_address(struck: Installation) -> Iterator[str]:
    servers = Servers()
    yield servers.start(struck)
    servers.stop()


@pytest.fixture(scope="module")
def app(struck: Installation) -> TestClient:
    client = TestClient(create_app(struck), base_url="http://127.0.0.1:8420")
    client.cookies.set("groundswell_you", "dana")
    return client


WIDTHS = (390, 1280)


class Watched:
    """A page whose every misstep is written down."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.missteps: list[str] = []
        self._at = ""
        self._netloc = urlsplit(address).netloc
        self.page: Page = context.new_page()
        self.page.on("dialog", self._asked_by_dialog)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self._note(f"error {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def show(self, shown: Shown, address: str) -> None:
        self._at = shown.name
        show(self.page, shown, address)
        self.page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
        if self.page.evaluate("window.hit"):
            self._note("something ran")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 844})
            self.missteps.extend(f"{shown.name}: runs backwards: {text}" for text in self.page.evaluate(BACKWARDS))
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self._note(f"{wide} wide in {width}")

    def _asked_by_dialog(self, dialog: Dialog) -> None:
        self._note(f"dialog {dialog.message}")
        dialog.dismiss()

    def _heard(self, message: ConsoleMessage) -> None:
        # That an answer is a 4xx is told there, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._note(f"console {message.text}")

    def _asked(self, url: str) -> None:
        if not url.startswith("data:") and urlsplit(url).netloc != self._netloc:
            self._note(f"asked {url}")

    def _note(self, what: str) -> None:
        self.missteps.append(f"{self._at}: {what}")


# Words in Latin letters that stand before their own beginning: something near them turned them round.
BACKWARDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const word = node.data.match(/[A-Za-z]{3,}/);
    const strange = /[^\\x20-\\x7e\\s\\xb7\\u2010-\\u2027]/.test(node.data);
    if (!word || strange || node.parentElement.closest("textarea, option, svg")) continue;
    const range = document.createRange();
    const box = (at) => (range.setStart(node, at), range.setEnd(node, at + 1), range.getBoundingClientRect());
    const [first, last] = [box(word.index), box(word.index + 2)];
    if (first.width && first.top === last.top && last.left < first.left) found.push(node.data.trim().slice(0, 60));
  }
  return found;
}"""


@pytest.mark.browser
@pytest.mark.xdist_group("gallery")
class TestPages:
    def test_nothing_runs_leaves_or_breaks(self, browser: Browser, struck_address: str) -> None:
        context = browser.new_context(bypass_csp=True)
        watched = Watched(context, struck_address)
        for shown in PAGES + TROUBLES:
            watched.show(shown, struck_address)
        context.close()
        assert watched.missteps == []

    def test_what_runs_or_leaves_or_turns_round_would_be_noticed(self, browser: Browser, struck_address: str) -> None:
        context = browser.new_context(bypass_csp=True)
        context.add_init_script(
            "addEventListener('DOMContentLoaded', () => document.querySelector('footer').insertAdjacentHTML("
            "'beforebegin', '<p>\\u202eturned <b>round</b></p><img src=https://evil.example/a.png>'))"
        )
        watched = Watched(context, struck_address)
        context.route("https://evil.example/*", lambda route: route.abort())
        watched.show(PAGES[0], struck_address)
        context.close()
        told = " ".join(watched.missteps)
        assert "asked https://evil.example/a.png" in told
        assert "runs backwards: round" in told


@pytest.mark.parametrize("shown", PAGES, ids=lambda one: one.name)
def test_every_page_stays_light(app: TestClient, shown: Shown) -> None:
    assert len(app.get(shown.address).content) < WEIGHT


def test_the_table_holds_no_formula(app: TestClient) -> None:
    text = app.get("/mentions.csv").text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell[:40] for cell in cells if cell[:1] in {*"=+-@\t\r"} and not re.fullmatch(r"-[\d.]+", cell)] == []


@pytest.mark.parametrize("number", [1, 3, 5])
def test_the_report_is_inert(app: TestClient, number: int) -> None:
    tree = LexborHTMLParser(app.get(f"/incidents/{number}/review.html").text)
    assert unsafe(tree) == []


@pytest.mark.parametrize("number", [3, 5])
def test_the_report_as_markdown_becomes_inert_html(app: TestClient, number: int) -> None:
    text = app.get(f"/incidents/{number}/review.md").text
    assert "window.hit" in text
    assert unsafe(LexborHTMLParser(MarkdownIt("commonmark").render(text))) == []


@pytest.mark.parametrize("number", [3, 5])
def test_the_report_as_pdf_holds_no_script_and_no_foreign_file(app: TestClient, number: int) -> None:
    reader = PdfReader(io.BytesIO(app.get(f"/incidents/{number}/review.pdf").content))
    assert not {"/JavaScript", "/JS", "/OpenAction", "/EmbeddedFiles"} & set(reader.root_object.keys())
    text = "".join(page.extract_text() for page in reader.pages).replace("\u200b", "").replace("\n", "")
    assert "window.hit" in text
    assert "root:x:" not in text
    links = [note.get_object().get("/A", {}) for page in reader.pages for note in page.get("/Annots", [])]
    assert [link for link in links if not str(link.get("/URI", "https:")).startswith(("http:", "https:"))] == []


def test_mails_are_inert(struck: Installation) -> None:
    deliver(struck)
    mails = sorted((struck.settings.data_folder / "outbox").glob("*.eml"))
    assert len(mails) > 5
    for mail in mails:
        message = message_from_bytes(mail.read_bytes(), policy=policy.default)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                assert unsafe(LexborHTMLParser(part.get_content())) == []
        assert "\n" not in str(message["Subject"])


def unsafe(tree: LexborHTMLParser) -> list[str]:
    """What a browser or a mail reader would run, load or follow elsewhere."""
    found = [node.tag or "" for node in tree.css("script, iframe, object, embed, base, form, svg script, math, link")]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or (name in {"href", "src"} and address.startswith(("javascript:", "vbscript:"))):
                found.append(f"{node.tag} {name}={value}")
            if node.tag == "img" and name == "src" and not address.startswith(("data:image/", "cid:")):
                found.append(f"img {value}")
    return found
