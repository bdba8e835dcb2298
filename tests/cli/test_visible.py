"""Names from a table never command the terminal."""

from losscope.cli._frame import say
from losscope.cli._output import note


def test_control_characters_are_spelled(capsys):
    """An escape sequence in a column's name is shown, not obeyed, in errors and notes alike."""
    say("column 'a\x1b]0;x\x07' is unknown")
    note(["class '\u202ertl'"], quiet=False)
    told = capsys.readouterr().err
    assert "\\x1b" in told
    assert "\\u202e" in told
    assert not {"\x1b", "\x07", "\u202e"} & set(told)
