"""The one exception that a user sees."""


class Trouble(Exception):
    """Bad surroundings or bad input: one sentence saying what is wrong and what to do."""
