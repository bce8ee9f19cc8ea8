<?php
// The names of Drupal, Symfony and externalauth that the module uses, as their documentation has
// them, and as much behind them as a test needs. What is kept between requests is in World.

namespace {
    final class World
    {
        public static array $data = [];
        public static array $messages = [];
        public static array $log = [];

        public static function now(): int
        {
            return time() + (int) (self::$data['clock'] ?? 0);
        }
    }
}

namespace Symfony\Component\DependencyInjection {
    interface ContainerInterface
    {
        public function get(string $id);
    }
}

namespace Symfony\Component\HttpFoundation {
    class Response
    {
        public function __construct(public string $content = '', public int $status = 200)
        {
        }
    }

    class RedirectResponse extends Response
    {
        public function __construct(public string $target)
        {
            parent::__construct('', 302);
        }
    }

    final class Bag
    {
        public function __construct(private array $words)
        {
        }

        public function get(string $name, $default = null)
        {
            return $this->words[$name] ?? $default;
        }

        public function remove(string $name): void
        {
            unset($this->words[$name]);
        }
    }

    final class Session
    {
        public function get(string $name, $default = null)
        {
            return \World::$data['session'][$name] ?? $default;
        }

        public function set(string $name, $value): void
        {
            \World::$data['session'][$name] = $value;
        }

        public function remove(string $name)
        {
            $value = $this->get($name);
            unset(\World::$data['session'][$name]);
            return $value;
        }
    }

    final class Request
    {
        public Bag $query;

        public function __construct(array $words)
        {
            $this->query = new Bag($words);
        }

        public function getSession(): Session
        {
            return new Session();
        }
    }

    final class RequestStack
    {
        public function __construct(private Request $request)
        {
        }

        public function getCurrentRequest(): Request
        {
            return $this->request;
        }
    }
}

namespace Drupal\Component\Datetime {
    interface TimeInterface
    {
        public function getRequestTime();
        public function getCurrentTime();
    }
}

namespace Drupal\Core {
    final class GeneratedUrl
    {
        public function __construct(private string $url)
        {
        }

        public function getGeneratedUrl(): string
        {
            return $this->url;
        }
    }

    final class Url
    {
        private function __construct(private string $url)
        {
        }

        public static function fromRoute(string $name, array $parameters = [], array $options = []): self
        {
            return new self($name === 'openid_connect.redirect_controller_redirect'
                ? 'https://site.example/openid-connect/' . $parameters['openid_connect_client']
                : '/' . strtr($name, '.', '/'));
        }

        public static function fromUri(string $uri, array $options = []): self
        {
            return new self($uri . '?' . http_build_query($options['query'] ?? [], '', '&', PHP_QUERY_RFC3986));
        }

        public function toString(bool $collect = false)
        {
            return $collect ? new GeneratedUrl($this->url) : $this->url;
        }
    }
}

namespace Drupal\Core\Site {
    final class Settings
    {
        public static function getHashSalt(): string
        {
            return 'the salt of the site';
        }
    }
}

namespace Drupal\Core\Form {
    interface FormStateInterface
    {
        public function getValue($key, $default = null);
        public function setValue($key, $value);
        public function setErrorByName($name, $message = '');
    }
}

namespace Drupal\Core\StringTranslation {
    interface TranslationInterface
    {
    }

    trait StringTranslationTrait
    {
        public function setStringTranslation(TranslationInterface $translation)
        {
            return $this;
        }

        protected function t($string, array $args = [], array $options = [])
        {
            return strtr($string, $args);
        }
    }
}

namespace Drupal\Core\Cache {
    interface CacheBackendInterface
    {
        public function get($cid, $allow_invalid = false);
        public function set($cid, $data, $expire = -1, array $tags = []);
    }
}

namespace Drupal\Core\Lock {
    interface LockBackendInterface
    {
        public function acquire($name, $timeout = 30.0);
        public function release($name);
    }
}

namespace Drupal\Core\KeyValueStore {
    interface KeyValueExpirableFactoryInterface
    {
        public function get($collection);
    }
}

namespace Drupal\Core\Entity {
    interface EntityTypeManagerInterface
    {
        public function getStorage($entity_type_id);
    }
}

namespace Drupal\Core\Logger {
    interface LoggerChannelFactoryInterface
    {
        public function get($channel);
    }
}

namespace Drupal\Core\Messenger {
    interface MessengerInterface
    {
        public function addError($message, $repeat = false);
    }
}

namespace Drupal\Core\Session {
    interface AccountProxyInterface
    {
        public function isAuthenticated();
    }
}

namespace Drupal\externalauth {
    interface AuthmapInterface
    {
        public function get(int $uid, string $provider);
    }
}

namespace Drupal\user {
    interface UserInterface
    {
        public function id();
    }

    interface UserDataInterface
    {
        public function get($module, $uid = null, $name = null);
        public function set($module, $uid, $name, $value);
    }
}
