<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

/** Who was proved in this request, between the middleware that did and TYPO3's own authentication. */
final class Proven
{
    private string $side = '';
    private array $user = [];

    /** @param string $side "backend" or "frontend" */
    public function set(string $side, array $user): void
    {
        $this->side = $side;
        $this->user = $user;
    }

    /** Returns the row of the user, null where nobody was proved for this login type ("BE", "FE"). */
    public function user(string $loginType): ?array
    {
        $side = ['BE' => 'backend', 'FE' => 'frontend'][strtoupper($loginType)] ?? '-';
        return $this->side === $side ? $this->user : null;
    }

    public function clear(): void
    {
        $this->side = '';
        $this->user = [];
    }
}
