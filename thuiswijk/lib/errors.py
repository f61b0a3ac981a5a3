"""What goes wrong by the rules of the product, as sentences for who is at the screen."""


class Refused(Exception):
    """A verb can't do this now. `str()` is a Dutch sentence that says why, and what to do about it."""
