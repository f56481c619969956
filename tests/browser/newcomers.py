"""How each browser test gets people and shops that nobody has met, in a site that forgets nothing.

What is booked, signed or seen stays in the site's database for good, so nobody can be deleted;
whoever is there gives up what has to be unique instead, the address and the shop's reference.
"""

from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from typing_extensions import override

from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant, Person

GONE = "gone-"


def make_room() -> None:
    """Rename everybody who is there, so that the next world can have their names."""
    number = Cast(F("pk"), CharField())
    address = Concat(Value(GONE), number, Value("@example.org"))
    with operator_scope("the next test begins"), transaction():
        here = Person.objects.exclude(email__startswith=GONE)
        EmailAddress.objects.exclude(email__startswith=GONE).update(email=address)
        here.update(email=address)
        Merchant.objects.exclude(reference__startswith=GONE).update(
            reference=Concat(Value(GONE), number)
        )


class RememberedHasher(PBKDF2PasswordHasher):
    """The site's own hasher, which thinks of each password once: every world has the same one."""

    @override
    def salt(self) -> str:
        """Return always the same salt, of the usual length, so that hashes are alike."""
        return "tests" * 5

    @override
    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Return the hash, worked out at most once."""
        return _encoded(password, salt, iterations)


@cache
def _encoded(password: str, salt: str, iterations: int | None) -> str:
    return PBKDF2PasswordHasher().encode(password, salt, iterations)
