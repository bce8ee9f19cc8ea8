<?php
// One request to a TYPO3 that has the extension: reads it as JSON from standard input, takes it
// through the extension's middlewares with TYPO3's authentication between them, and writes what
// came of it. What a site keeps is handed in and out as "world".

use Hospes\HospesConnect\Accounts;
use Hospes\HospesConnect\AuthenticationService;
use Hospes\HospesConnect\Backend;
use Hospes\HospesConnect\Faults;
use Hospes\HospesConnect\Frontend;
use Hospes\HospesConnect\Handshake;
use Hospes\HospesConnect\People;
use Hospes\HospesConnect\Proven;
use Hospes\HospesConnect\RequestTokens;
use Hospes\HospesConnect\Settings;
use Hospes\HospesConnect\Typo3Host;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\RequestHandlerInterface;
use TYPO3\CMS\Core\Http\HtmlResponse;
use TYPO3\CMS\Core\Http\ServerRequest;

set_error_handler(static function (int $level, string $what): bool {
    throw new ErrorException($what, 0, $level);
});
if (!function_exists('mb_substr')) { // TYPO3 brings it where PHP has not.
    function mb_substr(string $text, int $start, ?int $length = null): string
    {
        return (string)iconv_substr($text, $start, $length ?? strlen($text), 'UTF-8');
    }
}
foreach (['guzzle', 'psr', 'typo3_core'] as $name) {
    require __DIR__ . "/$name.php";
}
$module = $argv[1];
spl_autoload_register(static function (string $name) use ($module): void {
    if (str_starts_with($name, 'Hospes\\HospesConnect\\')) {
        require $module . '/Classes/' . strtr(substr($name, 21), '\\', '/') . '.php';
    }
});

final class Cache implements TYPO3\CMS\Core\Cache\Frontend\FrontendInterface
{
    public function get($entryIdentifier)
    {
        $row = World::$data['cache'][$entryIdentifier] ?? [false, 0];
        return $row[1] > World::now() ? $row[0] : false;
    }

    public function set($entryIdentifier, $data, array $tags = [], $lifetime = null)
    {
        World::$data['cache'][$entryIdentifier] = [$data, World::now() + $lifetime];
    }
}

final class Log implements Psr\Log\LoggerInterface
{
    public function warning($message, array $context = [])
    {
        foreach ($context as $name => $value) {
            $message = str_replace('{' . $name . '}', $value, $message);
        }
        World::$log[] = $message;
    }
}

/** Asks the extension as TYPO3's authentication does; who was signed in already stays so. */
final class Authentication extends TYPO3\CMS\Core\Authentication\AbstractUserAuthentication
{
    public function start(bool $asked): void
    {
        $signedIn = World::$data['signed_in'][$this->loginType] ?? null;
        if ($signedIn !== null || !$asked) {
            $this->user = $signedIn === null ? null : ['uid' => $signedIn];
            return;
        }
        $event = new TYPO3\CMS\Core\Authentication\Event\BeforeRequestTokenProcessedEvent($this);
        World::$services['listener']($event);
        if (($event->getRequestToken()->scope ?? '') !== 'core/user-auth/' . strtolower($this->loginType)) {
            return;
        }
        $service = new AuthenticationService();
        $service->pObj = $this;
        $row = $service->getUser();
        if (is_array($row) && $service->authUser($row) >= 200) {
            $this->user = $row;
            World::$data['signed_in'][$this->loginType] = (int)$row['uid'];
        }
    }
}

final class Rest implements RequestHandlerInterface
{
    public function __construct(private Closure $then)
    {
    }

    public function handle(ServerRequestInterface $request): ResponseInterface
    {
        return ($this->then)($request);
    }
}

final class Params
{
    public function __construct(private string $path, private array $query)
    {
    }

    public function getRequestHost(): string
    {
        return 'https://site.example';
    }

    public function getRequestUrl(): string
    {
        return 'https://site.example' . $this->path . ($this->query ? '?' . http_build_query($this->query) : '');
    }
}

final class Route
{
    public function __construct(private string $name)
    {
    }

    public function getOption(string $name)
    {
        return $name === '_identifier' ? $this->name : null;
    }
}

