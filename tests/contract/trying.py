"""Schemathesis against the real application and the real database, counted and told."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from django.db import connections
from schemathesis import hooks
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode
from schemathesis.transport.wsgi import WSGITransport

from okplatform.kernel.api.once import HEADER, KEY_SCHEMA
from okplatform.kernel.idempotency import LONGEST_KEY
from okplatform.wsgi import application
from tests.contract.shop import TestShop
from tests.contract.useful import make_useful, states_of

SCHEMA = "/api/schema/"
OF_SOCKETS = {"max_redirects", "verify", "cert", "proxies"}
FIRST_REFUSAL = 400
WALKS, STEPS = 4, 15
"""Walks along links, for each example of a call by itself, and how long one may be."""
OUR_RULES = {
    "gift_card_number_malformed",
    "gift_card_number_missing",
    "invalid_amount",
    "line_amount_mismatch",
    "lines_or_amount",
    "no_such_day",
    "nothing_of_a_line",
    "nul_character",
}
"""Faults of fields that a schema cannot say; all others it must say."""


@dataclass
class Tried:
    """What came of a run: each operation's answers by status, and what was wrong."""

    requests: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: dict[tuple[str, str, str], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def refused(self) -> set[str]:
        """Return the operations that never did what they are for."""
        done = {operation for operation, status in self.answers if status < FIRST_REFUSAL}
        return {operation for operation, _status in self.answers} - done


def try_contract(shop: TestShop, *, examples: int, seed: int = 1) -> Tried:
    """Call every operation: by its examples, at the limits of its fields, at random, by links."""
    tried = Tried()
    with _hooks(shop, tried), _in_process(tried) as run:
        config = SchemathesisConfig.from_dict(_settings(shop, examples, seed))
        schema = schemathesis.openapi.from_wsgi(SCHEMA, run, config=config)
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                _note(event, tried)
            elif isinstance(event, events.NonFatalError):
                tried.errors.append(f"{event.label}: {event.info.title}: {event.info.message}")
            elif isinstance(event, events.FatalError):
                raise event.exception
    return tried


def _settings(shop: TestShop, examples: int, seed: int) -> dict[str, Any]:
    costs = {
        "include-operation-id": "put_product_costs",
        "headers": {"Authorization": f"Bearer {shop.live_key}"},
    }
    return {
        "seed": seed,
        "headers": {"Authorization": f"Bearer {shop.key}"},
        "warnings": False,
        "continue-on-failure": True,
        "generation": {"deterministic": True, "database": "none", "max-examples": examples},
        "phases": {
            "stateful": {"generation": {"max-examples": WALKS * examples}, "max-steps": STEPS}
        },
        "operations": [costs],
    }


@contextmanager
def _in_process(tried: Tried) -> Iterator[Any]:
    """Yield the application for the threads of Schemathesis, on this thread's connection.

    Over a socket a call takes twenty times as long; what a server does besides is tested elsewhere.
    """
    ours = connections["default"]
    send = WSGITransport.send

    def run(environ: Any, start_response: Any) -> Any:
        connections["default"] = ours
        tried.requests += 1
        return application(environ, start_response)

    def send_in_process(self: Any, case: Any, **asked: Any) -> Any:
        # Its checks name options of a socket here, which its client does not know.
        known = {name: value for name, value in asked.items() if name not in OF_SOCKETS}
        return send(self, case, **known)

    ours.inc_thread_sharing()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGITransport, "send", send_in_process)
        yield run
    ours.dec_thread_sharing()


def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Say whether it is one: a rule may refuse what fits the document, a form may not.

    And a sale that was given up can be asked for: it says that it did not happen. What was meant to
    be a bad header may be a good one once it is text, and trimmed.
    """
    if type(failure).__name__ == "UseAfterFree" and _name(case) in ("get_sale", "stream_sale"):
        return bool(_read(response)["verdict"] != "did_not_happen")
    if type(failure).__name__ == "AcceptedNegativeData" and f"`{HEADER}` in header" in str(failure):
        return not _is_a_key(response.request.headers.get(HEADER))
    return type(failure).__name__ != "RejectedPositiveData" or not _is_a_rule(response.json())


def _read(response: Any) -> Any:
    """Return what an answer says, also where it is the first event of a stream."""
    if not response.content.startswith(b"event: "):
        return response.json()
    return json.loads(response.content.partition(b"data: ")[2])


@contextmanager
def _hooks(shop: TestShop, tried: Tried) -> Iterator[None]:
    """Change calls before they go, and look at their answers; gone again afterwards."""
    ours = connections["default"]

    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        connections["default"] = ours
        if _is_meant(case) and case.method == case.operation.method.upper():
            make_useful(shop, _name(case), case)

    def after_call(context: Any, case: Any, response: Any) -> None:
        if case.method != case.operation.method.upper():
            return
        connections["default"] = ours
        tried.answers[_name(case), response.status_code] += 1
        if response.status_code < FIRST_REFUSAL:
            _remember(shop, case, _read(response))

    registered = (before_call, after_call, filter_failure)
    for one in registered:
        hooks.hook(one)
    try:
        yield
    finally:
        for one in registered:
            hooks.unregister(one)


def _name(case: Any) -> str:
    return str(case.operation.definition.raw["operationId"])


def _is_meant(case: Any) -> bool:
    return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE


def _is_a_rule(told: dict[str, Any]) -> bool:
    """Say whether no schema can foresee this refusal; 400 is always a matter of form."""
    if told["code"] == "invalid_request":
        return {fault["code"] for fault in told["errors"]} <= OUR_RULES
    return bool(told["status"] == 422)


def _is_a_key(sent: object) -> bool:
    said = sent.decode("latin-1") if isinstance(sent, bytes) else str(sent or "")
    return bool(re.fullmatch(str(KEY_SCHEMA["pattern"]), said.strip())) and len(said) <= LONGEST_KEY


def _remember(shop: TestShop, case: Any, told: dict[str, Any]) -> None:
    if _name(case) == "create_online_payment":
        told["state"] = shop.pays_online(told["id"])
    for state in states_of(case.path, told):
        shop.remember(state, told.get("uuid") or told.get("id"))
    if told.get("card"):
        # As its bar code has it, which holds the PIN too.
        shop.remember("card", told["card"] + told["pin"])


def _note(event: Any, tried: Tried) -> None:
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            label = event.recorder.cases[case_id].value.operation.label
            message = str(check.failure_info.failure.message)
            key = (label, check.name, message[:100])
            tried.wrong.setdefault(key, f"{check.failure_info.code_sample}\n{message[:1500]}")
