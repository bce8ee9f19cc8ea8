<?php

namespace Drupal\hospes_connect;

use Drupal\hospes_connect\OpenId\Answers;

/**
 * The file that the provider puts into a download for one site.
 */
final class SiteFile {

  /**
   * Returns issuer, client_id and provider, as far as the file has them.
   */
  public static function read(string $folder): array {
    $path = $folder . '/hospes-connect-site.json';
    $read = is_readable($path) ? json_decode((string) file_get_contents($path), TRUE, 4) : NULL;
    if (!is_array($read) || ($read['format'] ?? NULL) !== 1) {
      return [];
    }
    $wanted = array_intersect_key($read, ['issuer' => 1, 'client_id' => 1, 'provider' => 1]);
    $wanted = array_filter($wanted, 'is_string');
    if (isset($wanted['issuer'])) {
      $wanted['issuer'] = Answers::tidy_issuer($wanted['issuer']);
    }
    return array_filter($wanted, 'strlen');
  }

}
