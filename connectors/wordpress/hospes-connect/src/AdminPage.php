<?php

namespace Hospes\Connect;

/** The settings page: two fields, the redirect URL to copy, a test, and what went wrong lately. */
final class AdminPage {

	private const PAGE  = 'hospes-connect';
	private const TEST  = 'hospes_connect_test';
	private const CLEAR = 'hospes_connect_clear';

	public static function register(): void {
		add_action( 'admin_menu', array( self::class, 'menu' ) );
		add_action( 'admin_init', array( self::class, 'settings' ) );
		add_action( 'admin_post_' . self::TEST, array( self::class, 'test' ) );
		add_action( 'admin_post_' . self::CLEAR, array( self::class, 'clear' ) );
		add_action( 'admin_enqueue_scripts', array( self::class, 'script' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( FILE ), array( self::class, 'link' ) );
	}

	public static function url(): string {
		return admin_url( 'options-general.php?page=' . self::PAGE );
	}

	public static function menu(): void {
		add_options_page( __( 'Hospes Connect', 'hospes-connect' ), __( 'Hospes Connect', 'hospes-connect' ), 'manage_options', self::PAGE, array( self::class, 'show' ) );
	}

	public static function settings(): void {
		register_setting( self::PAGE, Settings::OPTION, array( 'type' => 'array', 'sanitize_callback' => array( Settings::class, 'sanitize' ) ) );
	}

	public static function link( array $links ): array {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'hospes-connect' ) ) );
		return $links;
	}

	public static function script( string $page ): void {
		if ( 'settings_page_' . self::PAGE === $page ) {
			wp_enqueue_script( 'hospes-connect', plugins_url( 'assets/admin.js', FILE ), array(), VERSION, true );
		}
	}

	/** Runs the test, and shows its result on the settings page. */
	public static function test(): void {
		self::guard( self::TEST );
		set_transient( self::TEST . get_current_user_id(), ConnectionTest::run(), 5 * MINUTE_IN_SECONDS );
		wp_safe_redirect( self::url() . '#hospes-connect-test' );
		exit;
	}

	/** Empties the list of what went wrong. */
	public static function clear(): void {
		self::guard( self::CLEAR );
		delete_option( Errors::LOG );
		wp_safe_redirect( self::url() );
		exit;
	}

	public static function show(): void {
		printf( '<div class="wrap"><h1>%s</h1>', esc_html__( 'Hospes Connect', 'hospes-connect' ) );
		printf( '<p>%s</p>', esc_html__( 'People sign in to this site with their account at your provider. Create an application of the type "Web Front-End" there, and copy its two values here.', 'hospes-connect' ) );
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'options.php' ) ) );
		settings_fields( self::PAGE );
		self::main_fields();
		self::more_fields();
		submit_button();
		echo '</form>';
		self::show_test();
		self::show_log();
		echo '</div>';
	}

	private static function main_fields(): void {
		echo '<table class="form-table" role="presentation">';
		self::text( 'client_id', __( 'Client ID', 'hospes-connect' ), '' );
		$kept = '' !== Settings::get( 'client_secret' );
		self::text(
			'client_secret',
			__( 'Client Secret Key', 'hospes-connect' ),
			$kept
				? __( 'A secret is saved. Leave this empty to keep it. WordPress keeps it in its database as it is; the constant HOSPES_CONNECT_CLIENT_SECRET in wp-config.php keeps it out of there.', 'hospes-connect' )
				: __( 'It was shown once, when the application was created.', 'hospes-connect' )
		);
		self::text( 'issuer', __( 'Address of the provider', 'hospes-connect' ), __( 'It begins with https://. The file downloaded for this site has it filled in.', 'hospes-connect' ) );
		self::address( 'hospes-connect-redirect', __( 'Redirect URL', 'hospes-connect' ), Settings::redirect_uri(), __( 'Register exactly this address with the application.', 'hospes-connect' ) );
		echo '</table>';
	}

	private static function more_fields(): void {
		printf( '<details><summary><strong>%s</strong></summary><table class="form-table" role="presentation">', esc_html__( 'More settings', 'hospes-connect' ) );
		self::text( 'provider', __( 'Name of the provider', 'hospes-connect' ), __( 'As it stands on the button.', 'hospes-connect' ) );
		self::check( 'create', __( 'New people', 'hospes-connect' ), __( 'Make an account for somebody who signs in for the first time and whose e-mail address the provider has verified', 'hospes-connect' ) );
		self::check( 'link', __( 'People with an account', 'hospes-connect' ), __( 'Connect somebody with the account of this site that has the same e-mail address, if the provider has verified it', 'hospes-connect' ) );
		self::check( 'follow_email', __( 'Changed addresses', 'hospes-connect' ), __( 'Let the e-mail address here follow the one at the provider', 'hospes-connect' ) );
		self::row( 'default_role', __( 'Role of new people', 'hospes-connect' ), self::role_field(), '' );
		self::row(
			'roles',
			__( 'Roles of work teams', 'hospes-connect' ),
			sprintf( '<textarea class="large-text code" rows="4" id="hospes-connect-roles" name="%s[roles]" aria-describedby="hospes-connect-roles-help" placeholder="Web team = editor">%s</textarea>', Settings::OPTION, esc_textarea( Settings::get( 'roles' ) ) ),
			__( 'One line for each team: team = role. At each sign-in the first line that fits gives the role. A role that you gave by hand stays.', 'hospes-connect' )
		);
		self::check( 'single_logout', __( 'Signing out', 'hospes-connect' ), __( 'Sign out at the provider as well', 'hospes-connect' ) );
		self::address( 'hospes-connect-signed-out', __( 'Address after signing out', 'hospes-connect' ), Settings::signed_out_uri(), __( 'Needed for signing out at the provider: register it with the application.', 'hospes-connect' ) );
		/* translators: %s: an address. */
		self::check( 'hide_password', __( 'Password form', 'hospes-connect' ), __( 'Show the password form only after a press on a link', 'hospes-connect' ), sprintf( __( 'It stays reachable at %s, and is shown by itself while the provider cannot be reached.', 'hospes-connect' ), site_url( 'wp-login.php?hospes-connect=password', 'login' ) ) );
		self::row(
			'callback',
			__( 'Way back', 'hospes-connect' ),
			self::choices( 'callback', array( 'path' => home_url( Settings::PATH ), 'ajax' => admin_url( 'admin-ajax.php?action=' . Settings::ACTION ) ) ),
			__( 'The second works on every web server, also where permalinks are "Plain" and unknown addresses do not reach WordPress.', 'hospes-connect' )
		);
		echo '</table></details>';
	}

	private static function show_test(): void {
		printf( '<h2 id="hospes-connect-test">%s</h2>', esc_html__( 'Test the connection', 'hospes-connect' ) );
		$told = get_transient( self::TEST . get_current_user_id() );
		delete_transient( self::TEST . get_current_user_id() );
		$class = array( 'ok' => 'success', 'unsure' => 'warning', 'bad' => 'error' );
		$words = array( 'ok' => __( 'Right:', 'hospes-connect' ), 'unsure' => __( 'Note:', 'hospes-connect' ), 'bad' => __( 'Wrong:', 'hospes-connect' ) );
		foreach ( is_array( $told ) ? $told : array() as list( $state, $sentence ) ) {
			printf( '<div class="notice inline notice-%s"><p><strong>%s</strong> %s</p></div>', esc_attr( $class[ $state ] ), esc_html( $words[ $state ] ), esc_html( $sentence ) );
		}
		self::button( self::TEST, __( 'Test the connection', 'hospes-connect' ), __( 'Save first: the test uses what is saved.', 'hospes-connect' ) );
	}

	private static function show_log(): void {
		printf( '<h2>%s</h2>', esc_html__( 'Sign-ins that did not work', 'hospes-connect' ) );
		$lines = Errors::lines();
		if ( ! $lines ) {
			printf( '<p>%s</p>', esc_html__( 'There were none.', 'hospes-connect' ) );
			return;
		}
		printf(
			'<table class="widefat striped"><thead><tr><th scope="col">%s</th><th scope="col">%s</th><th scope="col">%s</th><th scope="col">%s</th></tr></thead><tbody>',
			esc_html__( 'When', 'hospes-connect' ),
			esc_html__( 'Reference', 'hospes-connect' ),
			esc_html__( 'The visitor read', 'hospes-connect' ),
			esc_html__( 'Details', 'hospes-connect' )
		);
		foreach ( $lines as $line ) {
			printf(
				'<tr><td>%s</td><td><code>%s</code></td><td>%s</td><td>%s</td></tr>',
				esc_html( wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), $line['at'] ) ),
				esc_html( $line['reference'] ),
				esc_html( Errors::sentence( $line['reason'] ) ),
				esc_html( $line['detail'] )
			);
		}
		echo '</tbody></table>';
		self::button( self::CLEAR, __( 'Empty this list', 'hospes-connect' ), '' );
	}

	// ---- fields ------------------------------------------------------------------------------

	private static function row( string $name, string $label, string $field, string $help ): void {
		printf( '<tr><th scope="row"><label for="hospes-connect-%s">%s</label></th><td>%s', esc_attr( $name ), esc_html( $label ), $field ); // phpcs:ignore WordPress.Security.EscapeOutput -- $field is made below, escaped.
		if ( '' !== $help ) {
			printf( '<p class="description" id="hospes-connect-%s-help">%s</p>', esc_attr( $name ), esc_html( $help ) );
		}
		echo '</td></tr>';
	}

	private static function text( string $name, string $label, string $help ): void {
		$secret = 'client_secret' === $name;
		if ( Settings::is_constant( $name ) ) {
			$help = __( 'Set by a constant in wp-config.php.', 'hospes-connect' );
		}
		$field = sprintf(
			'<input class="regular-text code" type="%s" id="hospes-connect-%s" name="%s[%s]" value="%s" autocomplete="off" spellcheck="false"%s%s>',
			$secret ? 'password' : 'text',
			esc_attr( $name ),
			Settings::OPTION,
			esc_attr( $name ),
			$secret ? '' : esc_attr( Settings::get( $name ) ),
			'' === $help ? '' : sprintf( ' aria-describedby="hospes-connect-%s-help"', esc_attr( $name ) ),
			Settings::is_constant( $name ) ? ' disabled' : ''
		);
		self::row( $name, $label, $field, $help );
	}

	private static function check( string $name, string $label, string $text, string $help = '' ): void {
		printf(
			'<tr><th scope="row">%1$s</th><td><input type="hidden" name="%2$s[%3$s]" value="0"><label><input type="checkbox" name="%2$s[%3$s]" value="1"%4$s> %5$s</label>',
			esc_html( $label ),
			esc_attr( Settings::OPTION ),
			esc_attr( $name ),
			checked( (bool) Settings::get( $name ), true, false ),
			esc_html( $text )
		);
		if ( '' !== $help ) {
			printf( '<p class="description">%s</p>', esc_html( $help ) );
		}
		echo '</td></tr>';
	}

	private static function choices( string $name, array $choices ): string {
		$options = '';
		foreach ( $choices as $value => $text ) {
			$options .= sprintf( '<option value="%s"%s>%s</option>', esc_attr( $value ), selected( Settings::get( $name ), $value, false ), esc_html( $text ) );
		}
		return sprintf( '<select id="hospes-connect-%1$s" name="%2$s[%1$s]">%3$s</select>', esc_attr( $name ), Settings::OPTION, $options );
	}

	private static function role_field(): string {
		return self::choices( 'default_role', array_map( 'translate_user_role', Settings::role_names() ) );
	}

	private static function address( string $id, string $label, string $address, string $help ): void {
		printf(
			'<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input class="regular-text code" type="text" id="%1$s" value="%3$s" readonly> <button type="button" class="button" data-hospes-copy="%1$s" data-done="%4$s">%5$s</button><p class="description">%6$s</p></td></tr>',
			esc_attr( $id ),
			esc_html( $label ),
			esc_attr( $address ),
			esc_attr__( 'Copied', 'hospes-connect' ),
			esc_html__( 'Copy', 'hospes-connect' ),
			esc_html( $help )
		);
	}

	private static function button( string $action, string $text, string $help ): void {
		printf( '<form method="post" action="%s"><input type="hidden" name="action" value="%s">', esc_url( admin_url( 'admin-post.php' ) ), esc_attr( $action ) );
		wp_nonce_field( $action );
		printf( '<p><button class="button">%s</button> %s</p></form>', esc_html( $text ), esc_html( $help ) );
	}

	private static function guard( string $action ): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_die( esc_html__( 'You may not change these settings.', 'hospes-connect' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( $action );
	}
}
