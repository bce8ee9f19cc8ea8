<?php

namespace Hospes\Connect;

/** What a visitor reads when a sign-in did not work, and what the administrator finds of it. */
final class Errors {

	public const LOG   = 'hospes_connect_log';
	private const KEPT = 50;

	/** Returns the sentence for a reason; unknown ones get the general one. */
	public static function sentence( string $reason ): string {
		$provider  = Settings::provider_name();
		$sentences = array(
			/* translators: %s: the provider's name. */
			'unreachable'    => sprintf( __( '%s cannot be reached at the moment. Try again in a few minutes, or sign in with your password for this site.', 'hospes-connect' ), $provider ),
			'expired'        => __( 'This sign-in took too long, was used already, or began in another browser. Please try again.', 'hospes-connect' ),
			'cancelled'      => __( 'The sign-in was cancelled. Nothing was changed.', 'hospes-connect' ),
			/* translators: %s: the provider's name. */
			'setup'          => sprintf( __( 'The connection between this site and %s is not set up correctly. Please tell the administrator of this site.', 'hospes-connect' ), $provider ),
			/* translators: %s: the provider's name. */
			'untrusted'      => sprintf( __( 'The answer of %s could not be trusted, so you were not signed in.', 'hospes-connect' ), $provider ),
			'no_account'     => __( 'You have no account on this site yet, and the site makes none by itself. Please ask its administrator.', 'hospes-connect' ),
			/* translators: %s: the provider's name. */
			'no_email'       => sprintf( __( '%s did not tell a confirmed e-mail address, which this site needs for a new account.', 'hospes-connect' ), $provider ),
			'email_taken'    => __( 'An account of this site has your e-mail address already. Sign in with its password once, and connect it on your profile page.', 'hospes-connect' ),
			'connected_else' => __( 'This account is connected with somebody else on this site.', 'hospes-connect' ),
			'blocked'        => __( 'This site does not let your account sign in. Please ask its administrator.', 'hospes-connect' ),
			'busy'           => __( 'You are being signed in elsewhere at this very moment. Please try again.', 'hospes-connect' ),
		);
		return $sentences[ $reason ] ?? __( 'The sign-in did not work. Please try again.', 'hospes-connect' );
	}

	/** Writes a line for the administrator; returns the reference that the visitor reads. */
	public static function log( Refused $refused ): string {
		$reference = strtoupper( bin2hex( random_bytes( 4 ) ) );
		$lines     = self::lines();
		array_unshift(
			$lines,
			array(
				'at'        => time(),
				'reference' => $reference,
				'reason'    => $refused->reason,
				'detail'    => substr( $refused->getMessage(), 0, 500 ),
			)
		);
		update_option( self::LOG, array_slice( $lines, 0, self::KEPT ), false );
		if ( defined( 'WP_DEBUG' ) && WP_DEBUG ) {
			error_log( "Hospes Connect [$reference] {$refused->reason}: {$refused->getMessage()}" ); // phpcs:ignore WordPress.PHP.DevelopmentFunctions -- only for debugging.
		}
		return $reference;
	}

	/** Returns the administrator's lines, the newest first. */
	public static function lines(): array {
		$lines = get_option( self::LOG );
		return is_array( $lines ) ? $lines : array();
	}
}
