<?php

namespace Hospes\Connect;

/** The module's languages. */
final class Texts {

	private const FILES = array( 'de' => 'de_DE', 'es' => 'es_ES', 'fr' => 'fr_FR', 'it' => 'it_IT' );

	public static function register(): void {
		add_action( 'init', array( self::class, 'load' ), 0 );
		add_action( 'change_locale', array( self::class, 'load' ) );
	}

	/** Loads the texts; somebody who reads fr_CA or de_CH gets the French or German there is. */
	public static function load(): void {
		$language = substr( determine_locale(), 0, 2 );
		unload_textdomain( 'hospes-connect', true );
		if ( isset( self::FILES[ $language ] ) ) {
			load_textdomain( 'hospes-connect', dirname( __DIR__ ) . '/languages/hospes-connect-' . self::FILES[ $language ] . '.mo' );
		}
	}

	/** Returns the reader's language as OpenID Connect wants it (ui_locales). */
	public static function ui_locales(): string {
		$locale = str_replace( '_', '-', preg_replace( '/_(formal|informal)\z/', '', determine_locale() ) );
		return implode( ' ', array_unique( array( $locale, substr( $locale, 0, 2 ) ) ) );
	}
}
