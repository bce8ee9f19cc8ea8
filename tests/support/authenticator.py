"""The Authenticator's web app as a person on a phone uses it."""

from __future__ import annotations

import base64
import hmac
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

APP = "/authenticator/"


def one_time_code(seed: str, moment: float, digits: int = 6, period: int = 30) -> str:
    """Return the code of RFC 6238 with HMAC-SHA-1, reckoned apart from the product."""
    counter = int(moment // period).to_bytes(8, "big")
    mac = hmac.digest(base64.b32decode(seed), counter, "sha1")
    offset = mac[-1] & 15
    value = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{value % 10**digits:0{digits}}"


class App:
    """One phone with the app open."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def open(self, fragment: str = "") -> None:
        """Open the app, or come back to it by a link."""
        # A new document each time: with the app open, a link only changes the fragment.
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}{APP}{fragment}")
        self.ready()

    def ready(self) -> None:
        """Wait until the app has drawn a screen."""
        self.page.locator("html.is-ready").wait_for()

    def go(self, screen: str) -> None:
        """Go to a screen of the open app."""
        self.page.evaluate("screen => { location.hash = `#/${screen}`; }", screen)

    def heading(self, text: str) -> Locator:
        """Return the heading with this text, when it is there."""
        found = self.page.get_by_role("heading", name=text, exact=True)
        found.wait_for()
        return found

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def link(self, token: str) -> None:
        """Link by the fragment; leave the backup codes where there are any."""
        before = self.page.locator(".account").count()
        self.open(f"#link={token}")
        self.press("Link this phone")
        done = self.page.get_by_role("button", name="I have kept the codes")
        card = self.page.locator(".account").nth(before)
        done.or_(card).first.wait_for()
        if done.is_visible():
            done.click()
        card.wait_for()

    def code(self, name: str) -> str:
        """Return the code that an account shows."""
        card = self.page.locator(".account", has_text=name)
        return "".join(filter(str.isdigit, card.locator(".account__digits").inner_text()))

    def shows_the_code_of(self, seed: str, name: str) -> bool:
        """Return whether the code on the screen is that of now (or of the step just over)."""
        shown, now = self.code(name), time.time()
        return shown in {one_time_code(seed, now), one_time_code(seed, now - 2)}

    def kept(self) -> list[dict[str, Any]]:
        """Return what the app keeps of each account, secrets as the bytes they are kept in."""
        found: list[dict[str, Any]] = self.page.evaluate(_KEPT)
        return found

    def controlled(self) -> None:
        """Wait until the service worker is in charge."""
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    @property
    def version(self) -> str:
        """Return the version that is running."""
        return str(self.page.evaluate("document.documentElement.dataset.version"))


_KEPT = """async () => {
  const base = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("hospes-authenticator");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const all = (store) => new Promise((resolve) => {
    const asking = base.transaction(store).objectStore(store).getAll();
    asking.onsuccess = () => resolve(asking.result);
  });
  const reads = async (key) => {
    for (const format of ["jwk", "pkcs8", "raw"]) {
      try { await crypto.subtle.exportKey(format, key); return true; } catch {}
    }
    return false;
  };
  const text = (bytes) => Array.from(new Uint8Array(bytes), (b) => String.fromCharCode(b)).join("");
  const settings = await all("settings");
  const found = [];
  for (const one of await all("accounts")) {
    found.push({
      ...one,
      privateKey: one.privateKey && {
        extractable: one.privateKey.extractable, read: await reads(one.privateKey),
        usages: one.privateKey.usages, algorithm: one.privateKey.algorithm },
      deviceKeys: await Promise.all(settings.filter((value) => value instanceof CryptoKey).map(
        async (key) => ({ extractable: key.extractable, read: await reads(key),
                          algorithm: key.algorithm.name }))),
      token: one.token && text(one.token.data), seed: one.seed && text(one.seed.data),
    });
  }
  base.close();
  return found.sort((a, b) => a.order - b.order);
}"""
