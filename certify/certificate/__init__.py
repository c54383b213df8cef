"""Certificates: what is signed over a run, how it is written, and how it is read again.

A certificate says what a run proved, for whom, from which bytes, and how it came about. It is a JWS in compact form
(RFC 7515) whose claims are those of a JWT (RFC 7519) and one of our own. Who may sign is the business of the key set
that a verifier names; nothing in here believes a certificate by itself.
"""
