from __future__ import annotations

import dataclasses
import datetime as dt
import ipaddress
import logging
import smtplib
import ssl
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hospes.foundation import clock as product_clock
from hospes.foundation import worker
from hospes.foundation.errors import PermanentFailure
from hospes.foundation.gateways.letters import Letter
from hospes.foundation.gateways.smtp import Server, SmtpChannel, WrongSender, compose
from hospes.foundation.models import Job, MailboxEntry, Message
from hospes.foundation.services import jobs, messages
from hospes.kit.origin import SYSTEM
from support import run

SENDER = "Alpenhost <no-reply@alpenhost.example>"
LETTER = Letter(
    recipient="ada@customer.example",
    subject="Bienvenue à bord",
    text="Grüezi\n.\nEnde\n",
    html="<p>Grüezi</p>",
    reference="message-1-1",
    written_at=dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC),
)
MAIL = messages.Mail("Subject", "Heading", ("Paragraph",))


class Post:
    """What a mail server was told; ``answers`` are given in turn, then it accepts."""

    def __init__(self):
        self.envelopes = []
        self.rcpt_answers = []
        self.data_answers = []
        self.encrypted = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802
        if self.data_answers:
            return self.data_answers.pop(0)
        self.envelopes.append(envelope)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    @property
    def mails(self):
        return [
            message_from_bytes(envelope.content, policy=policy.default)
            for envelope in self.envelopes
        ]


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def serve(post):
    """Start a real SMTP server; return its port."""
    controllers = []
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)

    def start(controller=Controller, **options):
        port = run.free_port()
        made = controller(post, hostname="127.0.0.1", port=port, **options)
        made.start()
        controllers.append(made)
        return port

    yield start
    for controller in controllers:
        controller.stop()


