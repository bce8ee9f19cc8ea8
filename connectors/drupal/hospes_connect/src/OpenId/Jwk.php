<?php

// A copy of connectors/php/Jwk.php; see tools/connector_library.py.
namespace Drupal\hospes_connect\OpenId;

/** Public keys as OpenSSL reads them, from JSON Web Keys (RFC 7517, RFC 7518 section 6). */
final class Jwk {

	private const RSA_ALGORITHM = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
	private const P256_HEAD     = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';
	private const RSA_BITS      = array( 2048, 8192 );

	/** Returns whether the key may verify signatures of this algorithm. */
	public static function is_for( array $key, string $alg ): bool {
		$kind = 'RS256' === $alg ? array( 'RSA', null ) : array( 'EC', 'P-256' );
		return array( $key['kty'] ?? null, $key['crv'] ?? null ) === $kind
			&& in_array( $key['alg'] ?? $alg, array( $alg ), true )
			&& in_array( $key['use'] ?? 'sig', array( 'sig' ), true )
			&& in_array( 'verify', (array) ( $key['key_ops'] ?? 'verify' ), true );
	}

	/** Returns the key as PEM, or null where it is damaged or too weak. */
	public static function pem( array $key ): ?string {
		$der = 'RSA' === ( $key['kty'] ?? null ) ? self::rsa( $key ) : self::p256( $key );
		if ( null === $der ) {
			return null;
		}
		return "-----BEGIN PUBLIC KEY-----\n" . chunk_split( base64_encode( $der ), 64, "\n" ) . "-----END PUBLIC KEY-----\n";
	}

	/** Returns an ECDSA signature as OpenSSL reads it, from the 64 bytes of RFC 7518 section 3.4. */
	public static function der_signature( string $raw ): ?string {
		if ( 64 !== strlen( $raw ) ) {
			return null;
		}
		return self::tagged( "\x30", self::integer( substr( $raw, 0, 32 ) ) . self::integer( substr( $raw, 32 ) ) );
	}

	private static function rsa( array $key ): ?string {
		$modulus  = Base64Url::decode( $key['n'] ?? null );
		$exponent = Base64Url::decode( $key['e'] ?? null );
		if ( null === $modulus || null === $exponent ) {
			return null;
		}
		$modulus = ltrim( $modulus, "\0" );
		$bits    = 8 * strlen( $modulus ) - ( '' === $modulus ? 0 : 8 - strlen( decbin( ord( $modulus[0] ) ) ) );
		if ( $bits < self::RSA_BITS[0] || $bits > self::RSA_BITS[1] || strlen( $exponent ) > 8 ) {
			return null;
		}
		$numbers = self::tagged( "\x30", self::integer( $modulus ) . self::integer( $exponent ) );
		return self::tagged( "\x30", self::RSA_ALGORITHM . self::tagged( "\x03", "\0" . $numbers ) );
	}

	private static function p256( array $key ): ?string {
		$x = Base64Url::decode( $key['x'] ?? null );
		$y = Base64Url::decode( $key['y'] ?? null );
		if ( null === $x || null === $y || 32 !== strlen( $x ) || 32 !== strlen( $y ) ) {
			return null;
		}
		return hex2bin( self::P256_HEAD ) . $x . $y; // OpenSSL refuses a point that is not on the curve.
	}

	private static function integer( string $bytes ): string {
		$bytes = ltrim( $bytes, "\0" );
		if ( '' === $bytes || ord( $bytes[0] ) > 0x7f ) {
			$bytes = "\0" . $bytes;
		}
		return self::tagged( "\x02", $bytes );
	}

	private static function tagged( string $tag, string $content ): string {
		$length = strlen( $content );
		if ( $length < 0x80 ) {
			return $tag . chr( $length ) . $content;
		}
		$bytes = ltrim( pack( 'N', $length ), "\0" );
		return $tag . chr( 0x80 | strlen( $bytes ) ) . $bytes . $content;
	}
}
