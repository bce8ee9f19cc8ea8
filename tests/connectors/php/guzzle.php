<?php
// A client as small as the modules need it, with the options of Guzzle that they use.

namespace GuzzleHttp;

interface ClientInterface
{
    public function request(string $method, $uri, array $options = []);
}

final class Body
{
    private int $at = 0;

    public function __construct(private string $text)
    {
    }

    public function eof(): bool
    {
        return $this->at >= strlen($this->text);
    }

    public function read(int $length): string
    {
        $part = substr($this->text, $this->at, $length);
        $this->at += strlen($part);
        return $part;
    }
}

final class Answer
{
    public function __construct(private int $status, private string $text)
    {
    }

    public function getStatusCode(): int
    {
        return $this->status;
    }

    public function getBody(): Body
    {
        return new Body($this->text);
    }
}

final class Client implements ClientInterface
{
    /** @var array Every address asked, with the fields sent. */
    public array $asked = [];

    public function request(string $method, $uri, array $options = [])
    {
        foreach (['http_errors' => false, 'allow_redirects' => false, 'stream' => true, 'timeout' => 8] as $name => $value) {
            if (($options[$name] ?? null) !== $value) {
                throw new \LogicException("$name must be set");
            }
        }
        $this->asked[] = [$method, (string) $uri, $options['form_params'] ?? null];
        $headers = [];
        foreach ($options['headers'] as $name => $value) {
            $headers[] = "$name: $value";
        }
        $curl = curl_init((string) $uri);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 8,
            CURLOPT_PROXY => getenv('TEST_PROXY') ?: '',
            CURLOPT_NOPROXY => '',
        ]);
        if (isset($options['form_params'])) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, http_build_query($options['form_params']));
        }
        $text = curl_exec($curl);
        if ($text === false) {
            throw new \RuntimeException(curl_error($curl));
        }
        return new Answer(curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $text);
    }
}
