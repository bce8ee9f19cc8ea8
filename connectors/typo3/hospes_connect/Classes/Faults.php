<?php

declare(strict_types=1);

namespace Hospes\HospesConnect;

use Hospes\HospesConnect\OpenId\Refused;
use Psr\Log\LoggerInterface;
use TYPO3\CMS\Core\Localization\LanguageServiceFactory;

/** What a visitor reads when a sign-in did not work, and what TYPO3's log holds of it. */
final class Faults
{
    private const FILE = 'LLL:EXT:hospes_connect/Resources/Private/Language/locallang.xlf:';
    private const REASONS = ['unreachable', 'expired', 'cancelled', 'setup', 'untrusted', 'no_email', 'email_taken', 'no_account', 'blocked', 'other', 'failed'];

    public function __construct(
        private readonly LoggerInterface $logger,
        private readonly LanguageServiceFactory $languages,
        private readonly Settings $settings,
    ) {
    }

    /** Writes what happened to the log; returns the reference that the visitor reads. */
    public function log(Refused $refused): string
    {
        $reference = strtoupper(bin2hex(random_bytes(4)));
        // An answer to nothing is no news; whoever sends such could fill the log.
        if ($refused->getMessage() !== '') {
            $this->logger->warning('Sign-in {reference}, {reason}: {detail}', [
                'reference' => $reference,
                'reason' => $refused->reason,
                'detail' => $refused->getMessage(),
            ]);
        }
        return $reference;
    }

    /** Returns the sentence for a reason, which may come from an address. */
    public function sentence(string $reason, string $reference, string $language): string
    {
        $known = in_array($reason, self::REASONS, true) ? $reason : 'failed';
        $sentence = $this->text("fault.$known", $language, $this->settings->providerName());
        if (preg_match('/\A[0-9A-F]{8}\z/', $reference)) {
            $sentence .= ' ' . $this->text('fault.reference', $language, $reference);
        }
        return $sentence;
    }

    public function text(string $key, string $language, string ...$values): string
    {
        $text = $this->languages->create($language)->sL(self::FILE . $key);
        return $values ? vsprintf($text, $values) : $text;
    }
}
