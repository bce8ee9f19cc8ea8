<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use Hospes\HospesConnect\OpenId\Answers;
use Hospes\HospesConnect\OpenId\Client;
use Hospes\HospesConnect\OpenId\Host;
use TYPO3\CMS\Core\Configuration\ExtensionConfiguration;

/**
 * What the administrator set under "Configure extensions"; beside it, for what is empty there, the
 * file that the provider's page "Download for this site" put into the extension.
 */
final class Settings
{
    private const FROM_FILE = ['issuer' => 'issuer', 'client_id' => 'clientId', 'provider' => 'provider'];

    private ?array $values = null;

    public function __construct(private readonly ExtensionConfiguration $configuration)
    {
    }

    public function text(string $name): string
    {
        return trim((string)($this->values()[$name] ?? ''));
    }

    public function is(string $name): bool
    {
        return (bool)($this->values()[$name] ?? false);
    }

    public function isComplete(): bool
    {
        return $this->text('issuer') !== '' && $this->text('clientId') !== '' && $this->text('clientSecret') !== '';
    }

    /** The name that people know the provider by. */
    public function providerName(): string
    {
        return $this->text('provider') ?: (string)parse_url($this->text('issuer'), PHP_URL_HOST);
    }

    public function client(Host $host): Client
    {
        return new Client($host, Answers::tidy_issuer($this->text('issuer')), $this->text('clientId'), $this->text('clientSecret'));
    }

    /**
     * What "team = group; team = group" says.
     *
     * @param string $side "backend" or "frontend"
     * @return array<string, string> Team => group, a uid or a title.
     */
    public function groups(string $side): array
    {
        $found = [];
        foreach (explode(';', $this->text($side . 'Groups')) as $pair) {
            $at = strrpos($pair, '=');
            $team = $at === false ? '' : trim(substr($pair, 0, $at));
            $group = $at === false ? '' : trim(substr($pair, $at + 1));
            if ($team !== '' && $group !== '') {
                $found[$team] ??= $group;
            }
        }
        return $found;
    }

    private function values(): array
    {
        if ($this->values === null) {
            try {
                $stored = $this->configuration->get('hospes_connect');
            } catch (\Exception) { // Nothing was ever saved.
                $stored = [];
            }
            $filled = array_filter(is_array($stored) ? $stored : [], static fn ($value): bool => $value !== '');
            $this->values = $filled + $this->siteFile();
        }
        return $this->values;
    }

    private function siteFile(): array
    {
        $path = dirname(__DIR__) . '/hospes-connect-site.json';
        $read = is_readable($path) ? json_decode((string)file_get_contents($path), true, 4) : null;
        $values = [];
        if (is_array($read) && ($read['format'] ?? null) === 1) {
            foreach (self::FROM_FILE as $there => $here) {
                if (is_string($read[$there] ?? null)) {
                    $values[$here] = $read[$there];
                }
            }
        }
        return $values;
    }
}
