<?php
// One request to a Drupal that has the module: reads what to do as JSON from standard input, and
// writes what came of it. What a site keeps is handed in and out as "world".

use Drupal\hospes_connect\DrupalHost;
use Drupal\hospes_connect\Gate;
use Drupal\hospes_connect\Plugin\OpenIDConnectClient\HospesConnect;
use Symfony\Component\HttpFoundation\RedirectResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\RequestStack;

set_error_handler(static function (int $level, string $what): bool {
    throw new ErrorException($what, 0, $level);
});
require __DIR__ . '/guzzle.php';
require __DIR__ . '/drupal_core.php';
require __DIR__ . '/drupal_openid_connect.php';
$module = $argv[1];
spl_autoload_register(static function (string $name) use ($module): void {
    if (str_starts_with($name, 'Drupal\\hospes_connect\\')) {
        require $module . '/src/' . strtr(substr($name, 22), '\\', '/') . '.php';
    }
});

final class Services implements Symfony\Component\DependencyInjection\ContainerInterface
{
    public array $all = [];

    public function get(string $id)
    {
        return $this->all[$id];
    }
}

/** Answers every call by a function of that name. */
class Double
{
    public function __construct(private array $calls)
    {
    }

    public function __call(string $name, array $arguments)
    {
        return ($this->calls[$name])(...$arguments);
    }
}

final class Time implements Drupal\Component\Datetime\TimeInterface
{
    public function getRequestTime()
    {
        return World::now();
    }

    public function getCurrentTime()
    {
        return World::now();
    }
}

final class Cache implements Drupal\Core\Cache\CacheBackendInterface
{
    public function get($cid, $allow_invalid = false)
    {
        $row = World::$data['cache'][$cid] ?? null;
        return $row && $row['expire'] > World::now() ? (object) $row : false;
    }

    public function set($cid, $data, $expire = -1, array $tags = [])
    {
        World::$data['cache'][$cid] = ['data' => $data, 'expire' => $expire];
    }
}

final class Lock implements Drupal\Core\Lock\LockBackendInterface
{
    private static array $held = [];

    public function acquire($name, $timeout = 30.0)
    {
        if (strlen($name) > 255 || isset(self::$held[$name])) {
            return false;
        }
        return self::$held[$name] = true;
    }

    public function release($name)
    {
        unset(self::$held[$name]);
    }
}

final class Stores implements Drupal\Core\KeyValueStore\KeyValueExpirableFactoryInterface
{
    public function get($collection)
    {
        return new Double(['setWithExpireIfNotExists' => static function ($key, $value, $seconds): bool {
            if ((World::$data['store'][$key] ?? 0) > World::now()) {
                return false;
            }
            World::$data['store'][$key] = World::now() + $seconds;
            return true;
        }]);
    }
}

final class User implements Drupal\user\UserInterface
{
    public function __construct(private int $uid)
    {
    }

    public function id()
    {
        return (string) $this->uid;
    }
}

final class Entities implements Drupal\Core\Entity\EntityTypeManagerInterface
{
    public static $client;

    public function getStorage($entity_type_id)
    {
        if ($entity_type_id === 'openid_connect_client') {
            return new Double(['load' => static fn ($id) => $id === 'hospes_connect' ? self::$client : null]);
        }
        return new Double(['loadByProperties' => static function (array $wanted): array {
            $found = [];
            foreach (World::$data['users'] ?? [] as $uid => $mail) {
                if (strcasecmp($mail, $wanted['mail']) === 0) {
                    $found[] = new User((int) $uid);
                }
            }
            return $found;
        }]);
    }
}

final class Authmap implements Drupal\externalauth\AuthmapInterface
{
    public function get(int $uid, string $provider)
    {
        return World::$data['authmap'][$provider][$uid] ?? false;
    }
}

final class UserData implements Drupal\user\UserDataInterface
{
    public function get($module, $uid = null, $name = null)
    {
        return World::$data['user_data'][$uid][$name] ?? null;
    }

    public function set($module, $uid, $name, $value)
    {
        World::$data['user_data'][$uid][$name] = $value;
    }
}

final class Visitor implements Drupal\Core\Session\AccountProxyInterface
{
    public function isAuthenticated()
    {
        return (bool) (World::$data['signed_in'] ?? false);
    }
}

