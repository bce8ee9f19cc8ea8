"""``hospes doctor``: how applications' certificates come here (RFC 8705)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.protocols.oauth import certificates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hospes.config.environment import Environment


def findings(env: Environment) -> Iterator[tuple[str, str, str]]:
    """Return what was found: the state, what it is, and what to do."""
    header = env.certificate_header
    if not header:
        if env.client_ca_file or env.mtls_url:
            yield (
                "mend",
                "HOSPES_CLIENT_CA_FILE or HOSPES_MTLS_URL is set, and no header to read",
                "Set HOSPES_CERTIFICATE_HEADER to the header in which the proxy hands them on.",
            )
        return
    if not env.trusted_proxies:
        yield (
            "mend",
            f"{header} is believed of nobody: no proxy is trusted",
            "Set HOSPES_TRUSTED_PROXIES to the proxy's address.",
        )
        return
    if "-" in header:
        yield (
            "note",
            f"{header} may also be spelt with an underscore, by anybody",
            "Have the proxy drop headers with underscores, or use one word: ClientCertificate.",
        )
    yield from _authorities(env)


def _authorities(env: Environment) -> Iterator[tuple[str, str, str]]:
    if env.client_ca_file is None:
        yield "ok", "self-signed ones, as applications register them", ""
        return
    try:
        found = certificates.read_authorities(env.client_ca_file.read_bytes()).authorities
    except (OSError, ValueError) as error:
        yield (
            "mend",
            f"{env.client_ca_file} cannot be used: {error}",
            "It holds the certificates of the authorities that issue applications theirs, in PEM.",
        )
        return
    yield "ok", f"self-signed ones, and those of {len(found)} in {env.client_ca_file}", ""
