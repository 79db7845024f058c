"""Which addresses may be dialled."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.contract import SourceError
from sources.network.addresses import is_public
from sources.network.fetching import Client

if TYPE_CHECKING:
    from tests.sources.conftest import Site


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104  an address to refuse, not one to listen on
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
    ],
)
def test_private_addresses_in_any_disguise_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::1.1.1.1", "2002:101:101::"]
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_as_private_as_itself(address: ipaddress.IPv4Address) -> None:
    assert is_public(str(address)) >= is_public(f"::ffff:{address}")
    assert is_public(str(address)) == is_public(f"64:ff9b::{address}")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0x7f.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1:{port}/",
    ],
)
def test_no_spelling_of_a_private_address_is_dialled(url: str, site: Site) -> None:
    port = site.url.rpartition(":")[2]
    with (
        Client(user_agent="test") as http,
        pytest.raises(SourceError, match=r"private address.*internal: true") as caught,
    ):
        http.get(url.format(port=port))
    assert caught.value.permanent
    assert site.asked == []