final class Messenger implements Drupal\Core\Messenger\MessengerInterface
{
    public function addError($message, $repeat = false)
    {
        World::$messages[] = (string) $message;
    }
}

final class Loggers implements Drupal\Core\Logger\LoggerChannelFactoryInterface
{
    public function get($channel)
    {
        $write = static function ($message, array $context = []): void {
            World::$log[] = strtr($message, $context);
        };
        return new Double(['error' => $write, 'warning' => $write, 'debug' => static fn () => null]);
    }
}

final class Translation implements Drupal\Core\StringTranslation\TranslationInterface
{
}

final class FormState implements Drupal\Core\Form\FormStateInterface
{
    public array $errors = [];

    public function __construct(public array $values)
    {
    }

    public function getValue($key, $default = null)
    {
        return $this->values[$key] ?? $default;
    }

    public function setValue($key, $value)
    {
        $this->values[$key] = $value;
    }

    public function setErrorByName($name, $message = '')
    {
        $this->errors[$name] = (string) $message;
    }
}

$asked = json_decode(stream_get_contents(STDIN), true);
World::$data = $asked['world'];
$http = new GuzzleHttp\Client();
$settings = new Double(['get' => static fn ($name) => World::$data['settings'][$name] ?? null]);
$services = new Services();
$services->all = [
    'request_stack' => new RequestStack(new Request($asked['query'] ?? [])),
    'logger.factory' => new Loggers(),
    'page_cache_kill_switch' => new Double(['trigger' => static fn () => null]),
    'language_manager' => new Double(['getCurrentLanguage' => static fn () => new Double(['getId' => static fn () => 'fr']), 'getLanguage' => static fn () => null]),
    'hospes_connect.host' => new DrupalHost($http, new Cache(), new Lock(), new Stores(), new Time()),
    'openid_connect.session' => new Double(['saveStateToken' => static function ($state): void {
        World::$data['session']['state'] = $state;
    }]),
    'config.factory' => new Double(['get' => static fn () => $settings]),
    'messenger' => new Messenger(),
];
$plugin = HospesConnect::create($services, $asked['configuration'] ?? [], 'hospes_connect', []);
$plugin->setParentEntityId('hospes_connect');
Entities::$client = new Double(['getPlugin' => static fn () => $plugin]);
$gate = new Gate(new Entities(), new Authmap(), new UserData(), new Visitor(), new Messenger(), new Loggers(), new Translation());

$answer = [];
switch ($asked['do']) {
    case 'begin':
        $response = $plugin->authorize(implode(' ', $plugin->getClientScopes()), $asked['more'] ?? []);
        $answer['location'] = $response->target;
        break;
    case 'answer':
        // openid_connect itself compares the state with the one of the session, before all else.
        $kept = World::$data['session']['state'] ?? '';
        unset(World::$data['session']['state']);
        $answer['state'] = $kept !== '' && $kept === ($asked['query']['state'] ?? '') || ($asked['skip_state'] ?? false);
        $answer['tokens'] = $answer['state'] ? $plugin->retrieveTokens($asked['query']['code'] ?? '') : null;
        if ($answer['tokens']) {
            $answer['person'] = $plugin->retrieveUserInfo($answer['tokens']['access_token']);
            $answer['other_token'] = $plugin->retrieveUserInfo('another token');
            $subs = World::$data['authmap']['openid_connect.hospes_connect'] ?? [];
            $uid = array_search($answer['person']['sub'], $subs, true);
            $context = ['plugin_id' => 'hospes_connect', 'userinfo' => $answer['person']];
            $user = $uid === false ? null : new User((int) $uid);
            $answer['may'] = $gate->mayEnter($user, $context);
            if ($answer['may'] && $user) {
                $gate->remember($user, $context);
            }
        }
        break;
    case 'endpoints':
        $answer = $plugin->getEndpoints();
        break;
    case 'form':
        $state = new FormState($asked['values'] ?? []);
        $form = $plugin->buildConfigurationForm([], $state);
        $plugin->validateConfigurationForm($form, $state);
        $answer = ['form' => $form, 'values' => $state->values, 'errors' => $state->errors];
        break;
}
echo json_encode([
    'answer' => $answer,
    'world' => (object) World::$data,
    'messages' => World::$messages,
    'log' => World::$log,
    'asked' => $http->asked,
]);
