<?php

// A copy of connectors/php/Host.php; see tools/connector_library.py.
namespace Drupal\hospes_connect\OpenId;

/** What a Client needs of the system that it runs in. */
interface Host {

	/**
	 * Sends one request, following no redirect, within 8 seconds and 256 KiB.
	 *
	 * @param array|null $fields The form's fields, null for none.
	 * @return array{status: int, body: string}
	 * @throws Refused With the reason "unreachable" where there is no answer.
	 */
	public function request( string $method, string $address, array $headers, ?array $fields ): array;

	/** Returns what was kept under a name, null where nothing is. */
	public function kept( string $name ): ?array;

	/** Keeps something under a name for a day at least, unless the system is cleared. */
	public function keep( string $name, array $value ): void;

	/** Takes a name for some seconds; returns false where it is taken. */
	public function claim( string $what, int $seconds ): bool;

	/** Returns the time in seconds since 1970. */
	public function now(): int;
}
