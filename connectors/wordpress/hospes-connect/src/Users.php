<?php

namespace Hospes\Connect;

/**
 * Who of this site is who at the provider.
 *
 * A connection is one row of user meta: its key holds a hash of issuer and sub, so that it is
 * found by an index among any number of people; its value holds both.
 */
final class Users {

	public const PREFIX     = 'hospes_connect_sub_';
	private const ROLE_GIVEN = 'hospes_connect_role';
	private const LOCK_SECONDS = 10;
	private const LOCK_TRIES   = 30;

	/**
	 * Returns the account of this site for somebody who has signed in at the provider.
	 *
	 * @param array $claims The claims of the ID token and of userinfo.
	 * @throws Refused Where there is none and none may be connected or made.
	 */
	public static function resolve( array $claims ): \WP_User {
		$lock = 'person ' . self::key( $claims['iss'], $claims['sub'] );
		for ( $tries = 0; ! Once::claim( $lock, self::LOCK_SECONDS ); $tries++ ) {
			if ( $tries >= self::LOCK_TRIES ) {
				throw new Refused( 'busy', 'Two sign-ins of one person met.' );
			}
			usleep( 100000 ); // Two windows at once: the second finds the account that the first makes.
		}
		try {
			$user = self::find( $claims['iss'], $claims['sub'] );
			if ( $user ) {
				self::follow( $user, $claims );
			} else {
				$user = self::connect_or_create( $claims );
			}
			self::belong_here( $user );
			self::give_role( $user, Answers::teams( $claims ) );
		} finally {
			Once::release( $lock );
		}
		return new \WP_User( $user->ID );
	}

	/** Returns the account that is connected with this person at the provider, or null. */
	public static function find( string $issuer, string $sub ): ?\WP_User {
		$users = get_users(
			array(
				'blog_id'      => 0,
				'meta_key'     => self::key( $issuer, $sub ), // phpcs:ignore WordPress.DB.SlowDBQuery -- a key of its own, indexed.
				'meta_value'   => "$issuer $sub", // phpcs:ignore WordPress.DB.SlowDBQuery -- among one row.
				'meta_compare' => '=',
				'number'       => 2,
			)
		);
		return 1 === count( $users ) ? $users[0] : null;
	}

	/**
	 * Connects an account with a person at the provider.
	 *
	 * @throws Refused Where that person is connected with another account.
	 */
	public static function link( int $user_id, string $issuer, string $sub ): void {
		$other = self::find( $issuer, $sub );
		if ( $other && $other->ID !== $user_id ) {
			throw new Refused( 'connected_else', "The person is connected with account {$other->ID} already." );
		}
		update_user_meta( $user_id, self::key( $issuer, $sub ), "$issuer $sub" );
	}

	/** Ends every connection of an account; returns how many there were. */
	public static function unlink( int $user_id ): int {
		$links = self::links( $user_id );
		foreach ( $links as list( $issuer, $sub ) ) {
			delete_user_meta( $user_id, self::key( $issuer, $sub ) );
		}
		return count( $links );
	}

	/** Returns the connections of an account, each as issuer and sub. */
	public static function links( int $user_id ): array {
		$links = array();
		foreach ( (array) get_user_meta( $user_id ) as $key => $values ) {
			if ( 0 === strpos( $key, self::PREFIX ) ) {
				$links[] = explode( ' ', $values[0], 2 ) + array( '', '' );
			}
		}
		return $links;
	}

	/** Returns how many connections there are. */
	public static function count(): int {
		global $wpdb;
		return (int) $wpdb->get_var( // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- there is no call for a prefix.
			$wpdb->prepare( "SELECT COUNT(*) FROM {$wpdb->usermeta} WHERE meta_key LIKE %s", $wpdb->esc_like( self::PREFIX ) . '%' )
		);
	}

	private static function key( string $issuer, string $sub ): string {
		return self::PREFIX . substr( hash( 'sha256', "$issuer $sub" ), 0, 40 );
	}

	private static function connect_or_create( array $claims ): \WP_User {
		$email = self::confirmed_email( $claims );
		$known = '' === $email ? false : get_user_by( 'email', $email );
		if ( $known ) {
			if ( ! Settings::get( 'link' ) || self::has_link_at( $known->ID, $claims['iss'] ) ) {
				throw new Refused( 'email_taken', "Account {$known->ID} has the address, and may not be connected by it." );
			}
			self::link( $known->ID, $claims['iss'], $claims['sub'] );
			return $known;
		}
		if ( ! Settings::get( 'create' ) ) {
			throw new Refused( 'no_account', 'Nobody is connected, and accounts are not made by a sign-in (see the settings).' );
		}
		if ( '' === $email ) {
			throw new Refused( 'no_email', 'The provider told no e-mail address, or did not say that it is verified.' );
		}
		return self::create( $claims, $email );
	}

