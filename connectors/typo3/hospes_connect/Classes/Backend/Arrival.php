<?php

declare(strict_types=1);

namespace Hospes\HospesConnect\Backend;

use Hospes\HospesConnect\OpenId\Refused;
use Hospes\HospesConnect\Proven;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use TYPO3\CMS\Backend\Routing\UriBuilder;
use TYPO3\CMS\Core\Http\RedirectResponse;

/** Leads whoever has been signed in to the backend. */
final class Arrival
{
    public function __construct(private readonly UriBuilder $addresses, private readonly Proven $proven)
    {
    }

    /** @throws Refused Where somebody else was signed in already; the middleware tells. */
    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        $proven = $this->proven->user('BE');
        if ($proven !== null && (int)$proven['uid'] !== (int)($GLOBALS['BE_USER']->user['uid'] ?? 0)) {
            throw new Refused('other', "Another user was signed in when user {$proven['uid']} came.");
        }
        return new RedirectResponse((string)$this->addresses->buildUriFromRoute('main'), 303);
    }
}
