<?php

// A copy of connectors/php/Answers.php; see tools/connector_library.py.
namespace Hospes\HospesConnect\OpenId;

/**
 * What is believed of a provider's answers. It sends nothing itself; an answer is an array of
 * status and body.
 */
final class Answers {

	/** Returns the provider's description (OpenID Connect Discovery 1.0 section 4.3). */
	public static function metadata( array $answer, string $issuer ): array {
		$metadata = self::json( $answer );
		if ( 200 !== $answer['status'] || ! $metadata ) {
			throw new Refused( 'unreachable', "The provider's description could not be read: it answered {$answer['status']}." );
		}
		if ( ( $metadata['issuer'] ?? null ) !== $issuer ) {
			$named = is_string( $metadata['issuer'] ?? null ) ? $metadata['issuer'] : '';
			throw new Refused( 'setup', "The provider's description names another issuer: $named" );
		}
		return $metadata;
	}

	/** Returns the address of an endpoint. */
	public static function endpoint( array $metadata, string $name ): string {
		$address = $metadata[ $name ] ?? null;
		if ( ! is_string( $address ) || ! self::is_safe( $address ) ) {
			throw new Refused( 'setup', "The provider names no $name, or one without https." );
		}
		return $address;
	}

	/** Returns whether what is sent to this address is sent to nobody else. */
	public static function is_safe( string $address ): bool {
		$scheme = parse_url( $address, PHP_URL_SCHEME );
		$host   = parse_url( $address, PHP_URL_HOST );
		return 'https' === $scheme || ( 'http' === $scheme && in_array( $host, array( '127.0.0.1', '[::1]', 'localhost' ), true ) );
	}

	/**
	 * Returns an address of a provider as it is kept, "" where it cannot be one.
	 *
	 * Plain http is for a provider on this very machine alone.
	 */
	public static function tidy_issuer( string $address ): string {
		$address = trim( $address );
		$parts   = parse_url( $address );
		$bad     = ! is_array( $parts ) || empty( $parts['host'] ) || isset( $parts['query'] ) || isset( $parts['fragment'] ) || isset( $parts['user'] );
		return ! $bad && self::is_safe( $address ) && ! preg_match( '/[\s<>"\\\\]/', $address ) ? $address : '';
	}

	/** Returns the provider's public keys (RFC 7517 section 5). */
	public static function keys( array $answer ): array {
		$keys = self::json( $answer )['keys'] ?? null;
		if ( ! is_array( $keys ) ) {
			throw new Refused( 'unreachable', 'The provider\'s keys cannot be read.' );
		}
		return $keys;
	}

	/** Returns the code of an answer that came through the browser (RFC 6749 section 4.1.2). */
	public static function code( array $words, array $metadata, string $issuer ): string {
		$from     = (string) ( $words['iss'] ?? '' );
		$promised = true === ( $metadata['authorization_response_iss_parameter_supported'] ?? null );
		if ( ( $promised || '' !== $from ) && $from !== $issuer ) { // RFC 9207 section 2.4.
			throw new Refused( 'untrusted', 'The answer came from another issuer, or does not say from which.' );
		}
		if ( '' !== (string) ( $words['error'] ?? '' ) ) {
			$error  = self::word( $words['error'] );
			$detail = preg_replace( '/[^ !#-\[\]-~]+/', ' ', substr( (string) ( $words['error_description'] ?? '' ), 0, 300 ) );
			$known  = array( 'access_denied' => 'cancelled', 'server_error' => 'unreachable', 'temporarily_unavailable' => 'unreachable' );
			throw new Refused( $known[ $error ] ?? 'setup', "The provider answered the request with $error: $detail" );
		}
		if ( '' === (string) ( $words['code'] ?? '' ) ) {
			throw new Refused( 'failed', 'The provider\'s answer has neither a code nor an error.' );
		}
		return (string) $words['code'];
	}

