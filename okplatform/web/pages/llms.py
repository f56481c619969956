"""``/llms.txt``: where a language model that writes a till finds what it needs (llmstxt.org)."""

from django.http import HttpRequest, HttpResponse
from django.views import View

from okplatform.web.pages.api_docs import known_operations
from okplatform.web.permissions import EVERYONE

HEAD = """\
# OK

> One app for the whole customer journey: one code at the till, or one button in a webshop, and
> the member is known, the
> benefits applied, the payment taken, the points booked and the receipt filed. This is its API
> for tills and webshops.

Rules that nobody who integrates it may break:

- Make a UUID for every sale and keep it on disk before anything is sent. Whatever is repeated
  under it, it pays once.
- Give goods on `verdict` `happened`, and on nothing else. On silence ask, or send the same again;
  to be rid of a sale, DELETE it.
- Refusals are `application/problem+json`: branch on `code`, show `detail`, never match on texts.
- Amounts are whole numbers of minor units (cents), VAT included; rates are basis points (900 is 9
  %).
- Sign in with `Authorization: Bearer ok_test_…`; a key opens only what its scopes name.

## Documents

- [OpenAPI document](/api/schema/?format=json): the contract, with links from each answer to the
  calls that may follow
- [The API as a page](/api/docs/): each call with its fields
- [Every error](/api/docs/errors/): each code, its cause and what to do

## Calls

"""


class LlmsText(View):
    """The index, with every call of the document."""

    required_permission = EVERYONE

    def get(self, _request: HttpRequest) -> HttpResponse:
        """Answer with Markdown, as the convention has it."""
        calls = [f"- `{one.method} {one.path}`: {one.summary}" for one in known_operations()]
        text = HEAD + "\n".join(calls) + "\n"
        return HttpResponse(text, content_type="text/markdown; charset=utf-8")
