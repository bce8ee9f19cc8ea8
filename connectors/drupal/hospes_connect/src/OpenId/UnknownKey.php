<?php

// A copy of connectors/php/UnknownKey.php; see tools/connector_library.py.
namespace Drupal\hospes_connect\OpenId;

/** The token names a key that is not among those at hand: they may have been replaced. */
final class UnknownKey extends Refused {
}
