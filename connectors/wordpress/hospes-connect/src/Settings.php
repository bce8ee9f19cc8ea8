<?php

namespace Hospes\Connect;

/**
 * What the site's administrator set.
 *
 * Constants in wp-config.php come first, then the option "hospes_connect", then the file that
 * the provider's page "Download for this site" put beside the module. WordPress keeps options,
 * the secret too, in clear in its database; the constant keeps it out of there.
 */
final class Settings {

	public const OPTION = 'hospes_connect';
	public const PATH   = '/openid-connect-authorize';
	public const ACTION = 'openid-connect-authorize';

	private const DEFAULTS = array(
		'issuer'        => '',
		'client_id'     => '',
		'client_secret' => '',
		'provider'      => '',
		'create'        => true,
		'link'          => true,
		'follow_email'  => true,
		'default_role'  => 'subscriber',
		'roles'         => '',
		'single_logout' => false,
		'hide_password' => false,
		'callback'      => 'path',
	);
	private const CONSTANTS = array(
		'issuer'        => 'HOSPES_CONNECT_ISSUER',
		'client_id'     => 'HOSPES_CONNECT_CLIENT_ID',
		'client_secret' => 'HOSPES_CONNECT_CLIENT_SECRET',
	);

	/** Returns one setting. */
	public static function get( string $name ) {
		if ( self::is_constant( $name ) ) {
			return trim( (string) constant( self::CONSTANTS[ $name ] ) );
		}
		$stored = self::stored();
		if ( isset( $stored[ $name ] ) && '' !== $stored[ $name ] ) {
			return $stored[ $name ];
		}
		return self::site_file()[ $name ] ?? self::DEFAULTS[ $name ];
	}

	public static function is_constant( string $name ): bool {
		return isset( self::CONSTANTS[ $name ] ) && defined( self::CONSTANTS[ $name ] );
	}

	/** Returns whether a sign-in can be begun. */
	public static function complete(): bool {
		return '' !== self::get( 'issuer' ) && '' !== self::get( 'client_id' ) && '' !== self::get( 'client_secret' );
	}

	/** Returns the name that people know the provider by. */
	public static function provider_name(): string {
		$name = (string) self::get( 'provider' );
		return '' !== $name ? $name : (string) wp_parse_url( (string) self::get( 'issuer' ), PHP_URL_HOST );
	}

	/** Returns the address that the provider sends people back to, which must be registered there. */
	public static function redirect_uri(): string {
		return 'ajax' === self::get( 'callback' )
			? admin_url( 'admin-ajax.php?action=' . self::ACTION )
			: home_url( self::PATH );
	}

	/** Returns the address after signing out, which must be registered for single sign-out. */
	public static function signed_out_uri(): string {
		return site_url( 'wp-login.php?loggedout=true', 'login' );
	}

	/** Returns role => name for every role of this site. */
	public static function role_names(): array {
		return wp_roles()->get_names();
	}

	/** Returns what "team = role" says, team => role, in the order it was written. */
	public static function roles_of_teams(): array {
		return self::read_roles( (string) self::get( 'roles' ), $ignored );
	}

	/**
	 * Returns the settings to be stored, from a form or a command.
	 *
	 * @param array $input Only what was given changes. An empty secret keeps the one there is.
	 */
	public static function sanitize( $input ): array {
		$kept  = self::stored();
		$input = is_array( $input ) ? $input : array();
		foreach ( array( 'issuer', 'client_id', 'client_secret', 'provider' ) as $name ) {
			if ( isset( $input[ $name ] ) && ( '' !== trim( $input[ $name ] ) || 'client_secret' !== $name ) ) {
				$kept[ $name ] = trim( preg_replace( '/[[:cntrl:]]/', '', $input[ $name ] ) );
			}
		}
		foreach ( array( 'create', 'link', 'follow_email', 'single_logout', 'hide_password' ) as $name ) {
			if ( isset( $input[ $name ] ) ) {
				$kept[ $name ] = in_array( $input[ $name ], array( true, 1, '1', 'yes', 'true' ), true );
			}
		}
		if ( isset( $input['callback'] ) ) {
			$kept['callback'] = 'ajax' === $input['callback'] ? 'ajax' : 'path';
		}
		return self::refuse_faults( $kept, $input );
	}

