import pytest

from tests.payments.bankfiles.samples import camt, entry, schema, transaction


@pytest.mark.parametrize("form", ["camt.052", "camt.053", "camt.054"])
@pytest.mark.parametrize("version", ["08", "14"])
def test_what_these_tests_read_is_what_a_bank_may_send(form: str, version: str) -> None:
    content = camt(entry("1.00", details=transaction("1.00")), form=form, version=version)

    schema(f"{form}.001.{version}").validate(content)
