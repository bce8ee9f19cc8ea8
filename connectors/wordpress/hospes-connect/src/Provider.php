<?php

namespace Hospes\Connect;

/**
 * The provider as it is reached over HTTPS: its description, its keys, and what it is asked.
 *
 * Description and keys are kept for an hour; while the provider cannot be reached, for a day.
 */
final class Provider {

	private const CACHE  = 'hospes_connect_cache';
	public const DOWN    = 'hospes_connect_down';
	private const FRESH  = HOUR_IN_SECONDS;
	private const STALE  = DAY_IN_SECONDS;
	private const REFETCH_SECONDS = 60; // Between two looks for a key that is not known.
	private const TIMEOUT = 8;
	private const MAX_BYTES = 262144;

	/** Returns the provider's description (OpenID Connect Discovery 1.0 section 3). */
	public static function metadata( bool $again = false ): array {
		return self::kept( 'metadata', $again, array( self::class, 'fetch_metadata' ) );
	}

	/** Returns the claims of an ID token that is to be believed. */
	public static function verified( string $token, array $expected ): array {
		try {
			return IdToken::verify( $token, self::keys(), $expected, time() );
		} catch ( UnknownKey $unknown ) {
			if ( ! Once::claim( 'keys', self::REFETCH_SECONDS ) ) {
				throw $unknown;
			}
			return IdToken::verify( $token, self::keys( true ), $expected, time() );
		}
	}

	/** Returns the provider's public keys. */
	public static function keys( bool $again = false ): array {
		return self::kept(
			'keys',
			$again,
			static function (): array {
				$keys = self::json( self::request( 'GET', self::endpoint( 'jwks_uri' ) ) )['keys'] ?? null;
				if ( ! is_array( $keys ) ) {
					throw new Refused( 'unreachable', 'The provider\'s keys cannot be read.' );
				}
				return $keys;
			}
		);
	}

	/** Exchanges a code for tokens (RFC 6749 section 4.1.3). */
	public static function redeem( string $code, string $verifier ): array {
		$response = self::ask_as_client(
			'token_endpoint',
			array(
				'grant_type'    => 'authorization_code',
				'code'          => $code,
				'redirect_uri'  => Settings::redirect_uri(),
				'code_verifier' => $verifier,
			)
		);
		$tokens   = self::json( $response );
		if ( 200 !== $response['status'] ) {
			$error = self::word( $tokens['error'] ?? '' );
			$setup = in_array( $error, array( 'invalid_client', 'unauthorized_client', 'invalid_request', 'unsupported_grant_type' ), true );
			throw new Refused(
				$setup ? 'setup' : ( 500 <= $response['status'] ? 'unreachable' : 'failed' ),
				"The provider answered the code with {$response['status']} $error."
					. ( 'invalid_client' === $error ? ' Client ID and Client Secret Key do not belong together, the secret was replaced, or the application was deleted.' : '' )
			);
		}
		$bearer = is_string( $tokens['token_type'] ?? null ) && 'bearer' === strtolower( $tokens['token_type'] );
		if ( ! $bearer || ! is_string( $tokens['access_token'] ?? null ) || ! is_string( $tokens['id_token'] ?? null ) ) {
			throw new Refused( 'untrusted', 'The provider\'s answer lacks an access token of type Bearer or an ID token.' );
		}
		return $tokens;
	}

	/** Returns what the provider tells of the person (OpenID Connect Core 1.0 section 5.3). */
	public static function person( string $access_token, string $sub ): array {
		$response = self::request( 'GET', self::endpoint( 'userinfo_endpoint' ), array( 'Authorization' => "Bearer $access_token" ) );
		$claims   = self::json( $response );
		if ( 200 !== $response['status'] ) {
			throw new Refused( 'failed', "The provider answered the question who this is with {$response['status']}." );
		}
		if ( ( $claims['sub'] ?? null ) !== $sub ) {
			throw new Refused( 'untrusted', 'The provider told of another person than the ID token.' );
		}
		return $claims;
	}

	/**
	 * Asks an endpoint as this application, with its secret.
	 *
	 * @return array{status: int, body: string, date: string}
	 */
	public static function ask_as_client( string $endpoint, array $fields ): array {
		$methods = self::metadata()['token_endpoint_auth_methods_supported'] ?? array( 'client_secret_basic' );
		$headers = array();
		if ( in_array( 'client_secret_basic', (array) $methods, true ) ) { // RFC 6749 section 2.3.1.
			$pair = rawurlencode( Settings::get( 'client_id' ) ) . ':' . rawurlencode( Settings::get( 'client_secret' ) );
			$headers['Authorization'] = 'Basic ' . base64_encode( $pair );
		} else {
			$fields += array(
				'client_id'     => Settings::get( 'client_id' ),
				'client_secret' => Settings::get( 'client_secret' ),
			);
		}
		return self::request( 'POST', self::endpoint( $endpoint ), $headers, $fields );
	}

