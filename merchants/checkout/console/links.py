"""Payment links in the console: the list, a new one, and one with all it takes to send it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from merchants.checkout.actions.close_link import close_link
from merchants.checkout.actions.create_link import create_link
from merchants.checkout.addresses import page_of_link
from merchants.checkout.console.forms import LinkForm
from merchants.checkout.console.permission import LINK_MAKERS
from merchants.checkout.link_texts import texts_of
from merchants.checkout.online_answers import link_state
from merchants.checkout.queries import (
    LinkTotal,
    find_link,
    links_of,
    payments_by_link,
    totals_of,
)
from merchants.models import PaymentLink
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Channel, Store
from okplatform.parties.queries import till_of_store
from okplatform.web import qr
from okplatform.web.views import StaffPage

A_PAGE = 25
MOST_PAYMENTS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A link in the list, with what came of it."""

    link: PaymentLink
    total: LinkTotal
    state: str


class LinkConsole(StaffPage):
    """What the pages about links share."""

    required_permission = LINK_MAKERS

    @property
    def mode(self) -> str:
        """Return live or test: that of the person who works here."""
        return self.person.mode

    @property
    def actor(self) -> Actor:
        """Return the membership as the one who acts."""
        return Actor(kind="membership", id=str(self.membership.pk))

    def found(self, uuid: UUID) -> PaymentLink:
        """Return a link of this merchant; 404 for any other."""
        link = find_link(mode=self.mode, uuid=uuid)
        if link is None:
            raise Http404
        return link

    def rows(self, links: Sequence[PaymentLink]) -> list[Row]:
        """Return links with what was paid by them."""
        totals, now = totals_of(links), clock.now()
        return [
            Row(link, total, link_state(link, total, now=now))
            for link in links
            for total in [totals.get(link.pk, LinkTotal())]
        ]


class LinksConsole(LinkConsole):
    """The list, the newest first."""

    template_name = "merchants/console_links.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give a page of links."""
        pages = Paginator(links_of(mode=self.mode), A_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(rows=self.rows(list(page)), page=page, **kwargs)


class NewLinkConsole(LinkConsole):
    """The form of a new link."""

    template_name = "merchants/console_link_new.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the empty form."""
        kwargs.setdefault("form", self._form())
        back = reverse("merchants:links", args=[self.merchant.reference])
        return super().get_context_data(back=back, **kwargs)

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Make the link, and go to the page from which it is sent."""
        form = self._form(request.POST)
        link = self._made(form) if form.is_valid() else None
        if link is None:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Your link is ready. Send it, or print its code."))
        return redirect("merchants:link", self.merchant.reference, link.uuid)

    def _made(self, form: LinkForm) -> PaymentLink | None:
        terms = form.terms()
        store = next(store for store in self._stores() if store.reference == terms.store)
        till = till_of_store(
            merchant_id=self.merchant.pk, store_id=store.pk, mode=self.mode, actor=self.actor
        )
        try:
            return create_link(till=till, terms=terms, now=clock.now())
        except Refusal as refusal:
            form.add_error("last_day", refusal.detail)
            return None

    def _form(self, sent: Any = None) -> LinkForm:
        stores = [(store.reference, store.name) for store in self._stores()]
        return LinkForm(sent, stores=stores, zone=self.merchant.timezone)

    def _stores(self) -> list[Store]:
        """Return the merchant's stores, the webshop first."""
        stores = Store.objects.filter(merchant_id=self.merchant.pk).order_by("name", "pk")
        return sorted(stores, key=lambda store: store.channel != Channel.ONLINE)


class OneLinkConsole(LinkConsole):
    """One link: its address, code and texts, and who paid it."""

    template_name = "merchants/console_link.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the link with everything to send it."""
        link = self.found(self.kwargs["uuid"])
        address = page_of_link(link)
        side, path = qr.path_of(address)
        return super().get_context_data(
            row=self.rows([link])[0],
            address=address,
            texts=texts_of(link, merchant=self.merchant.name, address=address),
            payments=payments_by_link(link)[:MOST_PAYMENTS],
            qr_side=side,
            qr_path=path,
            back=reverse("merchants:links", args=[self.merchant.reference]),
            **{name: given for name, given in kwargs.items() if name != "uuid"},
        )


class CloseLinkConsole(LinkConsole):
    """Closes a link."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, uuid: UUID, **_address: Any) -> HttpResponse:
        """Close it, and go back to it."""
        close_link(link=self.found(uuid), now=clock.now(), actor=self.actor)
        messages.success(request, _("Closed. Nobody can pay by it any more."))
        return redirect("merchants:link", self.merchant.reference, uuid)


class LinkQr(LinkConsole):
    """The code as a file to print or paste."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return it as SVG or PNG."""
        link = self.found(self.kwargs["uuid"])
        address, form = page_of_link(link), self.kwargs["form"]
        content: str | bytes = qr.svg(address) if form == "svg" else qr.png(address)
        kind = "image/svg+xml" if form == "svg" else "image/png"
        name = f'attachment; filename="ok-{link.uuid}.{form}"'
        return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})
