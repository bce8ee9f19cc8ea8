<?php
// Stands in for WP-CLI, which is in no registry of ours: it loads WordPress as WP-CLI does, hands
// words and options to the module's command, and ends with its exit code.

define( 'WP_CLI', true );

final class WP_CLI {
	public static $commands = array();

	public static function add_command( string $name, string $class ): void {
		self::$commands[ $name ] = $class;
	}

	public static function line( string $text ): void {
		echo "$text\n";
	}

	public static function success( string $text ): void {
		echo "Success: $text\n";
	}

	public static function error( string $text ): void {
		fwrite( STDERR, "Error: $text\n" );
		exit( 1 );
	}
}

require __DIR__ . '/wp-load.php';

$words   = array();
$options = array();
foreach ( array_slice( $argv, 1 ) as $word ) {
	if ( preg_match( '/\A--([a-z-]+)=(.*)\z/s', $word, $found ) ) {
		$options[ $found[1] ] = $found[2];
	} else {
		$words[] = $word;
	}
}
list( $name, $call ) = array( array_shift( $words ), array_shift( $words ) );
$command             = new WP_CLI::$commands[ $name ]();
$synopsis            = ( new ReflectionMethod( $command, $call ) )->getDocComment();
foreach ( array_keys( $options ) as $option ) {
	if ( false === strpos( $synopsis, "[--$option=<" ) ) {
		WP_CLI::error( "unknown --$option parameter" ); // As WP-CLI does, from the same comment.
	}
}
$command->$call( $words, $options );
