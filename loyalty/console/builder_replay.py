"""What the past says of a draft: its replay while it runs, then as plots, a table and proofs."""

from datetime import date, datetime
from typing import Any

from typing_extensions import override

from loyalty.actions.publish_scheme import AT_A_LOSS
from loyalty.builder.scheme import SchemeContent
from loyalty.console.builder_forms import PublishForm
from loyalty.console.builder_plots import plots
from loyalty.console.permission import RULE_MAKERS
from loyalty.models import ReplayState, Scheme, SchemeReplay
from loyalty.queries.schemes import changed_by_hand, is_in_force, replay_of, scheme_of
from loyalty.scheme_words import offer_names, proof_words, rule_name
from okplatform.kernel import clock
from okplatform.kernel.money import BASIS_POINTS
from okplatform.parties.models import Merchant
from okplatform.web.views import StaffPage

GOING = (ReplayState.WAITING, ReplayState.RUNNING)


class BuilderReplay(StaffPage):
    """The replay alone, which the page fetches anew while it runs."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/builder_replay.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give how far it is, or what came of it."""
        scheme = scheme_of(self.merchant.pk)
        found: dict[str, Any] = {"scheme": scheme}
        if scheme is not None:
            content = SchemeContent.from_json(scheme.draft)
            found |= replay_context(content, scheme, self.merchant, now=clock.now())
        return super().get_context_data(**found, **kwargs)


def replay_context(
    content: SchemeContent, scheme: Scheme, merchant: Merchant, *, now: datetime
) -> dict[str, Any]:
    """Return what the template of a replay shows."""
    replay = replay_of(content.fingerprint())
    found: dict[str, Any] = {
        "replay": replay,
        "says_what_is_in_force": is_in_force(content.fingerprint()) and not changed_by_hand(scheme),
        "going": replay is not None and replay.state in GOING,
        "publish_form": PublishForm(now=now),
        "is_in_force": scheme.in_force is not None,
    }
    if replay is None or replay.state != ReplayState.DONE:
        return found
    return found | _told(replay, content, merchant)


def _told(replay: SchemeReplay, content: SchemeContent, merchant: Merchant) -> dict[str, Any]:
    # A replay that is done has both; PostgreSQL holds it to that.
    result, proved = replay.result or {}, replay.proofs or []
    names = offer_names(content)
    keys = ["everybody", "recognised"] if result["known"] < result["baskets"] else ["everybody"]
    proofs = [(proof, *proof_words(proof, content, merchant.currency)) for proof in proved]
    losing = [
        {
            "rule": rule_name(row["rule"], content),
            "baskets": row["baskets"],
            "share_bp": row["baskets"] * BASIS_POINTS // max(result["baskets"], 1),
            "all": row["baskets"] == result["priced"],
        }
        for row in result["everybody"]["losing"]
    ]
    return {
        "result": result,
        "counted": content.card.goods if content.card else None,
        "first_day": date.fromisoformat(result["first_day"]),
        "last_day": date.fromisoformat(result["last_day"]),
        "sides": [(key, result[key]) for key in keys],
        "rules": [
            {
                **row,
                "name": names.get(row["slot"], row["slot"]),
                "cost": row["amount"] + row.get("borne", 0),
            }
            for row in result["everybody"]["rules"]
        ],
        "losing": losing,
        "plots": plots(result["weeks"]),
        "weeks": list(enumerate(result["weeks"], 1)),
        "won": sum(group["people"] for group in result["people"] if group["from"]),
        "proofs": proofs,
        "sells_at_a_loss": any(
            proof["name"] in AT_A_LOSS and not proof["holds"] for proof in proved
        ),
        "is_broken": any(proof["name"] not in AT_A_LOSS and not proof["holds"] for proof in proved),
    }
