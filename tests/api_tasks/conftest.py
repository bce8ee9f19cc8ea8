from __future__ import annotations

import pytest
from organizations_api.conftest import api, house

__all__ = ["api", "house"]


@pytest.fixture
def set_number():
    """Return a function that changes one of the product's numbers."""
    from hospes.foundation import clock, numbers
    from hospes.foundation.models import NumberSetting

    def change(key, value):
        NumberSetting.objects.create(key=key, value=value, updated_at=clock.now())
        numbers.forget()

    return change
