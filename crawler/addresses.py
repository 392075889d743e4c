"""Which addresses may be asked and which may be connected to, pure. Tables: IANA special-purpose address registries.

The standard library's `is_global` is not enough: it calls 6to4, NAT64 and multicast addresses global.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

_CLOSED_V4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent on an address that looks public
        "169.254.0.0/16",  # link-local, and the metadata of every cloud
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Public IPv6 is 2000::/3 and nothing else; of that, the blocks that hide an IPv4 address or lead nowhere are closed.
_OPEN_V6 = ip_network("2000::/3")
_CLOSED_V6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments, with Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """The text is an IPv4 or IPv6 address of the public internet; anything else, a name too, is not."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if isinstance(parsed, IPv4Address):
        return not any(parsed in block for block in _CLOSED_V4)
    return parsed in _OPEN_V6 and not any(parsed in block for block in _CLOSED_V6)


def bare(host: str) -> str:
    """A host as it is compared: lower case, without brackets and without a trailing dot."""
    return host.strip("[]").rstrip(".").lower()


def may_connect(host: str, address: str, allowed: Collection[str]) -> bool:
    """A request to `host`, which resolved to `address`, may go out.

    `allowed` names hosts as they are written in addresses: allowing 127.0.0.1 does not allow a name that resolves to it.
    """
    return is_public(address) or bare(host) in {bare(a) for a in allowed}


# ---------------------------------------------------------------- what an address says before anything is connected

_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_HOST_PORT = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::(\d{0,5}))?")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)")
_LONGEST_HOST, _LONGEST_LABEL = 253, 63
# Names that are answered by the own machine or network and by no public server (RFC 6761, 6762, 8375).
_LOCAL = (".localhost", ".local", ".internal", ".lan", ".intranet", ".home.arpa")


def refusal(url: str, allowed: Collection[str] = ()) -> str | None:
    """Why this address is not asked, in one line; None: it may be, if what its host resolves to may be connected to.

    An address whose parts programs read differently (`http://in\\@out/`) is not asked by any reading. `allowed` names hosts
    that may stand in a private network.
    """
    found = _AUTHORITY.match(url.strip())
    if not found:
        return "the address is neither http nor https"
    return _refused_authority(found[1], tuple(allowed))


@lru_cache(maxsize=4_096)  # a crawl asks the same hosts again and again
def _refused_authority(authority: str, allowed: tuple[str, ...]) -> str | None:
    if "\\" in authority or any(c.isspace() or not c.isprintable() for c in authority):
        return "the host holds a character that no host has"
    if "@" in authority:
        return "the address names a user"
    parts = _HOST_PORT.fullmatch(authority)
    if not parts or int(parts[2] or 80) not in range(1, 65_536):
        return "the address names no host that can be read"
    host = _as_asked(parts[1])
    if host in {bare(a) for a in allowed}:
        return None
    return _refused_literal(host) if parts[1][0] == "[" else _refused_name(host)


def _as_asked(host: str) -> str:
    """As it will be looked up: other scripts' digits and dots are those of ASCII there."""
    return bare(host if host.isascii() else unicodedata.normalize("NFKC", host).replace("\u3002", "."))


def _refused_literal(host: str) -> str | None:
    try:
        ip_address(host)
    except ValueError:
        return "the address names no host that can be read"
    return None if is_public(host) else private(host)


def _refused_name(host: str) -> str | None:
    labels = host.split(".")
    if not all(c in "-_." or unicodedata.category(c)[0] in "LMN" for c in host):
        return "the host holds a character that no host has"
    if len(host) > _LONGEST_HOST or not all(0 < len(label) <= _LONGEST_LABEL for label in labels):
        return "the address names no host that can be read"
    if not _NUMBER.fullmatch(labels[-1]):
        return None
    address = _loose(labels)
    if address is None or str(address) == host:
        return _refused_literal(host)
    return "the host is a number in a spelling of its own" if is_public(str(address)) else private(host)


def _loose(labels: list[str]) -> IPv4Address | None:
    """The address that resolvers read from decimal, octal, hex or too few numbers (127.1, 0x7f000001)."""
    try:
        *first, last = (int(label, 16 if label[:2] == "0x" else 8 if label[0] == "0" else 10) for label in labels)
        if len(labels) > 4 or max(first, default=0) > 255 or last >= 256 ** (4 - len(first)):
            return None
        return IPv4Address(sum(number << 24 - 8 * place for place, number in enumerate(first)) + last)
    except ValueError:
        return None


def origin(url: str) -> str:
    """Scheme, host and port: behind another port of a host, or without TLS, may stand something else, or nothing."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def private(host: str) -> str:
    """What is told of a host that is not asked because of where it stands."""
    return f"{host} is in a private network; allow_private_hosts does not name it"


def is_local_name(host: str) -> bool:
    """A name that public servers do not answer for: without a dot, or below a domain that is kept for the own network."""
    host = bare(host)
    return "." not in host or host.endswith(_LOCAL)
