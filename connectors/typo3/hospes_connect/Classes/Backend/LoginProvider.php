<?php

declare(strict_types=1);

namespace Hospes\HospesConnect\Backend;

use Hospes\HospesConnect\Faults;
use Hospes\HospesConnect\Settings;
use Psr\Http\Message\ServerRequestInterface;
use TYPO3\CMS\Backend\Controller\LoginController;
use TYPO3\CMS\Backend\LoginProvider\LoginProviderInterface;
use TYPO3\CMS\Core\Page\PageRenderer;
use TYPO3\CMS\Core\Utility\GeneralUtility;
use TYPO3\CMS\Core\View\ViewInterface;
use TYPO3\CMS\Fluid\View\StandaloneView;

/** The page of the backend's sign-in whose button leads to the provider. */
final class LoginProvider implements LoginProviderInterface
{
    public const IDENTIFIER = 1795564800;
    private const TEMPLATES = 'EXT:hospes_connect/Resources/Private/Templates';

    public function __construct(private readonly Settings $settings, private readonly Faults $faults)
    {
    }

    /** TYPO3 12. */
    public function render(StandaloneView $view, PageRenderer $pageRenderer, LoginController $loginController)
    {
        $view->setTemplatePathAndFilename(GeneralUtility::getFileAbsFileName(self::TEMPLATES . '/Login/HospesConnect.html'));
        $view->assign('hospesConnect', $this->values($loginController->getCurrentRequest()));
    }

    /** TYPO3 13. */
    public function modifyView(ServerRequestInterface $request, ViewInterface $view): string
    {
        $paths = $view->getRenderingContext()->getTemplatePaths();
        $paths->setTemplateRootPaths([...$paths->getTemplateRootPaths(), self::TEMPLATES]);
        $view->assign('hospesConnect', $this->values($request));
        return 'Login/HospesConnect';
    }

    private function values(ServerRequestInterface $request): array
    {
        $words = array_filter($request->getQueryParams(), 'is_string');
        $reason = $words['hospes-connect-error'] ?? '';
        return [
            'ready' => $this->settings->isComplete() && $this->settings->is('backendEnabled'),
            'provider' => $this->settings->providerName(),
            'fault' => $reason === '' ? '' : $this->faults->sentence($reason, $words['reference'] ?? '', (string)$GLOBALS['LANG']->lang),
        ];
    }
}
