"""Days of people, tills, the bank, clocks and faults, with the books proved after every step.

The whole of OK runs in this process, on a database of its own, beside the sandbox bank. One seed
draws everything that happens, and time is what the simulation says it is: the same seed takes the
same steps to the same end, so that a failure repeats exactly.

- ``cast``: who takes part: shops with their tills, shoppers with their phones and accounts.
- ``activities``: what they, OK's own tasks and the bank do, one step at a time, with what goes
  wrong. A table says how often each comes up.
- ``memory``, ``orders``: what tills and webshops were told. ``books``: a second bookkeeping beside
  the ledger. ``witness``: the bank's own books. All know the truth, and none of them asks OK.
- ``checks``: what must hold after every step, and the full proof now and then.
"""