	/** Keeps what stands in the downloaded file, so that a later update of the module loses nothing. */
	public static function adopt_site_file(): void {
		$stored = self::stored();
		$new    = array_diff_key( self::site_file(), array_filter( $stored ) );
		if ( $new ) {
			update_option( self::OPTION, array_merge( $stored, $new ) );
		}
	}

	private static function refuse_faults( array $kept, array $input ): array {
		$before = self::stored();
		if ( isset( $input['issuer'] ) && '' !== trim( $input['issuer'] ) ) {
			$kept['issuer'] = Answers::tidy_issuer( $input['issuer'] );
			if ( '' === $kept['issuer'] ) {
				$kept['issuer'] = $before['issuer'] ?? '';
				self::fault( __( 'The address of the provider must begin with https:// and has no question mark in it.', 'hospes-connect' ) );
			}
		}
		if ( isset( $input['default_role'] ) ) {
			if ( isset( self::role_names()[ $input['default_role'] ] ) ) {
				$kept['default_role'] = $input['default_role'];
			} else {
				self::fault( __( 'There is no such role for new people.', 'hospes-connect' ) );
			}
		}
		if ( isset( $input['roles'] ) ) {
			$text  = sanitize_textarea_field( $input['roles'] );
			$wrong = array();
			self::read_roles( $text, $wrong );
			if ( $wrong ) {
				/* translators: %s: the lines as they were typed. */
				self::fault( sprintf( __( 'These lines are not of the form "team = role", or name no role of this site: %s', 'hospes-connect' ), implode( '; ', $wrong ) ) );
			} else {
				$kept['roles'] = $text;
			}
		}
		if ( array_intersect_key( $kept, array( 'issuer' => 1 ) ) !== array_intersect_key( $before, array( 'issuer' => 1 ) ) ) {
			Provider::forget();
		}
		return $kept;
	}

	private static function fault( string $sentence ): void {
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( self::OPTION, 'hospes_connect_' . md5( $sentence ), $sentence );
		} else {
			throw new \InvalidArgumentException( $sentence );
		}
	}

	private static function read_roles( string $text, ?array &$wrong ): array {
		$known = array();
		foreach ( self::role_names() as $role => $name ) {
			$known[ strtolower( $role ) ] = $role;
			$known[ strtolower( translate_user_role( $name ) ) ] = $role;
		}
		$found = array();
		foreach ( array_filter( array_map( 'trim', explode( "\n", $text ) ) ) as $line ) {
			$at   = strrpos( $line, '=' );
			$team = false === $at ? '' : trim( substr( $line, 0, $at ) );
			$role = false === $at ? '' : strtolower( trim( substr( $line, $at + 1 ) ) );
			if ( '' === $team || ! isset( $known[ $role ] ) ) {
				$wrong[] = $line;
			} elseif ( ! isset( $found[ $team ] ) ) {
				$found[ $team ] = $known[ $role ];
			}
		}
		return $found;
	}

	private static function stored(): array {
		$stored = get_option( self::OPTION );
		return is_array( $stored ) ? $stored : array();
	}

	private static function site_file(): array {
		static $read = null;
		if ( null === $read ) {
			$file = dirname( __DIR__ ) . '/hospes-connect-site.json';
			$read = is_readable( $file ) ? json_decode( (string) file_get_contents( $file ), true, 4 ) : array();
			$read = is_array( $read ) && 1 === ( $read['format'] ?? null ) ? $read : array();
			$read = array_filter( array_intersect_key( $read, array( 'issuer' => 1, 'client_id' => 1, 'provider' => 1 ) ), 'is_string' );
			if ( isset( $read['issuer'] ) ) {
				$read['issuer'] = Answers::tidy_issuer( $read['issuer'] );
			}
		}
		return $read;
	}
}
