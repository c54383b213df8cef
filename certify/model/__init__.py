"""Pure data: the nouns of certification. Standard library only; no file, socket or clock is touched here."""
