"""Where a shopper goes back to after paying: whether a shop may name an address, and how (pure).

Nothing here is fetched by OK; the shopper's browser goes there. What it carries proves nothing:
the shop asks the API what became of the payment.
"""

from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST = 500
PARAMETER = "ok_payment"
PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".onion")


class ReturnUrlNotAllowedError(ValueError):
    """Not https, with a name or password in it, or leading into somebody's own network."""


def check(url: str, *, own: str) -> str:
    """Return ``url`` as it may be kept; raises ``ReturnUrlNotAllowedError``.

    It is https at a public host, or lies on ``own``, the address of OK itself (where the demo is).
    """
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ReturnUrlNotAllowedError
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ReturnUrlNotAllowedError from error
    if "@" in parts.netloc or len(url) > LONGEST:
        raise ReturnUrlNotAllowedError
    ours = urlsplit(own)
    if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
        return url
    if parts.scheme != "https" or port == 0 or not _is_public(host):
        raise ReturnUrlNotAllowedError
    return url


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".")
        # A last label of digits is an IPv4 address in one of its odd spellings (RFC 6943, 3.1.1).
        last = name.rpartition(".")[2]
        odd = last.isdigit() or last.startswith("0x")
        return "." in name and not odd and not f".{name}".endswith(PRIVATE_ENDINGS)


def with_payment(url: str, payment: str) -> str:
    """Return the address with the payment's id in its query; empty stays empty."""
    if not url:
        return ""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), (PARAMETER, payment)]
    return urlunsplit(parts._replace(query=urlencode(query)))
