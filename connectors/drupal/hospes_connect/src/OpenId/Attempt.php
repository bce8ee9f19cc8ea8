<?php

// A copy of connectors/php/Attempt.php; see tools/connector_library.py.
namespace Drupal\hospes_connect\OpenId;

/**
 * One way to the provider and back: what must be known again when the answer comes.
 *
 * It is sealed (AES-256-GCM) for a place that belongs to the browser that began, so that
 * beginning writes nothing to a database.
 */
final class Attempt {

	public const SECONDS = 600; // For how long an answer is waited for.
	private const CIPHER = 'aes-256-gcm';

	/** @var string 48 hexadecimal digits. */
	public $state;
	/** @var string */
	public $nonce;
	/** @var string */
	public $verifier;
	/** @var array What the site wants to know again: where to go afterwards, and the like. */
	public $kept;
	/** @var int Seconds since 1970. */
	private $at;

	private function __construct( string $state, string $nonce, string $verifier, array $kept, int $at ) {
		$this->state    = $state;
		$this->nonce    = $nonce;
		$this->verifier = $verifier;
		$this->kept     = $kept;
		$this->at       = $at;
	}

	public static function begin( array $kept, int $now ): self {
		return new self(
			bin2hex( random_bytes( 24 ) ),
			Base64Url::encode( random_bytes( 24 ) ),
			Base64Url::encode( random_bytes( 32 ) ),
			$kept,
			$now
		);
	}

	/** Returns whether a text can be a state of ours. */
	public static function is_state( $text ): bool {
		return is_string( $text ) && 1 === preg_match( '/\A[0-9a-f]{48}\z/', $text );
	}

	/** Returns the words of the request that begins it (PKCE: RFC 7636 section 4.2, S256). */
	public function words( string $client_id, string $redirect_uri, string $scope ): array {
		return array(
			'response_type'         => 'code',
			'client_id'             => $client_id,
			'redirect_uri'          => $redirect_uri,
			'scope'                 => $scope,
			'state'                 => $this->state,
			'nonce'                 => $this->nonce,
			'code_challenge'        => self::challenge( $this->verifier ),
			'code_challenge_method' => 'S256',
		);
	}

	public static function challenge( string $verifier ): string {
		return Base64Url::encode( hash( 'sha256', $verifier, true ) );
	}

	/** Returns it as a text that only the holder of the key (32 bytes) can read or make. */
	public function seal( string $key ): string {
		$plain  = json_encode(
			array(
				'state'    => $this->state,
				'nonce'    => $this->nonce,
				'verifier' => $this->verifier,
				'kept'     => $this->kept,
				'at'       => $this->at,
			),
			JSON_INVALID_UTF8_SUBSTITUTE
		);
		$iv     = random_bytes( 12 );
		$sealed = openssl_encrypt( (string) $plain, self::CIPHER, $key, OPENSSL_RAW_DATA, $iv, $tag );
		return Base64Url::encode( $iv . $tag . $sealed );
	}

	/**
	 * Returns what was sealed for an answer's state. That it works once is for the caller to see to.
	 *
	 * @param mixed $sealed As the browser sent it.
	 * @param mixed $state  As the answer has it.
	 * @throws Refused Where this browser began no such sign-in, or too long ago.
	 */
	public static function open( $sealed, string $key, $state, int $now, int $seconds = self::SECONDS ): self {
		$bytes = self::is_state( $state ) ? Base64Url::decode( $sealed ) : null;
		if ( null === $bytes || strlen( $bytes ) < 29 ) {
			throw new Refused( 'expired', '' );
		}
		$text = openssl_decrypt( substr( $bytes, 28 ), self::CIPHER, $key, OPENSSL_RAW_DATA, substr( $bytes, 0, 12 ), substr( $bytes, 12, 16 ) );
		$was  = false === $text ? null : json_decode( $text, true );
		if ( ! is_array( $was ) || ! is_string( $was['state'] ?? null ) || ! hash_equals( $was['state'], $state ) ) {
			throw new Refused( 'expired', '' );
		}
		if ( $was['at'] + $seconds < $now ) {
			throw new Refused( 'expired', 'The answer came too late.' );
		}
		return new self( $was['state'], (string) $was['nonce'], (string) $was['verifier'], (array) $was['kept'], (int) $was['at'] );
	}
}
