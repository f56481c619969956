"""Files of other apps, as their readers find them; each made here, none of a person's."""

import io
import json
import zipfile
from typing import Any

import pytest
from PIL import Image

from wallet.imports.archive import MOST_ENTRIES
from wallet.imports.files import read_file
from wallet.imports.photos import MOST_KEPT_BYTES, fitted
from wallet.imports.rows import MOST_ROWS, Row, Unreadable

CARDS = "_id,store,note,validfrom,expiry,balance,balancetype,cardid,barcodeid,barcodetype"
MORE = "barcodeencoding,headercolor,starstatus,lastused,archive"
REST = "ISO-8859-1,-4052444,1,1766674633,0"
HEADER = f"{CARDS},{MORE}"
CSV = f"""2

_id
Eten
Reizen

{HEADER}
1,Bakkerij,"Twee regels

met een lege ertussen",1767222000000,1798671600000,12.50,EUR,2620012345678,,EAN_13,{REST}
7,Tram,,,,30,,A-1,00123,CODE_128,,,0,0,1

cardId,groupId
1,Eten
1,Reizen
7,Reizen
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"


def zipped(files: dict[str, bytes | str], **options: Any) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def rows(content: bytes, password: str = "") -> list[Row]:
    return list(read_file(content, password).rows)


def refused(content: bytes, password: str = "") -> str:
    with pytest.raises(Unreadable) as refusal:
        read_file(content, password)
    return refusal.value.code


def test_catimas_three_tables_are_read_with_notes_over_empty_lines() -> None:
    bakery, tram = rows(CSV.encode())
    assert bakery.note == "Twee regels\n\nmet een lege ertussen"
    assert (bakery.name, bakery.code, bakery.number) == ("Bakkerij", "2620012345678", "")
    assert (bakery.symbology, bakery.encoding) == ("ean_13", "iso-8859-1")
    assert (bakery.valid_from, bakery.expires_on) == ("2026-01-01", "2026-12-31")
    assert (bakery.balance, bakery.unit, bakery.colour) == (1250, "EUR", "#c22a24")
    assert (bakery.starred, bakery.archived, list(bakery.groups)) == (
        True,
        False,
        ["Eten", "Reizen"],
    )
    assert bakery.used_at is not None
    assert (tram.code, tram.number) == ("00123", "A-1")
    assert (tram.balance, tram.unit, tram.archived) == (30, "points", True)
    assert (tram.valid_from, tram.used_at, tram.colour) == (None, None, "")


def test_catimas_zip_brings_its_photos() -> None:
    content = zipped({"catima.csv": CSV, "card_1_front.png": PNG, "card_7_icon.png": PNG})
    found = read_file(content)
    assert found.rows[0].photos == {"front": "card_1_front.png"}
    assert found.rows[1].photos == {"logo": "card_7_icon.png"}
    assert found.photo("card_1_front.png") == PNG


def test_catima_before_its_second_version_was_one_table() -> None:
    (card,) = rows(b"_id,store,note,cardid,barcodetype\r\n1,Winkel,,12,QR_CODE\r\n")
    assert (card.name, card.code, card.symbology, card.line) == ("Winkel", "12", "qr_code", 2)


def test_fidme_says_no_kind_of_barcode_and_its_ended_cards_have_no_number() -> None:
    table = (
        "Retailer;Program;Added At;Reference;Firstname;Lastname\n"
        'Hema;"";2021-03-24 18:35:08 UTC;8282;A.;Jansen\nOud;;;;;\n'
    )
    found = read_file(zipped({"loyalty_programs.csv": table, "tickets.csv": "x"}))
    (card,) = found.rows
    assert (card.name, card.number, card.code) == ("Hema", "8282", "")
    assert card.note == "2021-03-24 18:35:08 UTC\nA. Jansen"
    assert [(one.line, one.code) for one in found.problems] == [(3, "number_gone")]


def test_voucher_vault_is_a_list() -> None:
    voucher = {
        "description": "Kledingwinkel",
        "code": "123456",
        "codeType": "CODE39",
        "expires": "2027-03-26T00:00:00.000",
        "balanceMilliunits": 3500,
        "color": "PURPLE",
    }
    text = {**voucher, "codeType": "TEXT", "expires": None, "balanceMilliunits": None}
    first, second = rows(json.dumps([voucher, text]).encode())
    assert (first.symbology, first.code, first.balance) == ("code_39", "123456", 350)
    assert (first.expires_on, first.colour) == ("2027-03-26", "#800080")
    assert (second.code, second.number, second.balance) == ("", "123456", None)


def stocard(**card: Any) -> dict[str, bytes | str]:
    base = "extracts/u1/users/u1/"
    said = {
        "input_id": "12345",
        "input_provider_reference": {"identifier": "/loyalty-card-providers/277"},
        **card,
    }
    mine = {"identifier": "/users/u1/loyalty-card-custom-providers/p9"}
    return {
        f"{base}loyalty-cards/c1/content.json": json.dumps(said),
        f"{base}loyalty-cards/c1/notes/default/content.json": json.dumps({"content": "Let op"}),
        f"{base}loyalty-cards/c1/images/front.png": PNG,
        f"{base}loyalty-cards/c1/usage-statistics/content.json": json.dumps(
            {"usages": [{"time": {"value": "2024-05-06T07:08:09.000Z"}}]}
        ),
        f"{base}loyalty-cards/c2/content.json": json.dumps(
            {"input_id": "7", "input_provider_reference": mine, "input_barcode_format": "QR_CODE"}
        ),
        f"{base}loyalty-card-custom-providers/p9/content.json": json.dumps({"name": "Eigen"}),
        f"{base}loyalty-card-custom-providers/p9/logo.png": PNG,
    }


def test_stocards_zip_is_read_also_with_the_mark_of_a_spanned_archive() -> None:
    content = zipped(stocard(input_provider_name="Gamma", input_barcode_format="GS1_128"))
    for each in (content, b"PK\x07\x08" + content):
        first, second = rows(each)
        assert (first.name, first.code, first.symbology) == ("Gamma", "12345", "code_128")
        assert first.note == "Let op"
        assert first.used_at is not None
        assert first.used_at.year == 2024
        assert set(first.photos) == {"front"}
        assert (second.name, second.symbology, set(second.photos)) == ("Eigen", "qr_code", {"logo"})


def test_a_wallet_pass_and_a_bundle_of_them_are_read() -> None:
    said = {
        "organizationName": "Museum",
        "barcodes": [{"format": "PKBarcodeFormatQR", "message": "M-1", "altText": "M-1"}],
        "backgroundColor": "rgb(1, 2, 255)",
        "expirationDate": "2027-01-31T23:59:00+01:00",
    }
    one = zipped({"pass.json": json.dumps(said), "icon.png": PNG})
    (card,) = rows(one)
    assert (card.name, card.code, card.symbology) == ("Museum", "M-1", "qr_code")
    assert (card.number, card.colour, card.expires_on) == ("", "#0102ff", "2027-01-31")
    found = read_file(zipped({"a.pkpass": one, "b.pkpass": one}))
    assert len(found.rows) == 2
    assert found.photo(found.rows[1].photos["logo"]) == PNG


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_cards"),
        (b"PK\x03\x04 and then nothing", "zip_broken"),
        (zipped({"catima.csv": CSV})[:-30], "zip_broken"),
        (b"\x00\x01\x02", "not_known"),
        (zipped({"readme.txt": "hello"}), "not_known"),
        (zipped({"../catima.csv": CSV}), "zip_climbs"),
        (zipped({"/etc/catima.csv": CSV}), "zip_climbs"),
        (zipped({"C:catima.csv": CSV}), "zip_climbs"),
        (zipped({"a\\..\\catima.csv": CSV}), "zip_climbs"),
        (zipped({"catima.csv": CSV, "bomb.png": bytes(9_000_000)}), "zip_bomb"),
        (b"3\n\n_id\n\n_id,store,cardid\n1,a,b\n", "version_unknown"),
        (b"2\n\n_id\n\nstore,number\na,b\n", "header_wrong"),
        (b"_id;store;cardid\n1;a;b\n", "not_known"),
        (b"_id,shop\n1,a\n", "header_wrong"),
        (b"2\n\n_id\n\n_id,store,cardid\n", "no_cards"),
        (CSV.replace("Tram", "Tr\xe9m").encode("latin-1"), "encoding_wrong"),
        (CSV.encode("utf-16"), "not_known"),
        (b'2\n\n_id\n\n_id,store,cardid\n1,"a,b\n', "csv_broken"),
        (b'2\n\n_id\n\n_id,store,cardid\n1,"a"b,c\n', "csv_broken"),
        (b"[1, 2]", "header_wrong"),
        (b"[", "json_broken"),
        (b"[" * 100_000, "json_broken"),
        (b'["\\ud800"]', "json_broken"),
        (b"[]", "no_cards"),
        (zipped({"loyalty_programs.csv": "Shop;Number\na;1\n"}), "header_wrong"),
        (zipped({"pass.json": "[]"}), "json_broken"),
    ],
)
def test_what_is_no_export_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_ten_thousand_cards_are_read_and_one_more_is_refused() -> None:
    lines = [f"{nth},Winkel {nth},{nth:06}" for nth in range(MOST_ROWS)]
    table = "\n".join(["_id,store,cardid", *lines])
    assert len(rows(table.encode())) == MOST_ROWS
    assert refused(f"{table}\nx,y,z".encode()) == "too_many_cards"


def test_a_zip_of_too_many_files_is_refused() -> None:
    assert refused(zipped(dict.fromkeys(map(str, range(MOST_ENTRIES + 1)), b""))) == "zip_too_many"


def test_a_directory_that_lies_about_a_size_gets_no_more_than_it_said() -> None:
    content = bytearray(zipped({"catima.csv": CSV}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (40).to_bytes(4, "little")
    assert refused(bytes(content)) in {"zip_bomb", "zip_broken"}


def test_a_small_photo_stays_as_it_is_and_a_large_one_becomes_smaller() -> None:
    assert fitted(PNG) == PNG
    assert fitted(b"GIF89a") is None
    assert fitted(bytes(2_000_000)) is None
    file = io.BytesIO()
    Image.effect_noise((2400, 1400), 90).save(file, "PNG")
    assert file.tell() > MOST_KEPT_BYTES
    smaller = fitted(file.getvalue())
    assert smaller is not None
    assert len(smaller) <= MOST_KEPT_BYTES
    with Image.open(io.BytesIO(smaller)) as picture:
        assert max(picture.size) == 1600
    # 40 MB, and one byte more than anybody photographs.
    assert fitted(file.getvalue() + bytes(40_000_000)) is None
