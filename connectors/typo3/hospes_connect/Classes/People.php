<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use Hospes\HospesConnect\OpenId\Answers;
use Hospes\HospesConnect\OpenId\Refused;
use TYPO3\CMS\Core\Crypto\PasswordHashing\PasswordHashFactory;
use TYPO3\CMS\Core\Locking\LockFactory;

/**
 * Who of this site is who at the provider: by issuer and sub, the first time by an e-mail address
 * that the provider has verified.
 */
final class People
{
    public const TABLES = ['backend' => 'be_users', 'frontend' => 'fe_users'];

    public function __construct(
        private readonly Settings $settings,
        private readonly Accounts $accounts,
        private readonly LockFactory $locks,
        private readonly PasswordHashFactory $hashes,
    ) {
    }

    /**
     * Returns the user of this site for somebody who has signed in at the provider.
     *
     * @param string $side "backend" or "frontend"
     * @throws Refused Where there is none and none may be connected or made.
     */
    public function resolve(string $side, array $person, int $now): array
    {
        $table = self::TABLES[$side];
        $identity = hash('sha256', "$table {$person['iss']} {$person['sub']}");
        // Two windows at once: the second finds the user that the first makes.
        $lock = $this->locks->createLocker('hospes_connect_' . $identity);
        $lock->acquire();
        try {
            $uid = $this->accounts->linked($identity);
            $user = $uid ? $this->usable($this->accounts->byUid($table, $uid), $now) : $this->first($side, $person, $identity, $now);
            $this->follow($side, $user, $person);
        } finally {
            $lock->release();
        }
        return $this->usable($this->accounts->byUid($table, (int)$user['uid']), $now);
    }

    private function first(string $side, array $person, string $identity, int $now): array
    {
        $table = self::TABLES[$side];
        $email = Answers::confirmed_email($person);
        if ($email === '') {
            throw new Refused('no_email', 'The provider told no e-mail address, or did not say that it is verified.');
        }
        $known = $this->accounts->byEmail($table, $email, $this->storage($side));
        if ($known) {
            $mayNot = !$this->settings->is($side . 'Link') || count($known) > 1
                || $this->accounts->hasLink($table, (int)$known[0]['uid'], $person['iss']);
            if ($mayNot) {
                throw new Refused('email_taken', "User {$known[0]['uid']} of $table has the address, and may not be connected by it.");
            }
            $user = $this->usable($known[0], $now);
        } elseif (!$this->settings->is($side . 'Create')) {
            throw new Refused('no_account', "Nobody of $table is connected, and users are not made by a sign-in (see the settings).");
        } else {
            $user = ['uid' => $this->create($side, $person, $email, $now)];
        }
        $this->accounts->link($identity, $table, (int)$user['uid'], $person['iss'], $person['sub'], $now);
        return $this->accounts->byUid($table, (int)$user['uid']) ?? [];
    }

    private function create(string $side, array $person, string $email, int $now): int
    {
        $table = self::TABLES[$side];
        $mode = $side === 'backend' ? 'BE' : 'FE';
        $row = [
            'pid' => $this->storage($side) ?? 0,
            'username' => $this->accounts->freeName($table, $email),
            // Nobody knows it; whoever wants one asks for a new password.
            'password' => (string)$this->hashes->getDefaultHashInstance($mode)->getHashedPassword(bin2hex(random_bytes(32))),
            'email' => $email,
            'crdate' => $now,
            'tstamp' => $now,
        ];
        if ($side === 'frontend') {
            $row['usergroup'] = implode(',', $this->accounts->groups('fe_groups', [$this->settings->text('frontendDefaultGroup')]));
        }
        return $this->accounts->insert($table, $row);
    }

    /** Lets name, address and groups follow what the provider tells. */
    private function follow(string $side, array $user, array $person): void
    {
        $table = self::TABLES[$side];
        $wanted = $side === 'backend'
            ? ['realName' => self::text($person, 'name', 80)]
            : [
                'name' => self::text($person, 'name', 160),
                'first_name' => self::text($person, 'given_name', 50),
                'last_name' => self::text($person, 'family_name', 50),
            ];
        $wanted = array_filter($wanted, static fn (string $value): bool => $value !== '');
        $email = Answers::confirmed_email($person);
        if ($email !== '' && $this->settings->is('followEmail') && strcasecmp($email, (string)$user['email']) !== 0
            && !$this->accounts->byEmail($table, $email, $this->storage($side))) {
            $wanted['email'] = $email;
        }
        $wanted += $this->groups($side, $user, $person);
        $changed = array_filter($wanted, static fn ($value, string $name): bool => (string)$user[$name] !== (string)$value, ARRAY_FILTER_USE_BOTH);
        if ($changed) {
            $this->accounts->update($table, (int)$user['uid'], $changed);
        }
    }

    /** Only groups that the settings name come and go; those given by hand stay. */
    private function groups(string $side, array $user, array $person): array
    {
        $mapping = $this->settings->groups($side);
        if (!$mapping) {
            return [];
        }
        $table = $side === 'backend' ? 'be_groups' : 'fe_groups';
        $mine = array_values(array_intersect_key($mapping, array_flip(Answers::teams($person))));
        $now = array_filter(array_map('intval', explode(',', (string)$user['usergroup'])));
        $stay = array_diff($now, $this->accounts->groups($table, array_values($mapping)));
        $all = array_unique([...$stay, ...$this->accounts->groups($table, $mine)]);
        return ['usergroup' => implode(',', $all)];
    }

    private function usable(?array $user, int $now): array
    {
        $gone = $user === null || (int)$user['deleted'] !== 0 || (int)$user['disable'] !== 0
            || (int)$user['starttime'] > $now || ((int)$user['endtime'] !== 0 && (int)$user['endtime'] <= $now);
        if ($gone) {
            throw new Refused('blocked', 'The user who is connected was deleted or disabled, or is not valid now.');
        }
        return $user;
    }

    private function storage(string $side): ?int
    {
        return $side === 'frontend' ? (int)$this->settings->text('frontendStorage') : null;
    }

    private static function text(array $person, string $name, int $length): string
    {
        $value = $person[$name] ?? '';
        return is_string($value) ? mb_substr(trim((string)preg_replace('/[[:cntrl:]<>]+/u', ' ', $value)), 0, $length) : '';
    }
}
