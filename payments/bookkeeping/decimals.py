"""Integers written as decimals, for files that other programs read (pure)."""


def decimal(amount: int, *, places: int = 2, point: str = ".") -> str:
    """Write a whole number of small units with its point: 210 is ``2.10``, -5 is ``-0.05``.

    No grouping and no currency; ``format_money`` (``okplatform.kernel.money``) writes for people.
    """
    whole, part = divmod(abs(amount), 10**places)
    return f"{'-' if amount < 0 else ''}{whole}{point}{part:0{places}}"


def percentage(basis_points: int) -> str:
    """Write a rate without needless zeros: 2100 is ``21``, 525 is ``5.25``."""
    return decimal(basis_points).rstrip("0").rstrip(".")
