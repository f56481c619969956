"""Files of cards that other apps made, read into plain rows: one module per format (pure).

A reader believes nothing: it says what it found, with its line, and a problem for what it cannot
use. What of it may stand on a card is for ``wallet.import_checking``.
"""
