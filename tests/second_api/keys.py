"""Who may call: two companies, a key that only reads, one that may be worn out, and the administrator's."""

from __future__ import annotations

from tests.second_api.exchange import Key

KEYS = {
    "primary": Key("TEST-ONLY-depot-north-7Qm2", "north", frozenset({"read", "write"})),
    "other_tenant": Key("TEST-ONLY-depot-south-c81K", "south", frozenset({"read", "write"})),
    "read_only": Key("TEST-ONLY-depot-north-reader-Xe4", "north", frozenset({"read"})),
    "burnable": Key("TEST-ONLY-depot-north-trial-09bZ", "north", frozenset({"read", "write"})),
    "admin": Key("TEST-ONLY-depot-admin-Vv3r", "north", frozenset({"read", "write", "admin"})),
}
