"""Who asks, where proxies stand in front: only what a trusted one says of its client is believed.

A header that anybody may send is no fact. It counts when the connection itself comes from an
address in SEN_TRUSTED_PROXIES, and then only as far back as the chain is trusted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sen.config.bodies import Scope
from sen.config.home import CannotStart

Network = IPv4Network | IPv6Network
FORWARDING = (
    b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port",
    b"x-forwarded-proto", b"x-real-ip",
)  # fmt: skip
"""Headers by which a proxy speaks of its client; Django sees none of them."""


@dataclass(frozen=True)
class Origin:
    """Where a request truly comes from.

    client: its address, empty where the server does not know. scheme: by which the client asked.
    is_forwarded: whether anything claims to have passed it on, trusted or not.
    """

    client: str
    scheme: str
    is_forwarded: bool


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a list with commas: "10.0.0.0/8, 192.0.2.7". Raises CannotStart."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise CannotStart(f"SEN_TRUSTED_PROXIES: {error}") from error


def origin(scope: Scope, trusted: Sequence[Network]) -> Origin:
    """Return where a request comes from.

    The chain of X-Forwarded-For is read from its end, for each proxy adds whom it saw: the first
    address that is not a trusted proxy's is the client's. What stands before it, the client wrote.
    """
    peer = _address((scope.get("client") or ("",))[0])
    scheme = scope.get("scheme", "http")
    is_forwarded = any(name in FORWARDING for name, _ in scope["headers"])
    if not (is_forwarded and trusted and _is_in(peer, trusted)):
        return Origin(peer, scheme, is_forwarded)
    client = peer
    for said in reversed(_listed(scope, b"x-forwarded-for")):
        address = _address(said)
        if not address:
            break
        client = address
        if not _is_in(address, trusted):
            break
    protocols = _listed(scope, b"x-forwarded-proto")
    if protocols and protocols[-1].lower() in {"http", "https"}:
        scheme = protocols[-1].lower()
    return Origin(client, scheme, is_forwarded)


def is_loopback(address: str) -> bool:
    """Return whether an address is this machine's own."""
    return bool(address) and ip_address(address).is_loopback


def _listed(scope: Scope, name: bytes) -> list[str]:
    """Return the parts of a header, in their order, however often it came."""
    values = (value.decode("latin1") for found, value in scope["headers"] if found == name)
    return [part for value in values for part in _parts(value)]


def _parts(value: str) -> Iterable[str]:
    return (part.strip() for part in value.split(","))


def _address(said: str) -> str:
    """Return an address in its one spelling, without a port; empty for what is none."""
    text = said.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(found)


def _is_in(address: str, trusted: Sequence[Network]) -> bool:
    if not address:
        return False
    found = ip_address(address)
    return any(found in network for network in trusted)
