"""The variables of an installation: parsed, and every fault told at once."""

from __future__ import annotations

import ipaddress

import pytest

from hospes.config import databases, environment
from hospes.config.environment import EnvironmentFault


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOSPES_BASE_URL", "my.provider.example"),
        ("HOSPES_BASE_URL", "https://my.provider.example/shop"),
        ("HOSPES_BASE_URL", "http://my.provider.example"),
        ("HOSPES_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("HOSPES_CLIENT_HEADER", "Client-Address"),
        ("HOSPES_CLIENT_HEADER", "client_address"),
        ("HOSPES_CLIENT_HEADER", "Cookie"),
        ("HOSPES_CERTIFICATE_HEADER", "X-SSL-Cert"),
        ("HOSPES_CERTIFICATE_HEADER", "Client_Cert"),
        ("HOSPES_CERTIFICATE_HEADER", "Authorization"),
        ("HOSPES_CLIENT_CA_FILE", "/no/such/file"),
        ("HOSPES_CLIENT_CA_FILE", __file__),
        ("HOSPES_MTLS_URL", "http://mtls.provider.example"),
        ("HOSPES_MTLS_URL", "https://mtls.provider.example/token"),
        ("HOSPES_MTLS_URL", "mtls.provider.example"),
        ("DATABASE_URL", "mysql://root@localhost/hospes"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("REDIS_URL", "http://localhost"),
        ("HOSPES_BASE_URL", "https://["),
        ("HOSPES_BASE_URL", "https://my.provider.example:99999"),
        ("HOSPES_BASE_URL", "https://my.provider.example?shop=1"),
        ("HOSPES_BASE_URL", "https://anna:secret@my.provider.example"),
        ("REDIS_URL", "redis://localhost:many"),
        ("REDIS_URL", "redis:///0"),
        ("HOSPES_MAIL_URL", "mail.example:25"),
        ("HOSPES_MAIL_URL", "smtp:mail.example"),
        ("HOSPES_MAIL_URL", "smtp://mail.example:many"),
        ("HOSPES_MAIL_URL", "smtps://["),
        ("HOSPES_MAIL_FROM", "Alpenhost"),
        ("HOSPES_MAIL_FROM", "Alpenhost <no-reply>"),
        ("HOSPES_BREACHED_PASSWORDS_FILE", "/no/such/file"),
        ("HOSPES_GEOIP_FILE", "/no/such/file"),
        ("HOSPES_PUSH_HOSTS", "https://push.example"),
        ("HOSPES_PUSH_HOSTS", "push.example:8443"),
        ("HOSPES_PUSH_HOSTS", "127.0.0.1"),
        ("HOSPES_PUSH_HOSTS", "push.example, *"),
        ("HOSPES_PUSH_HOSTS", "localhost"),
        ("HOSPES_LOG_FORMAT", "xml"),
        ("HOSPES_DEMO", "perhaps"),
        ("HOSPES_DEVELOPMENT", "2"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(name, value):
    with pytest.raises(EnvironmentFault) as caught:
        environment.read({name: value})
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(name)


def test_push_services_are_hosts_or_all_hosts_of_a_domain():
    assert environment.read({}).push_hosts == environment.DEFAULT_PUSH_HOSTS
    read = environment.read({"HOSPES_PUSH_HOSTS": " Push.example, *.push.example ,"})
    assert read.push_hosts == ("push.example", "*.push.example")


def test_all_faults_are_told_at_once():
    variables = {"HOSPES_BASE_URL": "x", "REDIS_URL": "x", "HOSPES_DEMO": "x"}
    with pytest.raises(EnvironmentFault) as caught:
        environment.read(variables)
    assert len(caught.value.faults) == 3


def test_a_fault_does_not_show_a_password():
    with pytest.raises(EnvironmentFault) as caught:
        environment.read({"DATABASE_URL": "mysql://root:hunter2@localhost/hospes"})
    assert "hunter2" not in str(caught.value)


def test_nothing_set_is_an_installation_on_this_machine():
    read = environment.read({})
    assert read.base_url == "http://127.0.0.1:8000"
    assert read.host == "127.0.0.1:8000"
    assert not read.https
    assert read.data_dir.is_absolute()
    assert databases.sqlite_path(read.database_url, read.data_dir) == read.data_dir / (
        "hospes.sqlite3"
    )


@pytest.mark.parametrize(
    ("base_url", "host", "hostname"),
    [
        ("https://my.provider.example", "my.provider.example", "my.provider.example"),
        ("https://my.provider.example:8443/", "my.provider.example:8443", "my.provider.example"),
        ("http://[::1]:8000", "[::1]:8000", "[::1]"),
        ("http://[::1]", "[::1]", "[::1]"),
        ("http://localhost:8000", "localhost:8000", "localhost"),
    ],
)
def test_host_and_name_of_the_address(base_url, host, hostname):
    read = environment.read({"HOSPES_BASE_URL": base_url})
    assert (read.host, read.hostname) == (host, hostname)


def test_proxies_are_addresses_and_networks():
    read = environment.read({"HOSPES_TRUSTED_PROXIES": "127.0.0.1, 10.1.2.3/8,::1"})
    assert read.trusted_proxies == (
        ipaddress.ip_network("127.0.0.1"),
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("::1"),
    )


@pytest.mark.parametrize("name", ["ClientAddress", "X-Forwarded-For", "x-forwarded-for"])
def test_the_header_that_tells_the_address_has_one_spelling_or_is_the_usual_one(name):
    assert environment.read({"HOSPES_CLIENT_HEADER": name}).client_header == name
    assert environment.read({}).client_header == "X-Forwarded-For"


@pytest.mark.parametrize("name", ["ClientCertificate", "Client-Cert", "client-cert"])
def test_the_header_that_tells_the_certificate_is_one_word_or_that_of_the_rfc(name):
    assert environment.read({"HOSPES_CERTIFICATE_HEADER": name}).certificate_header == name
    read = environment.read({"HOSPES_MTLS_URL": "https://mtls.provider.example/"})
    assert (read.certificate_header, read.mtls_url) == ("", "https://mtls.provider.example")


def test_a_database_url_becomes_djangos_settings(tmp_path):
    found = databases.settings_for(
        "postgresql://anna:p%40ss@db.example:5433/hospes?sslmode=require", tmp_path
    )
    assert found["NAME"] == "hospes"
    assert (found["USER"], found["PASSWORD"]) == ("anna", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_an_absolute_sqlite_path_has_four_slashes(tmp_path):
    found = databases.settings_for("sqlite:////srv/hospes/db.sqlite3", tmp_path)
    assert found["NAME"] == "/srv/hospes/db.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_sms_gateways_and_countries_are_read():
    env = environment.read({"HOSPES_SMS_URLS": "json://a.example/{to}  xml://b.example/{to}"})
    assert env.sms_urls == ("json://a.example/{to}", "xml://b.example/{to}")
    assert env.sms_countries == ("CH", "FR", "BE", "DE")
    assert environment.read({"HOSPES_SMS_COUNTRIES": "at, ch"}).sms_countries == ("AT", "CH")


def test_faults_of_sms_settings_name_no_key():
    with pytest.raises(EnvironmentFault) as told:
        environment.read(
            {"HOSPES_SMS_URLS": "json://secret-key@a.example", "HOSPES_SMS_COUNTRIES": "Suisse"}
        )
    text = str(told.value)
    assert "HOSPES_SMS_URLS" in text
    assert "HOSPES_SMS_COUNTRIES holds 'SUISSE'" in text
    assert "secret-key" not in text
