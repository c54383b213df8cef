"""Finding a contract: where it was named, or at the usual places below a base URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from certify.contract import Contract
from certify.errors import CertifyError, UsageError
from certify.http.call import Call, Reply
from certify.http.session import open_session
from certify.http.wire import TransportError, unreachable
from certify.model.partner import Partner, SignIn
from certify.preflight import contract_of

USUAL = (
    "/openapi.json",
    "/openapi.yaml",
    "/openapi.yml",
    "/swagger.json",
    "/swagger.yaml",
    "/v3/api-docs",
    "/api-docs",
    "/v2/api-docs",
    "/swagger/v1/swagger.json",
    "/api/openapi.json",
    "/api/schema/",
    "/api/v1/openapi.json",
    "/docs/openapi.json",
    "/.well-known/openapi.json",
    "/apispec_1.json",
    "/spec.json",
    "/openapi",
)
"""Where frameworks put it: FastAPI, Connexion, springdoc, springfox, Swashbuckle,
drf-spectacular, NestJS, flasgger, pygeoapi."""


def stranger(base_url: str, contract: str = "") -> Partner:
    """A partner of whom nothing is known but addresses that our own user has named: nobody signs in."""
    hosts = tuple(urlsplit(url).netloc.rpartition("@")[2] for url in (base_url, contract) if "://" in url)
    base = base_url or contract
    return Partner("new", "New", base.rstrip("/"), SignIn("none"), {}, contract, allowed_hosts=hosts)


def find_contract(contract: str, url: str) -> tuple[Contract, str]:
    """The contract, and where it was found: a path or a URL. Raises :class:`CertifyError`."""
    if contract:
        return read_contract(contract, url), contract
    if not url:
        raise UsageError(
            "neither --contract nor --url was given", ["say where the OpenAPI document is, or where the API is"]
        )
    return _search(url)


def read_contract(contract: str, url: str) -> Contract:
    """A named contract, fetched where it is a URL."""
    if "://" not in contract and not Path(contract).is_file():
        raise UsageError(f"there is no file {contract}", ["--contract takes a file or an http(s) URL"])
    return contract_of(stranger(url, contract), None)


def _search(url: str) -> tuple[Contract, str]:
    partner = stranger(url)
    session = open_session(partner)
    tried = []
    try:
        for place in places(url):
            reply = session.wire.send(Call("GET", place), {}, purpose="preflight")
            if _looks_like_one(reply):
                return read_contract(place, url), place
            tried.append(f"{place}: {reply}")
    except TransportError as error:
        raise unreachable(url, error) from None
    except CertifyError as error:
        raise UsageError(f"what is at {place} cannot be used: {error.message}", error.advice) from None
    finally:
        session.close()
    raise UsageError(
        f"no OpenAPI document was found below {url}",
        ["name it with --contract FILE or URL", f"{len(tried)} usual places were tried: {', '.join(USUAL)}"],
    )


def places(url: str) -> list[str]:
    """The usual places below a URL, and below its origin."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    bases = dict.fromkeys([url.rstrip("/"), origin])
    return [f"{base}{place}" for base in bases for place in USUAL]


def _looks_like_one(reply: Reply) -> bool:
    """A document that calls itself OpenAPI: by its media type, or anywhere, because members come in any order."""
    text = reply.content.lstrip(b"\xef\xbb\xbf \r\n\t")
    named = "openapi" in reply.media_type or any(word in text for word in (b"openapi", b"swagger"))
    return reply.ok and named and reply.media_type != "text/html" and not text.startswith(b"<")
