<?php

use TYPO3\CMS\Core\Utility\ExtensionManagementUtility;

defined('TYPO3') or die();

ExtensionManagementUtility::addPlugin(
    [
        'label' => 'LLL:EXT:hospes_connect/Resources/Private/Language/locallang.xlf:plugin.title',
        'value' => 'hospes_connect_button',
        'icon' => 'actions-key',
        'group' => 'forms',
    ],
    'CType',
    'hospes_connect'
);
