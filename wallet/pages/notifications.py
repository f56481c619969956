"""Notifications: on which phones, about what, and when not."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from wallet.actions.send_test_push import send_test_push
from wallet.actions.set_notifications import Wishes, set_notifications
from wallet.actions.turn_off_push import turn_off_push
from wallet.models import PushKind, PushSettings
from wallet.models.push import MOST_DAYS_BEFORE
from wallet.queries import push_phones_of, push_settings_of
from wallet.reader import acting, reader

HERE = "wallet:notifications"
KINDS = (
    (PushKind.PAYMENT, gettext_lazy("A payment that waits for you")),
    (PushKind.SECURITY, gettext_lazy("A new phone or sign-in on your account")),
    (PushKind.CARD, gettext_lazy("A card that expires")),
    (PushKind.WARRANTY, gettext_lazy("A warranty that ends")),
    (PushKind.POINTS, gettext_lazy("Points that end, or that a shop corrects")),
    (PushKind.RECEIPT, gettext_lazy("Each new receipt")),
)


def _clock(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, required=False)


class NotificationsForm(forms.Form):
    """What somebody wants to hear of, and when."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me about"),
        choices=KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quiet = forms.BooleanField(
        label=gettext_lazy("Quiet hours"),
        required=False,
        help_text=gettext_lazy(
            "What comes then waits until they end. A payment that waits for you, and what touches "
            "your safety, come at once."
        ),
    )
    quiet_from = _clock(gettext_lazy("They begin at"))
    quiet_until = _clock(gettext_lazy("They end at"))
    days_before = forms.IntegerField(
        label=gettext_lazy("How many days before something ends?"),
        min_value=1,
        max_value=MOST_DAYS_BEFORE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    shows_details = forms.BooleanField(
        label=gettext_lazy("Show shops, amounts and names"),
        required=False,
        help_text=gettext_lazy("Everybody who sees your locked screen reads them too."),
    )
    timezone = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, wishes: PushSettings) -> "NotificationsForm":
        """Return it as things stand; the times that were, or usual ones where it was off."""
        usual = PushSettings()
        return cls(
            initial={
                "kinds": wishes.kinds,
                "quiet": wishes.quiet_from is not None,
                "quiet_from": wishes.quiet_from or usual.quiet_from,
                "quiet_until": wishes.quiet_until or usual.quiet_until,
                "days_before": wishes.days_before,
                "shows_details": wishes.shows_details,
                "timezone": wishes.timezone,
            }
        )

    def wishes(self, before: PushSettings) -> Wishes:
        """Return what they chose; a browser without a script says no time zone."""
        said = self.cleaned_data
        return Wishes(
            kinds=said["kinds"],
            quiet_from=said["quiet_from"] if said["quiet"] else None,
            quiet_until=said["quiet_until"] if said["quiet"] else None,
            timezone=said["timezone"] or before.timezone,
            days_before=said["days_before"],
            shows_details=said["shows_details"],
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for both times where there are to be quiet hours."""
        said: dict[str, Any] = super().clean() or {}
        for name in ("quiet_from", "quiet_until"):
            if said.get("quiet") and name not in self.errors and said.get(name) is None:
                self.add_error(name, _("Give a time, such as 22:00."))
        return said


class NotificationsPage(PersonPage):
    """This phone, the other phones, and the wishes."""

    template_name = "wallet/notifications.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the phones and the form."""
        person_id, here = reader(self.request).pk, self.request.session.session_key
        phones = [(one, one.session.session_key == here) for one in push_phones_of(person_id)]
        kwargs.setdefault("form", NotificationsForm.of(push_settings_of(person_id)))
        return super().get_context_data(phones=phones, back=reverse("wallet:you"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the wishes; what is wrong stands beside its field."""
        form, person = NotificationsForm(request.POST), reader(request)
        if form.is_valid():
            try:
                wishes = form.wishes(push_settings_of(person.pk))
                set_notifications(person_id=person.pk, wishes=wishes, actor=acting(person))
            except Refusal as refusal:
                form.add_error(None, refusal.detail)
            else:
                messages.success(request, _("Kept."))
                return redirect(HERE)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class RemovePushPhone(PersonPage):
    """Ends notifications on one phone, from any browser."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, push_phone: UUID) -> HttpResponse:
        """Remove it; one that is gone already is gone."""
        person = reader(request)
        turn_off_push(person_id=person.pk, phone=push_phone, actor=acting(person))
        messages.success(request, _("Removed. No notifications go there any more."))
        return redirect(HERE)


class TestPush(PersonPage):
    """Sends a notification to every phone in the list."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send it, if there is a phone."""
        person = reader(request)
        try:
            send_test_push(
                person_id=person.pk, url=reverse(HERE), now=clock.now(), actor=acting(person)
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("A test is on its way. It arrives within a minute."))
        return redirect(HERE)
