"""Whether every address that names a customer's thing is tried by those whom it is not for.

``tests/security/test_tenants_*.py`` try every page and endpoint; what an address names must be
known to them. Run by ``make check``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# One's own: these name nothing of a customer.
OWN = frozenset(["email_type", "email_id", "phone_id", "password_id", "task_uuid"])


def faults() -> list[str]:
    """Return one line for each address that names something unknown."""
    from support import tenants  # noqa: PLC0415 - found once the path and Django are set up

    told = [
        f"the page {route.name} names {name}, which tests/support/tenants.py does not make"
        for route in tenants.page_routes()
        for name in route.parameters
        if name not in tenants.PAGE_PARAMETERS
    ]
    told += [
        f"the endpoint {route.name} names {name}, which tests/support/tenants.py does not make"
        for route in tenants.api_routes()
        for name in route.kinds
        if name not in tenants.API_PARAMETERS | OWN
    ]
    return told


def main() -> int:
    """Print the faults; the exit code is 1 where there are any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospes.config.settings")
    sys.path.insert(0, str(ROOT / "tests"))
    import django  # noqa: PLC0415 - the settings are named first

    django.setup()
    found = faults()
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
