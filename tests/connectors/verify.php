<?php
// Reads cases as JSON from standard input, and writes for each what IdToken says of it.

namespace Hospes\Connect;

foreach ( array( 'Refused', 'UnknownKey', 'Base64Url', 'Jwk', 'IdToken' ) as $class ) {
	require $argv[1] . "/src/$class.php";
}
set_error_handler(
	static function ( int $level, string $what ): bool {
		throw new \ErrorException( $what, 0, $level );
	}
);
$answers = array();
foreach ( json_decode( stream_get_contents( STDIN ), true ) as $case ) {
	try {
		$claims    = IdToken::verify( $case['token'], $case['keys'], $case['expected'], $case['now'] );
		$answers[] = array( 'sub' => $claims['sub'] );
	} catch ( UnknownKey $unknown ) {
		$answers[] = array( 'unknown_key' => $unknown->getMessage() );
	} catch ( Refused $refused ) {
		$answers[] = array( 'refused' => $refused->getMessage() );
	} catch ( \Throwable $fault ) {
		$answers[] = array( 'crashed' => get_class( $fault ) . ': ' . $fault->getMessage() );
	}
}
echo json_encode( $answers );
