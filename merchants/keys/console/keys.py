"""The keys of a merchant, a new one, and one of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from typing_extensions import override

from merchants.keys import queries
from merchants.keys.console.forms import LimitsForm, NewKeyForm, RotateForm
from merchants.keys.console.permission import GRANTERS, KEY_MAKERS, may_hold
from merchants.keys.console.words import scopes_in_words, where
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.actions.held_key import KeyUnknown
from okplatform.parties.actions.issue_api_key import KeyMadeAlready, issue_api_key
from okplatform.parties.actions.limit_api_key import limit_api_key
from okplatform.parties.actions.revoke_api_key import revoke_api_key
from okplatform.parties.actions.rotate_api_key import rotate_api_key
from okplatform.parties.models import ApiKey
from okplatform.web.proof import proved
from okplatform.web.views import StaffPage

QUIET_AFTER = timedelta(days=90)
"""A key that nobody used for so long may be one that nobody needs."""


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the pages show it."""

    key: ApiKey
    made_by: str
    used_from: str
    has_ended: bool
    is_quiet: bool

    @property
    def scopes(self) -> list[str | Promise]:
        """Return what it may do, in words."""
        return scopes_in_words(self.key.scopes)

    @property
    def stands(self) -> bool:
        """Say whether something can be done about it."""
        return self.key.revoked_at is None and self.key.rotated_at is None

    @property
    def works(self) -> bool:
        """Say whether it is taken."""
        return self.key.revoked_at is None and not self.has_ended


def lines(found: list[ApiKey]) -> list[KeyLine]:
    """Return keys as the pages show them."""
    names, now = queries.makers(found), clock.now()
    return [
        KeyLine(
            key=key,
            made_by=names.get(key.made_by, "OK"),
            used_from=where(key.last_used_from),
            has_ended=key.ends_at is not None and key.ends_at <= now,
            is_quiet=(key.last_used_at or key.created_at) < now - QUIET_AFTER,
        )
        for key in found
    ]


class KeysPage(StaffPage):
    """Every key, what it may do and when it was last used."""

    required_permission = KEY_MAKERS
    template_name = "merchants/keys.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the keys that this reader may see."""
        return super().get_context_data(
            lines=lines(list(queries.keys(self.membership.store_id))),
            may_grant=self.membership.role in GRANTERS.roles,
            **kwargs,
        )


class SecretPage(StaffPage):
    """A page that may show a key, once: nothing on the way keeps what it shows."""

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        return Actor(kind="membership", id=str(self.membership.pk))

    def show_key(self, text: str, key_id: int, *, ends_at: Any = None) -> HttpResponse:
        """Answer with the key itself; it stands nowhere else to be looked up."""
        context = super().get_context_data(text=text, key_id=key_id, ends_at=ends_at)
        response = self.response_class(
            request=self.request,
            template="merchants/key_text.html",
            context=context,
            using=self.template_engine,
        )
        response["Cache-Control"] = "no-store"
        return response


@proved("get", "post")
class NewKeyPage(SecretPage):
    """Make a key, and see it."""

    required_permission = KEY_MAKERS
    template_name = "merchants/key_new.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form."""
        kwargs.setdefault("form", self._form())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Make it; a page that is sent again leads to the list."""
        form = self._form(request.POST)
        if form.is_valid():
            said = form.cleaned_data
            try:
                issued = issue_api_key(
                    merchant_id=self.merchant.pk,
                    mode=said["mode"],
                    name=said["name"].strip(),
                    scopes=said["scopes"],
                    prefix=said["key_prefix"],
                    actor=self.actor,
                    now=clock.now(),
                    **form.held_to,
                )
            except KeyMadeAlready as refusal:
                messages.error(request, refusal.detail)
                return redirect("merchants:keys", merchant=self.merchant.reference)
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
            else:
                return self.show_key(issued.text, issued.id)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _form(self, *said: Any) -> NewKeyForm:
        mine = self.membership
        return NewKeyForm(*said, role=mine.role, store_id=mine.store_id)


@proved("post")
class KeyPage(SecretPage):
    """One key: its limits, a new one in its place, its end."""

    required_permission = KEY_MAKERS
    template_name = "merchants/key.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the key and its forms."""
        key = self._key()
        kwargs.setdefault("limits_form", LimitsForm.of(key))
        kwargs.setdefault("rotate_form", RotateForm())
        (line,) = lines([key])
        today = timezone.localdate(clock.now())
        return super().get_context_data(
            line=line,
            key=key,
            refunded=queries.refunded(key, day=today),
            may_rotate=line.stands and may_hold(self.membership.role, key.scopes),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do what a button says: ``act`` in the form."""
        acts = {"limit": self._limit, "rotate": self._rotate, "revoke": self._revoke}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        key = self._key()
        try:
            answer = act(key)
        except KeyUnknown as refusal:
            raise Http404 from refusal
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            answer = None
        return answer or redirect(request.path)

    def _key(self) -> ApiKey:
        key = queries.key(self.kwargs["api_key"], self.membership.store_id)
        if key is None:
            raise Http404
        return key

    def _limit(self, key: ApiKey) -> HttpResponse | None:
        form = LimitsForm(self.request.POST)
        if not form.is_valid():
            context = self.get_context_data(limits_form=form)
            return self.render_to_response(context, status=422)
        limit_api_key(merchant_id=self.merchant.pk, key_id=key.pk, actor=self.actor, **form.limits)
        messages.success(self.request, gettext("Saved. It holds from the next call on."))
        return None

    def _rotate(self, key: ApiKey) -> HttpResponse:
        if not may_hold(self.membership.role, key.scopes):
            raise PermissionDenied
        form = RotateForm(self.request.POST)
        if not form.is_valid():
            context = self.get_context_data(rotate_form=form)
            return self.render_to_response(context, status=422)
        now = clock.now()
        issued = rotate_api_key(
            merchant_id=self.merchant.pk,
            key_id=key.pk,
            overlap=form.overlap,
            now=now,
            actor=self.actor,
        )
        return self.show_key(issued.text, issued.id, ends_at=now + form.overlap)

    def _revoke(self, key: ApiKey) -> None:
        revoke_api_key(
            merchant_id=self.merchant.pk, key_id=key.pk, actor=self.actor, now=clock.now()
        )
        messages.success(self.request, gettext("Revoked. From now on it is refused."))
