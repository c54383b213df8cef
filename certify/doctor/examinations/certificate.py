"""TLS: the certificate is valid today, for this name, and signed by somebody who is trusted (RFC 5280, RFC 6125)."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass

from certify.doctor.ailment import Ailment, Attribution, Weight
from certify.doctor.case import Case
from certify.doctor.diagnosis import Seen
from certify.doctor.examination import Examination
from certify.doctor.examinations.addresses import PATIENCE_S, Named, named
from certify.http.credentials import ClientCertificate
from certify.http.trust import tls_context

SOON_DAYS = 14
_EXPIRED, _NOT_YET, _WRONG_HOST, _WRONG_ADDRESS = 10, 9, 62, 64
_UNTRUSTED = {18, 19, 20, 21}
"""Verification codes of OpenSSL (X509_V_ERR_*)."""


@dataclass(frozen=True)
class Certificate:
    """What a server shows: days until it ends, and the names that it is for."""

    days: float
    names: tuple[str, ...]


class Certificates(Examination):
    name, title, step = "certificate", "the certificate", 40
    stands_on = ("connection", "secrets")

    def examine(self, case: Case) -> Seen:
        secure = [item for item in named(case) if item.secure]
        if not secure:
            return Seen("plain http, so there is none", needed=False)
        ailments: list[Ailment] = []
        told = []
        for item in secure:
            try:
                days = _days_left(case, item)
                told.append(f"{item.host}: valid for {days:.0f} more days")
                ailments += _soon(case, item, days)
            except ssl.SSLError as error:
                ailments.append(_ailment(case, item, error))
            except OSError as error:
                ailments.append(_dropped(case, item, error))
        return Seen("; ".join(told) or ailments[0].message, tuple(ailments))


def _days_left(case: Case, item: Named) -> float:
    with _handshake(item, tls_context(case.known.ca_file, _ours(case, item))) as secured:
        ends = str((secured.getpeercert() or {}).get("notAfter", ""))
    return (ssl.cert_time_to_seconds(ends) - time.time()) / 86400 if ends else float("inf")


def _ours(case: Case, item: Named) -> ClientCertificate | None:
    """The client certificate of primary, where it has one: until TLS 1.3, a server that wants one ends the handshake
    without it. It is not shown to whoever publishes the contract."""
    has_one = "primary" in case.known.identities and "certificate" in case.known.identities["primary"].secrets
    return case.session.connection().certificate if has_one and item.place != ("target", "contract") else None


def _handshake(item: Named, context: ssl.SSLContext) -> ssl.SSLSocket:
    raw = socket.create_connection((item.host, item.port), PATIENCE_S)
    try:
        return context.wrap_socket(raw, server_hostname=item.host)
    except BaseException:
        raw.close()
        raise


def _soon(case: Case, item: Named, days: float) -> list[Ailment]:
    if days > SOON_DAYS:
        return []
    message = f"the certificate of {item.host} ends in {days:.0f} days"
    return [case.ailment(Attribution.PARTNER, message, ["renew it before then"], item.place, weight=Weight.MINOR)]


def _ailment(case: Case, item: Named, error: ssl.SSLError) -> Ailment:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return _no_tls(case, item, error)
    code = error.verify_code
    shown = _shown(item) if code else None
    names = f"; it is for {', '.join(shown.names[:5])}" if shown and shown.names else ""
    if code in (_EXPIRED, _NOT_YET):
        when = f"ended {-shown.days:.0f} days ago" if shown and code == _EXPIRED else "is not valid on this day"
        clock = "this machine's clock is wrong: compare `date -u`"
        return case.ailment(
            Attribution.PARTNER, f"the certificate of {item.host} {when}", ["renew it", clock], item.place
        )
    if code in (_WRONG_HOST, _WRONG_ADDRESS):
        return case.ailment(
            Attribution.PARTNER,
            f"the certificate is not for {item.host}{names}",
            [f"{'.'.join(item.place)} names another host than the certificate does", "the server shows a wrong one"],
            item.place,
        )
    if code in _UNTRUSTED:
        return case.ailment(
            Attribution.PROFILE,
            f"nobody who is trusted here signed the certificate of {item.host}: {error.verify_message}",
            [
                "it comes from a private authority, or is self-signed: name its certificates (PEM) as target.ca_file",
                "the server does not send the certificates between its own and the authority's",
                "somebody between here and the sandbox opens the connection: a proxy of your company?",
            ],
            ("target", "ca_file"),
            "ca_file: authority.pem",
        )
    return _no_tls(case, item, error)


def _no_tls(case: Case, item: Named, error: ssl.SSLError) -> Ailment:
    if "WRONG_VERSION_NUMBER" in str(error) or "HTTP_REQUEST" in str(error):
        message = f"{item.host}:{item.port} does not speak TLS"
        advice = f"base_url: http://{item.host}:{item.port}…" if item.place[-1] == "base_url" else ""
        return case.ailment(Attribution.PROFILE, message, ["it is an http address"], item.place, advice)
    wants = "the server wants a client certificate (sign_in.kind: mutual_tls)"
    if _ours(case, item) is not None:
        wants = "the server does not take the client certificate of primary: is it known there, and still valid?"
    causes = [wants, "its TLS is too old or misconfigured"]
    return case.ailment(Attribution.PARTNER, f"no TLS with {item.host}: {error.reason}", causes, item.place)


def _dropped(case: Case, item: Named, error: OSError) -> Ailment:
    told = f"{item.host}:{item.port} gives no answer to a TLS greeting: {error}"
    return case.ailment(Attribution.PARTNER, told, ["it does not speak TLS", "it hangs"], item.place)


def _shown(item: Named) -> Certificate | None:
    """The certificate that could not be verified; looked at, never trusted."""
    from cryptography import x509

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with _handshake(item, context) as secured:
            certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError):
        return None
    days = (certificate.not_valid_after_utc.timestamp() - time.time()) / 86400
    try:
        alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(str(getattr(name, "value", name)) for name in alternative)
    except x509.ExtensionNotFound:
        names = ()
    return Certificate(days, names)
