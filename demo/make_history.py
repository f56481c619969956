"""Make the builder's sample history from the demo's sample: `python -m demo.make_history`.

The last thirteen weeks of the four stores, as one shop: household, minutes since the first Monday,
and what each line cost before discounts. The result is the same on every run.
"""

import gzip
import json
from datetime import timedelta

from demo import sample
from loyalty import sample_history

FIRST = sample.FIRST_DAY + timedelta(weeks=sample.WEEKS - sample_history.WEEKS)


def text() -> str:
    """Write the baskets as JSON lines, in the order of time."""
    chosen = sorted(
        (basket.at, basket.id, basket) for basket in sample.read_baskets() if basket.at >= FIRST
    )
    rows = (
        [
            basket.household,
            (at - FIRST) // timedelta(minutes=1),
            [line.gross for line in basket.lines],
        ]
        for at, _number, basket in chosen
    )
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def main() -> None:
    """Write the file."""
    # No time of making in the header: the same content is the same file.
    sample_history.FILE.write_bytes(gzip.compress(text().encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
