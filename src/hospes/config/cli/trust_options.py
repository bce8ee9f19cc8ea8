"""What ``hospes application`` takes, and its help."""

from __future__ import annotations

SUMMARY = "applications that customers registered"
DESCRIPTION = (
    "Decide which applications may ask, by token introspection, whether an application password\n"
    "is right: your mail and calendar servers, and nobody else."
)
CLIENT_ID = "the application's client ID, as its page shows it"
# name, function, summary, description
ACTIONS = (
    (
        "allow-passwords",
        "allow",
        "let an application ask about application passwords",
        (
            "Let an application ask at /oauth2/introspect whether an application password is\n"
            "right, whoever's it is."
        ),
    ),
    (
        "forbid-passwords",
        "forbid",
        "have an application no longer ask about them",
        (
            "Have an application no longer ask about application passwords; its very next\n"
            "question is answered as if there were no such password."
        ),
    ),
)
