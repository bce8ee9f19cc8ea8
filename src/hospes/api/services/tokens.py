"""Creating and revoking API tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hospes.api.domain.tokens import MOST_PRODUCTS, Draft, faults_of, tidy
from hospes.api.models import ApiToken
from hospes.api.services import token_notices
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.models import Account
from hospes.identity.services import credentials, limits
from hospes.kit import api_tokens
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Membership
from hospes.organizations.queries import rights
from hospes.rest import registry

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hospes.kit.origin import Origin
    from hospes.organizations.models import Product

HINT_LETTERS = 4
# As many names as an audit entry tells; the count is always whole.
_MOST_NAMES = 50


class AlreadyDone(Exception):
    """The same form was sent before; ``token`` is what it made then."""

    def __init__(self, token: ApiToken) -> None:
        self.token = token
        super().__init__(token.name)


@dataclass(frozen=True, slots=True)
class CreateToken:
    """``form_key`` names the form, so that sending it twice makes one token.

    ``organization_id`` None: every organization the account belongs to, now and later.
    ``product_ids`` None: every product the account reaches there; a product needs an organization.
    """

    draft: Draft
    password: str = field(repr=False)
    form_key: str
    organization_id: int | None = None
    product_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """``value`` is the token in clear, here and nowhere else."""

    token: ApiToken
    value: str = field(repr=False)


def create_token(command: CreateToken, *, acting_account: Account, origin: Origin) -> Created:
    """Make a token for ``acting_account``, who confirms with the password, and mail it the news.

    Raises:
        Refused: naming every fault; of a wrong password only where the rest is right, so that
            mistakes in the form cost no try.
        AlreadyDone: this form has made its token before.

    """
    products, faults = _judged(command, acting_account)
    if faults:
        raise Refused(faults)
    _raise_if_done(command.form_key, acting_account)
    _confirm(acting_account, command.password, origin)
    limits.admit(
        "api.token_created",
        str(acting_account.pk),
        limit=numbers.get("api.tokens_created_per_hour"),
        code="too_many_tokens",
    )
    value = api_tokens.make(secrets.token_bytes(api_tokens.RANDOM_BYTES))
    try:
        with transaction.atomic():
            token = _write(
                command, tidy(command.draft), value, account=acting_account, origin=origin
            )
            token.products.set(products)
            token_notices.tell_created(token, origin=origin)
    except IntegrityError:
        _raise_if_done(command.form_key, acting_account)
        raise
    return Created(token, value)


def revoke_tokens(ids: Collection[int], *, acting_account: Account, origin: Origin) -> int:
    """Revoke those of ``ids`` that are the account's own; return how many that were.

    The very next request with one of them is refused.
    """
    mine = ApiToken.objects.filter(account=acting_account, pk__in=ids)
    return _revoke(mine, acting_account=acting_account, origin=origin)


def revoke_all(*, acting_account: Account, origin: Origin) -> int:
    """Revoke every token of the account; return how many that were."""
    mine = ApiToken.objects.filter(account=acting_account)
    return _revoke(mine, acting_account=acting_account, origin=origin)


def revoke_leaked(values: Collection[str], *, origin: Origin) -> int:
    """Revoke tokens that somebody found in the open, and tell their owners; return how many.

    Values that are no tokens, unknown or revoked already change nothing.
    """
    hashes = {api_tokens.hash_of(value) for value in values if api_tokens.is_genuine(value)}
    with transaction.atomic():
        found = list(
            ApiToken.objects.select_related("account").filter(
                token_hash__in=hashes, revoked_at=None
            )
        )
        revoked = 0
        for account in {token.account_id: token.account for token in found}.values():
            of_account = [token for token in found if token.account_id == account.pk]
            ended = _end(of_account)
            if not ended:
                continue
            revoked += len(ended)
            names = [token.name for token in ended]
            _record("api.tokens_leaked", account.pk, None, names, origin)
            _emit_revoked(account.pk, ended)
            token_notices.tell_leaked(account, names)
    return revoked


def revoke_taken_back(account_id: int) -> int:
    """Revoke every token of an account that its owner takes back; return how many."""
    account = Account.objects.get(pk=account_id)
    with transaction.atomic():
        living = list(ApiToken.objects.filter(account=account, revoked_at=None))
        ended = _end(living)
        if ended:
            _record("api.tokens_revoked", account.pk, None, [t.name for t in ended], SYSTEM)
            _emit_revoked(account.pk, ended)
            token_notices.tell_all_revoked(account, len(ended))
    return len(ended)


def forget_account(account_id: int) -> None:
    """Remove what is left of a deleted account's tokens."""
    ApiToken.objects.filter(account_id=account_id).delete()


