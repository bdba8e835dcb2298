"""skrub's readers of dates, loaded where a column asks for them and without its asides."""

import logging
from typing import Any


def reader() -> Any:
    """What reads words as dates: skrub's `ToDatetime`."""
    return _skrub().ToDatetime()


def encoder() -> Any:
    """What makes numbers of dates: skrub's `DatetimeEncoder`, down to seconds, with weekdays."""
    return _skrub().DatetimeEncoder(resolution="second", add_weekday=True, add_total_seconds=False)


def _skrub() -> Any:
    # skrub loads matplotlib, which at its first use on a machine speaks of building a font cache.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    import skrub

    return skrub
