<?php

declare(strict_types=1);

namespace Hospes\HospesConnect\Backend;

use Hospes\HospesConnect\Faults;
use Hospes\HospesConnect\Handshake;
use Hospes\HospesConnect\OpenId\Answers;
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

/**
 * /typo3/hospes-connect: the way to the provider, and the way back.
 *
 * Whoever is proved is handed on to TYPO3's own authentication in the same request.
 */
final class SignIn implements MiddlewareInterface
{
    private const SIDE = 'backend';
    private const ROUTE = 'hospes_connect';

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
        $route = (string)$request->getAttribute('route')?->getOption('_identifier');
        if ($route === 'login' && ($request->getParsedBody()['hospes-connect'] ?? '') === 'start') {
            $here = strtok($request->getAttribute('normalizedParams')->getRequestUrl(), '?');
            return new RedirectResponse(preg_replace('~/login/?\z~', '/hospes-connect', $here), 303);
        }
        if ($route !== self::ROUTE) {
            return $handler->handle($request);
        }
        $here = (string)strtok($request->getAttribute('normalizedParams')->getRequestUrl(), '?');
        try {
            if (!$this->settings->is('backendEnabled')) {
                throw new Refused('setup', 'Signing in to the backend is switched off in the settings.');
            }
            if (!isset($request->getQueryParams()['state'])) {
                [$address, $cookie] = $this->handshake->begin($request, $here, self::SIDE, '', []);
                return $this->closed((new RedirectResponse($address, 303))->withAddedHeader('Set-Cookie', $cookie));
            }
            return $this->back($request, $handler, $here);
        } catch (Refused $refused) {
            $words = [
                'loginProvider' => LoginProvider::IDENTIFIER,
                'hospes-connect-error' => $refused->reason,
                'reference' => $this->faults->log($refused),
            ];
            $login = preg_replace('~/hospes-connect\z~', '/login', $here);
            $response = new RedirectResponse(Answers::with_query($login, $words), 303);
            return $this->closed($this->handshake->forget($request, $here, $response));
        }
    }

    private function back(ServerRequestInterface $request, RequestHandlerInterface $handler, string $here): ResponseInterface
    {
        $attempt = $this->handshake->open($request, self::SIDE);
        if (!isset($request->getQueryParams()['again'])) {
            // TYPO3's own cookies are kept from what another site led to ("Strict"), a second step
            // among them; so the browser is sent here once more, by this site itself.
            $again = Answers::with_query($here, $request->getQueryParams() + ['again' => '1']);
            $html = '<!doctype html><meta charset="utf-8"><title>…</title><meta http-equiv="refresh" content="0;url='
                . htmlspecialchars($again, ENT_QUOTES) . '">';
            return $this->closed(new HtmlResponse($html));
        }
        $person = $this->handshake->finish($request, $here, $attempt);
        $this->proven->set(self::SIDE, $this->people->resolve(self::SIDE, $person, $this->host->now()));
        try {
            $response = $handler->handle($request->withQueryParams(['login_status' => 'login']));
        } finally {
            $this->proven->clear();
        }
        return $this->closed($this->handshake->forget($request, $here, $response));
    }

    private function closed(ResponseInterface $response): ResponseInterface
    {
        return $response->withHeader('Cache-Control', 'no-store')->withHeader('Referrer-Policy', 'same-origin');
    }
}