def _revoke(tokens: QuerySet[ApiToken], *, acting_account: Account, origin: Origin) -> int:
    with transaction.atomic():
        ended = _end(list(tokens.filter(revoked_at=None)))
        if ended:
            names = [token.name for token in ended]
            _record("api.tokens_revoked", acting_account.pk, acting_account.pk, names, origin)
            _emit_revoked(acting_account.pk, ended)
    return len(ended)


def _end(tokens: list[ApiToken]) -> list[ApiToken]:
    """Revoke the tokens; return those that nobody else revoked at the same time."""
    now = clock.timestamp()
    return [
        token
        for token in tokens
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    ]


def _limits(command: CreateToken, account: Account) -> tuple[list[Product], list[Fault]]:
    """Return the products that a token is limited to, and what is wrong with its limits."""
    chosen = command.product_ids
    if command.organization_id is None:
        return [], [Fault("products", "needs_organization")] if chosen is not None else []
    membership = (
        Membership.objects.select_related("organization")
        .filter(account=account, organization_id=command.organization_id)
        .first()
    )
    if membership is None:
        # The same for another's organization as for none.
        return [], [Fault("organization", "unknown")]
    if chosen is None:
        return [], []
    if not 1 <= len(set(chosen)) <= MOST_PRODUCTS:
        return [], [Fault("products", "number", {"limit": MOST_PRODUCTS})]
    found = list(rights.visible_products(membership).filter(pk__in=chosen))
    return found, [] if len(found) == len(set(chosen)) else [Fault("products", "unknown")]


def faults_in(command: CreateToken, *, acting_account: Account) -> list[Fault]:
    """Return everything that is wrong with a command before its password is looked at."""
    return _judged(command, acting_account)[1]


def _judged(command: CreateToken, account: Account) -> tuple[list[Product], list[Fault]]:
    known = {scope.name for scope in registry.scopes()}
    faults = faults_of(tidy(command.draft), known_scopes=known, now=clock.timestamp())
    products, of_limits = _limits(command, account)
    faults += of_limits
    if not command.password:
        faults.append(Fault("password", "required"))
    return products, faults


def _confirm(account: Account, password: str, origin: Origin) -> None:
    try:
        credentials.check_own_password(account, password, origin=origin)
    except Refused as refused:
        raise Refused(
            Fault("password", fault.code, fault.params) for fault in refused.faults
        ) from None


def _write(
    command: CreateToken, draft: Draft, value: str, *, account: Account, origin: Origin
) -> ApiToken:
    token = ApiToken.objects.create(
        account=account,
        name=draft.name,
        token_hash=api_tokens.hash_of(value),
        hint=value[-HINT_LETTERS:],
        scope=" ".join(draft.scopes),
        organization_id=command.organization_id,
        only_products=command.product_ids is not None,
        networks=" ".join(draft.networks),
        created_at=clock.timestamp(),
        created_ip=origin.ip,
        expires_at=draft.expires_at,
        form_key=command.form_key,
    )
    audit.record(
        "api.token_created",
        actor=account.pk,
        subject=account.pk,
        organization=command.organization_id,
        target=f"token:{token.pk}",
        origin=origin,
        detail={"name": draft.name, "scopes": list(draft.scopes)},
    )
    outbox.emit("api.token_created", {"token_id": token.pk, "account_id": account.pk})
    return token


def _raise_if_done(form_key: str, account: Account) -> None:
    done = ApiToken.objects.filter(form_key=form_key, account=account).first()
    if done is not None:
        raise AlreadyDone(done)


def _record(action: str, subject: int, actor: int | None, names: list[str], origin: Origin) -> None:
    audit.record(
        action,
        actor=actor,
        subject=subject,
        origin=origin,
        detail={"count": len(names), "names": names[:_MOST_NAMES]},
    )


def _emit_revoked(account_id: int, tokens: list[ApiToken]) -> None:
    ids = [token.pk for token in tokens]
    outbox.emit("api.tokens_revoked", {"account_id": account_id, "token_ids": ids})