$asked = json_decode(stream_get_contents(STDIN), true);
World::$data = $asked['world'];
World::$data['module'] = $module;
$GLOBALS['TYPO3_CONF_VARS']['SYS']['encryptionKey'] = 'the key of the site';
$GLOBALS['EXEC_TIME'] = World::now();
$GLOBALS['LANG'] = new TYPO3\CMS\Core\Localization\LanguageService('de');

$http = new GuzzleHttp\Client();
$pool = new TYPO3\CMS\Core\Database\ConnectionPool();
$host = new Typo3Host(new TYPO3\CMS\Core\Http\RequestFactory($http), new Cache(), $pool);
$settings = new Settings(new TYPO3\CMS\Core\Configuration\ExtensionConfiguration());
$handshake = new Handshake($settings, $host);
$people = new People($settings, new Accounts($pool), new TYPO3\CMS\Core\Locking\LockFactory(), new TYPO3\CMS\Core\Crypto\PasswordHashing\PasswordHashFactory());
$proven = new Proven();
$faults = new Faults(new Log(), new TYPO3\CMS\Core\Localization\LanguageServiceFactory(), $settings);
World::$services = [Proven::class => $proven, 'listener' => new RequestTokens($proven)];

$path = $asked['path'] ?? '/';
$query = $asked['query'] ?? [];
$attributes = ['normalizedParams' => new Params($path, $query)];
$isBackend = str_starts_with($path, '/typo3/');
if ($isBackend) {
    $names = ['/typo3/login' => 'login', '/typo3/hospes-connect' => 'hospes_connect'];
    $attributes['route'] = new Route($names[$path] ?? 'main');
} else {
    $attributes['site'] = new TYPO3\CMS\Core\Site\Entity\Site($asked['base'] ?? '/');
    $attributes['language'] = ($asked['language'] ?? null) ? new TYPO3\CMS\Core\Site\Entity\SiteLanguage($asked['language']) : null;
}
$request = new ServerRequest($path, $query, $asked['body'] ?? [], $asked['cookies'] ?? [], $attributes);

$answer = [];
if ($asked['do'] === 'login page') {
    $page = new Backend\LoginProvider($settings, $faults);
    $view = new TYPO3\CMS\Fluid\View\StandaloneView();
    $page->render($view, new TYPO3\CMS\Core\Page\PageRenderer(), new TYPO3\CMS\Backend\Controller\LoginController($request));
    $answer = $view->got;
} elseif ($asked['do'] === 'button') {
    $answer = (new Frontend\Button($settings, $faults))->render('', [], $request);
} else {
    $last = new Rest(static fn (): ResponseInterface => new HtmlResponse('the page itself'));
    if ($isBackend) {
        $inner = static function (ServerRequestInterface $request) use ($proven, $last): ResponseInterface {
            $GLOBALS['BE_USER'] = new Authentication('BE');
            $GLOBALS['BE_USER']->start(($request->getQueryParams()['login_status'] ?? '') === 'login');
            $isOurs = $request->getAttribute('route')->getOption('_identifier') === 'hospes_connect';
            return $isOurs ? (new Backend\Arrival(new TYPO3\CMS\Backend\Routing\UriBuilder(), $proven))->handle($request) : $last->handle($request);
        };
        $outer = new Backend\SignIn($settings, $handshake, $people, $proven, $faults, $host);
    } else {
        $inner = static function (ServerRequestInterface $request) use ($proven, $last): ResponseInterface {
            if ($request->getAttribute('language') === null) {
                return new HtmlResponse('led away to a language');
            }
            $user = new Authentication('FE');
            $user->start(($request->getQueryParams()['logintype'] ?? '') === 'login');
            return (new Frontend\Arrival($proven))->process($request->withAttribute('frontend.user', $user), $last);
        };
        $outer = new Frontend\SignIn($settings, $handshake, $people, $proven, $faults, $host);
    }
    $response = $outer->process($request, new Rest($inner));
    $answer = ['status' => $response->status, 'headers' => (object)$response->headers, 'body' => $response->body];
    $answer['left'] = $proven->user('BE') ?? $proven->user('FE');
}
unset(World::$data['module']);
World::$data['tables'] = (object)World::$data['tables']; // An object, without rows too.
echo json_encode(['answer' => $answer, 'world' => (object)World::$data, 'messages' => [], 'log' => World::$log, 'asked' => $http->asked]);