	/** Returns the address of an endpoint. */
	public static function endpoint( string $name ): string {
		$address = self::metadata()[ $name ] ?? null;
		if ( ! is_string( $address ) || ! Settings::is_safe( $address ) ) {
			throw new Refused( 'setup', "The provider names no $name, or one without https." );
		}
		return $address;
	}

	/** Sends one request. Redirects are not followed: nothing here may be sent elsewhere. */
	public static function request( string $method, string $address, array $headers = array(), ?array $fields = null ): array {
		$response = wp_remote_request(
			$address,
			array(
				'method'              => $method,
				'headers'             => $headers + array( 'Accept' => 'application/json' ),
				'body'                => null === $fields ? null : http_build_query( $fields, '', '&' ),
				'timeout'             => self::TIMEOUT,
				'redirection'         => 0,
				'limit_response_size' => self::MAX_BYTES,
			)
		);
		if ( is_wp_error( $response ) ) {
			throw new Refused( 'unreachable', $response->get_error_message() );
		}
		$location = wp_remote_retrieve_header( $response, 'location' );
		return array(
			'status'   => (int) wp_remote_retrieve_response_code( $response ),
			'body'     => (string) wp_remote_retrieve_body( $response ),
			'date'     => (string) ( (array) wp_remote_retrieve_header( $response, 'date' ) )[0],
			'location' => (string) ( (array) $location )[0],
		);
	}

	/** Returns an answer's JSON object, an empty one where it has none. */
	public static function json( array $response ): array {
		$value = json_decode( $response['body'], true, 32 );
		return is_array( $value ) ? $value : array();
	}

	/** Returns an error's code if it looks like one: it is shown and logged. */
	public static function word( $code ): string {
		return is_string( $code ) && preg_match( '/\A[a-z0-9_]{1,60}\z/', $code ) ? $code : '';
	}

	/** Forgets description and keys. */
	public static function forget(): void {
		delete_option( self::CACHE );
		delete_option( self::DOWN );
	}

	private static function fetch_metadata(): array {
		$issuer   = (string) Settings::get( 'issuer' );
		$response = self::request( 'GET', rtrim( $issuer, '/' ) . '/.well-known/openid-configuration' );
		$metadata = self::json( $response );
		if ( 200 !== $response['status'] || ! $metadata ) {
			throw new Refused( 'unreachable', "The provider's description could not be read: it answered {$response['status']}." );
		}
		if ( ( $metadata['issuer'] ?? null ) !== $issuer ) {
			$named = is_string( $metadata['issuer'] ?? null ) ? $metadata['issuer'] : '';
			throw new Refused( 'setup', "The provider's description names another issuer: $named" );
		}
		return $metadata;
	}

	private static function kept( string $what, bool $again, callable $fetch ): array {
		$issuer = (string) Settings::get( 'issuer' );
		$cache  = get_option( self::CACHE );
		$cache  = is_array( $cache ) && $issuer === ( $cache['issuer'] ?? null ) ? $cache : array( 'issuer' => $issuer );
		$age    = isset( $cache[ $what ] ) ? time() - $cache[ $what . '_at' ] : null;
		if ( ! $again && null !== $age && $age >= 0 && $age < self::FRESH ) {
			return $cache[ $what ];
		}
		try {
			$value = $fetch();
		} catch ( Refused $refused ) {
			if ( 'unreachable' === $refused->reason ) {
				update_option( self::DOWN, time(), false );
				if ( ! $again && null !== $age && $age < self::STALE ) {
					return $cache[ $what ];
				}
			}
			throw $refused;
		}
		// The keys' fetching may have kept a new description meanwhile.
		$cache = get_option( self::CACHE );
		$cache = is_array( $cache ) && $issuer === ( $cache['issuer'] ?? null ) ? $cache : array( 'issuer' => $issuer );
		update_option( self::CACHE, array( $what => $value, $what . '_at' => time() ) + $cache, false );
		if ( get_option( self::DOWN ) ) {
			delete_option( self::DOWN );
		}
		return $value;
	}
}
