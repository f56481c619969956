"""What a simulation stops at."""


class Breach(Exception):  # noqa: N818 -- it is what was found, not what failed here
    """Something that must hold does not, in a sentence."""
