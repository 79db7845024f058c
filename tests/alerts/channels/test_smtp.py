from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr, ValidationError

from alerts.channels.smtp import Options, connect
from alerts.contract import DeliveryError, Letter

if TYPE_CHECKING:  # conftest is loaded by pytest, not imported
    from tests.alerts.channels.conftest import Certificate, MailServer, StartServer

Write = Callable[..., Letter]


def plain(server: MailServer, **fields: Any) -> Options:
    return Options(host="127.0.0.1", port=server.port, security="none", timeout=5, **fields)


def failure(options: Options, letter: Letter) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught, connect(options) as carrier:
        carrier.deliver(letter)
    assert f"127.0.0.1:{options.port}" in str(caught.value)
    return caught.value


def test_a_letter_arrives_whole(start: StartServer, write: Write) -> None:
    server, letter = start(), write({"recipient": "Dana Réyes <dana@example.com>"})
    with connect(plain(server)) as carrier:
        carrier.deliver(letter)
    (message,) = server.accepted
    assert message["Subject"] == letter.subject
    assert message["Message-ID"] == letter.message_id
    assert message["To"].addresses[0].addr_spec == "dana@example.com"
    body = message.get_body(("html",))
    assert body is not None
    assert "many people are complaining" in body.get_content().lower()


def test_several_letters_share_one_conversation(start: StartServer, write: Write) -> None:
    server = start()
    with connect(plain(server)) as carrier:
        for number in range(3):
            carrier.deliver(write({"message_id": f"<{number}@example.com>"}))
    assert [message["Message-ID"] for message in server.accepted] == [f"<{n}@example.com>" for n in range(3)]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("answers", "permanent", "said"),
    [
        ({"to_recipients": ["550 5.1.1 nobody here"]}, True, "nobody here"),
        ({"to_recipients": ["450 4.2.1 come back later"]}, False, "come back later"),
        ({"to_recipients": ["554 5.7.1 relay access denied"]}, False, "relay access denied"),
        ({"to_data": ["554 looks like spam"]}, True, "looks like spam"),
        ({"to_data": ["451 try again"]}, False, "try again"),
        ({"to_data": ["hang up"]}, False, "same Message-ID"),
    ],
)
def test_a_refusal_says_whether_trying_again_can_help(
    start: StartServer, write: Write, answers: dict[str, list[str]], *, permanent: bool, said: str
) -> None:
    server = start()
    for name, answer in answers.items():
        getattr(server, name).extend(answer)
    found = failure(plain(server), write())
    assert found.permanent is permanent
    assert said in str(found)
    assert server.accepted == []


@pytest.mark.parametrize("answer", ["hang up", "451 try again", "554 spam"])
def test_after_a_failure_the_next_letter_goes_out(start: StartServer, write: Write, answer: str) -> None:
    server = start()
    server.to_data.append(answer)
    with connect(plain(server)) as carrier:
        with pytest.raises(DeliveryError):
            carrier.deliver(write())
        carrier.deliver(write({"message_id": "<two@example.com>"}))
    assert [message["Message-ID"] for message in server.accepted] == ["<two@example.com>"]
    assert server.connections == (2 if answer == "hang up" else 1)


def test_a_server_that_takes_one_letter_a_conversation_gets_them_all(start: StartServer, write: Write) -> None:
    server = start()
    server.hang_up_after_each = True
    with connect(plain(server)) as carrier:
        for number in range(3):
            carrier.deliver(write({"message_id": f"<{number}@example.com>"}))
    assert len(server.accepted) == 3


def test_a_letter_that_cannot_be_sent_leaves_the_conversation_usable(start: StartServer, write: Write) -> None:
    server = start()
    with connect(plain(server)) as carrier:
        with pytest.raises(DeliveryError, match="recipient"):
            carrier.deliver(replace(write(), recipient="dana@example.com\r\nRCPT TO:<all@example.com>"))
        carrier.deliver(write())
    assert len(server.accepted) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_login_and_letter_travel_encrypted(
    start: StartServer, write: Write, certificate: Certificate, security: str
) -> None:
    server = start(security)
    options = login(server, security, ca_file=certificate.path)
    with connect(options) as carrier:
        carrier.deliver(write())
    assert len(server.accepted) == 1
    assert server.logins == [b"groundswell"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_certificate_is_not_trusted_and_the_password_stays_here(
    start: StartServer, write: Write, security: str
) -> None:
    server = start(security)
    found = failure(login(server, security), write())
    assert "certificate that is not trusted" in found.problem
    assert not found.permanent
    assert server.logins == []


def test_a_wrong_password_is_named_without_being_shown(
    start: StartServer, write: Write, certificate: Certificate
) -> None:
    server = start("starttls")
    found = failure(login(server, "starttls", ca_file=certificate.path, password=SecretStr("hunter2")), write())
    assert "user and password" in found.remedy
    assert not found.permanent
    assert "hunter2" not in str(found) + repr(found)


def test_a_server_without_starttls_is_left_before_anything_is_said(start: StartServer, write: Write) -> None:
    found = failure(login(start(), "starttls"), write())
    assert "STARTTLS" in found.problem


def test_tls_spoken_to_a_plain_server_names_the_setting(start: StartServer, write: Write) -> None:
    assert "security" in failure(login(start(), "tls"), write()).remedy


def test_nobody_listening_is_a_failure_to_try_again(write: Write) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    found = failure(Options(host="127.0.0.1", port=port, security="none"), write())
    assert "refused the connection" in found.problem
    assert not found.permanent


def test_a_server_that_says_nothing_is_given_up_after_the_timeout(write: Write) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        options = Options(host="127.0.0.1", port=silent.getsockname()[1], security="none", timeout=0.05)
        assert "did not answer in time" in failure(options, write()).problem


@pytest.mark.parametrize(
    "fields",
    [
        {"user": "a"},
        {"password": "b"},
        {"user": "a", "password": "b", "security": "none"},
        {"port": 0},
        {"host": ""},
        {"timeout": 0},
    ],
)
def test_settings_that_cannot_work_or_give_a_password_away_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({"host": "mail.example"} | fields)


def test_a_password_may_go_unencrypted_to_this_machine_only() -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        assert Options(host=host, security="none", user="a", password=SecretStr("b")).host == host


def login(server: MailServer, security: str, **fields: Any) -> Options:
    usual = {"user": "groundswell", "password": SecretStr("swordfish"), "timeout": 5}
    return Options.model_validate({"host": "127.0.0.1", "port": server.port, "security": security} | usual | fields)


def test_a_server_that_drips_a_byte_at_a_time_is_given_up_in_the_end() -> None:
    """No step of the conversation ever runs into its timeout."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        enough = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"220-")
                while not enough.wait(0.02):
                    connection.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            options = Options(host="127.0.0.1", port=listener.getsockname()[1], security="none", timeout=0.1)
            with pytest.raises(DeliveryError) as caught, connect(options):
                pass
        finally:
            enough.set()
            dripping.join()
    assert not caught.value.permanent
