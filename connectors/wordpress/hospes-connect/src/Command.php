<?php

namespace Hospes\Connect;

/**
 * Sets up and looks after the sign-in with a provider.
 */
final class Command {

	/**
	 * Stores settings; what is not given stays.
	 *
	 * ## OPTIONS
	 *
	 * [--issuer=<address>]
	 * : Address of the provider.
	 *
	 * [--client-id=<id>]
	 * : Client ID of the application.
	 *
	 * [--client-secret=<secret>]
	 * : Client Secret Key. Other users of the machine may see a command's words: "-" reads it from standard input.
	 *
	 * [--provider=<name>]
	 * : Name on the button.
	 *
	 * [--create=<yes|no>]
	 * : Whether accounts are made for new people.
	 *
	 * [--link=<yes|no>]
	 * : Whether accounts are connected by a verified e-mail address.
	 *
	 * [--follow-email=<yes|no>]
	 * : Whether changed addresses are taken over.
	 *
	 * [--default-role=<role>]
	 * : Role of new people.
	 *
	 * [--roles=<lines>]
	 * : Roles of work teams, "team = role", one in a line.
	 *
	 * [--single-logout=<yes|no>]
	 * : Whether signing out here signs out at the provider.
	 *
	 * [--hide-password=<yes|no>]
	 * : Whether the password form is shown only after a press on a link.
	 *
	 * [--callback=<path|ajax>]
	 * : Which of the two redirect URLs is used.
	 *
	 * ## EXAMPLES
	 *
	 *     wp hospes-connect configure --issuer=https://my.provider.example --client-id=… --client-secret=- < secret.txt
	 *
	 * @param array $args  Unused.
	 * @param array $given The options.
	 */
	public function configure( $args, $given ): void {
		$input = array();
		foreach ( $given as $name => $value ) {
			$input[ str_replace( '-', '_', $name ) ] = (string) $value;
		}
		if ( '-' === ( $input['client_secret'] ?? '' ) ) {
			$input['client_secret'] = trim( (string) stream_get_contents( STDIN ) );
		}
		if ( ! $input ) {
			\WP_CLI::error( 'Nothing was given; see: wp help hospes-connect configure' );
		}
		require_once ABSPATH . 'wp-admin/includes/template.php'; // Collects the faults.
		$settings = Settings::sanitize( $input );
		$faults   = wp_list_pluck( get_settings_errors( Settings::OPTION ), 'message' );
		if ( $faults ) {
			\WP_CLI::error( implode( ' ', $faults ) );
		}
		update_option( Settings::OPTION, $settings );
		\WP_CLI::success( 'Saved. The redirect URL to register is ' . Settings::redirect_uri() );
	}

	/**
	 * Tries the connection, and says what is wrong.
	 */
	public function test(): void {
		$bad = false;
		foreach ( ConnectionTest::run() as list( $state, $sentence ) ) {
			\WP_CLI::line( str_pad( $state, 7 ) . $sentence );
			$bad = $bad || 'bad' === $state;
		}
		if ( $bad ) {
			\WP_CLI::error( 'The connection does not work.' );
		}
		\WP_CLI::success( 'The connection works.' );
	}

	/**
	 * Connects an account of this site with a person at the provider.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Name, e-mail address or number of the account.
	 *
	 * <sub>
	 * : The person's subject ID at the provider.
	 *
	 * @param array $args The account, and the subject.
	 */
	public function link( $args ): void {
		list( $user, $sub ) = array( self::user( $args[0] ), trim( $args[1] ) );
		if ( '' === Settings::get( 'issuer' ) || '' === $sub ) {
			\WP_CLI::error( 'The address of the provider must be set, and the subject ID given.' );
		}
		try {
			Users::link( $user->ID, Settings::get( 'issuer' ), $sub );
		} catch ( Refused $refused ) {
			\WP_CLI::error( $refused->getMessage() );
		}
		\WP_CLI::success( "$user->user_login is connected." );
	}

	/**
	 * Ends every connection of an account of this site.
	 *
	 * ## OPTIONS
	 *
	 * <user>
	 * : Name, e-mail address or number of the account.
	 *
	 * @param array $args The account.
	 */
	public function unlink( $args ): void {
		$user = self::user( $args[0] );
		\WP_CLI::success( sprintf( '%d ended for %s.', Users::unlink( $user->ID ), $user->user_login ) );
	}

	/**
	 * Shows settings, connections and the last faults. The secret is not shown.
	 */
	public function status(): void {
		$yes = static function ( $value ): string {
			return $value ? 'yes' : 'no';
		};
		foreach ( array(
			'provider'        => Settings::provider_name() . ' ' . Settings::get( 'issuer' ),
			'client ID'       => Settings::get( 'client_id' ),
			'secret saved'    => $yes( '' !== Settings::get( 'client_secret' ) ),
			'redirect URL'    => Settings::redirect_uri(),
			'make accounts'   => $yes( Settings::get( 'create' ) ),
			'connect by mail' => $yes( Settings::get( 'link' ) ),
			'sign out there'  => $yes( Settings::get( 'single_logout' ) ),
			'connections'     => (string) Users::count(),
		) as $name => $value ) {
			\WP_CLI::line( str_pad( $name, 17 ) . $value );
		}
		foreach ( array_slice( Errors::lines(), 0, 5 ) as $line ) {
			\WP_CLI::line( gmdate( 'Y-m-d H:i:s', $line['at'] ) . "Z {$line['reference']} {$line['reason']}: {$line['detail']}" );
		}
	}

	private static function user( string $name ): \WP_User {
		foreach ( array( 'login', 'email', 'id' ) as $field ) {
			$user = get_user_by( $field, $name );
			if ( $user ) {
				return $user;
			}
		}
		\WP_CLI::error( "There is no account $name on this site." );
	}
}
