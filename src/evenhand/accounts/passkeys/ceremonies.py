"""What WebAuthn asks of an authenticator, and whether what comes back proves anything.

The library is loaded when it is first needed: with OpenSSL and all it takes longer to load than many a start.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from evenhand.accounts.passkeys.challenges import VALID
from evenhand.accounts.passkeys.party import Party

_MILLISECONDS = int(VALID.total_seconds()) * 1000


class NotProven(Exception):
    """What came back proves nothing; the text names the fault and holds nothing of what came."""


@dataclass(frozen=True)
class Holder:
    """Whose passkey is to be made: what it knows and shows them by, and those that they have already."""

    handle: bytes
    name: str
    credential_ids: Sequence[bytes]


@dataclass(frozen=True)
class Made:
    """A passkey that was made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: UUID


@dataclass(frozen=True)
class Shown:
    """Which passkey somebody says that they have, and what it knows its account by."""

    credential_id: bytes
    user_handle: bytes | None


async def load() -> None:
    """Load the library beside the loop; to be called before any of the others."""
    await asyncio.to_thread(import_module, "webauthn")


def creation_options(party: Party, site: str, holder: Holder, challenge: bytes) -> dict[str, Any]:
    """What a browser's `navigator.credentials.create` is called with, as JSON."""
    import webauthn
    from webauthn.helpers import options_to_json_dict, structs

    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=site,
        user_id=holder.handle,
        user_name=holder.name,
        challenge=challenge,
        timeout=_MILLISECONDS,
        # Kept by the authenticator with the account, so that nobody has to say first who they are.
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in holder.credential_ids],
    )
    return options_to_json_dict(options)


def request_options(party: Party, challenge: bytes) -> dict[str, Any]:
    """What a browser's `navigator.credentials.get` is called with, as JSON: any passkey for here will do."""
    import webauthn
    from webauthn.helpers import options_to_json_dict

    options = webauthn.generate_authentication_options(
        rp_id=party.id, challenge=challenge, timeout=_MILLISECONDS
    )
    return options_to_json_dict(options)


def challenge_in(credential: dict[str, Any]) -> bytes | None:
    """The challenge that an authenticator signed, or so it is said; None where that cannot be read."""
    from webauthn.helpers import base64url_to_bytes, parse_client_data_json

    try:
        data = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    except Exception:  # whatever reading nonsense raises; `trying` refuses it, and says so
        return None
    return None if data.cross_origin else data.challenge


def shown_in(credential: dict[str, Any]) -> Shown:
    """The passkey that somebody shows. Raises `NotProven` when it cannot be read."""
    from webauthn.helpers import parse_authentication_credential_json

    try:
        parsed = parse_authentication_credential_json(credential)
    except Exception as error:
        raise NotProven(type(error).__name__) from None
    return Shown(parsed.raw_id, parsed.response.user_handle)


def check_made(party: Party, credential: dict[str, Any], challenge: bytes) -> Made:
    """The passkey that was made for this site on this challenge. Raises `NotProven`."""
    import webauthn

    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
    except Exception as error:
        raise NotProven(type(error).__name__) from None
    return Made(made.credential_id, made.credential_public_key, made.sign_count, UUID(made.aaguid))


def check_shown(party: Party, credential: dict[str, Any], challenge: bytes, public_key: bytes) -> int:
    """Whether a passkey signed this challenge on this site: its counter. Raises `NotProven`."""
    import webauthn

    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            # The library looks at the counter before the signature: anybody could have a passkey refused.
            credential_current_sign_count=0,
        )
    except Exception as error:
        raise NotProven(type(error).__name__) from None
    return shown.new_sign_count
