"""Many receipts as one file: each as PDF, and all of them for programs (``ok-receipts/1``)."""

import json
import zipfile
from collections.abc import Iterable
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal
from wallet.models import Receipt
from wallet.receipt_json import as_values
from wallet.receipt_pdf import write_pdf
from wallet.receipts import own_paper_of

FORMAT = "ok-receipts/1"
MOST_RECEIPTS = 100
"""In one file; drawing as many takes some seconds."""
MOST_IN_MEMORY = 5_000_000


class TooManyReceipts(Refusal):
    """More than one file holds."""

    code = "too_many_receipts"
    status = 422
    sentence = _(
        "These are more than {most} receipts. Choose a shop or a period; nothing was downloaded."
    )


def bundle(receipts: Iterable[Receipt], *, now: datetime) -> IO[bytes]:
    """Return a zip of ``receipts.json`` and a PDF each, at its beginning; who sends it closes it.

    Raises ``TooManyReceipts``.
    """
    wanted = list(receipts)
    if len(wanted) > MOST_RECEIPTS:
        raise TooManyReceipts(most=MOST_RECEIPTS)
    papers = [own_paper_of(receipt) for receipt in wanted]
    values = {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "receipts": [as_values(paper) for paper in papers],
    }
    file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 -- closed by who sends it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("receipts.json", json.dumps(values, ensure_ascii=False, indent=2))
        for paper in papers:
            archive.writestr(f"{paper.name}.pdf", write_pdf(paper), zipfile.ZIP_STORED)
    file.seek(0)
    return file
