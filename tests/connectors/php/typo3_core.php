<?php
// The names of TYPO3 and Doctrine that the extension uses, as their documentation has them, and as
// much behind them as a test needs. What is kept between requests is in World.

namespace {
    final class World
    {
        public static array $data = [];
        public static array $log = [];
        public static array $services = [];

        public static function now(): int
        {
            return time() + (int)(self::$data['clock'] ?? 0);
        }
    }
}

namespace Doctrine\DBAL\Exception {
    final class UniqueConstraintViolationException extends \Exception
    {
    }
}

namespace TYPO3\CMS\Core\Utility {
    final class GeneralUtility
    {
        public static function makeInstance(string $name, ...$arguments)
        {
            return \World::$services[$name];
        }

        public static function getFileAbsFileName(string $name): string
        {
            return '/site/' . $name;
        }
    }
}

namespace TYPO3\CMS\Core\Configuration {
    final class ExtensionConfiguration
    {
        public function get(string $extension, string $path = ''): mixed
        {
            return \World::$data['settings'] ?? throw new \RuntimeException('nothing saved');
        }
    }
}

namespace TYPO3\CMS\Core\Cache\Frontend {
    interface FrontendInterface
    {
        public function get($entryIdentifier);
        public function set($entryIdentifier, $data, array $tags = [], $lifetime = null);
    }
}

namespace TYPO3\CMS\Core\Http {
    final class RequestFactory
    {
        public function __construct(private \GuzzleHttp\Client $client)
        {
        }

        public function request(string $uri, string $method = 'GET', array $options = [], ?string $context = null)
        {
            return $this->client->request($method, $uri, $options);
        }
    }
}

namespace TYPO3\CMS\Core\Database {
    use Doctrine\DBAL\Exception\UniqueConstraintViolationException;

    /** Rows are kept in World; two tables have a primary key. */
    class Connection
    {
        public const PARAM_INT = 1;
        public const PARAM_STR = 2;
        private const PRIMARY = ['tx_hospesconnect_link' => 'identity', 'tx_hospesconnect_once' => 'name'];
        private const DEFAULTS = [
            'be_users' => ['pid' => 0, 'username' => '', 'password' => '', 'usergroup' => '', 'email' => '', 'realName' => '', 'deleted' => 0, 'disable' => 0, 'starttime' => 0, 'endtime' => 0, 'crdate' => 0, 'tstamp' => 0],
            'fe_users' => ['pid' => 0, 'username' => '', 'password' => '', 'usergroup' => '', 'email' => '', 'name' => '', 'first_name' => '', 'last_name' => '', 'deleted' => 0, 'disable' => 0, 'starttime' => 0, 'endtime' => 0, 'crdate' => 0, 'tstamp' => 0],
        ];
        private int $last = 0;

        public function insert($tableName, array $data, array $types = []): int
        {
            $rows = &\World::$data['tables'][$tableName];
            $key = self::PRIMARY[$tableName] ?? null;
            if ($key !== null && in_array($data[$key], array_column($rows ?? [], $key), true)) {
                throw new UniqueConstraintViolationException($data[$key]);
            }
            $row = $data;
            if (isset(self::DEFAULTS[$tableName])) {
                if (array_diff_key($data, self::DEFAULTS[$tableName])) {
                    throw new \LogicException('no such column: ' . implode(', ', array_keys($data)));
                }
                $this->last = max([0, ...array_column($rows ?? [], 'uid')]) + 1;
                $row = ['uid' => $this->last] + $data + self::DEFAULTS[$tableName];
            }
            $rows[] = $row;
            return 1;
        }

        public function lastInsertId($tableName = null, string $fieldName = 'uid'): string
        {
            return (string)$this->last;
        }

        public function update($tableName, array $data, array $identifier, array $types = []): int
        {
            foreach (\World::$data['tables'][$tableName] as &$row) {
                if ($row['uid'] === $identifier['uid']) {
                    $row = array_merge($row, $data);
                }
            }
            return 1;
        }
    }

    final class QueryBuilder
    {
        private string $table = '';
        private bool $deletes = false;
        private bool $hides = true;
        private array $where = [];

        public function getRestrictions(): self
        {
            return $this;
        }

        public function removeAll(): self
        {
            $this->hides = false;
            return $this;
        }

        public function select(string ...$columns): self
        {
            return $this;
        }

        public function from(string $table): self
        {
            $this->table = $table;
            return $this;
        }

        public function delete(string $table): self
        {
            $this->deletes = true;
            return $this->from($table);
        }

        public function expr(): self
        {
            return $this;
        }

        public function createNamedParameter($value, $type = Connection::PARAM_STR)
        {
            if (is_int($value) !== ($type === Connection::PARAM_INT)) {
                throw new \LogicException('a parameter of another type');
            }
            return $value;
        }

        public function eq(string $column, $value): array
        {
            return [$column, static fn ($is): bool => $is === $value];
        }

        public function lte(string $column, $value): array
        {
            return [$column, static fn ($is): bool => $is <= $value];
        }

        public function where(array ...$conditions): self
        {
            $this->where = $conditions;
            return $this;
        }

        public function andWhere(array $condition): self
        {
            $this->where[] = $condition;
            return $this;
        }

        public function executeStatement(): int
        {
            $gone = $this->found();
            \World::$data['tables'][$this->table] = array_values(array_diff_key(\World::$data['tables'][$this->table] ?? [], $gone));
            return count($gone);
        }

        public function executeQuery(): self
        {
            if ($this->hides) {
                throw new \LogicException('hidden rows would be left out');
            }
            return $this;
        }

