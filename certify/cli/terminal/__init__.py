"""What the command line shows in a terminal: calm, in words, and plain wherever colour or cursor are not at home."""
