<?php
/**
 * Plugin Name:       Hospes Connect
 * Description:       Sign in to WordPress with an account of your provider, by OpenID Connect.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            The Hospes authors
 * License:           Apache-2.0
 * License URI:       https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain:       hospes-connect
 * Domain Path:       /languages
 *
 * @package hospes-connect
 */

namespace Hospes\Connect;

defined( 'ABSPATH' ) || exit;

const VERSION = '0.1.0';
const FILE    = __FILE__;

// No build step and no Composer: a class stands in the file of its name.
spl_autoload_register(
	static function ( string $name ): void {
		$prefix = __NAMESPACE__ . '\\';
		if ( 0 === strncmp( $name, $prefix, strlen( $prefix ) ) ) {
			$file = __DIR__ . '/src/' . substr( $name, strlen( $prefix ) ) . '.php';
			if ( is_file( $file ) ) {
				require $file;
			}
		}
	}
);

Texts::register();
SignIn::register();
SignOut::register();
Profile::register();
if ( is_admin() ) {
	AdminPage::register();
}
if ( defined( 'WP_CLI' ) && WP_CLI ) {
	\WP_CLI::add_command( 'hospes-connect', Command::class );
}
register_activation_hook( __FILE__, array( Settings::class, 'adopt_site_file' ) );
