<?php

namespace Hospes\Connect;

/** The button on wp-login.php, the way to the provider, and the way back. */
final class SignIn {

	private const ACTION = 'hospes-connect';
	private const PARAMS = array( 'code', 'state', 'iss', 'error', 'error_description' );

	public static function register(): void {
		add_action( 'login_form_' . self::ACTION, array( self::class, 'start' ) );
		add_action( 'init', array( self::class, 'answer_at_path' ), 20 );
		add_action( 'wp_ajax_' . Settings::ACTION, array( self::class, 'answer' ) );
		add_action( 'wp_ajax_nopriv_' . Settings::ACTION, array( self::class, 'answer' ) );
		add_filter( 'login_message', array( self::class, 'button' ) );
		add_filter( 'wp_login_errors', array( self::class, 'errors' ) );
		add_action( 'login_enqueue_scripts', array( self::class, 'style' ) );
	}

	/** Returns the address of the button. */
	public static function start_url( string $redirect_to, bool $choose = false ): string {
		$words = array( 'action' => self::ACTION ) + ( '' === $redirect_to ? array() : array( 'redirect_to' => $redirect_to ) );
		return Answers::with_query( site_url( 'wp-login.php', 'login' ), $words + ( $choose ? array( 'choose' => '1' ) : array() ) );
	}

	/** Sends the browser to the provider. */
	public static function start(): void {
		nocache_headers();
		// phpcs:disable WordPress.Security.NonceVerification -- it changes nothing; who begins it ends up as themselves.
		$asked = isset( $_GET['redirect_to'] ) && is_string( $_GET['redirect_to'] ) ? wp_unslash( $_GET['redirect_to'] ) : '';
		self::go( self::own( $asked ), 0, isset( $_GET['choose'] ) );
		// phpcs:enable
	}

	/** Sends the browser to the provider, and ends the request. */
	public static function go( string $redirect_to, int $user_id, bool $choose ): void {
		try {
			if ( ! Settings::complete() ) {
				throw new Refused( 'setup', 'The settings are not complete.' );
			}
			$address = Handshake::begin( $redirect_to, $user_id, $choose );
		} catch ( Refused $refused ) {
			self::fail( $refused, $redirect_to, $user_id );
		}
		wp_redirect( $address ); // phpcs:ignore WordPress.Security.SafeRedirect -- the provider's, from its own description.
		exit;
	}

	/** Answers at /openid-connect-authorize, whatever the form of the site's permalinks. */
	public static function answer_at_path(): void {
		$path = wp_parse_url( $_SERVER['REQUEST_URI'] ?? '', PHP_URL_PATH ); // phpcs:ignore WordPress.Security -- compared only.
		$ours = wp_parse_url( home_url( Settings::PATH ), PHP_URL_PATH );
		if ( is_string( $path ) && rtrim( $path, '/' ) === $ours ) {
			self::answer();
		}
	}

	/** Takes the provider's answer, and signs in. */
	public static function answer(): void {
		nocache_headers();
		header( 'Referrer-Policy: no-referrer' );
		defined( 'DONOTCACHEPAGE' ) || define( 'DONOTCACHEPAGE', true ); // Modules that keep pages ask for this one.
		if ( isset( $_GET['hospes-connect-here'] ) ) { // The test of the connection looks whether this address is reached.
			header( 'X-Hospes-Connect: ' . VERSION );
			status_header( 204 );
			exit;
		}
		$words = array();
		foreach ( self::PARAMS as $name ) {
			// phpcs:ignore WordPress.Security -- the state is the proof; each value is checked where it is used.
			$words[ $name ] = isset( $_GET[ $name ] ) && is_string( $_GET[ $name ] ) ? wp_unslash( $_GET[ $name ] ) : '';
		}
		$handshake = new Handshake();
		try {
			$handshake = Handshake::end( $words['state'] );
			$claims    = self::prove( $words, $handshake );
			if ( $handshake->user_id ) {
				self::connect( $handshake->user_id, $claims );
			}
			$user = Users::resolve( $claims['person'] );
			self::enter( $user, $handshake->redirect_to, $claims['id_token'] );
		} catch ( Refused $refused ) {
			self::fail( $refused, $handshake->redirect_to, $handshake->user_id );
		}
	}

	private static function prove( array $words, Handshake $handshake ): array {
		$code   = Answers::code( $words, Provider::metadata(), Settings::get( 'issuer' ) );
		$tokens = Provider::redeem( $code, $handshake->verifier );
		$claims = Provider::verified(
			$tokens['id_token'],
			array(
				'issuer'       => Settings::get( 'issuer' ),
				'client_id'    => Settings::get( 'client_id' ),
				'nonce'        => $handshake->nonce,
				'access_token' => $tokens['access_token'],
			)
		);
		$told = Provider::person( $tokens['access_token'], $claims['sub'] );
		return array(
			'person'   => array( 'iss' => $claims['iss'], 'sub' => $claims['sub'] ) + $told,
			'id_token' => $tokens['id_token'],
		);
	}

	/** Connects the account that is signed in here; it was asked for on the profile page. */
	private static function connect( int $user_id, array $claims ): void {
		if ( get_current_user_id() !== $user_id ) {
			throw new Refused( 'expired', 'Another account was signed in when the answer came.' );
		}
		Users::link( $user_id, $claims['person']['iss'], $claims['person']['sub'] );
		wp_safe_redirect( add_query_arg( 'hospes-connect', 'connected', get_edit_profile_url( $user_id ) ) . '#hospes-connect' );
		exit;
	}

