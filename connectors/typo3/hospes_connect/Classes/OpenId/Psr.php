<?php

// A copy of connectors/php/Psr.php; see tools/connector_library.py.
namespace Hospes\HospesConnect\OpenId;

/** Requests and answers of systems that speak through Guzzle. */
final class Psr {

	private const TIMEOUT   = 8; // Seconds.
	private const MAX_BYTES = 262144;

	/**
	 * Returns the answer to one request.
	 *
	 * @param callable $send Given options of Guzzle, it sends and returns a PSR-7 response.
	 * @throws Refused Where there is no answer, or an endless one.
	 */
	public static function ask( callable $send, array $headers, ?array $fields ): array {
		$options = array(
			'headers'         => $headers + array( 'Accept' => 'application/json' ),
			'timeout'         => self::TIMEOUT,
			'connect_timeout' => self::TIMEOUT,
			'read_timeout'    => self::TIMEOUT,
			'http_errors'     => false,
			'allow_redirects' => false, // Nothing here may be sent elsewhere.
			'stream'          => true,  // So that no more is read than is wanted.
		);
		if ( null !== $fields ) {
			$options['form_params'] = $fields;
		}
		try {
			$response = $send( $options );
			$stream   = $response->getBody();
			$body     = '';
			while ( ! $stream->eof() && strlen( $body ) <= self::MAX_BYTES ) {
				$part  = $stream->read( 65536 );
				$body .= $part;
				if ( '' === $part && ! $stream->eof() ) {
					throw new Refused( 'unreachable', 'The provider stopped in the middle of an answer.' );
				}
			}
		} catch ( Refused $refused ) {
			throw $refused;
		} catch ( \Exception $exception ) { // Guzzle's, whose messages hold addresses but no fields.
			throw new Refused( 'unreachable', substr( $exception->getMessage(), 0, 300 ) );
		}
		if ( strlen( $body ) > self::MAX_BYTES ) {
			throw new Refused( 'unreachable', 'The provider\'s answer is too long.' );
		}
		return array( 'status' => $response->getStatusCode(), 'body' => $body );
	}
}
