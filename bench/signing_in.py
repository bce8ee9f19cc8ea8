"""People who sign in with a password, and the hash alone to compare with."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.processes import pinned

FOUND = 302
HASHES = """
import sys, threading, time
from hospes.identity.gateways.hashing import HASHER
password, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
known = HASHER.hash(password)
counts = [0] * threads
end = time.perf_counter() + seconds
def verify(number):
    while time.perf_counter() < end:
        HASHER.verify(known, password)
        counts[number] += 1
workers = [threading.Thread(target=verify, args=(n,)) for n in range(threads)]
began = time.perf_counter()
for worker in workers: worker.start()
for worker in workers: worker.join()
print(sum(counts) / (time.perf_counter() - began))
"""


class Person:
    """One browser with one connection; lean, so that it measures the server and not itself."""

    def __init__(self, port: int, email: str) -> None:
        self.email = email
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def _request(self, method: str, address: str, body: str = "") -> tuple[int, bytes]:
        headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # The server closes a connection that was idle for long, as any server does.
            self.connection.close()
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return response.status, content

    def get(self, address: str) -> bytes:
        """Open a page."""
        return self._request("GET", address)[1]

    def sign_in(self, password: str) -> None:
        """Send the sign-in form."""
        if "csrf" not in self.cookies:
            self.get("/sign-in")
        token = self.cookies["csrf"]
        form = {"email": self.email, "password": password, "csrfmiddlewaretoken": token}
        status, content = self._request("POST", "/sign-in", urlencode(form))
        if status != FOUND:
            raise RuntimeError(f"{self.email} could not sign in: {status} {content[:300]!r}")


def argon2_alone(password: str, on: set[int], seconds: float) -> float:
    """Return how many hashes a second the cores ``on`` verify with the product's parameters."""
    command = [sys.executable, "-c", HASHES, password, str(len(on)), str(seconds)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, preexec_fn=pinned(on)
    )
    return float(done.stdout)


def sign_ins(people: list[Person], password: str, seconds: float) -> float:
    """Let everybody sign in again and again; return sign-ins a second."""
    counts = [0] * len(people)
    began = time.perf_counter()

    def again(number: int) -> None:
        while time.perf_counter() - began < seconds:
            people[number].sign_in(password)
            counts[number] += 1

    threads = [threading.Thread(target=again, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(counts):
        raise RuntimeError("somebody could not sign in; the figure would be wrong")
    return sum(counts) / (time.perf_counter() - began)


def page_latencies(reader: Person, seconds: float) -> list[float]:
    """Return the seconds that each of many page views took, 20 a second at most."""
    found: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        reader.get("/sign-in")
        found.append(time.perf_counter() - began)
        time.sleep(0.05)
    return found
