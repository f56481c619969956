"""The rules by which the Complete Journey data becomes sales."""

from datetime import UTC, datetime

import pytest

from demo.journey import GROCERY_DEPARTMENTS, Line, Product, as_instant, unit_of, unit_price


def product(**fields: str) -> Product:
    blank = {"department": "GROCERY", "category": "", "type": "", "size": "", "brand": ""}
    return Product(id=1095275, **{**blank, **fields})


@pytest.mark.parametrize(
    ("department", "rate"),
    [
        ("GROCERY", 900),
        ("PRODUCE", 900),
        ("MEAT-PCKGD", 900),
        ("RESTAURANT", 900),
        ("DRUG GM", 2100),
        ("SPIRITS", 2100),
        ("FLORAL", 2100),
        ("FUEL", 2100),
        ("COUPON", 2100),
        ("", 2100),
    ],
)
def test_groceries_carry_9_percent_vat_and_the_rest_21(department: str, rate: int) -> None:
    assert product(department=department).vat_rate_bp == rate


def test_only_departments_of_food_are_groceries() -> None:
    assert len(GROCERY_DEPARTMENTS) == 13
    assert not {"DRUG GM", "SPIRITS", "FUEL", "MISCELLANEOUS"} & GROCERY_DEPARTMENTS


def test_vat_is_contained_in_what_was_paid_not_in_the_gross_amount() -> None:
    line = Line(product=1, quantity=1, paid=109, retail=50, coupon=30, match=20)
    assert line.vat(900) == 9
    assert line.gross == 209


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"type": "SANDWICH COOKIES", "size": "32 OZ"}, "Sandwich cookies, 32 oz"),
        ({"type": "PREMIUM COOKIES (EX: PEPPERIDG"}, "Premium cookies"),
        ({"type": "CANDY BARS (SINGLES)(INCLUDING"}, "Candy bars (singles)"),
        ({"type": "BREAD:ITALIAN/FRENCH", "brand": "Private"}, "Bread: italian/french, own brand"),
        ({"category": "HERBS"}, "Herbs"),
        ({"department": ""}, "Article 1095275"),
    ],
)
def test_an_article_gets_a_name_a_customer_can_read(fields: dict[str, str], name: str) -> None:
    assert product(**fields).name == name


def test_an_article_gets_an_ean_with_a_valid_check_digit() -> None:
    gtin = product().gtin
    assert gtin == "02000010952755"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin))
    assert weighted % 10 == 0


def test_petrol_counts_millilitres_and_a_prepaid_amount_of_it_is_one_piece() -> None:
    assert unit_of("GASOLINE-REG UNLEADED", 10_604) == "millilitre"
    assert unit_of("GASOLINE-REG UNLEADED", 1) == "piece"
    assert unit_price(2500, 10_604, "millilitre") == 236


def test_everything_else_counts_pieces() -> None:
    assert unit_of("CORN WHITE", 144) == "piece"
    assert unit_price(500, 2, "piece") == 250


def test_a_weight_the_data_never_had_is_refused() -> None:
    with pytest.raises(ValueError, match="1001 pieces"):
        unit_of("CORN WHITE", 1001)


def test_a_line_without_a_quantity_has_its_amount_as_its_price() -> None:
    assert unit_price(200, 0, "piece") == 200


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2017-01-15T12:00", datetime(2017, 1, 15, 11, tzinfo=UTC)),
        ("2017-07-15T12:00", datetime(2017, 7, 15, 10, tzinfo=UTC)),
        # 02:30 did not exist that night: it is read as 03:30 summer time.
        ("2017-03-26T02:30", datetime(2017, 3, 26, 1, 30, tzinfo=UTC)),
        # 02:30 came twice: the first one counts.
        ("2017-10-29T02:30", datetime(2017, 10, 29, 0, 30, tzinfo=UTC)),
    ],
)
def test_time_is_the_clock_on_the_wall_of_the_store(wall: str, instant: datetime) -> None:
    assert as_instant(datetime.fromisoformat(wall)).astimezone(UTC) == instant