	private static function enter( \WP_User $user, string $redirect_to, string $id_token ): void {
		// Modules that lock accounts do so here, as for a password.
		$allowed = apply_filters( 'wp_authenticate_user', $user, '' );
		if ( is_wp_error( $allowed ) || ! $allowed instanceof \WP_User || $allowed->ID !== $user->ID ) {
			throw new Refused( 'blocked', 'Another module refuses this account' . ( is_wp_error( $allowed ) ? ': ' . wp_strip_all_tags( $allowed->get_error_message() ) : '.' ) );
		}
		SignOut::remember( $id_token );
		wp_set_current_user( $user->ID );
		wp_set_auth_cookie( $user->ID );
		do_action( 'wp_login', $user->user_login, $user );
		$usual = $user->has_cap( 'edit_posts' ) ? admin_url() : admin_url( 'profile.php' );
		// As wp-login.php does it: who has no dashboard is not sent there.
		$to = '' === $redirect_to || admin_url() === $redirect_to || 'wp-admin/' === $redirect_to ? $usual : $redirect_to;
		$to = apply_filters( 'login_redirect', $to, $redirect_to, $user );
		wp_safe_redirect( wp_validate_redirect( $to, $usual ) );
		exit;
	}

	/** Sends the browser to the page where it began, which says why. */
	private static function fail( Refused $refused, string $redirect_to, int $user_id ): void {
		$words = array( 'hospes-connect-error' => $refused->reason );
		// An answer to nothing is no news; whoever sends such could fill the log.
		if ( '' !== $refused->getMessage() ) {
			$words['reference'] = Errors::log( $refused );
		}
		if ( '' !== $redirect_to ) {
			$words['redirect_to'] = $redirect_to;
		}
		$connecting = $user_id && get_current_user_id() === $user_id;
		$page       = $connecting ? get_edit_profile_url( $user_id ) : site_url( 'wp-login.php', 'login' );
		wp_safe_redirect( Answers::with_query( $page, $words ) . ( $connecting ? '#hospes-connect' : '' ) );
		exit;
	}

	/** Adds the sentence that the sign-in page shows; what stands in the address is only looked up. */
	public static function errors( \WP_Error $errors ): \WP_Error {
		$sentence = self::told_error();
		if ( '' !== $sentence ) {
			$errors->add( 'hospes_connect', esc_html( $sentence ) );
		}
		return $errors;
	}

	/** Returns the sentence for the reason that the page's address names, "" where it names none. */
	public static function told_error(): string {
		$reason    = self::word( 'hospes-connect-error', '/\A[a-z_]{1,30}\z/' );
		$reference = self::word( 'reference', '/\A[0-9A-F]{8}\z/' );
		$sentence  = '' === $reason ? '' : Errors::sentence( $reason );
		if ( '' !== $sentence && '' !== $reference ) {
			/* translators: %s: eight letters and digits. */
			$sentence .= ' ' . sprintf( __( '(Reference %s)', 'hospes-connect' ), $reference );
		}
		return $sentence;
	}

	/** Puts the button above the form. */
	public static function button( $message ): string {
		$action = isset( $_REQUEST['action'] ) ? $_REQUEST['action'] : 'login'; // phpcs:ignore WordPress.Security -- compared only.
		if ( 'login' !== $action || ! Settings::complete() ) {
			return (string) $message;
		}
		$asked  = isset( $_REQUEST['redirect_to'] ) && is_string( $_REQUEST['redirect_to'] ) ? wp_unslash( $_REQUEST['redirect_to'] ) : ''; // phpcs:ignore WordPress.Security -- validated below.
		$failed = '' !== self::word( 'hospes-connect-error', '/\A[a-z_]{1,30}\z/' );
		$target = isset( $_REQUEST['interim-login'] ) ? ' target="_blank" rel="noopener"' : ''; // phpcs:ignore WordPress.Security -- looked at only. The provider is shown in no frame.
		$html   = sprintf(
			'<p class="hospes-connect"><a class="button button-primary button-hero" href="%s"%s>%s</a></p>',
			esc_url( self::start_url( self::own( $asked ), $failed ) ),
			$target,
			/* translators: %s: the provider's name. */
			esc_html( sprintf( __( 'Sign in with %s', 'hospes-connect' ), Settings::provider_name() ) )
		);
		if ( self::password_is_hidden() ) {
			$html .= sprintf(
				'<p class="hospes-connect"><a href="%s">%s</a></p>',
				esc_url( Answers::with_query( site_url( 'wp-login.php', 'login' ), array( 'hospes-connect' => 'password' ) ) ),
				esc_html__( 'Sign in with a password of this site', 'hospes-connect' )
			);
		}
		return $message . $html;
	}

	public static function style(): void {
		wp_enqueue_style( 'hospes-connect', plugins_url( 'assets/login.css', FILE ), array( 'login' ), VERSION );
		if ( self::password_is_hidden() ) {
			wp_add_inline_style( 'hospes-connect', '#loginform, #nav { display: none; }' );
		}
	}

	/**
	 * Returns whether the password form is out of sight. It is never out of reach: the link below
	 * the button shows it, and so does a provider that cannot be reached.
	 */
	private static function password_is_hidden(): bool {
		return Settings::get( 'hide_password' ) && Settings::complete()
			&& 'password' !== self::word( 'hospes-connect', '/\Apassword\z/' )
			&& ! isset( $_POST['log'] ) // phpcs:ignore WordPress.Security -- looked at only.
			&& ! get_option( Provider::DOWN );
	}

	private static function own( string $address ): string {
		return '' === $address ? '' : (string) wp_validate_redirect( wp_sanitize_redirect( $address ), '' );
	}

	private static function word( string $name, string $pattern ): string {
		$value = $_GET[ $name ] ?? ''; // phpcs:ignore WordPress.Security -- matched against a pattern.
		return is_string( $value ) && preg_match( $pattern, $value ) ? $value : '';
	}
}