	private static function create( array $claims, string $email ): \WP_User {
		$name = self::text( $claims, 'name' );
		$id   = wp_insert_user(
			array(
				'user_login'   => self::free_login( array( self::text( $claims, 'preferred_username' ), $name, 'user' ) ),
				'user_pass'    => wp_generate_password( 64, true, true ),
				'user_email'   => $email,
				'display_name' => $name,
				'first_name'   => self::text( $claims, 'given_name' ),
				'last_name'    => self::text( $claims, 'family_name' ),
				'role'         => Settings::get( 'default_role' ),
			)
		);
		if ( is_wp_error( $id ) ) {
			throw new Refused( 'failed', 'WordPress made no account: ' . $id->get_error_message() );
		}
		self::link( $id, $claims['iss'], $claims['sub'] );
		update_user_meta( $id, self::ROLE_GIVEN, Settings::get( 'default_role' ) );
		do_action( 'hospes_connect_user_created', $id, $claims );
		return new \WP_User( $id );
	}

	/** Lets the address follow the one at the provider, unless somebody else here has it. */
	private static function follow( \WP_User $user, array $claims ): void {
		$email = self::confirmed_email( $claims );
		if ( '' === $email || ! Settings::get( 'follow_email' ) || 0 === strcasecmp( $email, $user->user_email ) ) {
			return;
		}
		$other = get_user_by( 'email', $email );
		if ( $other ) {
			Errors::log( new Refused( 'email_taken', "Account {$user->ID} keeps its address: account {$other->ID} has the new one." ) );
			return;
		}
		wp_update_user( array( 'ID' => $user->ID, 'user_email' => $email ) ); // WordPress tells the old address.
	}

	private static function belong_here( \WP_User $user ): void {
		if ( is_multisite() && ! is_user_member_of_blog( $user->ID ) ) {
			if ( ! Settings::get( 'create' ) ) {
				throw new Refused( 'no_account', "Account {$user->ID} is not a member of this site of the network." );
			}
			add_user_to_blog( get_current_blog_id(), $user->ID, Settings::get( 'default_role' ) );
		}
	}

	/**
	 * Gives the role of the first team that has one.
	 *
	 * A role that somebody gave by hand in WordPress stays: only a role that came from here, or
	 * that of new people, is replaced. So no administrator loses a site by being in a team.
	 */
	private static function give_role( \WP_User $user, array $teams ): void {
		$roles = Settings::roles_of_teams();
		if ( ! $roles ) {
			return;
		}
		$user   = new \WP_User( $user->ID );
		$now    = array_values( $user->roles );
		$given  = (string) get_user_meta( $user->ID, self::ROLE_GIVEN, true );
		$usual  = (string) Settings::get( 'default_role' );
		$wanted = $usual;
		foreach ( $roles as $team => $role ) {
			if ( in_array( (string) $team, $teams, true ) ) {
				$wanted = $role;
				break;
			}
		}
		if ( array() === $now || array( $given ) === $now || array( $usual ) === $now ) {
			if ( array( $wanted ) !== $now ) {
				$user->set_role( $wanted );
			}
			update_user_meta( $user->ID, self::ROLE_GIVEN, $wanted );
		}
	}

	private static function has_link_at( int $user_id, string $issuer ): bool {
		return in_array( $issuer, array_column( self::links( $user_id ), 0 ), true );
	}

	private static function confirmed_email( array $claims ): string {
		$email = Answers::confirmed_email( $claims );
		return is_email( $email ) === $email ? $email : '';
	}

	private static function text( array $claims, string $name ): string {
		$value = $claims[ $name ] ?? '';
		return is_string( $value ) ? mb_substr( sanitize_text_field( $value ), 0, 200 ) : '';
	}

	private static function free_login( array $wishes ): string {
		foreach ( $wishes as $wish ) {
			$base = substr( sanitize_user( sanitize_title( remove_accents( $wish ) ), true ), 0, 40 );
			if ( strlen( $base ) >= 2 && ! in_array( $base, array_map( 'strtolower', (array) apply_filters( 'illegal_user_logins', array() ) ), true ) ) {
				$login = $base;
				for ( $number = 2; username_exists( $login ) || get_user_by( 'slug', $login ); $number++ ) {
					$login = $number < 20 ? "$base-$number" : $base . '-' . bin2hex( random_bytes( 6 ) );
				}
				return $login;
			}
		}
		return 'user-' . bin2hex( random_bytes( 8 ) );
	}
}
