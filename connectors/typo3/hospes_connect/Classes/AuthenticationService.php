<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use TYPO3\CMS\Core\Authentication\AbstractAuthenticationService;
use TYPO3\CMS\Core\Utility\GeneralUtility;

/** Tells TYPO3 whom the middleware has proved; for everybody else it is not responsible. */
final class AuthenticationService extends AbstractAuthenticationService
{
    private const YES = 200;
    private const NO = 0;
    private const NOT_MINE = 100;

    /** @return array|false */
    public function getUser()
    {
        return $this->proven() ?? false;
    }

    public function authUser(array $user): int
    {
        $proven = $this->proven();
        if ($proven === null) {
            return self::NOT_MINE;
        }
        return (int)$proven['uid'] === (int)$user['uid'] ? self::YES : self::NO;
    }

    private function proven(): ?array
    {
        return GeneralUtility::makeInstance(Proven::class)->user((string)$this->pObj->loginType);
    }
}
