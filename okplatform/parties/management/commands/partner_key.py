"""Make or end a till vendor's own key: ``manage.py partner_key <vendor> …``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.parties import networks
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.actions.issue_partner_key import issue_partner_key, revoke_partner_key
from okplatform.parties.models import Partner
from okplatform.parties.scopes import TILL_SCOPES, Scope


class Command(BaseCommand):
    """Make a key that acts for each merchant that allows its vendor, or revoke one."""

    help = "Make a till vendor's own key, which is shown once, or revoke one."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose, for what, and from where."""
        parser.add_argument("vendor", help="the vendor's reference: small letters and hyphens")
        parser.add_argument("--vendor-name", help="take the vendor on under this name")
        parser.add_argument("--name", default="", help="by which the vendor knows the key again")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.TEST.value)
        parser.add_argument("--scope", action="append", choices=Scope.values, dest="scopes")
        parser.add_argument("--network", action="append", default=[], dest="networks")
        parser.add_argument("--revoke", metavar="PREFIX", help="end the key with this prefix")

    @override
    def handle(self, *args: Any, vendor: str, revoke: str | None, **options: Any) -> None:
        """Make or revoke, and say so."""
        try:
            if revoke:
                revoke_partner_key(prefix=revoke, actor=SYSTEM, now=clock.now())
                self.stdout.write(f"The key {revoke} is refused from now on.")
            else:
                self.stdout.write(_make(vendor, **options))
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except networks.NetworkMalformedError as error:
            raise CommandError(f"{error.args[0]} is neither an address nor a network.") from error


def _make(vendor: str, *, vendor_name: str | None, **said: Any) -> str:
    held_to = networks.read(" ".join(said["networks"]))
    partner = Partner.objects.filter(reference=vendor).first()
    if partner is None and vendor_name:
        partner = create_partner(reference=vendor, name=vendor_name, actor=SYSTEM)
    if partner is None:
        raise CommandError(f"OK knows no till vendor {vendor}; --vendor-name takes it on.")
    issued = issue_partner_key(
        partner_id=partner.pk,
        mode=said["mode"],
        name=said["name"] or partner.name,
        scopes=said["scopes"] or TILL_SCOPES,
        networks=held_to,
        actor=SYSTEM,
        now=clock.now(),
    )
    return issued.text
