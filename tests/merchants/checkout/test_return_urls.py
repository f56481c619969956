"""Where a shop may let its shoppers go back to."""

import pytest

from merchants.checkout.return_urls import ReturnUrlNotAllowedError, check, with_payment

OWN = "https://ok.example"


@pytest.mark.parametrize(
    "url",
    [
        "https://kramer.nl",
        "https://kramer.nl/thanks?order=4502#top",
        "https://shop.kramer.nl:8443/",
        "https://8.8.8.8/thanks",
        "https://xn--bcher-kva.example/",
        f"{OWN}/anywhere",
    ],
)
def test_an_address_that_everybody_can_reach_is_kept(url: str) -> None:
    assert check(url, own=OWN) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "kramer.nl",
        "//kramer.nl/",
        "http://kramer.nl/",
        "ftp://kramer.nl/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://intranet/",
        "https://printer.local/",
        "https://nas.lan/",
        "https://db.internal/",
        "https://10.0.0.1/",
        "https://192.168.1.1:8443/",
        "https://172.16.3.4/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://a.0x7f/",
        "https://2130706433/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[nonsense]/",
        "https://user@kramer.nl/",
        "https://kramer.nl@evil.example/",
        "https://kramer.nl:0/",
        "https://kramer.nl:99999/",
        "https://kramer.nl\\@evil.example/",
        "https://kramer.nl/\r\nSet-Cookie: x",
        "https://kramer.nl/a b",
        "https://kramer.nl/é",
        f"https://kramer.nl/{'x' * 500}",
    ],
)
def test_any_other_is_refused(url: str) -> None:
    with pytest.raises(ReturnUrlNotAllowedError):
        check(url, own=OWN)


def test_what_is_ours_may_be_where_the_demo_runs() -> None:
    assert check("http://localhost:8000/thanks", own="http://localhost:8000")
    with pytest.raises(ReturnUrlNotAllowedError):
        check("http://localhost:9000/thanks", own="http://localhost:8000")


def test_only_the_id_travels() -> None:
    assert with_payment("https://k.nl/a?order=4&b=#x", "id") == (
        "https://k.nl/a?order=4&b=&ok_payment=id#x"
    )
    assert with_payment("", "id") == ""
