<?php

namespace Hospes\Connect;

/** Tries the connection step by step, and says in plain words what is wrong. */
final class ConnectionTest {

	private const CLOCK_SECONDS = 30;

	/** @var array[] Pairs of "ok", "bad" or "unsure", and a sentence. */
	private $told = array();

	/** Returns pairs of "ok", "bad" or "unsure", and a sentence; the first fault ends it. */
	public static function run(): array {
		$test = new self();
		foreach ( array( 'settings', 'provider', 'keys', 'secret', 'address', 'way_back' ) as $step ) {
			try {
				if ( ! $test->$step() ) {
					break;
				}
			} catch ( Refused $refused ) {
				$test->say( 'bad', self::in_words( $refused ) );
				break;
			}
		}
		return $test->told;
	}

	private function say( string $state, string $sentence ): bool {
		$this->told[] = array( $state, $sentence );
		return 'bad' !== $state;
	}

	private static function in_words( Refused $refused ): string {
		$detail = $refused->getMessage();
		if ( preg_match( '/resolve|getaddrinfo|name or service/i', $detail ) ) {
			/* translators: %s: technical detail in English. */
			return sprintf( __( 'The provider\'s name is not known to this server (DNS): %s', 'hospes-connect' ), $detail );
		}
		if ( preg_match( '/ssl|tls|certificate/i', $detail ) ) {
			/* translators: %s: technical detail in English. */
			return sprintf( __( 'The provider\'s certificate could not be checked: %s', 'hospes-connect' ), $detail );
		}
		if ( 'unreachable' === $refused->reason ) {
			/* translators: %s: technical detail in English. */
			return sprintf( __( 'The provider cannot be reached from this server: %s Is the address right, and does a firewall let this server out?', 'hospes-connect' ), $detail );
		}
		return $detail;
	}

	private function settings(): bool {
		if ( ! extension_loaded( 'openssl' ) ) {
			return $this->say( 'bad', __( 'PHP\'s extension openssl is missing; signatures cannot be checked without it.', 'hospes-connect' ) );
		}
		$missing = array();
		foreach ( array(
			'issuer'        => __( 'Address of the provider', 'hospes-connect' ),
			'client_id'     => __( 'Client ID', 'hospes-connect' ),
			'client_secret' => __( 'Client Secret Key', 'hospes-connect' ),
		) as $name => $label ) {
			if ( '' === Settings::get( $name ) ) {
				$missing[] = $label;
			}
		}
		if ( $missing ) {
			/* translators: %s: names of fields. */
			return $this->say( 'bad', sprintf( __( 'Still empty: %s', 'hospes-connect' ), implode( ', ', $missing ) ) );
		}
		return $this->say( 'ok', __( 'The settings are complete.', 'hospes-connect' ) );
	}

