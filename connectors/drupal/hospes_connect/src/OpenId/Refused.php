<?php

// A copy of connectors/php/Refused.php; see tools/connector_library.py.
namespace Drupal\hospes_connect\OpenId;

/**
 * A sign-in that goes no further.
 *
 * The reason picks the sentence that the visitor reads (Errors); the detail is for the
 * administrator's log. Neither ever holds a secret, a code or a token.
 */
class Refused extends \Exception {

	/** @var string One of the reasons that Errors knows. */
	public $reason;

	public function __construct( string $reason, string $detail ) {
		parent::__construct( $detail );
		$this->reason = $reason;
	}
}
