"""Which network addresses may be connected to, pure. Tables: IANA special-purpose address registries.

The standard library's `is_global` is not enough: it calls 6to4, NAT64 and multicast addresses global.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

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
