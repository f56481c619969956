"""Who reads a page of the wallet, and acts by it."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from okplatform.kernel.audit import Actor
from okplatform.parties.models import Person


def reader(request: HttpRequest | Request) -> Person:
    """Return who is signed in; the page's permission has made sure that somebody is."""
    return cast("Person", request.user)


def acting(person: Person) -> Actor:
    """Return the person as the one who acts."""
    return Actor(kind="person", id=str(person.pk))
