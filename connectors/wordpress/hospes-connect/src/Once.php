<?php

namespace Hospes\Connect;

/**
 * Names that can be taken once within a time, by one request however many race for it.
 *
 * A row of the options table, whose name is unique; past any cache, which could answer twice.
 */
final class Once {

	private const PREFIX = 'hospes_connect_once_';

	/** Takes a name for some seconds; returns false where it is taken. */
	public static function claim( string $what, int $seconds ): bool {
		global $wpdb;
		$name = self::PREFIX . hash( 'sha256', $what );
		$now  = time();
		// phpcs:disable WordPress.DB.DirectDatabaseQuery -- the statements must reach the database.
		$wpdb->query(
			$wpdb->prepare(
				"DELETE FROM {$wpdb->options} WHERE option_name LIKE %s AND CAST(option_value AS UNSIGNED) <= %d",
				$wpdb->esc_like( self::PREFIX ) . '%',
				$now
			)
		);
		$taken = $wpdb->query(
			$wpdb->prepare(
				"INSERT IGNORE INTO {$wpdb->options} (option_name, option_value, autoload) VALUES (%s, %s, 'no')",
				$name,
				(string) ( $now + $seconds )
			)
		);
		// phpcs:enable
		return 1 === $taken;
	}

	/** Gives a name back before its time. */
	public static function release( string $what ): void {
		global $wpdb;
		$wpdb->delete( $wpdb->options, array( 'option_name' => self::PREFIX . hash( 'sha256', $what ) ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- as above.
	}
}
