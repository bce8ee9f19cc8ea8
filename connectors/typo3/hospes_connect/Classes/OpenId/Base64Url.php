<?php

// A copy of connectors/php/Base64Url.php; see tools/connector_library.py.
namespace Hospes\HospesConnect\OpenId;

/** Base64url without padding (RFC 7515 section 2), read strictly. */
final class Base64Url {

	public static function encode( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}

	/** Returns the bytes, or null where the text is not the one form that encodes them. */
	public static function decode( $text ): ?string {
		if ( ! is_string( $text ) || ! preg_match( '/\A[A-Za-z0-9_-]+\z/', $text ) ) {
			return null;
		}
		$bytes = base64_decode( strtr( $text, '-_', '+/' ) . str_repeat( '=', -strlen( $text ) & 3 ), true );
		// Bits behind the end would let two texts stand for the same bytes.
		return is_string( $bytes ) && self::encode( $bytes ) === $text ? $bytes : null;
	}
}