@pytest.fixture
def certificate(tmp_path):
    """A certificate for this machine; return its file and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


def deliver(url, **changes):
    SmtpChannel(url, sender=SENDER).deliver(dataclasses.replace(LETTER, **changes))


def test_a_mail_arrives_whole(serve, post):
    deliver(f"smtp://127.0.0.1:{serve()}")
    (mail,) = post.mails
    assert post.envelopes[0].mail_from == "no-reply@alpenhost.example"
    assert post.envelopes[0].rcpt_tos == ["ada@customer.example"]
    assert mail["From"] == SENDER
    assert mail["To"] == "ada@customer.example"
    assert mail["Subject"] == "Bienvenue à bord"
    assert mail["Date"].datetime == LETTER.written_at
    assert mail["Message-ID"] == "<message-1-1@hospes.test>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Grüezi", ".", "Ende"]
    assert mail.get_body(("html",)).get_content().strip() == "<p>Grüezi</p>"


def test_every_line_is_short_enough_for_any_server(serve, post):
    deliver(f"smtp://127.0.0.1:{serve()}", text="wort " * 2000, html="<p>" + "ü" * 3000 + "</p>")
    assert max(len(line) for line in post.envelopes[0].content.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    "subject", ["Hello\r\nBcc: eve@evil.example", "Hello\nBcc: eve@evil.example", "Hello\x0bBcc: e"]
)
def test_a_subject_cannot_end_its_header(serve, post, subject):
    deliver(f"smtp://127.0.0.1:{serve()}", subject=subject)
    (mail,) = post.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Hello Bcc:")
    assert post.envelopes[0].rcpt_tos == ["ada@customer.example"]


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "ada",
        "@customer.example",
        "ada@",
        "ada@customer.example, eve@evil.example",
        "ada@customer.example\r\nBcc: eve@evil.example",
        "ada@customer.example\nRCPT TO:<eve@evil.example>",
        "Ada <ada@customer.example>",
        "ada@customer.example eve@evil.example",
        "<ada@customer.example>,<eve@evil.example>",
        "a@b@c@customer.example",
        "ada@" + "x" * 70 + ".example",
    ],
)
def test_what_is_not_exactly_one_address_is_refused_for_good(recipient):
    with pytest.raises(PermanentFailure):
        compose(dataclasses.replace(LETTER, recipient=recipient), sender=SENDER)


@pytest.mark.parametrize(
    "sender", ["", "Provider", "Provider <no-reply@>", "a@b\r\nBcc: c@d.example"]
)
def test_a_wrong_address_of_ours_does_not_lose_the_mail(sender):
    with pytest.raises(WrongSender, match="HOSPES_MAIL_FROM"):
        compose(LETTER, sender=sender)


def test_our_name_may_have_any_letters(serve, post):
    SmtpChannel(
        f"smtp://127.0.0.1:{serve()}", sender='"Müller, Söhne" <post@hoster.example>'
    ).deliver(LETTER)
    assert post.mails[0]["From"].addresses[0].display_name == "Müller, Söhne"
    assert post.envelopes[0].mail_from == "post@hoster.example"


def test_an_address_of_other_letters_finds_its_way(serve, post):
    deliver(f"smtp://127.0.0.1:{serve()}", recipient="ada@zürich.example")
    assert post.envelopes[0].rcpt_tos == ["ada@xn--zrich-kva.example"]


def test_a_mailbox_of_other_letters_needs_a_server_that_takes_it(serve, post):
    deliver(f"smtp://127.0.0.1:{serve(enable_SMTPUTF8=True)}", recipient="ädä@customer.example")
    assert post.envelopes[0].rcpt_tos == ["ädä@customer.example"]
    with pytest.raises(PermanentFailure, match="does not take this address"):
        deliver(
            f"smtp://127.0.0.1:{serve(enable_SMTPUTF8=False)}", recipient="ädä@customer.example"
        )


@pytest.mark.parametrize(
    ("answers", "answer", "failure"),
    [
        ("rcpt_answers", "550 5.1.1 no such mailbox", PermanentFailure),
        ("rcpt_answers", "450 4.2.1 mailbox busy", smtplib.SMTPRecipientsRefused),
        ("rcpt_answers", "452 4.2.2 mailbox full", smtplib.SMTPRecipientsRefused),
        ("data_answers", "554 5.7.1 not wanted here", PermanentFailure),
        ("data_answers", "451 4.3.0 try again", smtplib.SMTPDataError),
    ],
)
def test_a_refusal_for_good_is_told_from_one_for_now(serve, post, answers, answer, failure):
    getattr(post, answers).append(answer)
    url = f"smtp://127.0.0.1:{serve()}"
    with pytest.raises(failure):
        deliver(url)
    assert post.envelopes == []
    deliver(url)
    assert len(post.envelopes) == 1


def test_a_server_that_is_not_there_is_tried_again(serve):
    with pytest.raises(OSError, match="refused"):
        deliver(f"smtp://127.0.0.1:{run.free_port()}")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_login_that_fails_is_tried_again(serve, post):
    def authenticate(server, session, envelope, mechanism, login):
        right = (login.login, login.password) == (b"us er", b"p@ss/word")
        return AuthResult(success=right, handled=False)

    port = serve(authenticator=authenticate, auth_require_tls=False, auth_required=True)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        deliver(f"smtp://us%20er:wrong@127.0.0.1:{port}")
    with pytest.raises(smtplib.SMTPException):
        deliver(f"smtp://127.0.0.1:{port}")
    deliver(f"smtp://us%20er:p%40ss%2Fword@127.0.0.1:{port}")
    assert len(post.envelopes) == 1


def test_starttls_is_insisted_on(serve, post, certificate, monkeypatch):
    file, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    deliver(f"smtp+starttls://127.0.0.1:{serve(tls_context=context)}")
    assert post.encrypted == [True]
    with pytest.raises(smtplib.SMTPNotSupportedError):
        SmtpChannel(f"smtp+starttls://127.0.0.1:{serve()}", sender=SENDER)._server.connect()
    assert len(post.envelopes) == 1


def test_a_server_nobody_vouches_for_gets_no_mail(serve, post, certificate):
    _, context = certificate
    with pytest.raises(ssl.SSLCertVerificationError):
        deliver(f"smtp+starttls://127.0.0.1:{serve(tls_context=context)}")
    assert post.envelopes == []


def test_tls_from_the_first_byte(serve, post, certificate, monkeypatch):
    file, context = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    deliver(f"smtps://127.0.0.1:{serve(ssl_context=context)}")
    assert len(post.envelopes) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", Server("smtp", "mail.example", 25, "", "")),
        ("smtps://a:b@mail.example", Server("smtps", "mail.example", 465, "a", "b")),
        ("smtp+starttls://a@h:2525", Server("smtp+starttls", "h", 2525, "a", "")),
        ("smtp://a:%3A%40@[::1]:26", Server("smtp", "::1", 26, "a", ":@")),
    ],
)
def test_a_mail_url_names_a_server(url, expected):
    assert Server.from_url(url) == expected


# ---- the whole way ---------------------------------------------------------------------------


@pytest.fixture
def sending(serve, settings_with):
    settings_with(mail_url=f"smtp://127.0.0.1:{serve()}", mail_from=SENDER)


def send():
    return messages.send_mail(MAIL, to="ada@customer.example", locale="en", kind="tests.mail")


def test_a_mail_refused_for_now_is_delivered_later(sending, post, clock):
    post.rcpt_answers = ["450 busy", "450 busy still"]
    message = send()
    for _ in range(3):
        worker.drain()
        clock.move(dt.timedelta(minutes=1))
    message.refresh_from_db()
    assert message.delivered_at is not None
    assert message.content_sealed == ""
    assert len(post.envelopes) == 1
    assert not MailboxEntry.objects.exists()


def test_a_mail_refused_for_good_is_dead_and_can_be_tried_again(sending, post, clock):
    post.rcpt_answers = ["550 no such mailbox"]
    send()
    worker.drain()
    job = Job.objects.get()
    assert job.state == "dead"
    assert "550 no such mailbox" in job.last_error
    assert Message.objects.get().content_sealed
    jobs.retry_dead(job.pk, acting_account_id=1, origin=SYSTEM)
    worker.drain()
    assert len(post.envelopes) == 1


def test_a_mail_accepted_twice_is_recognized_as_one(sending, post):
    message = send()
    message.refresh_from_db()
    worker.drain()
    # The worker was killed between the server's answer and its own note of it.
    message.save()
    Job.objects.update(state="running", leased_until=product_clock.now())
    worker.drain()
    first, second = (mail["Message-ID"] for mail in post.mails)
    assert first == second
