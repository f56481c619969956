"""Which addresses others may name for us to call, and which of them are called (pure).

A name is looked up anew for each delivery, and the address it then stands for is the one that is
called: whoever answers for a name may say something else a second later.
"""

from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from urllib.parse import SplitResult, urlsplit

LONGEST = 500
HTTPS = 443
PRINTABLE = range(0x21, 0x7F)
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out; what leads elsewhere (6to4, Teredo) the library refuses."""


def is_public(address: str) -> bool:
    """Say whether an IP address is one that anybody on the internet can be reached by.

    Whatever stands for an IPv4 address inside IPv6 is judged by that.
    """
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if isinstance(found, IPv6Address) and found not in GLOBAL_UNICAST:
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def is_loopback(address: str) -> bool:
    """Say whether an IP address is this machine's own."""
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return found.is_loopback


def may_be_named(url: str, *, loopback: bool, any_port: bool = True) -> bool:
    """Say whether somebody may name this address: https, at a public host, and nothing odd.

    With ``loopback`` this machine may be named too, without TLS and at any port; without
    ``any_port`` everybody else by the usual one only. What a name stands for shows only when it is
    called.
    """
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return False
    host = parts.hostname
    if loopback and _names_this_machine(host):
        return parts.scheme in {"http", "https"}
    usual = any_port or parts.port in {None, HTTPS}
    return parts.scheme == "https" and usual and _is_public_host(host)


def _parts(url: str) -> SplitResult | None:
    """Take an address apart; None where programs may read it in different ways."""
    if not 0 < len(url) <= LONGEST or any(ord(sign) not in PRINTABLE for sign in url):
        return None
    if "\\" in url or "#" in url:
        return None
    try:
        parts = urlsplit(url)
        odd = parts.port == 0
    except ValueError:
        return None
    return None if odd or "@" in parts.netloc else parts


def _names_this_machine(host: str) -> bool:
    try:
        return is_loopback(host)
    except ValueError:
        return host == "localhost"


def _is_public_host(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        # A name, then; one without a dot, or of digits only, is a machine next door or an IP
        # address in disguise.
        last = host.removesuffix(".").rpartition(".")
        return bool(last[0]) and not last[2].isdigit() and last[2] not in {"localhost", "local"}
