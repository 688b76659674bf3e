"""A device that keeps passkeys, in software: makes keys and signs as a browser would."""

from __future__ import annotations

import json
from hashlib import sha256
from secrets import token_bytes
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://localhost:8000"
UP, UV, AT = 0x01, 0x04, 0x40


class Device:
    """One device with one key for one site. flags, origin, counter can be set to anything."""

    def __init__(self, origin=ORIGIN):
        self.origin = origin
        self.host = urlsplit(origin).hostname
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = token_bytes(32)
        self.counter = 0
        self.flags = UP | UV
        self.handle = ""

    def create(self, options):
        """Answer a request for a new key."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self.private.public_key())
        )
        made = AuthenticatorData.create(
            self._host_hash(), self.flags | AT, self.counter, credential
        )
        attested = AttestationObject.create("none", made, {})
        return self._answer(
            self._client("webauthn.create", asked["challenge"]),
            attestationObject=websafe_encode(attested),
        )

    def get(self, options, *, handle=None):
        """Answer a request for a sign-in."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        made = AuthenticatorData.create(self._host_hash(), self.flags, self.counter)
        signed = self.private.sign(made + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            client,
            authenticatorData=websafe_encode(made),
            signature=websafe_encode(signed),
            userHandle=self.handle if handle is None else handle,
        )

    def _host_hash(self):
        return sha256(self.host.encode()).digest()

    def _client(self, kind, challenge):
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, client, **response):
        key = websafe_encode(self.id)
        response["clientDataJSON"] = websafe_encode(client)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})
