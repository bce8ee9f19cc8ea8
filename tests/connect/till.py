"""An application's own software that has people asked on their phones, and whom it asks."""

from __future__ import annotations

import base64

from hospes.connect.models import BackchannelRequest, Consent, Grant, Token
from hospes.foundation.models import Job
from hospes.identity.models import Challenge
from hospes.protocols.oauth.clients import BACKCHANNEL
from support.site import Site

ASK = "/oauth2/backchannel-authenticate"


class Till:
    """It speaks HTTP and has no browser."""

    def __init__(self, registered):
        self.application = registered.application
        self.secret = registered.secret
        self.client = Site(user_agent="till/1.0", ip="203.0.113.9").client
        self.auth_req_id = ""

    def post(self, path, **form):
        pair = f"{self.application.client_id}:{self.secret}".encode()
        return self.client.post(
            path,
            data={name: value for name, value in form.items() if value is not None},
            headers={"Authorization": "Basic " + base64.b64encode(pair).decode()},
        )

    def ask(self, **changes):
        answer = self.post(
            ASK, **{"scope": "openid email", "login_hint": "anna@customer.example", **changes}
        )
        if answer.status_code == 200:
            self.auth_req_id = answer.json()["auth_req_id"]
        return answer

    def fetch(self, auth_req_id=None):
        return self.post(
            "/token", grant_type=BACKCHANNEL, auth_req_id=auth_req_id or self.auth_req_id
        )

    def error(self):
        answer = self.fetch()
        assert answer.status_code == 400, answer.text
        return answer.json()["error"]


class Machine:
    """The software of an application of type Other."""

    def __init__(self, registered):
        self.application = registered.application
        self.secret = registered.secret
        self.client = Site(user_agent="machine/1.0", ip="203.0.113.7").client

    def send(self, path, secret, **form):
        credentials = {"client_id": self.application.client_id, "client_secret": secret}
        return self.client.post(path, data={**credentials, **form})

    def token(self, secret, grant_type="client_credentials"):
        return self.send("/token", secret, grant_type=grant_type)


def consent(account, application, scope="email openid profile"):
    return Consent.objects.create(
        account=account, application=application, scope=scope, granted_at=1
    )


def tables():
    """Return everything that asking somebody could leave behind."""
    return {
        model.__name__: model.objects.count()
        for model in (Challenge, BackchannelRequest, Grant, Token, Job)
    }
