<?php

use Hospes\HospesConnect\AuthenticationService;
use Hospes\HospesConnect\Backend\LoginProvider;
use TYPO3\CMS\Core\Utility\ExtensionManagementUtility;

defined('TYPO3') or die();

(static function (): void {
    $label = 'LLL:EXT:hospes_connect/Resources/Private/Language/locallang.xlf:login.link';
    $GLOBALS['TYPO3_CONF_VARS']['EXTCONF']['backend']['loginProviders'][LoginProvider::IDENTIFIER] = [
        'provider' => LoginProvider::class,
        'sorting' => 25,
        'iconIdentifier' => 'actions-key',
        'label' => $label,
    ];
    // Before the service of passwords (50), which knows nothing of whoever comes from the provider.
    ExtensionManagementUtility::addService(
        'hospes_connect',
        'auth',
        AuthenticationService::class,
        [
            'title' => 'Hospes Connect',
            'description' => '',
            'subtype' => 'getUserBE,authUserBE,getUserFE,authUserFE',
            'available' => true,
            'priority' => 80,
            'quality' => 80,
            'os' => '',
            'exec' => '',
            'className' => AuthenticationService::class,
        ]
    );
    $GLOBALS['TYPO3_CONF_VARS']['SYS']['caching']['cacheConfigurations']['hospes_connect'] ??= [];
    ExtensionManagementUtility::addTypoScript(
        'hospes_connect',
        'setup',
        "tt_content.hospes_connect_button = USER_INT\n"
        . "tt_content.hospes_connect_button.userFunc = Hospes\\HospesConnect\\Frontend\\Button->render\n"
        . "lib.hospesConnectButton < tt_content.hospes_connect_button\n",
        'defaultContentRendering'
    );
})();
