<?php
/**
 * Removes everything that the module stored: settings with the secret, caches, its log, and who
 * is connected with whom. The people themselves stay.
 *
 * @package hospes-connect
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

( static function (): void {
	global $wpdb;
	$clean = static function () use ( $wpdb ): void {
		foreach ( array( 'hospes_connect', 'hospes_connect_cache', 'hospes_connect_log', 'hospes_connect_down' ) as $name ) {
			delete_option( $name );
		}
		$wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- there is no call for a prefix.
			$wpdb->prepare(
				"DELETE FROM {$wpdb->options} WHERE option_name LIKE %s OR option_name LIKE %s OR option_name LIKE %s",
				$wpdb->esc_like( 'hospes_connect_once_' ) . '%',
				$wpdb->esc_like( '_transient_hospes_connect_' ) . '%',
				$wpdb->esc_like( '_transient_timeout_hospes_connect_' ) . '%'
			)
		);
	};
	if ( is_multisite() ) {
		foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $site ) {
			switch_to_blog( $site );
			$clean();
			restore_current_blog();
		}
	} else {
		$clean();
	}
	$wpdb->query( // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- as above.
		$wpdb->prepare( "DELETE FROM {$wpdb->usermeta} WHERE meta_key LIKE %s", $wpdb->esc_like( 'hospes_connect_' ) . '%' )
	);
	wp_cache_flush();
} )();
