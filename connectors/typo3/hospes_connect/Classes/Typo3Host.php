<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use Doctrine\DBAL\Exception\UniqueConstraintViolationException;
use Hospes\HospesConnect\OpenId\Host;
use Hospes\HospesConnect\OpenId\Psr;
use TYPO3\CMS\Core\Cache\Frontend\FrontendInterface;
use TYPO3\CMS\Core\Database\Connection;
use TYPO3\CMS\Core\Database\ConnectionPool;
use TYPO3\CMS\Core\Http\RequestFactory;

/** What a client of the provider needs, as TYPO3 has it. */
final class Typo3Host implements Host
{
    private const ONCE = 'tx_hospesconnect_once';
    private const CACHE_SECONDS = 172800;

    public function __construct(
        private readonly RequestFactory $requests,
        private readonly FrontendInterface $cache,
        private readonly ConnectionPool $pool,
    ) {
    }

    public function request(string $method, string $address, array $headers, ?array $fields): array
    {
        return Psr::ask(fn (array $options) => $this->requests->request($address, $method, $options), $headers, $fields);
    }

    public function kept(string $name): ?array
    {
        $value = $this->cache->get(hash('sha256', $name));
        return is_array($value) ? $value : null;
    }

    public function keep(string $name, array $value): void
    {
        $this->cache->set(hash('sha256', $name), $value, [], self::CACHE_SECONDS);
    }

    public function claim(string $what, int $seconds): bool
    {
        $query = $this->pool->getQueryBuilderForTable(self::ONCE);
        $query->delete(self::ONCE)
            ->where($query->expr()->lte('expires', $query->createNamedParameter($this->now(), Connection::PARAM_INT)))
            ->executeStatement();
        try {
            $this->pool->getConnectionForTable(self::ONCE)->insert(
                self::ONCE,
                ['name' => hash('sha256', $what), 'expires' => $this->now() + $seconds]
            );
        } catch (UniqueConstraintViolationException) {
            return false;
        }
        return true;
    }

    public function now(): int
    {
        return (int)($GLOBALS['EXEC_TIME'] ?? time());
    }
}
