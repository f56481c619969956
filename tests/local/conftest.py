import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from okplatform.local.services import Services

# In memory where there is room: a dozen clusters are made, started and thrown away.
MEMORY = Path("/dev/shm")  # noqa: S108 -- in a folder of our own there
ROOM = 2 * 2**30
PLACE = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@pytest.fixture
def empty_base() -> Iterator[Path]:
    """A folder that other users may enter too, with a short name: pytest's own is neither."""
    with tempfile.TemporaryDirectory(prefix="ok-", dir=PLACE) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A stopped cluster to copy, which takes a tenth of the time of making one."""
    with tempfile.TemporaryDirectory(prefix="ok-", dir=PLACE) as folder:
        with Services(Path(folder), durable=False):
            pass
        yield Path(folder) / "postgres"


@pytest.fixture
def base(empty_base: Path, cluster: Path) -> Path:
    """A folder in which the services have run before."""
    shutil.copytree(cluster, empty_base / "postgres", copy_function=shutil.copy)
    return empty_base
