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
				return Answers::keys( self::request( 'GET', self::endpoint( 'jwks_uri' ) ) );
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
		return Answers::tokens( $response );
	}

	/** Returns what the provider tells of the person (OpenID Connect Core 1.0 section 5.3). */
	public static function person( string $access_token, string $sub ): array {
		$response = self::request( 'GET', self::endpoint( 'userinfo_endpoint' ), array( 'Authorization' => "Bearer $access_token" ) );
		return Answers::person( $response, $sub );
	}

	/**
	 * Asks an endpoint as this application, with its secret.
	 *
	 * @return array{status: int, body: string, date: string}
	 */
	public static function ask_as_client( string $endpoint, array $fields ): array {
		list( $headers, $proof ) = Answers::proof( self::metadata(), Settings::get( 'client_id' ), Settings::get( 'client_secret' ) );
		return self::request( 'POST', self::endpoint( $endpoint ), $headers, $fields + $proof );
	}

	/** Returns the address of an endpoint. */
	public static function endpoint( string $name ): string {
		return Answers::endpoint( self::metadata(), $name );
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

	/** Forgets description and keys. */
	public static function forget(): void {
		delete_option( self::CACHE );
		delete_option( self::DOWN );
	}

	private static function fetch_metadata(): array {
		$issuer   = (string) Settings::get( 'issuer' );
		$response = self::request( 'GET', rtrim( $issuer, '/' ) . '/.well-known/openid-configuration' );
		return Answers::metadata( $response, $issuer );
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
