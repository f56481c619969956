"""``manage.py verify``: prove every invariant that the apps state."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope


class Command(BaseCommand):
    """One line per invariant with the rows looked at, then JSON; exit 1 on any breach."""

    help = "Prove that money, points and promises add up."

    @override
    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run all proofs, also after a breach, so that one run shows everything."""
        checked: dict[str, int] = {}
        broken = 0
        with operator_scope("verify"):
            for invariant in all_invariants():
                started = time.perf_counter()
                proof = invariant.prove()
                checked[invariant.name] = proof.rows
                broken += bool(proof.breaches)
                verdict = "BROKEN" if proof.breaches else "ok"
                seconds = time.perf_counter() - started
                self.stdout.write(
                    f"{verdict:6} {invariant.name}: {proof.rows} rows, {seconds:.2f} s"
                )
                for breach in proof.breaches:
                    self.stdout.write(f"         {breach}")
        self.stdout.write(json.dumps({"ok": not broken, "checked": checked}))
        if broken:
            message = f"{broken} invariants are broken."
            raise CommandError(message)
