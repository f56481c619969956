"""The secrets of one machine, also where it was set up before OK had all of them."""

import json
from pathlib import Path

from okplatform.local.keys import SECRETS, kept_keys, new_keys


def test_the_secrets_are_made_once(tmp_path: Path) -> None:
    kept = kept_keys(tmp_path / "secrets.json")
    assert set(kept) == set(SECRETS)
    assert kept_keys(tmp_path / "secrets.json") == kept


def test_a_secret_that_came_later_is_made_once_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    earlier = new_keys()
    del earlier["OK_CONSENT_PRIVATE_KEY"]
    file.write_text(json.dumps(earlier))
    kept = kept_keys(file)
    assert kept.items() > earlier.items()
    assert kept_keys(file) == kept
    assert json.loads(file.read_text()) == earlier
