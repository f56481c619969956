"""What points are as money owed, in the shape of IFRS 15 (pure).

A sale that earns points sells two things: the goods, and a right to a reward. Its price is split
over both by what each would fetch alone (IFRS 15.74-80, B39-B43); the part of the points is
deferred until they are spent.
"""

from typing import NamedTuple

from loyalty.engine import MILLI
from okplatform.kernel.money import BASIS_POINTS, half_up


class Deferral(NamedTuple):
    """Amounts in minor units.

    ``full`` is what the points outstanding are worth if all are spent, ``expected`` what is
    expected to be, ``breakage`` the rest; ``goods`` and ``deferred`` split the sales.
    """

    full: int
    expected: int
    breakage: int
    goods: int
    deferred: int


def defer(*, sales: int, issued: int, outstanding: int, worth: int, redeemed_bp: int) -> Deferral:
    """Return what is owed for points, and what of the sales that earned them is deferred.

    ``sales`` is what was paid with the points ``issued`` (minor units, net of what came back),
    ``worth`` that of 1,000 points, ``redeemed_bp`` how many are expected to be spent. Of all::

        E        = issued x worth x redeemed         the rights' price alone
        promised = sales x E / (sales + E)
        deferred = promised x outstanding / issued

    100,000 of sales and 10,000 points worth 1 each, of which 9,500 are expected: 91,324 goods and
    8,676 deferred.
    """
    full = half_up(outstanding * worth, MILLI)
    expected = half_up(outstanding * worth * redeemed_bp, MILLI * BASIS_POINTS)
    rights = issued * worth * redeemed_bp
    scale = MILLI * BASIS_POINTS
    if not sales or not rights:
        return Deferral(full, expected, full - expected, sales, 0)
    whole = (sales * scale + rights) * issued
    deferred = half_up(sales * rights * outstanding, whole)
    return Deferral(full, expected, full - expected, sales - deferred, deferred)
