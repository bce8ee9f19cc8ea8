<?php

use Hospes\HospesConnect\Backend;
use Hospes\HospesConnect\Frontend;

return [
    'backend' => [
        'hospes/connect' => [
            'target' => Backend\SignIn::class,
            'after' => ['typo3/cms-backend/backend-routing'],
            'before' => ['typo3/cms-backend/authentication'],
        ],
    ],
    'frontend' => [
        'hospes/connect' => [
            'target' => Frontend\SignIn::class,
            'after' => ['typo3/cms-frontend/site', 'typo3/cms-frontend/maintenance-mode'],
            'before' => ['typo3/cms-frontend/base-redirect-resolver', 'typo3/cms-frontend/authentication'],
        ],
        'hospes/connect-arrival' => [
            'target' => Frontend\Arrival::class,
            'after' => ['typo3/cms-frontend/authentication'],
            'before' => ['typo3/cms-frontend/page-resolver'],
        ],
    ],
];
