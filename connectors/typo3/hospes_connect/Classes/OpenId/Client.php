<?php

// A copy of connectors/php/Client.php; see tools/connector_library.py.
namespace Hospes\HospesConnect\OpenId;

/**
 * A site as an application of its provider.
 *
 * Description and keys are kept for an hour; while the provider cannot be reached, for a day.
 */
final class Client {

	private const FRESH = 3600;
	private const STALE = 86400;
	private const REFETCH_SECONDS = 60; // Between two looks for a key that is not known.

	/** @var Host */
	private $host;
	/** @var string */
	private $issuer;
	/** @var string */
	private $client_id;
	/** @var string */
	private $client_secret;

	public function __construct( Host $host, string $issuer, string $client_id, string $client_secret ) {
		$this->host          = $host;
		$this->issuer        = $issuer;
		$this->client_id     = $client_id;
		$this->client_secret = $client_secret;
	}

	/**
	 * Returns the address that begins a sign-in.
	 *
	 * @param array $more Further words of the request, such as prompt.
	 */
	public function begin( Attempt $attempt, string $redirect_uri, string $scope, array $more = array() ): string {
		if ( '' === $this->issuer || '' === $this->client_id || '' === $this->client_secret ) {
			throw new Refused( 'setup', 'The settings are not complete.' );
		}
		return Answers::with_query(
			$this->endpoint( 'authorization_endpoint' ),
			$attempt->words( $this->client_id, $redirect_uri, $scope ) + $more
		);
	}

	/**
	 * Returns who signed in, from the answer that came through the browser.
	 *
	 * @param array $words code, state, iss, error, error_description.
	 * @return array{person: array, tokens: array} The claims of userinfo with iss and sub of the ID
	 *                                             token, and the provider's tokens.
	 */
	public function finish( array $words, Attempt $attempt, string $redirect_uri ): array {
		if ( ! hash_equals( $attempt->state, (string) ( $words['state'] ?? '' ) ) ) {
			throw new Refused( 'expired', 'The answer has another state.' );
		}
		if ( ! $this->host->claim( 'state ' . $attempt->state, Attempt::SECONDS ) ) {
			throw new Refused( 'expired', 'The answer came twice.' );
		}
		$code   = Answers::code( $words, $this->metadata(), $this->issuer );
		$tokens = $this->redeem( $code, $attempt->verifier, $redirect_uri );
		$claims = $this->verified( $tokens, $attempt->nonce );
		return array(
			'person' => array( 'iss' => $claims['iss'], 'sub' => $claims['sub'] ) + $this->person( $tokens['access_token'], $claims['sub'] ),
			'tokens' => $tokens,
		);
	}

	/** Returns the provider's description. */
	public function metadata(): array {
		if ( '' === $this->issuer ) {
			throw new Refused( 'setup', 'The address of the provider is not set.' );
		}
		return $this->at_hand(
			'metadata',
			false,
			function (): array {
				$address = rtrim( $this->issuer, '/' ) . '/.well-known/openid-configuration';
				return Answers::metadata( $this->host->request( 'GET', $address, array(), null ), $this->issuer );
			}
		);
	}

	public function endpoint( string $name ): string {
		return Answers::endpoint( $this->metadata(), $name );
	}

	private function redeem( string $code, string $verifier, string $redirect_uri ): array {
		list( $headers, $fields ) = Answers::proof( $this->metadata(), $this->client_id, $this->client_secret );
		$fields += array(
			'grant_type'    => 'authorization_code',
			'code'          => $code,
			'redirect_uri'  => $redirect_uri,
			'code_verifier' => $verifier,
		);
		return Answers::tokens( $this->host->request( 'POST', $this->endpoint( 'token_endpoint' ), $headers, $fields ) );
	}

	private function verified( array $tokens, string $nonce ): array {
		$expected = array(
			'issuer'       => $this->issuer,
			'client_id'    => $this->client_id,
			'nonce'        => $nonce,
			'access_token' => $tokens['access_token'],
		);
		try {
			return IdToken::verify( $tokens['id_token'], $this->keys( false ), $expected, $this->host->now() );
		} catch ( UnknownKey $unknown ) {
			if ( ! $this->host->claim( 'keys ' . $this->issuer, self::REFETCH_SECONDS ) ) {
				throw $unknown;
			}
			return IdToken::verify( $tokens['id_token'], $this->keys( true ), $expected, $this->host->now() );
		}
	}

	private function person( string $access_token, string $sub ): array {
		$headers = array( 'Authorization' => "Bearer $access_token" );
		return Answers::person( $this->host->request( 'GET', $this->endpoint( 'userinfo_endpoint' ), $headers, null ), $sub );
	}

	private function keys( bool $again ): array {
		return $this->at_hand(
			'keys',
			$again,
			function (): array {
				return Answers::keys( $this->host->request( 'GET', $this->endpoint( 'jwks_uri' ), array(), null ) );
			}
		);
	}

	private function at_hand( string $what, bool $again, callable $fetch ): array {
		$name = "$what " . $this->issuer;
		$kept = $this->host->kept( $name );
		$age  = is_int( $kept['at'] ?? null ) ? $this->host->now() - $kept['at'] : null;
		if ( ! $again && null !== $age && $age >= 0 && $age < self::FRESH ) {
			return $kept['value'];
		}
		try {
			$value = $fetch();
		} catch ( Refused $refused ) {
			if ( 'unreachable' === $refused->reason && ! $again && null !== $age && $age >= 0 && $age < self::STALE ) {
				return $kept['value'];
			}
			throw $refused;
		}
		$this->host->keep( $name, array( 'value' => $value, 'at' => $this->host->now() ) );
		return $value;
	}
}
