"""What the doctor says of applications' certificates."""

from __future__ import annotations

import ipaddress

import pytest

from hospes.config.cli import doctor, doctor_certificates
from hospes.config.environment import Environment
from support.client_certificates import authority, made

PROXIES = (ipaddress.ip_network("127.0.0.1"),)


def states(**values):
    env = Environment(**{"base_url": "https://my.provider.example", **values})
    return [(state, text) for state, text, _advice in doctor_certificates.findings(env)]


def test_without_a_header_there_is_nothing_to_say(tmp_path):
    assert states() == []
    for lonely in ({"client_ca_file": tmp_path}, {"mtls_url": "https://mtls.example"}):
        ((state, text),) = states(**lonely)
        assert state == "mend"
        assert "no header" in text


def test_a_header_that_nobody_may_send_is_told():
    ((state, text),) = states(certificate_header="ClientCertificate")
    assert (state, "no proxy is trusted" in text) == ("mend", True)


@pytest.mark.parametrize(("name", "count"), [("ClientCertificate", 1), ("Client-Cert", 2)])
def test_a_name_with_a_second_spelling_is_told(name, count):
    found = states(certificate_header=name, trusted_proxies=PROXIES)
    assert len(found) == count
    assert found[-1] == ("ok", "self-signed ones, as applications register them")
    assert count == 1 or (found[0][0], "underscore" in found[0][1]) == ("note", True)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (authority().pem + authority("CN=Second").pem, "ok"),
        (made().pem, "mend"),
        ("rubbish", "mend"),
    ],
)
def test_the_file_of_authorities_is_looked_at(tmp_path, text, state):
    path = tmp_path / "ca.pem"
    path.write_text(text)
    found = states(
        certificate_header="ClientCertificate", trusted_proxies=PROXIES, client_ca_file=path
    )
    assert [each for each, _text in found] == [state]
    path.unlink()


def test_the_doctor_asks_for_them():
    env = Environment(
        base_url="https://my.provider.example",
        certificate_header="ClientCertificate",
        trusted_proxies=PROXIES,
    )
    told = [each for each in doctor._address(env) if each.subject == "certificates"]
    assert [each.state for each in told] == ["ok"]
