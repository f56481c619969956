"""One Chromium for all tests of a process, started anew when it has stopped answering."""

import contextlib
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Error, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CLOSE_SECONDS = 20


class Chromium:
    """Hands out the browser, and closes what a test has opened in it.

    Now and then Chromium never answers when it is told to close a page or forget a context, and
    Playwright waits for ever. By then the test has seen all it came for, so the browser is killed
    and the next test gets a new one.
    """

    def __init__(self, playwright: Playwright) -> None:
        """Start nothing yet; `CHROMIUM` says where it is when not in /usr/bin."""
        self._playwright = playwright
        self._path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        self._mark = ""
        self._browser: Browser | None = None

    def browser(self) -> Browser:
        """Return a browser that runs."""
        if self._browser is None or not self._browser.is_connected():
            # A switch that Chromium does not know: by it we find our own process again.
            self._mark = f"--tested-by={uuid4()}"
            self._browser = self._playwright.chromium.launch(
                executable_path=self._path, args=[*ARGUMENTS, self._mark]
            )
        return self._browser

    def close(self, contexts: Sequence[BrowserContext]) -> None:
        """Close these; kill the browser if it does not."""
        self._within_time(contexts)

    def stop(self) -> None:
        """End it."""
        if self._browser is not None:
            self._within_time([self._browser])

    def _within_time(self, opened: Sequence[BrowserContext | Browser]) -> None:
        watchdog = threading.Timer(CLOSE_SECONDS, self._kill)
        watchdog.start()
        try:
            for one in opened:
                # What was killed is closed too.
                with contextlib.suppress(Error):
                    one.close()
        finally:
            watchdog.cancel()

    def _kill(self) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            # Processes come and go meanwhile.
            with contextlib.suppress(OSError):
                if self._mark.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGKILL)
