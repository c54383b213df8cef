"""The one way to the wire: client, recorder, redaction, sign-in, pacing, guard. Nothing else imports httpx."""
