"""The table of closed addresses, and of addresses that are not asked whatever they resolve to."""

from __future__ import annotations

import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import is_local_name, is_public, may_connect, refusal

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


# ---------------------------------------------------------------- before anything is connected

NO_WEB = "neither http nor https"
USER = "names a user"
ODD = "character that no host has"
UNREAD = "no host that can be read"
SPELLED = "a number in a spelling of its own"
CLOSED_NET = "in a private network; allow_private_hosts does not name it"

REFUSED = {
    "a file": ("file:///etc/passwd", NO_WEB),
    "gopher": ("gopher://a.vn/", NO_WEB),
    "a script": ("javascript:alert(1)", NO_WEB),
    "no scheme": ("//a.vn/x", NO_WEB),
    "one slash": ("http:/a.vn/", NO_WEB),
    "nothing": ("", NO_WEB),
    "no host": ("http:///tin.html", UNREAD),
    "no host but a query": ("http://?q", UNREAD),
    "a port alone": ("http://:80/", UNREAD),
    "dots alone": ("http://.../", UNREAD),
    "an empty label": ("http://a..vn/", UNREAD),
    "a user": ("http://user@a.vn/", USER),
    "a user and a password": ("https://u:p@a.vn/", USER),
    "a user that looks like the host": ("https://baoquocte.vn@127.0.0.1/", USER),
    "a host that readers disagree about": ("http://in\\@out/", ODD),
    "a backslash for a slash": ("http://a.vn\\x/", ODD),
    "a blank": ("http://a .vn/", ODD),
    "a tab, which some readers drop": ("http://a\t.vn/", ODD),
    "a line feed": ("http://a.vn\n.b.vn/", ODD),
    "a NUL": ("http://a\0.vn/", ODD),
    "an escaped dot": ("http://127%2e0.0.1/", ODD),
    "an escaped NUL": ("http://a%00.vn/", ODD),
    "a soft hyphen": ("http://local\u00adhost/", ODD),
    "an override of direction": ("http://a\u202e.vn/", ODD),
    "a port that is none": ("http://a.vn:x/", UNREAD),
    "a port too high": ("http://a.vn:65536/", UNREAD),
    "port 0": ("http://a.vn:0/", UNREAD),
    "a broken IPv6 literal": ("http://[::1/", UNREAD),
    "IPv6 that is none": ("http://[::g]/", UNREAD),
    "IPv6 with a zone": ("http://[fe80::1%25eth0]/", UNREAD),
    "a label without an end": ("http://" + "a" * 64 + ".vn/", UNREAD),
    "a host without an end": ("http://" + "a." * 130 + "vn/", UNREAD),
    "loopback": ("http://127.0.0.1/", CLOSED_NET),
    "loopback with a dot": ("http://127.0.0.1./", CLOSED_NET),
    "loopback, IPv6": ("http://[::1]:8080/", CLOSED_NET),
    "mapped loopback": ("http://[::ffff:7f00:1]/", CLOSED_NET),
    "NAT64": ("http://[64:ff9b::7f00:1]/", CLOSED_NET),
    "6to4": ("http://[2002:7f00:1::]/", CLOSED_NET),
    "metadata of a cloud": ("http://169.254.169.254/latest/", CLOSED_NET),
    "decimal loopback": ("http://2130706433/", CLOSED_NET),
    "hex loopback": ("http://0x7F000001/", CLOSED_NET),
    "octal loopback": ("http://0177.0.0.1/", CLOSED_NET),
    "short loopback": ("http://127.1/", CLOSED_NET),
    "mixed loopback": ("http://0x7f.0.1/", CLOSED_NET),
    "loopback in full-width digits": ("http://１２７.0.0.1/", CLOSED_NET),
    "loopback with other dots": ("http://127。0。0。1/", CLOSED_NET),
    "a public address, decimal": ("http://134744072/", SPELLED),
    "a public address, octal": ("http://010.8.8.8/", SPELLED),
    "a public address, hex": ("http://0x08080808/", SPELLED),
    "a number that is no address": ("http://1.2.3.4.5/", UNREAD),
    "a number too large": ("http://256.1.1.1/", UNREAD),
    "hex without digits": ("http://0x/", UNREAD),
    "octal that is none": ("http://08.1.1.1/", UNREAD),
}
ASKED = {
    "a site": "https://baoquocte.vn/tin-123.html",
    "in capitals": "HTTPS://BAOQUOCTE.VN/",
    "with a port": "http://a.vn:8080/",
    "with an empty port": "http://a.vn:/",
    "with a trailing dot": "http://vovworld.vn./",
    "with an underscore": "http://a_b.vn/",
    "with a number in front": "http://24h.com.vn/",
    "with a number as a label": "http://1.2.3.vn/",
    "in Vietnamese": "http://báo-mới.vn/",
    "in Thai, with marks": "http://ที่นี่.ไทย/",
    "in punycode": "http://xn--bo-mia.vn/",
    "with @ and a backslash in the path": "http://a.vn/x@y\\z",
    "with @ in the query": "http://a.vn?x=a@b",
    "with blanks around": "  https://a.vn/ \n",
    "a public address": "http://8.8.8.8/",
    "a public address, IPv6": "http://[2606:4700::1111]/",
    "a name for loopback, which the look-up refuses": "http://localhost/",
}


@pytest.mark.parametrize(("url", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_address_that_is_not_asked_says_why(url: str, reason: str) -> None:
    assert reason in str(refusal(url))
    assert "\n" not in str(refusal(url))


@pytest.mark.parametrize("url", ASKED.values(), ids=ASKED.keys())
def test_an_address_that_is_asked(url: str) -> None:
    assert refusal(url) is None


@pytest.mark.parametrize(
    ("url", "allowed", "asked"),
    [
        pytest.param("http://127.0.0.1:8000/", ("127.0.0.1",), True, id="a literal that is named"),
        pytest.param("http://[::1]/", ("::1",), True, id="an IPv6 literal that is named"),
        pytest.param("http://127.0.0.1./", ("127.0.0.1",), True, id="a literal that is named, with a dot"),
        pytest.param("http://2130706433/", ("127.0.0.1",), False, id="another spelling of it"),
        pytest.param("http://2130706433/", ("2130706433",), True, id="another spelling that is named itself"),
        pytest.param("http://me@127.0.0.1/", ("127.0.0.1",), False, id="with a user all the same"),
        pytest.param("http://127.0.0.2/", ("127.0.0.1",), False, id="its neighbour"),
    ],
)
def test_a_host_that_is_allowed_by_name(url: str, allowed: tuple[str, ...], asked: bool) -> None:
    assert (refusal(url, allowed) is None) is asked


@given(st.text() | st.text(alphabet="htps:/@[]\\.0123xabf%。１", max_size=30).map("http://".__add__))
def test_no_address_raises_and_none_that_is_asked_is_a_closed_literal(url: str) -> None:
    if refusal(url) is None:
        host = (urlsplit(url.strip()).hostname or "").rstrip(".")
        with suppress(OSError, UnicodeError):  # what the system's own reading of numbers gives
            assert is_public(socket.inet_ntoa(socket.inet_aton(host)))


@pytest.mark.parametrize(
    ("host", "local"),
    [("intranet", True), ("printer.local", True), ("a.home.arpa", True), ("metadata.google.internal", True), ("local.vn", False)],
)
def test_a_name_of_an_own_network(host: str, local: bool) -> None:
    assert is_local_name(host) is local
