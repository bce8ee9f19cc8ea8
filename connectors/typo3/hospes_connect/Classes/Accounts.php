<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use TYPO3\CMS\Core\Database\Connection;
use TYPO3\CMS\Core\Database\ConnectionPool;

/** Rows of users, groups and connections, those that TYPO3 hides included. */
final class Accounts
{
    private const LINK = 'tx_hospesconnect_link';

    public function __construct(private readonly ConnectionPool $pool)
    {
    }

    /** Returns the uid that an identity is connected with, 0 for none. */
    public function linked(string $identity): int
    {
        return (int)($this->rows(self::LINK, ['identity' => $identity])[0]['user_uid'] ?? 0);
    }

    public function hasLink(string $table, int $uid, string $issuer): bool
    {
        return $this->rows(self::LINK, ['user_table' => $table, 'user_uid' => $uid, 'issuer' => $issuer]) !== [];
    }

    public function link(string $identity, string $table, int $uid, string $issuer, string $sub, int $now): void
    {
        $this->pool->getConnectionForTable(self::LINK)->insert(self::LINK, [
            'identity' => $identity,
            'user_table' => $table,
            'user_uid' => $uid,
            'issuer' => $issuer,
            'sub' => $sub,
            'crdate' => $now,
        ]);
    }

    public function byUid(string $table, int $uid): ?array
    {
        return $this->rows($table, ['uid' => $uid])[0] ?? null;
    }

    /** Returns users with an address, however it is written; deleted ones are not among them. */
    public function byEmail(string $table, string $email, ?int $pid): array
    {
        $found = [];
        foreach (array_unique([$email, strtolower($email)]) as $written) {
            $where = ['email' => $written, 'deleted' => 0] + ($pid === null ? [] : ['pid' => $pid]);
            foreach ($this->rows($table, $where) as $row) {
                $found[(int)$row['uid']] = $row;
            }
        }
        return array_values($found);
    }

    /** Returns a user name that nobody has, from an e-mail address. */
    public function freeName(string $table, string $email): string
    {
        $base = substr(strtolower($email), 0, 40);
        $name = $base;
        while (str_starts_with($name, '_cli_') || $this->rows($table, ['username' => $name])) {
            $name = substr($base, 0, 33) . '-' . bin2hex(random_bytes(4));
            $base = ltrim($base, '_');
        }
        return $name;
    }

    /**
     * Returns the uids of groups that are named by uid or title; whatever is none is left out.
     *
     * @param string[] $names
     * @return int[]
     */
    public function groups(string $table, array $names): array
    {
        $found = [];
        foreach (array_filter($names) as $name) {
            $where = ctype_digit($name) ? ['uid' => (int)$name] : ['title' => $name];
            foreach ($this->rows($table, $where + ['deleted' => 0]) as $row) {
                $found[] = (int)$row['uid'];
            }
        }
        return array_values(array_unique($found));
    }

    public function insert(string $table, array $row): int
    {
        $connection = $this->pool->getConnectionForTable($table);
        $connection->insert($table, $row);
        return (int)$connection->lastInsertId($table);
    }

    public function update(string $table, int $uid, array $changed): void
    {
        $this->pool->getConnectionForTable($table)->update($table, $changed, ['uid' => $uid]);
    }

    private function rows(string $table, array $where): array
    {
        $query = $this->pool->getQueryBuilderForTable($table);
        $query->getRestrictions()->removeAll();
        $query->select('*')->from($table);
        foreach ($where as $column => $value) {
            $type = is_int($value) ? Connection::PARAM_INT : Connection::PARAM_STR;
            $query->andWhere($query->expr()->eq($column, $query->createNamedParameter($value, $type)));
        }
        return $query->executeQuery()->fetchAllAssociative();
    }
}
