"""A progress bar for commands that take a while."""

from time import monotonic

from django.core.management.base import OutputWrapper

WIDTH = 30


class Progress:
    """Shows how far a job is: a bar on a terminal, one line at the end anywhere else."""

    def __init__(self, out: OutputWrapper, label: str, total: int) -> None:
        self.out = out
        self.label = label
        self.total = total
        self.done = 0
        self.began = monotonic()

    def add(self, count: int) -> None:
        """Move on by `count`."""
        self.done += count
        if self.out.isatty():
            filled = WIDTH * self.done // max(self.total, 1)
            bar = "█" * filled + "·" * (WIDTH - filled)
            text = f"\r{self.label} {bar} {self.done:,} of {self.total:,}, {self._rate()} "
            self.out.write(text, ending="")
            self.out.flush()

    def finish(self) -> None:
        """Say what came of it, or that there was nothing to do."""
        if not self.total:
            self.out.write(f"{self.label}: nothing is missing")
            return
        start = "\r\x1b[K" if self.out.isatty() else ""
        seconds = monotonic() - self.began
        self.out.write(f"{start}{self.label}: {self.done:,} in {seconds:.1f} s, {self._rate()}\n")

    def _rate(self) -> str:
        return f"{self.done / max(monotonic() - self.began, 0.001):,.0f}/s"
