"""Reads. To price a sale take ``loyalty.programs.price``; ``snapshot`` is a part of it."""

from loyalty.queries.quoting import (
    NOTHING_ASKED,
    Asks,
    Points,
    Snapshot,
    points_of,
    snapshot,
    snapshot_of,
)

__all__ = ["NOTHING_ASKED", "Asks", "Points", "Snapshot", "points_of", "snapshot", "snapshot_of"]
