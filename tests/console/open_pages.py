"""Pages of a console, each in a browser of its own with a person chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page


@contextmanager
def open_pages(browser: Browser, address: str, first: str) -> Iterator[Callable[..., Page]]:
    """Opens pages by path and person, ``first`` where no path is given; all are closed when the block ends."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = first, person: str = "dana", **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]  # Playwright's own names
        contexts.append(context)
        context.add_cookies([{"name": "groundswell_you", "value": person, "url": address}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
