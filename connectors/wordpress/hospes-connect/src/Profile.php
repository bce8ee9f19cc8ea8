<?php

namespace Hospes\Connect;

/** The part of the profile page where an account is connected and disconnected by hand. */
final class Profile {

	private const CONNECT    = 'hospes_connect_link';
	private const DISCONNECT = 'hospes_connect_unlink';

	public static function register(): void {
		add_action( 'show_user_profile', array( self::class, 'show' ) );
		add_action( 'edit_user_profile', array( self::class, 'show' ) );
		add_action( 'admin_post_' . self::CONNECT, array( self::class, 'connect' ) );
		add_action( 'admin_post_' . self::DISCONNECT, array( self::class, 'disconnect' ) );
	}

	public static function show( \WP_User $user ): void {
		$own   = get_current_user_id() === $user->ID;
		$links = Users::links( $user->ID );
		if ( ! Settings::complete() || ( ! $own && ! $links ) ) {
			return;
		}
		/* translators: %s: the provider's name. */
		$state = $links ? __( 'This account is connected with an account at %s.', 'hospes-connect' ) : __( 'This account is not connected with an account at %s.', 'hospes-connect' );
		printf( '<h2 id="hospes-connect">%s</h2><p>%s</p>', esc_html__( 'Sign-in with the provider', 'hospes-connect' ), esc_html( sprintf( $state, Settings::provider_name() ) ) );
		$wrong = SignIn::told_error();
		if ( '' !== $wrong ) {
			printf( '<div class="notice notice-error inline"><p>%s</p></div>', esc_html( $wrong ) );
		}
		if ( $links ) {
			self::link( self::DISCONNECT, $user->ID, __( 'Disconnect', 'hospes-connect' ) );
			if ( $own ) {
				printf( '<p class="description">%s</p>', esc_html__( 'Before you disconnect, make sure that you know your password for this site.', 'hospes-connect' ) );
			}
		} elseif ( $own ) {
			self::link( self::CONNECT, $user->ID, __( 'Connect', 'hospes-connect' ) );
		}
	}

	/** Sends the person to the provider; the answer connects the account that is signed in. */
	public static function connect(): void {
		$user_id = self::meant( self::CONNECT );
		if ( get_current_user_id() !== $user_id ) {
			wp_die( esc_html__( 'You can connect your own account only.', 'hospes-connect' ), '', array( 'response' => 403 ) );
		}
		SignIn::go( '', $user_id, false );
	}

	public static function disconnect(): void {
		$user_id = self::meant( self::DISCONNECT );
		if ( ! current_user_can( 'edit_user', $user_id ) ) {
			wp_die( esc_html__( 'You may not change this account.', 'hospes-connect' ), '', array( 'response' => 403 ) );
		}
		Users::unlink( $user_id );
		wp_safe_redirect( get_edit_user_link( $user_id ) . '#hospes-connect' );
		exit;
	}

	private static function link( string $action, int $user_id, string $text ): void {
		$address = add_query_arg( array( 'action' => $action, 'user' => $user_id ), admin_url( 'admin-post.php' ) );
		printf( '<p><a class="button" href="%s">%s</a></p>', esc_url( wp_nonce_url( $address, $action . $user_id ) ), esc_html( $text ) );
	}

	private static function meant( string $action ): int {
		$user_id = absint( $_GET['user'] ?? 0 );
		check_admin_referer( $action . $user_id );
		return $user_id;
	}
}
