<?php

$EM_CONF[$_EXTKEY] = [
    'title' => 'Hospes Connect',
    'description' => 'Sign in to TYPO3 with an account of your provider, by OpenID Connect.',
    'category' => 'services',
    'author' => 'The Hospes authors',
    'state' => 'stable',
    'version' => '0.1.0',
    'constraints' => [
        'depends' => [
            'php' => '8.1.0-8.99.99',
            'typo3' => '12.4.0-13.4.99',
        ],
    ],
    'autoload' => [
        'psr-4' => ['Hospes\\HospesConnect\\' => 'Classes/'],
    ],
];
