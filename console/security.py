"""What every answer carries, and whom the console answers at all."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console import bodies, problem_details
from console.problem_details import Kind
from settings.model import Console, SignIn
from settings.rules import LOOPBACK

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send "Origin: null" with our own forms:
    # https://fetch.spec.whatwg.org/#append-a-request-origin-header
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Browsers then never try this address without encryption: RFC 6797.
HSTS = f"max-age={365 * 24 * 60 * 60}"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# What proxies add; none of them comes from a browser by itself: RFC 7239, section 5; RFC 9110, section 7.6.3.
_BY_PROXY = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
# Monitors ask a console behind a proxy directly; the answer tells nothing of anybody.
_MONITORED = "/healthz"


class Guard:
    """Refuses requests under a foreign name, on a way that the settings do not know, and changes by foreign pages.

    A console without sign-in trusts whoever reaches it on this machine, so what a proxy brings is refused there. A page
    from elsewhere reaches the console too, through the browser of somebody who may: by a name that it lets point to
    this machine (DNS rebinding), or by a form that posts here. What programs push is signed, which no foreign page can
    do; there the name alone is looked at.

    Args:
        console: says what it is called, and whether it is encrypted; this machine's own names are known.
    """

    def __init__(self, app: ASGIApp, console: Console) -> None:
        self._app = app
        self._address = console.base_url
        listening = f"//[{console.host}]" if ":" in console.host else f"//{console.host}"
        self._hosts = {*LOOPBACK, *filter(None, (urlsplit(one).hostname for one in (self._address, listening)))}
        self._open = console.sign_in is SignIn.NONE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", HSTS)
                    _seal(headers)
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._misled(scope, headers) or self._refusal(scope["method"], scope["path"], headers)
        refusal = refusal or _unread(scope["path"], headers)
        if scope["method"] == "HEAD":  # answered as GET; the server leaves the body away (RFC 9110, section 9.3.2)
            scope = {**scope, "method": "GET"}
        await (refusal or self._app)(scope, bodies.limited(receive), send_with_headers)

    def _misled(self, scope: Scope, headers: Headers) -> Response | None:
        """Refuse what came on a way that the settings do not know."""
        if self._open and any(name in headers for name in _BY_PROXY):
            told = "This console trusts whoever is at its machine, and this came through a proxy. Nothing was done.\n"
            remedy = "Whoever runs it sets sign_in, address and trusted_proxies under console in the settings.\n"
        elif self._address.startswith("https://") and scope["scheme"] != "https" and scope["path"] != _MONITORED:
            told = f"This console answers encrypted only. Open it at {self._address}.\n"
            remedy = "A proxy before it has to be named under console.trusted_proxies and send X-Forwarded-Proto.\n"
        else:
            return None
        if scope["path"].startswith(problem_details.PATH):
            return problem_details.problem(421, f"{told.strip()} {remedy.strip()}")
        return PlainTextResponse(told + remedy, status_code=421)

    def _refusal(self, method: str, path: str, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        program, signed = path.startswith(problem_details.PATH), path.startswith(problem_details.SIGNED)
        if _hostname(f"//{host}") not in self._hosts:
            told = "This console does not answer under that name. Open it as in console.address of the settings."
            return _refused(Kind.OTHER_NAME, told, program=program)
        if method not in _SAFE_METHODS and not signed and not _from_here(headers, host):
            told = "Refused: this was asked for by another site. Nothing was changed."
            return _refused(Kind.OTHER_SITE, told, program=program)
        return None


def _seal(headers: MutableHeaders) -> None:
    """Let no cookie of an encrypted answer travel in the clear, whoever set it."""
    kept = headers.getlist("set-cookie")
    if kept:
        del headers["set-cookie"]
    for cookie in kept:
        headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


def _unread(path: str, headers: Headers) -> Response | None:
    """Refuse what nobody should have to read; how long the body of a program may be, the API says itself."""
    program = path.startswith(problem_details.PATH)
    if bodies.is_too_long(headers) and not program:
        return PlainTextResponse("That is more than a form can hold. Nothing was changed.\n", status_code=413)
    if not bodies.is_legible(headers):
        told = "Forms are read in UTF-8 only. Nothing was changed."
        return _refused(Kind.NOT_JSON, told, program=program)
    return None


def _refused(kind: Kind, told: str, *, program: bool) -> Response:
    if program:
        return problem_details.told(kind, told)
    return PlainTextResponse(f"{told}\n", status_code=kind.told.status)


def _from_here(headers: Headers, host: str) -> bool:
    """Whether a change is asked for by our own page; programs that are no browsers send neither header.

    https://owasp.org/www-community/attacks/csrf, "Fetch metadata" and "Verifying origin".
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    return origin is None or _netloc(origin) == host.lower()


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _netloc(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in {"http", "https"} else None


def own_path(address: str) -> str:
    """A place on this console to go on to; anything else becomes the home page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in address
    # Browsers drop tabs and line breaks, and read two slashes at the start, or more, as another host.
    if not inside or address.startswith("//") or any(ord(character) <= ord(" ") for character in address):
        return "/"
    return address
