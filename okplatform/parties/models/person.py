"""A person: someone with a sign-in, whether shopper, cashier or owner."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check


class Language(models.TextChoices):
    """The languages OK speaks."""

    DUTCH = "nl", "Nederlands"
    ENGLISH = "en", "English"


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address and makes the first operator."""

    @override
    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person with this address, however it is capitalised."""
        return self.get(email=(username or "").strip().lower())

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Make an operator, for ``manage.py createsuperuser``."""
        person = self.model(email=email, is_staff=True, is_superuser=True, **fields)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in with an e-mail address.

    A person is live or test for good: a test person's codes and receipts never meet live ones.
    """

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.DUTCH
    )
    mode = models.CharField(max_length=4, choices=Mode.choices, default=Mode.LIVE)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[PersonManager] = PersonManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        """One row per address, in small letters, so that one plain index also finds it."""

        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(fields=("email",), name="person_email_is_used_once"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="person_email_is_lower_case"
            ),
            models.UniqueConstraint(fields=("id", "mode"), name="person_by_mode"),
            choice_check("person", "mode", Mode),
            choice_check("person", "language", Language),
        )

    @override
    def __str__(self) -> str:
        """Return the name, or the address where no name is known."""
        return self.name or self.email

    @override
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the address in small letters, also when a sign-up form saves the model itself."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name as the person wrote it."""
        return self.name

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return self.name.split(" ", 1)[0]
