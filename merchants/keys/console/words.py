"""What the pages call what a key may do, and where it was used."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_network

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okplatform.parties.scopes import Scope

SCOPES: Mapping[str, str | Promise] = {
    Scope.SALES_READ.value: _("Ask how sales stand"),
    Scope.SALES_WRITE.value: _("Ring up and give up sales"),
    Scope.PAYMENTS_WRITE.value: _("Take payments, and sell gift cards"),
    Scope.REFUNDS_WRITE.value: _("Give money back"),
    Scope.PRODUCTS_WRITE.value: _("Send what products cost you"),
    Scope.LEDGER_READ.value: _("Read your books, entry by entry"),
    Scope.PROOFS_READ.value: _("Ask whether somebody is old enough, or a member"),
    Scope.TEST_CODES.value: _("Make test codes; with a test key only"),
}


def where(network: str) -> str:
    """Return in words from where a key was used: never more than its neighbourhood is known."""
    if not network:
        return gettext("unknown")
    found = ip_network(network)
    if found.is_loopback:
        return gettext("OK's own machine")
    if found.is_private:
        return gettext("a private network")
    said = "IPv4" if found.version == 4 else "IPv6"
    return f"{said} {network}"


def scopes_in_words(scopes: Iterable[str]) -> list[str | Promise]:
    """Return scopes as sentences, in the order in which they are offered."""
    held = set(scopes)
    return [words for scope, words in SCOPES.items() if scope in held]
