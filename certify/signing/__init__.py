"""Keys, signatures and whom they are trusted from. Nothing else in certify signs or verifies what is signed.

keyring.py         the private key that signs, from a file or a variable
key_directory.py   a folder of keys of one's own: what ``certify keys new|list|rotate`` keep
key_set.py         the public keys that a verifier trusts: a JWK set, the only root of trust
fetch.py           a JWK set behind a URL, bounded in time and size
jws.py             certificates, approvals and revocation lists: JWS in compact form
dsse.py            the envelope that supply-chain tools read
"""