	private function provider(): bool {
		$metadata = Provider::metadata( true );
		foreach ( array( 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri' ) as $name ) {
			Provider::endpoint( $name );
		}
		$methods = $metadata['code_challenge_methods_supported'] ?? array();
		if ( ! in_array( 'S256', (array) $methods, true ) ) {
			$this->say( 'unsure', __( 'The provider does not say that it checks PKCE.', 'hospes-connect' ) );
		}
		/* translators: %s: the provider's address. */
		$this->say( 'ok', sprintf( __( 'The provider answers at %s', 'hospes-connect' ), $metadata['issuer'] ) );
		if ( ! empty( Settings::get( 'single_logout' ) ) && empty( $metadata['end_session_endpoint'] ) ) {
			$this->say( 'unsure', __( 'The provider has no single sign-out; signing out ends the session of this site only.', 'hospes-connect' ) );
		}
		return true;
	}

	private function keys(): bool {
		$usable = 0;
		foreach ( Provider::keys( true ) as $key ) {
			foreach ( array( 'RS256', 'ES256' ) as $alg ) {
				$usable += is_array( $key ) && Jwk::is_for( $key, $alg ) && null !== Jwk::pem( $key ) ? 1 : 0;
			}
		}
		return $usable
			? $this->say( 'ok', __( 'Its signing keys can be read.', 'hospes-connect' ) )
			: $this->say( 'bad', __( 'The provider publishes no key for RS256 or ES256.', 'hospes-connect' ) );
	}

	private function secret(): bool {
		$asking   = isset( Provider::metadata()['introspection_endpoint'] );
		$response = $asking
			? Provider::ask_as_client( 'introspection_endpoint', array( 'token' => 'a-test-of-the-connection' ) )
			: Provider::ask_as_client( 'token_endpoint', array( 'grant_type' => 'authorization_code', 'code' => 'a-test-of-the-connection', 'redirect_uri' => Settings::redirect_uri() ) );
		$this->clock( $response['date'] );
		$error = Answers::word( Answers::json( $response )['error'] ?? '' );
		if ( 401 === $response['status'] || 'invalid_client' === $error ) {
			return $this->say( 'bad', __( 'The provider does not accept Client ID and Client Secret Key together. Copy both again; the secret may have been replaced, or the application deleted.', 'hospes-connect' ) );
		}
		if ( $asking ? 200 !== $response['status'] : 'invalid_grant' !== $error ) {
			/* translators: 1: a number, 2: a technical word. */
			return $this->say( 'bad', sprintf( __( 'The provider answered the test with %1$d %2$s.', 'hospes-connect' ), $response['status'], $error ) );
		}
		return $this->say( 'ok', __( 'Client ID and Client Secret Key are right.', 'hospes-connect' ) );
	}

	private function clock( string $date ): void {
		$there = '' === $date ? false : strtotime( $date );
		if ( false !== $there && abs( $there - time() ) > self::CLOCK_SECONDS ) {
			/* translators: %d: seconds. */
			$this->say( 'unsure', sprintf( __( 'The clocks of this server and of the provider differ by %d seconds. Past a minute, sign-ins fail.', 'hospes-connect' ), abs( $there - time() ) ) );
		}
	}

	/** Asks for a sign-in without any page: only a registered address gets its answer. */
	private function address(): bool {
		$state   = bin2hex( random_bytes( 8 ) );
		$ours    = Settings::redirect_uri();
		$request = array(
			'response_type'         => 'code',
			'client_id'             => Settings::get( 'client_id' ),
			'redirect_uri'          => $ours,
			'scope'                 => 'openid',
			'state'                 => $state,
			'prompt'                => 'none',
			'code_challenge'        => Attempt::challenge( 'a-test-of-the-connection' ),
			'code_challenge_method' => 'S256',
		);
		$answer  = Provider::request( 'GET', Answers::with_query( Provider::endpoint( 'authorization_endpoint' ), $request ), array( 'Accept' => 'text/html' ) );
		if ( 0 === strpos( $answer['location'], $ours ) && false !== strpos( $answer['location'], $state ) ) {
			return $this->say( 'ok', __( 'The redirect URL of this site is registered.', 'hospes-connect' ) );
		}
		/* translators: %s: an address. */
		return $this->say( 'bad', sprintf( __( 'The redirect URL of this site is not registered with the application. Add exactly this one there: %s', 'hospes-connect' ), $ours ) );
	}

	private function way_back(): bool {
		try {
			$address  = Settings::redirect_uri();
			$response = wp_remote_get( Answers::with_query( $address, array( 'hospes-connect-here' => '1' ) ), array( 'timeout' => 5, 'redirection' => 0 ) );
			if ( is_wp_error( $response ) ) {
				return $this->say( 'unsure', __( 'This server cannot call itself, so it is not known whether the redirect URL is reached. Try a sign-in.', 'hospes-connect' ) );
			}
			if ( '' === (string) wp_remote_retrieve_header( $response, 'x-hospes-connect' ) ) {
				/* translators: %s: an address. */
				return $this->say( 'bad', sprintf( __( 'The web server does not hand %s to WordPress. Choose a permalink structure other than "Plain", or choose the other redirect URL in the settings below.', 'hospes-connect' ), $address ) );
			}
		} catch ( \Exception $fault ) {
			return $this->say( 'unsure', $fault->getMessage() );
		}
		return $this->say( 'ok', __( 'The redirect URL reaches this module.', 'hospes-connect' ) );
	}
}
