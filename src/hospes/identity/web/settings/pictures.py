"""Profile pictures: uploaded, removed, shown to those who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospes.identity.forms.profile import PICTURE_MESSAGES, PictureForm
from hospes.identity.services.pictures import (
    SetPicture,
    folder,
    remove_picture,
    set_picture,
)
from hospes.identity.web import stored_pictures
from hospes.identity.web.guards import signed_in
from hospes.identity.web.settings.profile import shown
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest


@require_POST
@signed_in
def change(request: HttpRequest) -> HttpResponse:
    """Take an upload."""
    asked = cast("SignedInRequest", request)
    form = PictureForm(request.POST, request.FILES)
    form.is_valid()
    upload = request.FILES.get("picture")
    try:
        set_picture(
            SetPicture(upload.read() if upload else b""),
            acting_account=asked.account,
            origin=asked.origin,
        )
    except Refused as refused:
        form.errors.pop("picture", None)
        add_faults(form, refused, PICTURE_MESSAGES)
        return shown(request, asked.account, picture_form=form)
    messages.success(request, _("Your picture was saved."))
    return HttpResponseRedirect(reverse("settings_profile"))


@require_POST
@signed_in
def remove(request: HttpRequest) -> HttpResponse:
    """Go back to initials."""
    asked = cast("SignedInRequest", request)
    if remove_picture(acting_account=asked.account, origin=asked.origin):
        messages.success(request, _("Your picture was removed."))
    return HttpResponseRedirect(reverse("settings_profile"))


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    """Return a picture of an account that is signed in on this browser; else there is none."""
    match = stored_pictures.NAME.fullmatch(name)
    seen = {session.account.picture for session in cast("IdentityRequest", request).sign_ins}
    if match is None or match[1] not in seen:
        raise Http404
    return stored_pictures.shown(folder(), name, caches="private")
