"""Security keys: what a browser is told and what it answers (W3C Web Authentication, level 2). Nothing here knows
the database. A key proves that somebody has it; who they are, the password has said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.errors import Invalid
from fedcoop.second_factors.types import SecurityKey

LONGEST_ANSWER = 20_000
BAD_KEY = "This security key did not give the right answer. Try again, or use a code."


class NewKey(NamedTuple):
    credential_id: bytes
    public_key: bytes
    sign_count: int


def _host(config: Config) -> str:
    return config.domain.partition(":")[0]


def _described(keys: Sequence[SecurityKey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys]


def enrolment(config: Config, account: Account, challenge: bytes, known: Sequence[SecurityKey]) -> str:
    """What the browser needs to make a key for this account, as JSON."""
    options = generate_registration_options(
        rp_id=_host(config),
        rp_name=config.title,
        user_name=account.username,
        user_id=str(account.id).encode(),
        user_display_name=account.display_name or account.username,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.DISCOURAGED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(options)


def enrolled(config: Config, answer: str, challenge: bytes) -> NewKey:
    """The key that the browser has made. Raises `Invalid`."""
    try:
        made = verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=_host(config),
            expected_origin=config.base_url,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Invalid("This security key could not be added. Try again, or another one.") from None
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def question(config: Config, challenge: bytes, keys: Sequence[SecurityKey]) -> str:
    """What one of these keys is to sign, as JSON for the browser."""
    options = generate_authentication_options(
        rp_id=_host(config),
        challenge=challenge,
        allow_credentials=_described(keys),
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return options_to_json(options)


def answered(config: Config, answer: str, challenge: bytes, keys: Sequence[SecurityKey]) -> tuple[int, int]:
    """Which of the keys has signed, by its id, and its new count. A count that does not grow tells of a copy of
    the key. Raises `Invalid`."""
    try:
        credential = parse_authentication_credential_json(answer[:LONGEST_ANSWER])
        named = bytes_to_base64url(credential.raw_id)
        key = next(each for each in keys if bytes_to_base64url(each.credential_id) == named)
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(config),
            expected_origin=config.base_url,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, StopIteration):
        raise Invalid(BAD_KEY) from None
    return key.id, verified.new_sign_count
