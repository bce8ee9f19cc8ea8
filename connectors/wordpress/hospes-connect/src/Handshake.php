<?php

namespace Hospes\Connect;

/**
 * One way to the provider and back.
 *
 * What must be known on the way back is sealed in a cookie of this browser (AES-256-GCM with a
 * key made from the site's salts), so that starting writes nothing to the database. The name of
 * the cookie is part of the state, so that two windows do not disturb each other; the state works
 * once, only in this browser, and for ten minutes.
 */
final class Handshake {

	private const SECONDS = 600;
	private const CIPHER  = 'aes-256-gcm';

	/** @var string Where to go afterwards, "" where nothing was asked for. */
	public $redirect_to = '';
	/** @var int The account of this site that is to be connected, 0 for a sign-in. */
	public $user_id = 0;
	/** @var string */
	public $nonce = '';
	/** @var string */
	public $verifier = '';

	/** Returns the provider's address that begins a sign-in, after setting the cookie. */
	public static function begin( string $redirect_to, int $user_id, bool $choose ): string {
		$endpoint = Provider::endpoint( 'authorization_endpoint' );
		$kept     = array(
			'state'    => bin2hex( random_bytes( 24 ) ),
			'nonce'    => Base64Url::encode( random_bytes( 24 ) ),
			'verifier' => Base64Url::encode( random_bytes( 32 ) ),
			'to'       => $redirect_to,
			'user'     => $user_id,
			'at'       => time(),
		);
		self::set_cookie( self::cookie_name( $kept['state'] ), self::seal( $kept ), time() + self::seconds() );
		$request = array(
			'response_type'         => 'code',
			'client_id'             => Settings::get( 'client_id' ),
			'redirect_uri'          => Settings::redirect_uri(),
			'scope'                 => 'openid profile email' . ( Settings::roles_of_teams() ? ' groups' : '' ),
			'state'                 => $kept['state'],
			'nonce'                 => $kept['nonce'],
			'code_challenge'        => self::challenge( $kept['verifier'] ),
			'code_challenge_method' => 'S256',
			'ui_locales'            => Texts::ui_locales(),
		);
		if ( $choose ) {
			$request['prompt'] = 'select_account';
		}
		return self::with_query( $endpoint, $request );
	}

	/**
	 * Returns what was kept for an answer, and spends it.
	 *
	 * @throws Refused Where this browser began no such sign-in, or it is over.
	 */
	public static function end( string $state ): self {
		if ( ! preg_match( '/\A[0-9a-f]{48}\z/', $state ) ) {
			throw new Refused( 'expired', '' );
		}
		$name   = self::cookie_name( $state );
		$sealed = $_COOKIE[ $name ] ?? null; // phpcs:ignore WordPress.Security -- opened with a key below.
		$kept   = is_string( $sealed ) ? self::open( $sealed ) : null;
		if ( null === $kept || ! hash_equals( $kept['state'], $state ) ) {
			throw new Refused( 'expired', '' );
		}
		self::set_cookie( $name, '', 1 );
		if ( $kept['at'] + self::seconds() < time() ) {
			throw new Refused( 'expired', 'The answer came too late.' );
		}
		if ( ! Once::claim( 'state ' . $state, self::seconds() ) ) {
			throw new Refused( 'expired', 'The answer came twice.' );
		}
		$handshake = new self();
		$handshake->redirect_to = (string) $kept['to'];
		$handshake->user_id     = (int) $kept['user'];
		$handshake->nonce       = (string) $kept['nonce'];
		$handshake->verifier    = (string) $kept['verifier'];
		return $handshake;
	}

	/** Returns an address with these query words added. */
	public static function with_query( string $address, array $words ): string {
		return $address . ( false === strpos( $address, '?' ) ? '?' : '&' ) . http_build_query( $words, '', '&', PHP_QUERY_RFC3986 );
	}

	/** Returns the challenge for a verifier (RFC 7636 section 4.2, S256). */
	public static function challenge( string $verifier ): string {
		return Base64Url::encode( hash( 'sha256', $verifier, true ) );
	}

	private static function seconds(): int {
		return (int) apply_filters( 'hospes_connect_state_seconds', self::SECONDS );
	}

	private static function cookie_name( string $state ): string {
		return 'hospes_connect_' . substr( $state, 0, 12 );
	}

	private static function key(): string {
		return hash_hmac( 'sha256', 'hospes-connect sign-in', wp_salt( 'auth' ), true );
	}

	private static function seal( array $kept ): string {
		$iv     = random_bytes( 12 );
		$sealed = openssl_encrypt( (string) wp_json_encode( $kept ), self::CIPHER, self::key(), OPENSSL_RAW_DATA, $iv, $tag );
		return Base64Url::encode( $iv . $tag . $sealed );
	}

	private static function open( string $sealed ): ?array {
		$bytes = Base64Url::decode( $sealed );
		if ( null === $bytes || strlen( $bytes ) < 29 ) {
			return null;
		}
		$text = openssl_decrypt( substr( $bytes, 28 ), self::CIPHER, self::key(), OPENSSL_RAW_DATA, substr( $bytes, 0, 12 ), substr( $bytes, 12, 16 ) );
		$kept = false === $text ? null : json_decode( $text, true );
		return is_array( $kept ) ? $kept : null;
	}

	private static function set_cookie( string $name, string $value, int $expires ): void {
		$callback = wp_parse_url( Settings::redirect_uri() );
		setcookie(
			$name,
			$value,
			array(
				'expires'  => $expires,
				'path'     => $callback['path'] ?? '/',
				'secure'   => 'https' === $callback['scheme'],
				'httponly' => true,
				'samesite' => 'Lax', // The answer comes from another site, as a link does.
			)
		);
	}
}
