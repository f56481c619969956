"""How a statement's lines find what they came for, and what follows from it: SQL over whole sets.

The work is done in temporary tables of one transaction: ``match_line`` (lines to match),
``match_word`` (what in their texts may be a reference), ``match_pointer`` (which expectation a line
names), ``match_decision`` (what came for what) and ``match_told`` (expectations of which something
is to be told).
"""
