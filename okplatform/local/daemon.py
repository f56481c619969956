"""The process that owns the embedded services for as long as anybody uses them.

`python -m okplatform.local.daemon <base> <lock fd> <durable|fast>`; services.py starts it, and says
how it is shared.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from time import sleep

from okplatform.local.errors import LocalError
from okplatform.local.layout import Layout
from okplatform.local.locks import opened_lock, take
from okplatform.local.servers import Servers
from okplatform.local.status import Status

POLL_SECONDS = 0.1


def main(base: Path, *, lock: int, durable: bool) -> int:
    """Run the services until the last user has left; `lock` is the lock file, open and held."""
    stopping: list[int] = []
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, lambda number, _frame: stopping.append(number))
    servers = Servers(base, durable=durable)
    try:
        servers.start()
        Status(
            pid=os.getpid(), postgres_pid=servers.postgres_pid, redis_pid=servers.redis_pid
        ).write(lock)
        with opened_lock(Layout(base).users) as users:
            while not stopping and not take(users):
                sleep(POLL_SECONDS)
                if not servers.are_alive:
                    print("A service ended by itself; starting it again.", flush=True)
                    servers.start()
                    Status(os.getpid(), servers.postgres_pid, servers.redis_pid).write(lock)
            # Whoever comes now must not take us for ready, but wait and start a daemon himself.
            os.ftruncate(lock, 0)
            servers.stop()
    except LocalError as error:
        Status(pid=os.getpid(), error=str(error)).write(lock)
        return 1
    except Exception as error:  # noqa: BLE001 -- whoever waits for us must learn why
        traceback.print_exc()
        Status(pid=os.getpid(), error=f"The embedded services failed: {error!r}.").write(lock)
        return 1
    finally:
        servers.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), lock=int(sys.argv[2]), durable=sys.argv[3] == "durable"))
