"""The cookie of whoever is signed in, the token of their forms, and what is known of their browser."""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request, Response

from access.sessions import ABSOLUTE
from console.clients import client_address
from console.context import console_of
from services.signing_in import Visitor

_NAME = "groundswell_session"
# In this order: browsers also name what they descend from.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "a Mac",
    "CrOS": "a Chromebook",
    "Linux": "Linux",
}


def token_of(request: Request) -> str:
    """The token of the browser's session, empty where it has none."""
    return request.cookies.get(_name(request), "")


def put(request: Request, response: Response, token: str) -> None:
    """Let the browser keep a session."""
    secure = is_secure(request)
    age = int(ABSOLUTE.total_seconds())
    response.set_cookie(_name(request), token, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


def drop(request: Request, response: Response) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax")


def form_token(token: str) -> str:
    """What forms of a session bring along; it tells nothing of the session's own token.

    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html, "HMAC".
    """
    return hmac.digest(token.encode(), b"form", hashlib.sha256).hex()


def visitor(request: Request) -> Visitor:
    """Where a request comes from."""
    return Visitor(client_address(request), _in_words(request.headers.get("user-agent", "")))


def _in_words(agent: str) -> str:
    browser = next((name for part, name in _BROWSERS.items() if part in agent), "A program")
    system = next((name for part, name in _SYSTEMS.items() if part in agent), "")
    return f"{browser} on {system}" if system else browser


def _name(request: Request) -> str:
    """Its name; browsers hold the prefix to Secure and Path=/ (RFC 6265bis, section 4.1.3.2)."""
    return f"__Host-{_NAME}" if is_secure(request) else _NAME


def is_secure(request: Request) -> bool:
    """Whether the console is opened by https, so that cookies need never travel otherwise."""
    return console_of(request).installation.settings.console.base_url.startswith("https://")
