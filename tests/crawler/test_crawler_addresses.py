"""The table of closed addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import is_public, may_connect

CLOSED = {
    "loopback": "127.0.0.1",
    "loopback, another one": "127.8.8.8",
    "unspecified": "0.0.0.0",  # noqa: S104
    "this network": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 172.16": "172.16.0.1",
    "private 172.31": "172.31.255.255",
    "private 192.168": "192.168.1.1",
    "carrier-grade NAT, low": "100.64.0.1",
    "carrier-grade NAT, high": "100.127.255.255",
    "cloud metadata": "169.254.169.254",
    "cloud host agent": "168.63.129.16",
    "protocol assignments": "192.0.0.192",
    "documentation": "192.0.2.1",
    "6to4 relay": "192.88.99.1",
    "benchmark": "198.19.255.255",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 loopback": "::1",
    "v6 unspecified": "::",
    "v6 link-local": "fe80::1",
    "v6 link-local with a zone": "fe80::1%eth0",
    "v6 unique local": "fd00:ec2::254",
    "v6 multicast": "ff02::1",
    "v6 site-local": "fec0::1",
    "v4-mapped loopback": "::ffff:127.0.0.1",
    "v4-mapped private, in hex": "::ffff:a00:1",
    "v4-compatible": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64 of a public address": "64:ff9b::808:808",
    "NAT64, local": "64:ff9b:1::1",
    "6to4 of loopback": "2002:7f00:1::",
    "Teredo": "2001:0:7f00:1::1",
    "v6 documentation": "2001:db8::1",
    "v6 documentation, new": "3fff::1",
    "v6 discard": "100::1",
    "a name": "localhost",
    "nothing": "",
    "decimal, which is no address before it is resolved": "2130706433",
}
OPEN = {
    "a resolver": "8.8.8.8",
    "just below private 172.16": "172.15.255.255",
    "just above carrier-grade NAT": "100.128.0.0",
    "just below multicast": "223.255.255.255",
    "v6": "2606:4700::1111",
    "v6 of a regional registry": "2400:cb00::1",
    "v4-mapped public": "::ffff:8.8.8.8",
}


@pytest.mark.parametrize("address", CLOSED.values(), ids=CLOSED.keys())
def test_is_closed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN.values(), ids=OPEN.keys())
def test_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("host", "address", "allowed", "may"),
    [
        pytest.param("baoquocte.vn", "8.8.8.8", (), True, id="a public address needs no permission"),
        pytest.param("127.0.0.1", "127.0.0.1", (), False, id="a literal without permission"),
        pytest.param("127.0.0.1", "127.0.0.1", ("127.0.0.1",), True, id="a literal with permission"),
        pytest.param("2130706433", "127.0.0.1", ("127.0.0.1",), False, id="the same address in another spelling"),
        pytest.param("evil.example", "127.0.0.1", ("127.0.0.1",), False, id="a name that resolves to an allowed literal"),
        pytest.param("News.Intranet.", "10.0.0.5", ("news.intranet",), True, id="case and a trailing dot do not matter"),
        pytest.param("::1", "::1", ("[::1]",), True, id="brackets do not matter"),
        pytest.param("old.news.intranet", "10.0.0.5", ("news.intranet",), False, id="a name below an allowed one"),
    ],
)
def test_may_connect(host: str, address: str, allowed: tuple[str, ...], may: bool) -> None:
    assert may_connect(host, address, allowed) is may


@given(st.text())
def test_no_text_raises(text: str) -> None:
    is_public(text)