        public function fetchAllAssociative(): array
        {
            return array_values($this->found());
        }

        private function found(): array
        {
            return array_filter(\World::$data['tables'][$this->table] ?? [], function (array $row): bool {
                foreach ($this->where as [$column, $fits]) {
                    if (!$fits($row[$column])) {
                        return false;
                    }
                }
                return true;
            });
        }
    }

    final class ConnectionPool
    {
        private Connection $connection;

        public function getConnectionForTable(string $table): Connection
        {
            return $this->connection ??= new Connection();
        }

        public function getQueryBuilderForTable(string $table): QueryBuilder
        {
            return new QueryBuilder();
        }
    }
}

namespace TYPO3\CMS\Core\Locking {
    final class Lock
    {
        private static array $held = [];

        public function __construct(private string $id)
        {
        }

        public function acquire($mode = 1)
        {
            if (isset(self::$held[$this->id])) {
                throw new \LogicException('taken twice');
            }
            return self::$held[$this->id] = true;
        }

        public function release()
        {
            unset(self::$held[$this->id]);
            return true;
        }
    }

    final class LockFactory
    {
        public function createLocker(string $id, int $capabilities = 1): Lock
        {
            return new Lock($id);
        }
    }
}

namespace TYPO3\CMS\Core\Crypto\PasswordHashing {
    final class PasswordHashFactory
    {
        public function getDefaultHashInstance(string $mode): self
        {
            return $this;
        }

        public function getHashedPassword(string $password): ?string
        {
            return password_hash($password, PASSWORD_DEFAULT);
        }
    }
}

namespace TYPO3\CMS\Core\Localization {
    /** Reads the catalogues of the extension. */
    final class LanguageService
    {
        public function __construct(public string $lang)
        {
        }

        public function sL($input): string
        {
            $key = substr($input, strrpos($input, ':') + 1);
            $prefix = $this->lang === 'default' ? '' : "$this->lang.";
            $file = \World::$data['module'] . "/Resources/Private/Language/{$prefix}locallang.xlf";
            $tag = $prefix === '' ? 'source' : 'target';
            $unit = '~<trans-unit id="' . preg_quote($key) . "\".*?<$tag\b[^>]*>(.*?)</$tag>~s";
            if (preg_match($unit, file_get_contents($file), $found)) {
                return html_entity_decode($found[1], ENT_QUOTES | ENT_XML1);
            }
            return '';
        }
    }

    final class LanguageServiceFactory
    {
        public function create($locale): LanguageService
        {
            return new LanguageService($locale);
        }
    }
}

namespace TYPO3\CMS\Core\Site\Entity {
    final class SiteLanguage
    {
        public function __construct(private string $key)
        {
        }

        public function getTypo3Language(): string
        {
            return $this->key;
        }
    }

    final class Site
    {
        public function __construct(private string $path)
        {
        }

        public function getBase()
        {
            return new \TYPO3\CMS\Core\Http\Address($this->path);
        }

        public function getDefaultLanguage(): SiteLanguage
        {
            return new SiteLanguage('fr');
        }
    }
}

namespace TYPO3\CMS\Core\Security {
    final class RequestToken
    {
        private function __construct(public readonly string $scope)
        {
        }

        public static function create(string $scope): self
        {
            return new self($scope);
        }
    }
}

namespace TYPO3\CMS\Core\Authentication {
    abstract class AbstractUserAuthentication
    {
        public ?array $user = null;

        public function __construct(public string $loginType)
        {
        }
    }

    class AbstractAuthenticationService
    {
        public $pObj;
    }
}

namespace TYPO3\CMS\Core\Authentication\Event {
    use TYPO3\CMS\Core\Authentication\AbstractUserAuthentication;

    final class BeforeRequestTokenProcessedEvent
    {
        private $token = null;

        public function __construct(private AbstractUserAuthentication $user)
        {
        }

        public function getUser(): AbstractUserAuthentication
        {
            return $this->user;
        }

        public function getRequestToken()
        {
            return $this->token;
        }

        public function setRequestToken($token): void
        {
            $this->token = $token;
        }
    }
}

namespace TYPO3\CMS\Core\Page {
    final class PageRenderer
    {
    }
}

namespace TYPO3\CMS\Core\View {
    interface ViewInterface
    {
        public function assign(string $key, $value);
    }
}

namespace TYPO3\CMS\Fluid\View {
    final class StandaloneView
    {
        public array $got = [];

        public function setTemplatePathAndFilename($name)
        {
            $this->got['template'] = $name;
        }

        public function assign($key, $value)
        {
            $this->got[$key] = $value;
        }
    }
}

namespace TYPO3\CMS\Backend\Controller {
    final class LoginController
    {
        public function __construct(private \Psr\Http\Message\ServerRequestInterface $request)
        {
        }

        public function getCurrentRequest()
        {
            return $this->request;
        }
    }
}

namespace TYPO3\CMS\Backend\LoginProvider {
    use TYPO3\CMS\Backend\Controller\LoginController;
    use TYPO3\CMS\Core\Page\PageRenderer;
    use TYPO3\CMS\Fluid\View\StandaloneView;

    interface LoginProviderInterface
    {
        public function render(StandaloneView $view, PageRenderer $pageRenderer, LoginController $loginController);
    }
}

namespace TYPO3\CMS\Backend\Routing {
    final class UriBuilder
    {
        public function buildUriFromRoute($name, $parameters = [], $referenceType = 'absolute')
        {
            return '/typo3/' . $name;
        }
    }
}
