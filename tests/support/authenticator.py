"""An authenticator in software, and the browser that hands on what it makes and signs. Both can lie."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
NAMELESS = UUID(int=0)


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """A passkey: what it is called, whom it is for, how often it was used."""

    id: bytes
    private: ec.EllipticCurvePrivateKey
    user_handle: bytes
    count: int = 0


@dataclass
class Authenticator:
    """Keeps passkeys. `counts`: whether it counts their uses, which those that sync do not."""

    origin: str
    counts: bool = True
    aaguid: UUID = NAMELESS
    flags: int = PRESENT | VERIFIED
    keys: list[Key] = field(default_factory=list)

    def make(
        self, options: dict[str, Any], *, credential_id: bytes | None = None, **lies: Any
    ) -> dict[str, Any]:
        """A new passkey, as options ask for."""
        excluded = {decoded(one["id"]) for one in options["excludeCredentials"]}
        assert not excluded & {key.id for key in self.keys}, "this authenticator has one already"
        private = ec.generate_private_key(ec.SECP256R1())
        key = Key(credential_id or secrets.token_bytes(32), private, decoded(options["user"]["id"]))
        self.keys.append(key)
        numbers = private.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = self.aaguid.bytes + len(key.id).to_bytes(2) + key.id + cbor2.dumps(cose)
        data = self._data(key, options["rp"]["id"], ATTESTED, lies) + attested
        return self._credential(
            key,
            clientDataJSON=self._client("webauthn.create", options, lies),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def show(self, options: dict[str, Any], key: Key | None = None, **lies: Any) -> dict[str, Any]:
        """A passkey, its newest unless told otherwise.

        Lies are told about `rp_id`, `origin`, `challenge`, `kind`, `cross_origin`, `count` and `user_handle`;
        `signed` is signed instead.
        """
        key = key or self.keys[-1]
        data = self._data(key, options["rpId"], 0, lies)
        client = self._client("webauthn.get", options, lies)
        signed = lies.get("signed", data + sha256(client).digest())
        return self._credential(
            key,
            clientDataJSON=client,
            authenticatorData=data,
            signature=key.private.sign(signed, ec.ECDSA(SHA256())),
            userHandle=lies.get("user_handle", key.user_handle),
        )

    def _data(self, key: Key, rp_id: str, flags: int, lies: dict[str, Any]) -> bytes:
        if self.counts:
            key.count += 1
        count = lies.get("count", key.count)
        named = lies.get("rp_id", rp_id)
        return sha256(named.encode()).digest() + bytes([self.flags | flags]) + count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any], lies: dict[str, Any]) -> bytes:
        said = {
            "type": lies.get("kind", kind),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": lies.get("cross_origin", False),
        }
        return json.dumps(said).encode()

    def _credential(self, key: Key, **response: bytes | None) -> dict[str, Any]:
        named = {name: encoded(value) for name, value in response.items() if value is not None}
        return {"id": encoded(key.id), "rawId": encoded(key.id), "type": "public-key", "response": named}
