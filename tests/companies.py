"""A company's sign-in for tests: a real provider on this machine, which can be made to say something else."""

from __future__ import annotations

import json
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests
from pydantic import SecretStr
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from settings.serving import Oidc

with warnings.catch_warnings():  # it imports what its own library calls old
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, app

DISCOVERY, TOKEN = "/.well-known/openid-configuration", "/oauth2/token"
CLIENT = "groundswell"
Said = Callable[[dict[str, Any]], object]


@dataclass
class Company:
    """A provider.

    Attributes:
        port: where it listens on this machine.
        says: by path, what is changed in an answer before it goes out.
        asked: the forms that its token endpoint was sent.
    """

    port: int = 0
    says: dict[str, Said] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def oidc(self, **changed: Any) -> Oidc:
        """The settings that belong to it."""
        known = {"issuer": self.issuer, "client_id": CLIENT, "client_secret": SecretStr("hush"), "name": "Northwind"}
        return Oidc.model_validate({**known, **changed})

    def signs_in(self, address: str, subject: str, **changed: str) -> Mapping[str, str]:
        """What a browser is sent back with; ``changed`` is what it asks for in place of what it was told."""
        parts = urlsplit(address)
        asked = parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **changed}))
        answer = requests.post(asked.geturl(), data={"sub": subject}, allow_redirects=False, timeout=20)
        return {name: value[0] for name, value in parse_qs(urlsplit(answer.headers["location"]).query).items()}


@contextmanager
def company(**people: Mapping[str, object]) -> Iterator[Company]:
    """A running provider that knows people with what it says of them, by subject."""
    made = Company()
    real = app(user_claims=[User(sub=subject, claims=dict(claims)) for subject, claims in people.items()])

    def answered(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        sent = request.get_data(cache=False)
        if request.path == TOKEN:
            made.asked.append(dict(parse_qsl(sent.decode())))
        said, status, headers = run_wsgi_app(real, {**environ, "wsgi.input": BytesIO(sent)})
        body = b"".join(said)
        if change := made.says.get(request.path):
            content = json.loads(body)
            change(content)
            body = json.dumps(content).encode()
        headers["content-length"] = str(len(body))
        return Response(body, status, headers)(environ, start)

    server = make_server("localhost", 0, answered, threaded=True)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
