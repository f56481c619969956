"""The sandbox bank: a bank of its own, in a process of its own, that misbehaves on order.

It shares no code with OK, not even the way an amount is read, so that its books are a witness
nobody talked to. It knows OK's files only: pain.001.001.09 and pain.008.001.08 come in, and
pain.002.001.10, camt.054.001.08 and camt.053.001.08 go out (ISO 20022, as the European Payments
Council uses them for SEPA).

With ``--port`` it also answers on this machine (``demo.bank.server``): the PSD2 interface through
which its customers pay at once, the page on which they approve it, whether a name is that on an
account, and what a customer sees of an account. For the rest a folder is the whole of it:

- ``in/``: files for the bank. Write them under another name and rename them to ``*.xml``.
- ``out/``: its answers, named by kind and number; they appear whole.
- ``orders/``: how it shall misbehave (``demo.bank.orders``), as ``*.json``.
- ``taken/``: what it has read; ``refused/``: orders it did not understand, and why.
- ``bank.sqlite3``: its books and everything it still has to do.
"""
