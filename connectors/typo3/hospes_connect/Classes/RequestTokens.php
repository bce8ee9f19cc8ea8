<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use TYPO3\CMS\Core\Authentication\Event\BeforeRequestTokenProcessedEvent;
use TYPO3\CMS\Core\Security\RequestToken;

/**
 * TYPO3 takes a sign-in only with a token of its own form. Whoever comes back from the provider has
 * sent no form; the state in the browser's cookie has proved the same.
 */
final class RequestTokens
{
    public function __construct(private readonly Proven $proven)
    {
    }

    public function __invoke(BeforeRequestTokenProcessedEvent $event): void
    {
        $type = (string)$event->getUser()->loginType;
        if ($this->proven->user($type) !== null) {
            $event->setRequestToken(RequestToken::create('core/user-auth/' . strtolower($type)));
        }
    }
}
