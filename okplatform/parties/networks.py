"""Where a key may be used from, and where it was: networks of IPv4 and IPv6. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

MOST = 50
"""Networks per key; each call with it is looked up in all of them."""

KEPT_OF_IPV4 = 24
KEPT_OF_IPV6 = 48


class NetworkMalformedError(ValueError):
    """Neither an address nor a network; its text is the first argument."""


def read(text: str) -> list[str]:
    """Return the networks that lines, blanks or commas part, each once, as PostgreSQL writes them.

    An address is a network of its own. Raises ``NetworkMalformedError``.
    """
    found: dict[str, None] = {}
    for said in text.replace(",", " ").split():
        try:
            found[str(ip_network(said, strict=False))] = None
        except ValueError as error:
            raise NetworkMalformedError(said) from error
    return list(found)


def lies_in(address: str | None, networks: Iterable[str]) -> bool:
    """Say whether an address is in one of them; one that is not known is in none."""
    where = _address(address)
    return where is not None and any(where in ip_network(one) for one in networks)


def neighbourhood(address: str | None) -> str:
    """Return the network that is kept of an address: many callers share it. Empty where unknown."""
    where = _address(address)
    if where is None:
        return ""
    kept = KEPT_OF_IPV4 if where.version == 4 else KEPT_OF_IPV6
    return str(ip_network(f"{where}/{kept}", strict=False))


def seen_through(proxies: int, forwarded: str, peer: str | None) -> str | None:
    """Return who calls: what the first of our own proxies saw, or else the other end of the line.

    ``forwarded`` is X-Forwarded-For; what stands in it before our proxies wrote is anybody's word.
    """
    if not proxies or not forwarded:
        return peer
    seen: Sequence[str] = forwarded.split(",")
    return seen[-proxies].strip() if len(seen) >= proxies else None


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        where = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(where, "ipv4_mapped", None) or where
