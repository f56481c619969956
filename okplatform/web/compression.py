"""Pages go over the line compressed: a page says much the same in every line, and phones pay."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from typing_extensions import override

COMPRESSED = ("text/html", "text/javascript")
"""What is compressed here: pages, and the service worker's script. Views of JSON choose it."""


class PageCompression(GZipMiddleware):
    """Compresses pages for browsers that take gzip; files and streams pass as they are.

    The length of what is compressed can tell a secret that stands beside words of a stranger's
    choosing (BREACH, CVE-2013-3587). Our secrets in pages, the CSRF tokens, are masked anew in
    each; Django adds bytes at random; and what another site asks for in the background comes
    without the session (``SameSite``), so it would have to open thousands of pages in sight.
    """

    @override
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress it if it is a page."""
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)
