import io
import zipfile
from pathlib import Path

import pytest

from payments.bankfiles import opening, pain002, statements
from payments.bankfiles.lines import BankFileRefused, BankLine
from payments.bankfiles.opening import Form, documents
from tests.payments.bankfiles.samples import camt, entry, lines_of, mt940, read, zipped

VERSIONS = [f"{number:02}" for number in range(2, 15)]


def forms(content: bytes) -> list[tuple[str, Form]]:
    return [(document.name, document.form) for document in documents(io.BytesIO(content))]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", ["camt.052", "camt.053", "camt.054"])
def test_every_version_of_camt_is_known_by_its_namespace(form: str, version: str) -> None:
    assert forms(camt(form=form, version=version)) == [("", Form(form))]


def test_an_mt940_is_known_with_and_without_what_banks_put_around_it() -> None:
    bare = mt940()[mt940().index(b":20:") :]
    enveloped = b"{1:F01ABNANL2AXXXX0000000000}{2:I940ABNANL2AXXXXN}{4:\r\n" + bare[:-3] + b"-}"

    for content in (mt940(), bare, enveloped):
        assert forms(content) == [("", Form.MT940)]
        assert len(read(content)) == 2


def test_a_path_is_read_as_a_stream_is(tmp_path: Path) -> None:
    path = tmp_path / "statement"
    path.write_bytes(camt(entry("1.00"), closing="101.00"))

    [lines] = [list(statements.read(document)) for document in documents(path)]

    assert sum(isinstance(event, BankLine) for event in lines) == 1


def test_a_zip_gives_its_documents_in_order_whatever_they_are_called() -> None:
    content = zipped(
        {
            "day/1.txt": camt(entry("1.00"), closing="101.00"),
            "day/2": mt940(":61:260105C2,00NTRFNONREF", closing="C260105EUR102,00"),
        }
    )

    assert forms(content) == [("day/1.txt", Form.CAMT_053), ("day/2", Form.MT940)]
    assert [line.amount for line in lines_of(content)] == [100, 200]


def test_utf_16_and_a_byte_order_mark_are_xml_too() -> None:
    text = camt(entry("1.00"), closing="101.00").decode().replace("UTF-8", "UTF-16")

    assert len(lines_of(text.encode("utf-16"))) == 1
    assert len(lines_of(b"\xef\xbb\xbf" + camt(entry("1.00"), closing="101.00"))) == 1


def test_a_pain_002_is_known_and_is_no_statement() -> None:
    content = camt().replace(b"camt.053.001.08", b"pain.002.001.10")

    [document] = documents(io.BytesIO(content))

    assert document.form is Form.PAIN_002
    with pytest.raises(BankFileRefused) as refused:
        list(statements.read(document))
    assert refused.value.code == "not_a_statement"
    with pytest.raises(BankFileRefused):
        list(pain002.read(document.stream, namespace=document.namespace))


def test_a_refusal_within_a_zip_names_the_document() -> None:
    content = zipped({"good.xml": camt(), "bad.xml": camt(entry("1.00"))})

    with pytest.raises(BankFileRefused, match=r"bad\.xml: ") as refused:
        read(content)

    assert (refused.value.code, refused.value.line) == ("balances_do_not_add_up", 4)


def test_a_zip_that_grows_too_much_is_refused_before_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "SMALL", 100_000)
    monkeypatch.setattr(opening, "MAX_RATIO", 20)
    bomb = zipped({"statement.xml": camt(" " * 5_000_000)})

    with pytest.raises(BankFileRefused) as refused:
        read(bomb)

    assert refused.value.code == "zip_bomb"


def test_many_small_files_in_a_zip_share_one_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SMALL", 3_000)
    monkeypatch.setattr(opening, "MAX_RATIO", 2)

    with pytest.raises(BankFileRefused) as refused:
        read(zipped({str(number): camt(" " * 900) for number in range(10)}))

    assert refused.value.code == "zip_bomb"


def test_no_file_may_be_larger_than_we_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_BYTES", 100_000)

    with pytest.raises(BankFileRefused) as refused:
        read(camt(" " * 100_000))

    assert refused.value.code == "too_large"


def test_a_zip_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_MEMBERS", 2)

    with pytest.raises(BankFileRefused) as refused:
        read(zipped({str(number): camt() for number in range(3)}))

    assert refused.value.code == "too_large"


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_may_only_be_packed_as_zips_are(compression: int) -> None:
    with pytest.raises(BankFileRefused) as refused:
        read(zipped({"statement.xml": camt()}, compression))

    assert refused.value.code == "unreadable_zip"
