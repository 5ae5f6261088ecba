"""No address, name, redirect or slow receiver makes this machine ask its own network, or wait."""

import datetime as dt
import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from projects.exceptions import Invalid
from projects.webhooks import post as posting
from projects.webhooks.addresses import NotSent, may_go_to, parse, resolve
from projects.webhooks.post import post
from tests.projects.webhooks.receiver import Receiver, receiving

INSIDE = [
    "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "198.18.0.1", "240.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254", "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["1.1.1.1", "192.0.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]


def test_what_is_inside_is_refused_and_what_is_public_is_not(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []
    assert [each for each in INSIDE if may_go_to(ipaddress.ip_address(each))] == []
    assert [each for each in OUTSIDE if not may_go_to(ipaddress.ip_address(each))] == []
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]
    assert may_go_to(ipaddress.ip_address("10.1.2.3"))
    assert may_go_to(ipaddress.ip_address("::ffff:10.1.2.3"))
    assert not may_go_to(ipaddress.ip_address("10.2.0.1"))


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "//example.org", "example.org", "https://",
        "https://ann:pw@example.org/", "https://example.org/#x", "https://example.org:0/", "https://example.org:99999/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:169.254.169.254]/", "https://localhost/",
        "https://exa mple.org/", "https://example.org/\n", "https://exämple.org/", f"https://example.org/{'x' * 500}",
        f"https://{'x' * 70}.org/", "https://[fe80::1%25eth0]/", "https://[::1", "",
    ],
)  # fmt: skip
def test_an_address_that_can_not_be_is_refused_with_a_sentence(address: str, settings: Any) -> None:
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = False, []
    with pytest.raises(Invalid, match="address: "):
        parse(address)


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The network's names: each question gets the next answer. Returns the questions."""
    asked: list[str] = []

    def answer(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


def test_a_name_that_leads_inside_is_refused_one_address_of_several_is_enough(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.WEBHOOK_NETWORKS = []
    names(monkeypatch, ["1.1.1.1", "10.0.0.7"], ["1.1.1.1"], ["::ffff:127.0.0.1"], [])
    target = parse("https://hooks.example/")
    with pytest.raises(
        NotSent, match=r"hooks\.example leads to an address that is not on the public internet"
    ):
        resolve(target)
    assert resolve(target) == "1.1.1.1"
    with pytest.raises(NotSent, match="not on the public internet"):
        resolve(target)
    with pytest.raises(NotSent, match="no machine named"):
        resolve(target)


def certificate(folder: Path, name: str) -> str:
    """A file with a key and a certificate for the name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(private + made.public_bytes(pem))
    return str(file)


def test_the_connection_goes_where_was_looked_and_the_certificate_is_the_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The name leads elsewhere at the second question: nobody asks one."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.1/32")]
    file = certificate(tmp_path, "hooks.example")
    monkeypatch.setenv("SSL_CERT_FILE", file)
    with receiving(file) as receiver:
        asked = names(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
        target = parse(f"https://hooks.example:{receiver.port}/")
        answer = post(target, resolve(target), b"{}", {})
        assert (answer.status, answer.text, asked) == (200, "thanks", ["hooks.example"])
        assert receiver.taken[0][0]["host"] == f"hooks.example:{receiver.port}"
        with pytest.raises(NotSent, match="certificate is not valid"):
            post(parse(f"https://other.example:{receiver.port}/"), "127.0.0.1", b"{}", {})
    with pytest.raises(NotSent, match="could not be reached"):
        post(target, "127.0.0.1", b"{}", {})


def test_who_answers_a_byte_now_and_then_is_cut_off_and_only_the_beginning_is_read(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = parse(receiver.address)
    receiver.answers = [(200, {}, "x" * 5000)]
    assert post(target, "127.0.0.1", b"{}", {}).text == "x" * 500
    monkeypatch.setattr(posting, "WHOLE", 0.3)
    receiver.drips = 1000
    with pytest.raises(NotSent, match="No answer came within"):
        post(target, "127.0.0.1", b"{}", {})
