<?php

// A copy of connectors/php/IdToken.php; see tools/connector_library.py.
namespace Drupal\hospes_connect\OpenId;

/**
 * Whether an ID token is to be believed (OpenID Connect Core 1.0 section 3.1.3.7).
 *
 * It knows neither WordPress nor a clock, so that tables of cases can try it.
 */
final class IdToken {

	private const LEEWAY  = 60;   // Seconds by which two clocks may differ.
	private const MAX_AGE = 600;  // Seconds since it was made: it comes straight from the provider.
	private const MAX_LENGTH = 16384;

	/**
	 * Returns the claims of a token that is valid.
	 *
	 * @param string $token    The token as it came.
	 * @param array  $keys     The members of the provider's "keys" (RFC 7517 section 5).
	 * @param array  $expected issuer, client_id, nonce, access_token.
	 * @param int    $now      Seconds since 1970.
	 * @throws UnknownKey Where the key it names is not among $keys.
	 * @throws Refused    For every other reason not to believe it.
	 */
	public static function verify( string $token, array $keys, array $expected, int $now ): array {
		$parts = explode( '.', $token );
		if ( strlen( $token ) > self::MAX_LENGTH || 3 !== count( $parts ) ) {
			throw self::fault( 'is not a signed token' );
		}
		$header    = self::json( $parts[0] );
		$claims    = self::json( $parts[1] );
		$signature = Base64Url::decode( $parts[2] );
		if ( null === $header || null === $claims || null === $signature ) {
			throw self::fault( 'is damaged' );
		}
		self::check_signature( $header, $parts[0] . '.' . $parts[1], $signature, $keys );
		self::check_audience( $claims, $expected );
		self::check_times( $claims, $now );
		self::check_bindings( $claims, $header['alg'], $expected );
		return $claims;
	}

	private static function check_signature( array $header, string $signed, string $signature, array $keys ): void {
		$alg = $header['alg'] ?? null;
		// A list of two: "none" and the algorithms of shared secrets never come to a key.
		if ( ! in_array( $alg, array( 'RS256', 'ES256' ), true ) ) {
			throw self::fault( 'is not signed with RS256 or ES256' );
		}
		if ( isset( $header['crit'] ) ) {
			throw self::fault( 'demands an extension that is not known here' );
		}
		$pem = Jwk::pem( self::key_for( $header, $keys ) );
		if ( 'ES256' === $alg ) {
			$signature = (string) Jwk::der_signature( $signature );
		}
		$key = null === $pem ? false : openssl_pkey_get_public( $pem );
		if ( false === $key ) {
			throw self::fault( 'names a key that is damaged or too weak' );
		}
		if ( 1 !== openssl_verify( $signed, $signature, $key, OPENSSL_ALGO_SHA256 ) ) {
			throw self::fault( 'has a signature that is wrong' );
		}
	}

	private static function key_for( array $header, array $keys ): array {
		$kid   = $header['kid'] ?? null;
		$found = array();
		foreach ( $keys as $key ) {
			if ( is_array( $key ) && Jwk::is_for( $key, $header['alg'] ) && ( null === $kid || ( $key['kid'] ?? null ) === $kid ) ) {
				$found[] = $key;
			}
		}
		if ( ! $found ) {
			throw new UnknownKey( 'untrusted', 'The ID token names a key that the provider does not publish.' );
		}
		if ( 1 !== count( $found ) ) {
			throw self::fault( 'does not say which of several keys signed it' );
		}
		return $found[0];
	}

	private static function check_audience( array $claims, array $expected ): void {
		if ( ( $claims['iss'] ?? null ) !== $expected['issuer'] ) {
			throw self::fault( 'comes from another issuer' );
		}
		$audience = $claims['aud'] ?? null;
		$audience = is_string( $audience ) ? array( $audience ) : $audience;
		if ( ! is_array( $audience ) || ! in_array( $expected['client_id'], $audience, true ) ) {
			throw self::fault( 'was made for another application' );
		}
		$party = $claims['azp'] ?? ( 1 === count( $audience ) ? $expected['client_id'] : null );
		if ( $party !== $expected['client_id'] ) {
			throw self::fault( 'was given to another application (azp)' );
		}
	}

	private static function check_times( array $claims, int $now ): void {
		foreach ( array( 'exp', 'iat', 'nbf' ) as $name ) {
			$at = $claims[ $name ] ?? ( 'nbf' === $name ? $now : null );
			if ( ! is_int( $at ) && ! is_float( $at ) ) {
				throw self::fault( "does not say when ($name)" );
			}
			if ( 'exp' === $name ? $at <= $now - self::LEEWAY : $at > $now + self::LEEWAY ) {
				throw self::fault( 'exp' === $name ? 'has expired' : "is not valid yet ($name); is this server's clock right?" );
			}
		}
		if ( $claims['iat'] < $now - self::MAX_AGE ) {
			throw self::fault( "was made too long ago; is this server's clock right?" );
		}
	}

	private static function check_bindings( array $claims, string $alg, array $expected ): void {
		$nonce = $claims['nonce'] ?? null;
		if ( ! is_string( $nonce ) || '' === $expected['nonce'] || ! hash_equals( $expected['nonce'], $nonce ) ) {
			throw self::fault( 'answers another sign-in (nonce)' );
		}
		$sub = $claims['sub'] ?? null;
		if ( ! is_string( $sub ) || '' === $sub || strlen( $sub ) > 255 ) {
			throw self::fault( 'does not say who signed in' );
		}
		if ( array_key_exists( 'at_hash', $claims ) ) { // RS256 and ES256 both hash with SHA-256.
			$half = Base64Url::encode( substr( hash( 'sha256', $expected['access_token'], true ), 0, 16 ) );
			if ( ! is_string( $claims['at_hash'] ) || ! hash_equals( $half, $claims['at_hash'] ) ) {
				throw self::fault( 'belongs to another access token (at_hash)' );
			}
		}
	}

	private static function json( string $part ): ?array {
		$text  = Base64Url::decode( $part );
		$value = null === $text ? null : json_decode( $text, true, 16 );
		return is_array( $value ) ? $value : null;
	}

	private static function fault( string $what ): Refused {
		return new Refused( 'untrusted', "The ID token $what." );
	}
}
