<?php

namespace Hospes\Connect;

/**
 * Single sign-out, where the settings ask for it (OpenID Connect RP-Initiated Logout 1.0).
 *
 * The ID token of the sign-in is kept in WordPress's own session of that sign-in, and goes with it.
 */
final class SignOut {

	/** @var string */
	private static $id_token = '';

	public static function register(): void {
		add_filter( 'attach_session_information', array( self::class, 'attach' ) );
		add_action( 'login_form_logout', array( self::class, 'look' ) );
		add_filter( 'logout_redirect', array( self::class, 'redirect' ), 100 );
	}

	/** Keeps the ID token for the session that is begun next. */
	public static function remember( string $id_token ): void {
		self::$id_token = Settings::get( 'single_logout' ) ? $id_token : '';
	}

	/** Puts it into that session. */
	public static function attach( $session ) {
		if ( '' !== self::$id_token ) {
			$session['hospes_connect'] = self::$id_token;
			self::$id_token            = '';
		}
		return $session;
	}

	/** Reads it before WordPress ends the session. */
	public static function look(): void {
		$session        = \WP_Session_Tokens::get_instance( get_current_user_id() )->get( wp_get_session_token() );
		self::$id_token = is_array( $session ) ? (string) ( $session['hospes_connect'] ?? '' ) : '';
	}

	/** Sends the browser on to the provider's sign-out; where that is not known, here is enough. */
	public static function redirect( $to ) {
		if ( '' === self::$id_token || ! Settings::get( 'single_logout' ) ) {
			return $to;
		}
		try {
			$endpoint = Provider::endpoint( 'end_session_endpoint' );
		} catch ( Refused $refused ) {
			Errors::log( $refused );
			return $to;
		}
		$host = (string) wp_parse_url( $endpoint, PHP_URL_HOST );
		add_filter(
			'allowed_redirect_hosts',
			static function ( array $hosts ) use ( $host ): array {
				return array_merge( $hosts, array( $host ) );
			}
		);
		return Answers::with_query(
			$endpoint,
			array(
				'id_token_hint'            => self::$id_token,
				'client_id'                => Settings::get( 'client_id' ),
				'post_logout_redirect_uri' => Settings::signed_out_uri(),
				'ui_locales'               => Texts::ui_locales(),
			)
		);
	}
}
