<?php

use Hospes\HospesConnect\Backend\Arrival;

return [
    'hospes_connect' => [
        'path' => '/hospes-connect',
        // No token stands in the address: the provider leads here. TYPO3 still asks for a session.
        'access' => 'public',
        'target' => Arrival::class . '::handle',
    ],
];
