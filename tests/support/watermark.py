"""Wait for the watermark, which writers in other databases of the same server hold back too."""

from okplatform.kernel.db import call
from okplatform.local.processes import wait_until

NO_OLDER = "SELECT %s::xid8 < pg_snapshot_xmin(pg_current_snapshot())"


def all_older_ended() -> None:
    """Wait until no transaction of anybody's, in any database of this server, is still older."""
    mine = call("SELECT pg_current_xact_id()::text")[0][0]
    assert wait_until(lambda: bool(call(NO_OLDER, [mine])[0][0]), seconds=60)
