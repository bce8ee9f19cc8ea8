<?php

declare(strict_types=1);

namespace Hospes\HospesConnect\Frontend;

use Hospes\HospesConnect\Faults;
use Hospes\HospesConnect\Handshake;
use Hospes\HospesConnect\OpenId\Attempt;
use Hospes\HospesConnect\OpenId\Host;
use Hospes\HospesConnect\OpenId\Refused;
use Hospes\HospesConnect\People;
use Hospes\HospesConnect\Proven;
use Hospes\HospesConnect\Settings;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;
use TYPO3\CMS\Core\Http\HtmlResponse;
use TYPO3\CMS\Core\Http\RedirectResponse;
use TYPO3\CMS\Core\Site\Entity\Site;

/**
 * The site's home page, where it is asked for a sign-in or is the provider's answer.
 *
 * It stands before TYPO3's own authentication, which it hands whoever is proved.
 */
final class SignIn implements MiddlewareInterface
{
    public const WORD = 'hospes-connect';
    private const SIDE = 'frontend';

    public function __construct(
        private readonly Settings $settings,
        private readonly Handshake $handshake,
        private readonly People $people,
        private readonly Proven $proven,
        private readonly Faults $faults,
        private readonly Host $host,
    ) {
    }

    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        $site = $request->getAttribute('site');
        $words = $request->getQueryParams();
        $starts = ($words[self::WORD] ?? '') === 'start';
        $answers = Attempt::is_state($words['state'] ?? null) && (isset($words['code']) || isset($words['error']));
        if (!$site instanceof Site || !($starts || $answers) || !$this->settings->is('frontendEnabled')) {
            return $handler->handle($request);
        }
        $path = rtrim($site->getBase()->getPath(), '/') . '/';
        if (rtrim($request->getUri()->getPath(), '/') . '/' !== $path) {
            return $handler->handle($request);
        }
        $here = $request->getAttribute('normalizedParams')->getRequestHost() . $path;
        try {
            if ($starts) {
                $more = isset($words['choose']) ? ['prompt' => 'select_account'] : [];
                [$address, $cookie] = $this->handshake->begin($request, $here, self::SIDE, self::own($words['to'] ?? '', $path), $more);
                return $this->closed((new RedirectResponse($address, 303))->withAddedHeader('Set-Cookie', $cookie));
            }
            return $this->back($request, $handler, $here, $site);
        } catch (Refused $refused) {
            return $this->closed($this->handshake->forget($request, $here, $this->fault($request, $refused, $path)));
        }
    }

    private function back(ServerRequestInterface $request, RequestHandlerInterface $handler, string $here, Site $site): ResponseInterface
    {
        $attempt = $this->handshake->open($request, self::SIDE);
        $person = $this->handshake->finish($request, $here, $attempt);
        $this->proven->set(self::SIDE, $this->people->resolve(self::SIDE, $person, $this->host->now()));
        $inner = $request->withQueryParams(['logintype' => 'login'])->withAttribute(self::WORD, $attempt->kept['to']);
        if ($request->getAttribute('language') === null) {
            // A home page that only leads to one of the languages: TYPO3 would lead away first.
            $inner = $inner->withAttribute('language', $site->getDefaultLanguage());
        }
        try {
            $response = $handler->handle($inner);
        } finally {
            $this->proven->clear();
        }
        return $this->closed($this->handshake->forget($request, $here, $response));
    }

    private function fault(ServerRequestInterface $request, Refused $refused, string $path): ResponseInterface
    {
        $language = (string)($request->getAttribute('language')?->getTypo3Language() ?? 'default');
        $sentence = $this->faults->sentence($refused->reason, $this->faults->log($refused), $language);
        $link = $this->faults->text('fault.home', $language);
        $html = '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            . '<meta name="robots" content="noindex"><title>%1$s</title></head><body><p role="alert">%1$s</p><p><a href="%2$s">%3$s</a></p></body></html>';
        $html = sprintf($html, ...array_map('htmlspecialchars', [$sentence, $path, $link]));
        return new HtmlResponse($html, $refused->reason === 'unreachable' ? 503 : 403);
    }

    /** Returns where to go afterwards: a path of this site, and nothing that only looks like one. */
    private static function own(mixed $to, string $home): string
    {
        return is_string($to) && preg_match('~\A/(?![/\\\\])[^\x00-\x20\\\\\x7f]{0,2000}\z~', $to) ? $to : $home;
    }

    private function closed(ResponseInterface $response): ResponseInterface
    {
        return $response->withHeader('Cache-Control', 'no-store')->withHeader('Referrer-Policy', 'no-referrer');
    }
}