	/** Returns headers and fields that prove this application to an endpoint (RFC 6749 section 2.3.1). */
	public static function proof( array $metadata, string $client_id, string $client_secret ): array {
		$methods = $metadata['token_endpoint_auth_methods_supported'] ?? array( 'client_secret_basic' );
		if ( in_array( 'client_secret_basic', (array) $methods, true ) ) {
			$pair = rawurlencode( $client_id ) . ':' . rawurlencode( $client_secret );
			return array( array( 'Authorization' => 'Basic ' . base64_encode( $pair ) ), array() );
		}
		return array( array(), array( 'client_id' => $client_id, 'client_secret' => $client_secret ) );
	}

	/** Returns the tokens that a code was exchanged for (RFC 6749 section 4.1.4). */
	public static function tokens( array $answer ): array {
		$tokens = self::json( $answer );
		if ( 200 !== $answer['status'] ) {
			$error = self::word( $tokens['error'] ?? '' );
			$setup = in_array( $error, array( 'invalid_client', 'unauthorized_client', 'invalid_request', 'unsupported_grant_type' ), true );
			throw new Refused(
				$setup ? 'setup' : ( 500 <= $answer['status'] ? 'unreachable' : 'failed' ),
				"The provider answered the code with {$answer['status']} $error."
					. ( 'invalid_client' === $error ? ' Client ID and Client Secret Key do not belong together, the secret was replaced, or the application was deleted.' : '' )
			);
		}
		$bearer = is_string( $tokens['token_type'] ?? null ) && 'bearer' === strtolower( $tokens['token_type'] );
		if ( ! $bearer || ! is_string( $tokens['access_token'] ?? null ) || ! is_string( $tokens['id_token'] ?? null ) ) {
			throw new Refused( 'untrusted', 'The provider\'s answer lacks an access token of type Bearer or an ID token.' );
		}
		return $tokens;
	}

	/** Returns what userinfo tells of the person of an ID token (OpenID Connect Core 1.0 section 5.3.2). */
	public static function person( array $answer, string $sub ): array {
		$claims = self::json( $answer );
		if ( 200 !== $answer['status'] ) {
			throw new Refused( 'failed', "The provider answered the question who this is with {$answer['status']}." );
		}
		if ( ( $claims['sub'] ?? null ) !== $sub ) {
			throw new Refused( 'untrusted', 'The provider told of another person than the ID token.' );
		}
		return $claims;
	}

	/** Returns an e-mail address that the provider says it has verified, "" where it does not. */
	public static function confirmed_email( array $claims ): string {
		$email = $claims['email'] ?? null;
		// Nothing but true: a provider that cannot say so has not proved the address.
		$sure = true === ( $claims['email_verified'] ?? null ) && is_string( $email ) && strlen( $email ) <= 100;
		return $sure && false !== filter_var( $email, FILTER_VALIDATE_EMAIL ) ? $email : '';
	}

	/** Returns the names of somebody's teams; some providers send names, some send objects. */
	public static function teams( array $claims ): array {
		$names = array();
		foreach ( is_array( $claims['groups'] ?? null ) ? $claims['groups'] : array() as $group ) {
			$name = is_array( $group ) ? ( $group['name'] ?? null ) : $group;
			if ( is_string( $name ) ) {
				$names[] = trim( $name );
			}
		}
		return $names;
	}

	/** Returns an answer's JSON object, an empty one where it has none. */
	public static function json( array $answer ): array {
		$value = json_decode( $answer['body'], true, 32 );
		return is_array( $value ) ? $value : array();
	}

	/** Returns an error's code if it looks like one: it is shown and logged. */
	public static function word( $code ): string {
		return is_string( $code ) && preg_match( '/\A[a-z0-9_]{1,60}\z/', $code ) ? $code : '';
	}

	/** Returns an address with these query words added. */
	public static function with_query( string $address, array $words ): string {
		return $address . ( false === strpos( $address, '?' ) ? '?' : '&' ) . http_build_query( $words, '', '&', PHP_QUERY_RFC3986 );
	}
}
