"""`clipper login NETWORK`: asks what the network wants to know, tries it, and keeps it in the keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from clipper.publish.base import Kind


def login(
    network: Annotated[
        str,
        typer.Argument(
            metavar="NETWORK", help="bluesky, mastodon, ...; bluesky:PROFILE for a second account.", show_default=False
        ),
    ],
    variables: Annotated[
        bool, typer.Option("--variables", help="Only name the environment variables that say the same.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Take the account out of the keyring.")] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Send passwords unencrypted to other machines too.")
    ] = False,
) -> None:
    """Log in to a network, once; the password or token goes into this machine's keyring.

    Passwords are typed unseen. Where the network has a sign-in page, it opens in your browser and comes back to this
    machine alone. Without a keyring, set the environment variables that --variables names.
    """
    from clipper.publish import credentials, networks
    from clipper.publish.credentials import Credentials

    name, profile = credentials.split(network)
    kind = networks.kind(name)
    if variables:
        _variables(kind, profile)
        return
    if forget:
        gone = credentials.forget(kind, profile)
        typer.echo(f"{kind.label} is forgotten." if gone else f"The keyring knows nothing of {network}.")
        return
    said = _asked(kind)
    values = networks.login(kind, said, _show, ask=_pasted, allow_http=allow_http)
    made = Credentials(kind, values, profile=profile)
    if made.lacking:
        raise made.missing(made.lacking[0].name)
    account = networks.publisher(made, allow_http=allow_http).account()
    made.keep()
    typer.echo(f"Logged in to {kind.label} as {account.name}; posts are seen by: {account.audience}.")


def _asked(kind: Kind) -> dict[str, str]:
    """What the person types; an empty answer takes the default."""
    said: dict[str, str] = {}
    for field in kind.fields:
        if field.given:
            continue
        if field.help:
            typer.echo(f"  {field.help}", err=True)
        optional = field.default is not None
        answer = typer.prompt(
            field.label,
            default=field.default if optional else None,
            hide_input=field.secret,
            show_default=bool(field.default),
            err=True,
        )
        if answer or optional:
            said[field.name] = str(answer).strip()
    return said


def _show(page: str) -> None:
    import webbrowser

    typer.echo("Say yes in the browser. If it does not open, open this page yourself:", err=True)
    typer.echo(f"  {page}", err=True)
    webbrowser.open(page)


def _pasted(question: str) -> str:
    # what is pasted holds a code that works like a password, once
    return str(typer.prompt(question, err=True, hide_input=True))


def _variables(kind: Kind, profile: str) -> None:
    from clipper.publish.credentials import variable

    for field in kind.fields:
        needed = "" if field.default is None else f" (may be left out: {field.default or 'empty'})"
        typer.echo(f"{variable(kind, field.name, profile)}    {field.label}{needed}")
