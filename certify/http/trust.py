"""What the wire trusts, and how it proves itself in TLS: trust stores and client certificates."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import httpx

from certify.errors import ProfileError
from certify.http.credentials import ClientCertificate


@cache
def tls_context(ca_file: str = "", certificate: ClientCertificate | None = None) -> ssl.SSLContext:
    """The context of a connection. Raises :class:`ProfileError` where a file or a certificate cannot be used.

    Loading the trust store takes longer than a whole request, so contexts are shared.
    """
    context = httpx.create_ssl_context(trust_env=False)
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ValueError) as error:  # an SSLError is an OSError
            reason = "it holds no certificate in PEM" if isinstance(error, ssl.SSLError) else error
            raise ProfileError(f"target.ca_file {ca_file} cannot be used: {reason}") from None
    if certificate is not None:
        _present(context, certificate)
    return context


def _present(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    with pem_file(certificate) as path:
        try:
            context.load_cert_chain(path, password=_no_password)
        except (OSError, ValueError) as error:
            raise ProfileError(
                f"a client certificate cannot be used: {_reason(error)}",
                ["certificate holds the chain and certificate_key its private key, both in PEM", "openssl x509 -text"],
            ) from None


def _no_password() -> str:
    # Without this, OpenSSL asks whoever sits at the terminal.
    raise ValueError("the private key is encrypted; give it decrypted, by a command for example")


def _reason(error: Exception) -> str:
    text = str(error)
    if "KEY_VALUES_MISMATCH" in text:
        return "the private key does not belong to the certificate"
    return "it is not PEM" if "PEM" in text and "lib" in text else text


@contextmanager
def pem_file(certificate: ClientCertificate) -> Iterator[str]:
    """Chain and key as a file for as long as the block lasts: the ``ssl`` module reads keys from files only.

    On Linux the file lives in memory and never on a disk; elsewhere it is readable by us alone, and deleted at once.
    """
    data = f"{certificate.chain.strip()}\n{certificate.key.strip()}\n".encode()
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("certificate")
        try:
            os.write(descriptor, data)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
    else:
        with tempfile.NamedTemporaryFile(prefix="certify-") as file:  # created with mode 0600
            file.write(data)
            file.flush()
            yield file.name
