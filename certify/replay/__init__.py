"""Seeing a finding again: its recorded request, sent anew with fresh credentials, and judged by the same oracle.

subject      what is meant: a finding of the report or an exchange, and the record of it
rebuild      the recorded request, ready to be sent again: the record is redacted, so not every one can be
sending      sends it, in a session of its own
substitute   the same about another object, where the one of the record is gone
leftovers    what sending a create again has made is taken away
oracle       how one answer by itself decides a finding
rerun        the whole check, run again by itself, where one answer does not decide
replay       first the one, then where need be the other: *still failing*, *fixed* or *cannot tell*
"""
