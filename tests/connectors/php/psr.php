<?php
// The interfaces of PSR-3, PSR-7 and PSR-15 as far as the modules use them, and plain messages.

namespace Psr\Log {
    interface LoggerInterface
    {
        public function warning($message, array $context = []);
    }
}

namespace Psr\Http\Message {
    interface ResponseInterface
    {
        public function withHeader(string $name, $value);
        public function withAddedHeader(string $name, $value);
    }

    interface ServerRequestInterface
    {
        public function getQueryParams();
        public function getParsedBody();
        public function getCookieParams();
        public function getAttribute($name, $default = null);
        public function withAttribute($name, $value);
        public function withQueryParams(array $query);
        public function getUri();
    }
}

namespace Psr\Http\Server {
    use Psr\Http\Message\ResponseInterface;
    use Psr\Http\Message\ServerRequestInterface;

    interface RequestHandlerInterface
    {
        public function handle(ServerRequestInterface $request): ResponseInterface;
    }

    interface MiddlewareInterface
    {
        public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface;
    }
}

namespace TYPO3\CMS\Core\Http {
    class Response implements \Psr\Http\Message\ResponseInterface
    {
        public array $headers = [];

        public function __construct(public string $body, public int $status, array $headers = [])
        {
            foreach ($headers as $name => $value) {
                $this->headers[$name] = [$value];
            }
        }

        public function withHeader(string $name, $value)
        {
            $copy = clone $this;
            $copy->headers[$name] = [$value];
            return $copy;
        }

        public function withAddedHeader(string $name, $value)
        {
            $copy = clone $this;
            $copy->headers[$name][] = $value;
            return $copy;
        }
    }

    class HtmlResponse extends Response
    {
        public function __construct($content, $status = 200, array $headers = [])
        {
            parent::__construct($content, $status, $headers);
        }
    }

    class RedirectResponse extends Response
    {
        public function __construct($uri, $status = 302, array $headers = [])
        {
            parent::__construct('', $status, ['location' => (string)$uri] + $headers);
        }
    }

    final class Address
    {
        public function __construct(private string $path)
        {
        }

        public function getPath(): string
        {
            return $this->path;
        }
    }

    final class ServerRequest implements \Psr\Http\Message\ServerRequestInterface
    {
        public function __construct(
            private string $path,
            private array $query,
            private array $body,
            private array $cookies,
            private array $attributes,
        ) {
        }

        public function getQueryParams()
        {
            return $this->query;
        }

        public function getParsedBody()
        {
            return $this->body;
        }

        public function getCookieParams()
        {
            return $this->cookies;
        }

        public function getAttribute($name, $default = null)
        {
            return $this->attributes[$name] ?? $default;
        }

        public function withAttribute($name, $value)
        {
            $copy = clone $this;
            $copy->attributes[$name] = $value;
            return $copy;
        }

        public function withQueryParams(array $query)
        {
            $copy = clone $this;
            $copy->query = $query;
            return $copy;
        }

        public function getUri()
        {
            return new Address($this->path);
        }
    }
}
