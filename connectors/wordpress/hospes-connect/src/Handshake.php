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
		$attempt  = Attempt::begin( array( 'to' => $redirect_to, 'user' => $user_id ), time() );
		self::set_cookie( self::cookie_name( $attempt->state ), $attempt->seal( self::key() ), time() + self::seconds() );
		$scope   = 'openid profile email' . ( Settings::roles_of_teams() ? ' groups' : '' );
		$request = $attempt->words( Settings::get( 'client_id' ), Settings::redirect_uri(), $scope )
			+ array( 'ui_locales' => Texts::ui_locales() );
		if ( $choose ) {
			$request['prompt'] = 'select_account';
		}
		return Answers::with_query( $endpoint, $request );
	}

	/**
	 * Returns what was kept for an answer, and spends it.
	 *
	 * @throws Refused Where this browser began no such sign-in, or it is over.
	 */
	public static function end( string $state ): self {
		$name   = Attempt::is_state( $state ) ? self::cookie_name( $state ) : '';
		$sealed = $_COOKIE[ $name ] ?? null; // phpcs:ignore WordPress.Security -- opened with a key below.
		if ( null !== $sealed ) {
			self::set_cookie( $name, '', 1 );
		}
		$attempt = Attempt::open( $sealed, self::key(), $state, time(), self::seconds() );
		if ( ! Once::claim( 'state ' . $state, self::seconds() ) ) {
			throw new Refused( 'expired', 'The answer came twice.' );
		}
		$handshake = new self();
		$handshake->redirect_to = (string) $attempt->kept['to'];
		$handshake->user_id     = (int) $attempt->kept['user'];
		$handshake->nonce       = $attempt->nonce;
		$handshake->verifier    = $attempt->verifier;
		return $handshake;
	}

	private static function seconds(): int {
		return (int) apply_filters( 'hospes_connect_state_seconds', Attempt::SECONDS );
	}

	private static function cookie_name( string $state ): string {
		return 'hospes_connect_' . substr( $state, 0, 12 );
	}

	private static function key(): string {
		return hash_hmac( 'sha256', 'hospes-connect sign-in', wp_salt( 'auth' ), true );
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
