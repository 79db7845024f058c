"""Pages of the gallery in a browser."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.console.gallery.conftest import Door
from tests.console.gallery.pages import Shown

# A browser asks for a page by a form where that is how one comes there.
_SEND = """([address, fields]) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: address });
  for (const [name, value] of fields)
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}"""


def show(page: Page, shown: Shown, address: str, door: Door | None = None) -> None:
    """Go there as the person who looks at it; through the door where people have to sign in."""
    page.context.clear_cookies()
    path = shown.address.format(link=door.link) if door else shown.address
    if shown.person:
        name, value = ("groundswell_session", door.session) if door else ("groundswell_you", shown.person)
        page.context.add_cookies([{"name": name, "value": value, "url": address}])
    if shown.action is None:
        page.goto(address + path)
        return
    page.goto(f"{address}/{'sign-in' if door else 'tip'}")
    with page.expect_navigation():
        page.evaluate(_SEND, [shown.address, [list(field) for field in shown.action]])
