<?php

namespace Drupal\hospes_connect;

use Drupal\Component\Datetime\TimeInterface;
use Drupal\Core\Cache\CacheBackendInterface;
use Drupal\Core\KeyValueStore\KeyValueExpirableFactoryInterface;
use Drupal\Core\Lock\LockBackendInterface;
use Drupal\hospes_connect\OpenId\Host;
use Drupal\hospes_connect\OpenId\Psr;
use GuzzleHttp\ClientInterface;

/**
 * What a client of the provider needs, as Drupal has it.
 */
final class DrupalHost implements Host {

  private const CACHE_SECONDS = 172800;
  private const LOCK_SECONDS = 5;

  public function __construct(
    private readonly ClientInterface $http,
    private readonly CacheBackendInterface $cache,
    private readonly LockBackendInterface $lock,
    private readonly KeyValueExpirableFactoryInterface $stores,
    private readonly TimeInterface $time,
  ) {}

  /**
   * {@inheritdoc}
   */
  public function request(string $method, string $address, array $headers, ?array $fields): array {
    return Psr::ask(fn (array $options) => $this->http->request($method, $address, $options), $headers, $fields);
  }

  /**
   * {@inheritdoc}
   */
  public function kept(string $name): ?array {
    $item = $this->cache->get('hospes_connect:' . hash('sha256', $name));
    return $item && is_array($item->data) ? $item->data : NULL;
  }

  /**
   * {@inheritdoc}
   */
  public function keep(string $name, array $value): void {
    $this->cache->set('hospes_connect:' . hash('sha256', $name), $value, $this->now() + self::CACHE_SECONDS);
  }

  /**
   * {@inheritdoc}
   */
  public function claim(string $what, int $seconds): bool {
    $name = hash('sha256', $what);
    // The store's own "if not exists" looks and writes in two steps.
    if (!$this->lock->acquire('hospes_connect:' . $name, self::LOCK_SECONDS)) {
      return FALSE;
    }
    try {
      return (bool) $this->stores->get('hospes_connect')->setWithExpireIfNotExists($name, 1, $seconds);
    }
    finally {
      $this->lock->release('hospes_connect:' . $name);
    }
  }

  /**
   * {@inheritdoc}
   */
  public function now(): int {
    return $this->time->getCurrentTime();
  }

}
