"""Whether several hosts are one sector, as their own document says (OpenID Connect Core §8.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hospes.connect.gateways import key_sets
from hospes.protocols.oauth.metadata_reader import MetadataFault

if TYPE_CHECKING:
    from hospes.protocols.oauth.registration import Metadata

MEMBER = "sector_identifier_uri"


def faults_of(metadata: Metadata) -> list[MetadataFault]:
    """Fetch the document, where one is named, and look for every redirect address in it."""
    uri = metadata.options.sector_identifier_uri
    if not uri:
        return []
    try:
        listed = json.loads(key_sets.fetch(uri))
    except key_sets.NotFetched:
        # Why is not told: whoever asks must not learn what there is in our network.
        return [MetadataFault(MEMBER, "sector", "it cannot be fetched")]
    except (ValueError, RecursionError):
        return [MetadataFault(MEMBER, "sector", "it is no JSON")]
    if not isinstance(listed, list):
        return [MetadataFault(MEMBER, "sector", "it is no list of addresses")]
    missing = [each for each in metadata.redirect_uris if each not in listed]
    return [MetadataFault(MEMBER, "sector", f"it does not list {each}") for each in missing]
