"""What an account's login is made of: the keyring's entry, or environment variables.

In: a network's fields and a profile's name; out: `Credentials`, whose secrets show themselves to nobody.

An entry of the keyring is one JSON text under the service "clipper" and the name "bluesky" or "bluesky:PROFILE". An
environment variable goes before it: CLIPPER_BLUESKY_PASSWORD, with a profile CLIPPER_BLUESKY_PROFILE_PASSWORD.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from clipper.errors import MissingError, UsageError
from clipper.publish.base import Field, Kind
from clipper.publish.secrets import Secret

SERVICE = "clipper"


class Credentials:
    """One account's fields.

    Args:
        kind: of the network.
        values: by the field's name.
        profile: "" for the only account on a network, else a word that tells them apart.
        stored: whether they came from the keyring, so that a token which was renewed goes back there.
    """

    def __init__(self, kind: Kind, values: Mapping[str, str], *, profile: str = "", stored: bool = False) -> None:
        self.kind, self.profile, self.stored = kind, profile, stored
        self._plain: dict[str, str] = {}
        self._secret: dict[str, Secret] = {}
        for field in kind.fields:
            value = values.get(field.name, field.default)
            if value is None:
                continue
            if field.secret:
                self._secret[field.name] = Secret(value)
            else:
                self._plain[field.name] = value

    def __getitem__(self, name: str) -> str:
        """A field that is no secret.

        Raises:
            MissingError: it was never said.
        """
        if name not in self._plain:
            raise self.missing(name)
        return self._plain[name]

    def secret(self, name: str) -> str:
        """A secret field, for the request that needs it; "" where an optional one was left out.

        Raises:
            MissingError: it was never said.
        """
        if name not in self._secret:
            raise self.missing(name)
        return self._secret[name].reveal()

    def get(self, name: str, default: str = "") -> str:
        """A field that is no secret, or `default`."""
        return self._plain.get(name) or default

    @property
    def lacking(self) -> tuple[Field, ...]:
        """Fields without which nobody can log in, and that were not said."""
        return tuple(f for f in self.kind.fields if f.name not in self._plain and f.name not in self._secret)

    def missing(self, name: str) -> MissingError:
        """The error for a field that was never said."""
        return MissingError(
            f"{self.kind.label}: no {name} is known for {self.profile or 'your account'}",
            f"clipper login {spelt(self.kind.name, self.profile)}, or set {variable(self.kind, name, self.profile)}",
        )

    def laid_over(self, values: Mapping[str, str]) -> Credentials:
        """The same with some fields said otherwise; it is kept nowhere."""
        own = {**self._plain, **{name: secret.reveal() for name, secret in self._secret.items()}}
        return Credentials(self.kind, {**own, **values}, profile=self.profile)

    def renew(self, **values: str) -> None:
        """Takes tokens that the network has given anew, and keeps them where the old ones were kept.

        From the environment they cannot be kept: they hold for this run.
        """
        for field in self.kind.fields:
            if field.name in values:
                if field.secret:
                    self._secret[field.name] = Secret(values[field.name])
                else:
                    self._plain[field.name] = values[field.name]
        if self.stored:
            self.keep()

    def keep(self) -> None:
        """Writes all fields to the keyring.

        Raises:
            MissingError: this machine has none that can be used.
        """
        values = {**self._plain, **{name: secret.reveal() for name, secret in self._secret.items()}}
        _keyring(lambda ring: ring.set_password(SERVICE, spelt(self.kind.name, self.profile), json.dumps(values)))
        self.stored = True

    def __repr__(self) -> str:
        return f"Credentials({spelt(self.kind.name, self.profile)})"


def spelt(network: str, profile: str) -> str:
    """As on the command line: "bluesky", or "bluesky:PROFILE"."""
    return f"{network}:{profile}" if profile else network


def split(word: str) -> tuple[str, str]:
    """Network and profile of a word such as "bluesky:othershow".

    Raises:
        UsageError: the profile holds something else than letters, digits and "-".
    """
    network, _, profile = word.strip().partition(":")
    if profile and not (profile.replace("-", "").isalnum() and profile.isascii()):
        raise UsageError(f"{profile!r} is no name for a profile", "use letters and digits, such as bluesky:othershow")
    return network.casefold(), profile.casefold()


def variable(kind: Kind, name: str, profile: str = "") -> str:
    """The environment variable of a field."""
    words = [kind.name, *([profile] if profile else []), name]
    return "CLIPPER_" + "_".join(words).replace("-", "_").upper()


def load(kind: Kind, profile: str = "") -> Credentials:
    """What is known of an account: the keyring's entry with the environment's variables laid over it.

    The keyring is only asked where the environment does not say everything; a machine without one is fine then.
    """
    said = {f.name: os.environ[v] for f in kind.fields if (v := variable(kind, f.name, profile)) in os.environ}
    needed = [f for f in kind.fields if f.default is None and f.name not in said]
    if not needed:
        return Credentials(kind, said, profile=profile)
    entry = spelt(kind.name, profile)
    try:
        raw = _keyring(lambda ring: ring.get_password(SERVICE, entry))
    except MissingError:
        if not said:
            raise
        raw = None
    kept = _entry(raw)
    return Credentials(kind, {**kept, **said}, profile=profile, stored=bool(kept) and not said)


def forget(kind: Kind, profile: str = "") -> bool:
    """Takes an account out of the keyring; whether there was one."""

    def remove(ring: Any) -> bool:
        entry = spelt(kind.name, profile)
        if ring.get_password(SERVICE, entry) is None:
            return False
        ring.delete_password(SERVICE, entry)
        return True

    return bool(_keyring(remove))


def _entry(raw: object) -> dict[str, str]:
    try:
        value = json.loads(raw) if isinstance(raw, str) else {}
    except ValueError:
        value = {}
    return {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}


def _keyring(use: Any) -> Any:
    """What `use` makes of the keyring."""
    mend = "set the CLIPPER_... variables instead: clipper login --help names them"
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise MissingError("the keyring is not installed", "pip install 'clipper[publish]'") from error
    try:
        return use(keyring)
    except KeyringError as error:
        # its text may come from anywhere, and may hold what was to be kept
        raise MissingError("this machine has no keyring that can be used", mend) from error
