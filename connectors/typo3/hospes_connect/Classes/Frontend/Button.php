<?php

declare(strict_types=1);

namespace Hospes\HospesConnect\Frontend;

use Hospes\HospesConnect\Faults;
use Hospes\HospesConnect\OpenId\Answers;
use Hospes\HospesConnect\Settings;
use Psr\Http\Message\ServerRequestInterface;

/** The content element with the button, and lib.hospesConnectButton for templates. */
final class Button
{
    public function __construct(private readonly Settings $settings, private readonly Faults $faults)
    {
    }

    public function render(string $content, array $configuration, ServerRequestInterface $request): string
    {
        $site = $request->getAttribute('site');
        $user = $request->getAttribute('frontend.user');
        if ($site === null || !empty($user->user['uid']) || !$this->settings->isComplete() || !$this->settings->is('frontendEnabled')) {
            return '';
        }
        $language = (string)($request->getAttribute('language')?->getTypo3Language() ?? 'default');
        $home = rtrim($site->getBase()->getPath(), '/') . '/';
        $address = Answers::with_query($home, [SignIn::WORD => 'start', 'to' => $request->getUri()->getPath()]);
        return sprintf(
            '<p class="hospes-connect"><a rel="nofollow" href="%s">%s</a></p>',
            htmlspecialchars($address),
            htmlspecialchars($this->faults->text('button', $language, $this->settings->providerName()))
        );
    }
}
