"""A person whose browser runs no scripts, between a site and a real provider."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from support.pages import Form, Page
from tools import wordpress

if TYPE_CHECKING:
    from support.server import Server

PHP_TESTS = Path(__file__).resolve().parent.parent / "connectors" / "php"
CONNECTORS = PHP_TESTS.parents[2] / "connectors"


PASSWORD = "nine swans on the pond 63"
# An application for each algorithm, as their preset makes it, and Lea, who signs in.
SET_UP = """
import json
from hospes.connect.domain.registration import Draft
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.kit.origin import SYSTEM
from support.organizations import own
from support.people import make_account
owner = make_account("owner@site.example", {password!r}, first_name="Olga")
house = own(owner)
make_account("lea@site.example", {password!r}, first_name="Lea")
def register(alg):
    draft = Draft(
        type="web", name=f"The site {{alg}}", redirect_uris={uris!r}, id_token_alg=alg,
        preset={preset!r},
    )
    made = register_application(
        RegisterApplication(draft, f"form-of-{{alg}}"), organization=house,
        acting_account=owner, origin=SYSTEM,
    )
    return made.application.client_id, made.secret
print(json.dumps([register("RS256"), register("ES256")]))
"""


def register(server: Server, preset: str, *uris: str) -> list[tuple[str, str]]:
    """Make the applications of a site; return client ID and secret of each."""
    code = SET_UP.format(password=PASSWORD, preset=preset, uris=uris)
    return [(made[0], made[1]) for made in json.loads(server.python(code))]


class SiteVisitor:
    """Signs in and agrees wherever the provider asks for it."""

    def __init__(self, server: Server, email: str) -> None:
        self.server, self.email = server, email
        self.client = httpx.Client(base_url=server.url, timeout=30)

    def visit(self, address: str) -> str:
        """Be sent to the provider; return the address it sends the browser back to."""
        response = self.client.get(address)
        for _ in range(12):
            here = str(response.request.url)
            if response.has_redirect_location:
                target = urljoin(here, response.headers["location"])
                if not target.startswith(self.server.url):
                    return target
                response = self.client.get(target)
                continue
            page = Page(response.text)
            posted = next(
                (f for f in page.forms if "code" in f.fields or "error" in f.fields), None
            )
            if posted is not None:
                return posted.action
            assert response.status_code == 200, (here, response.text[:500])
            form, fields = self._step(page, here)
            response = self.client.post(
                urljoin(here, form.action or here),
                data={**form.fields, **fields},
                headers={"Origin": self.server.url},
            )
        raise AssertionError(f"Sent round in circles, at last to {response.request.url}")

    def _step(self, page: Page, here: str) -> tuple[Form, dict[str, str]]:
        for form in page.forms:
            if any(button[:2] == ("decision", "allow") for button in form.buttons):
                return form, {"decision": "allow"}
            if "password" in form.fields:
                return form, {"email": self.email, "password": PASSWORD}
        raise AssertionError((here, page.title))

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def words(address: str) -> dict[str, str]:
    """Return the words of an address's query."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


class PhpSite:
    """A site in PHP that lives for one request at a time; between two it is what ``world`` says."""

    def __init__(self, script: str, module: Path, proxy_port: int) -> None:
        self.script, self.module, self.proxy_port = PHP_TESTS / script, module, proxy_port
        self.world: dict[str, Any] = {}
        self.messages: list[str] = []
        self.log: list[str] = []
        self.asked: list[Any] = []

    def ask(self, do: str, **more: Any) -> Any:
        """Make one request; return its answer."""
        php = wordpress.program("php")
        assert php, wordpress.MISSING
        done = subprocess.run(
            [php, self.script, self.module],
            input=json.dumps({"do": do, "world": self.world, **more}),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"TEST_PROXY": f"http://127.0.0.1:{self.proxy_port}"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = json.loads(done.stdout)
        self.world = said["world"]
        self.messages, self.log, self.asked = said["messages"], said["log"], said["asked"]
        return said["answer"]
