<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use Hospes\HospesConnect\OpenId\Attempt;
use Hospes\HospesConnect\OpenId\Host;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;

/**
 * The way to the provider and back, in a cookie of the browser that began.
 *
 * The cookie's name is part of the state, so that two windows do not disturb each other.
 */
final class Handshake
{
    private const WORDS = ['code', 'state', 'iss', 'error', 'error_description'];

    public function __construct(private readonly Settings $settings, private readonly Host $host)
    {
    }

    /** Returns the provider's address, and the cookie that belongs to it. */
    public function begin(ServerRequestInterface $request, string $redirectUri, string $side, string $to, array $more): array
    {
        $attempt = Attempt::begin(['side' => $side, 'to' => $to], $this->host->now());
        $scope = 'openid profile email' . ($this->settings->groups($side) ? ' groups' : '');
        $address = $this->settings->client($this->host)->begin($attempt, $redirectUri, $scope, $more);
        return [$address, $this->cookie($request, $redirectUri, $attempt->state, $attempt->seal($this->key()), Attempt::SECONDS)];
    }

    /** Returns what was kept for an answer, which is not judged yet. */
    public function open(ServerRequestInterface $request, string $side): Attempt
    {
        $state = $request->getQueryParams()['state'] ?? null;
        $name = Attempt::is_state($state) ? self::name($state) : '';
        $attempt = Attempt::open($request->getCookieParams()[$name] ?? null, $this->key(), $state, $this->host->now());
        if ($attempt->kept['side'] !== $side) {
            throw new OpenId\Refused('expired', 'The answer belongs to the other side of the site.');
        }
        return $attempt;
    }

    /** Returns who signed in, from the provider's answer. */
    public function finish(ServerRequestInterface $request, string $redirectUri, Attempt $attempt): array
    {
        $words = [];
        foreach (self::WORDS as $name) {
            $value = $request->getQueryParams()[$name] ?? '';
            $words[$name] = is_string($value) ? $value : '';
        }
        return $this->settings->client($this->host)->finish($words, $attempt, $redirectUri)['person'];
    }

    /** Takes the cookie of an answer's state away. */
    public function forget(ServerRequestInterface $request, string $redirectUri, ResponseInterface $response): ResponseInterface
    {
        $state = $request->getQueryParams()['state'] ?? null;
        if (!Attempt::is_state($state)) {
            return $response;
        }
        return $response->withAddedHeader('Set-Cookie', $this->cookie($request, $redirectUri, $state, '', -1));
    }

    private function cookie(ServerRequestInterface $request, string $redirectUri, string $state, string $value, int $seconds): string
    {
        $path = parse_url($redirectUri, PHP_URL_PATH) ?: '/';
        $secure = str_starts_with($redirectUri, 'https:') ? '; Secure' : '';
        // Lax: the answer comes from another site, as a link does.
        return self::name($state) . "=$value; Path=$path; Max-Age=$seconds; HttpOnly; SameSite=Lax$secure";
    }

    private static function name(string $state): string
    {
        return 'hospes_connect_' . substr($state, 0, 12);
    }

    private function key(): string
    {
        return hash_hmac('sha256', 'hospes-connect sign-in', (string)$GLOBALS['TYPO3_CONF_VARS']['SYS']['encryptionKey'], true);
    }
}
