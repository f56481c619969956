"""Which addresses are called: public ones, also after a change of DNS, over TLS that is right."""

import datetime as dt
import socket
import ssl
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import requests.adapters  # noqa: TID251 -- where the library looks for whom to trust
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from okplatform.kernel.addresses import is_public, may_be_named
from okplatform.kernel.gateways.post import Answer, NotAnsweredError, post
from tests.support.receiver import Receiver, Resolver, receiving

PRIVATE = [
    "0.0.0.0",  # noqa: S104 -- nobody listens there
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.9.10",
    "169.254.169.254",
    "172.16.3.4",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_these_are_nobodys_on_the_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:2800:220:1::1"])
def test_these_are_somebodys(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.nl/hooks",
        "https://shop.example.nl:8443/hooks?shop=7",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1::1]/",
    ],
)
def test_these_may_be_named(url: str) -> None:
    assert may_be_named(url, loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.nl",
        "http://shop.example.nl/",
        "ftp://shop.example.nl/",
        "https:///hooks",
        "https://localhost/",
        "https://shop.localhost/",
        "https://printer.local/",
        "https://intranet/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "https://shop.example.nl@10.0.0.1/",
        "https://user:word@shop.example.nl/",
        "https://shop.example.nl/#part",
        "https://shop.example.nl\\@10.0.0.1/",
        "https://shop.example.nl/a b",
        "https://shop.example.nl/\nHost: x",
        "https://shop.example.nl:0/",
        "https://shop.example.nl:99999/",
        "https://[::1/",
        "https://shop.example.nl/" + "a" * 500,
        "https://winkel.exàmple.nl/",
    ],
)
def test_these_may_not_be_named(url: str) -> None:
    assert not may_be_named(url, loopback=False)


def test_this_machine_may_be_named_where_the_setting_says_so() -> None:
    for url in ("http://localhost:9000/", "http://127.0.0.1/", "https://[::1]:9000/hooks"):
        assert may_be_named(url, loopback=True)
        assert not may_be_named(url, loopback=False)
    for url in ("http://10.0.0.1/", "http://shop.example.nl/", "ftp://localhost/"):
        assert not may_be_named(url, loopback=True)


def test_only_the_usual_port_where_that_is_asked_for() -> None:
    for url in ("https://push.example.nl/a", "https://push.example.nl:443/a"):
        assert may_be_named(url, loopback=False, any_port=False)
    for url in ("https://push.example.nl:8443/a", "https://push.example.nl:22/"):
        assert not may_be_named(url, loopback=False, any_port=False)


Says = Callable[..., Resolver]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def sent(url: str, *, loopback: bool = True) -> int:
    """Post nothing much, and return the status."""
    answer: Answer = post(url, headers={}, body=b"{}", agent="OK-Test/1", loopback=loopback)
    return answer.status


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Says:
    """Let names stand for these addresses, one after the other."""

    def says(**names: list[str]) -> Resolver:
        told = {name.replace("_", "."): found for name, found in names.items()}
        resolver = Resolver(socket.getaddrinfo, told)
        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        return resolver

    return says


def at(receiver: Receiver, name: str) -> str:
    return receiver.url.replace("127.0.0.1", name)


@pytest.mark.parametrize("address", sorted({*PRIVATE} - {"127.0.0.1", "127.8.9.10", "::1"}))
def test_a_name_that_stands_for_a_private_address_is_not_called(
    receiver: Receiver, dns: Says, address: str
) -> None:
    dns(shop_test=[address])
    with pytest.raises(NotAnsweredError, match="address_refused"):
        sent(at(receiver, "shop.test"))
    assert receiver.received == []


def test_a_name_that_stands_for_this_machine_is_not_called_in_production(
    receiver: Receiver, dns: Says
) -> None:
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        dns(shop_test=[address])
        with pytest.raises(NotAnsweredError, match="address_refused"):
            sent(at(receiver, "shop.test"), loopback=False)
    with pytest.raises(NotAnsweredError, match="address_refused"):
        sent(receiver.url, loopback=False)
    assert receiver.received == []


def test_the_address_that_was_judged_is_the_one_that_is_called(
    receiver: Receiver, dns: Says
) -> None:
    resolver = dns(shop_test=["127.0.0.1", "10.0.0.1"])
    # Whoever looked a second time would be led to 10.0.0.1.
    assert sent(at(receiver, "shop.test")) == 204
    assert resolver.asked.count("shop.test") == 1
    assert receiver.received[0].headers["host"].startswith("shop.test:")
    # The next message asks anew.
    with pytest.raises(NotAnsweredError, match="address_refused"):
        sent(at(receiver, "shop.test"))
    assert len(receiver.received) == 1


def test_a_name_that_nobody_knows_is_said_so() -> None:
    def unknown(*_asked: Any, **_how: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(NotAnsweredError, match="not_found"):
            sent("https://nowhere.test/")


def test_a_closed_door_is_said_so(receiver: Receiver) -> None:
    with receiving() as closed:
        url = closed.url
    with pytest.raises(NotAnsweredError, match="connection"):
        sent(url)


def test_proxies_and_passwords_of_the_environment_are_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login ok password geheim")
        monkeypatch.setenv("NETRC", str(netrc))
        assert sent(receiver.url) == 204
        assert proxy.received == []
    assert "authorization" not in receiver.received[0].headers


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of shop.test and 127.0.0.1, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.test")])
    names = [x509.DNSName("shop.test"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    today = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(today)
        .not_valid_after(today + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "shop.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    return path


def secure(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with receiving(context=secure(certificate)) as receiver:
        with pytest.raises(NotAnsweredError, match="tls"):
            sent(receiver.url)
        assert receiver.received == []


def test_over_tls_the_name_is_checked_although_the_address_is_called(
    certificate: Path, dns: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(certificate))
    dns(shop_test=["127.0.0.1"], other_test=["127.0.0.1"])
    with receiving(context=secure(certificate)) as receiver:
        assert sent(at(receiver, "shop.test")) == 204
        assert receiver.received[0].headers["host"].startswith("shop.test:")
        with pytest.raises(NotAnsweredError, match="tls"):
            sent(at(receiver, "other.test"))
        assert len(receiver.received) == 1
