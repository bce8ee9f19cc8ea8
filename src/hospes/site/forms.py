"""Forms that keep what was typed and say what is wrong beside the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

    from hospes.kit.faults import Refused


class Renderer(DjangoTemplates):
    """Render forms with the templates of the design system."""

    form_template_name = "site/forms/form.html"
    field_template_name = "site/forms/field.html"


class Form(forms.Form):
    """The base of every form: no trailing colons, errors beside the fields.

    Everything typed stays when the form comes back, passwords excepted.
    """

    # The server has the last word and says it in the page's language, not the browser's.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.required:
                field.widget.attrs.setdefault("aria-required", "true")


def add_faults(
    form: forms.BaseForm,
    refused: Refused,
    messages: Mapping[tuple[str, str], _StrOrPromise],
) -> None:
    """Put every fault of a refused command beside its field, in words.

    ``messages`` maps (field, code) to a text, which may hold ``%(name)s`` for the fault's
    parameters. A fault whose field the form does not have stands above the fields. A fault
    without words is told generally rather than lost.
    """
    for fault in refused.faults:
        words = messages.get((fault.field, fault.code)) or messages.get(("", fault.code))
        text = str(words) % fault.params if words else _("This value cannot be accepted.")
        form.add_error(fault.field if fault.field in form.fields else None, text)
