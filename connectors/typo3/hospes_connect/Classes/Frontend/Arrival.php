<?php

declare(strict_types=1);

namespace Hospes\HospesConnect\Frontend;

use Hospes\HospesConnect\OpenId\Refused;
use Hospes\HospesConnect\Proven;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;
use TYPO3\CMS\Core\Http\RedirectResponse;

/** Leads whoever has been signed in to the page that was asked for. */
final class Arrival implements MiddlewareInterface
{
    public function __construct(private readonly Proven $proven)
    {
    }

    /** @throws Refused Where TYPO3 has not signed in the one who was proved; the outer middleware tells. */
    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        $proven = $this->proven->user('FE');
        if ($proven === null) {
            return $handler->handle($request);
        }
        $user = $request->getAttribute('frontend.user');
        if ((int)$proven['uid'] !== (int)($user->user['uid'] ?? 0)) {
            throw new Refused('other', "Another user was signed in when user {$proven['uid']} came.");
        }
        return new RedirectResponse((string)$request->getAttribute(SignIn::WORD), 303);
    }
}
