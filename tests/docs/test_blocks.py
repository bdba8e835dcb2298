"""The checker of the documentation's blocks complains about what is wrong, and only about that."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="not in a checkout")
fitting = pytest.importorskip("docs.blocks.fitting")


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("log-loss 0.158  1.099", "log-loss 0.159  1.101"),  # a unit, or 2 %
        ("ce 9.98 [−0.20, 0.29]", "ce 10.01 [−0.20, 0.30]"),  # wider, so its neighbour moves
        ("residual 3e-11", "residual 1e-13"),  # rounding
        ("36 runs in 2.7 s", "36 runs in 14 s"),  # a time
        ("dW2 right to 10 digits", "dW2 right to 9 digits"),
        ("wins on 80 %", "wins on 81 %"),
        ("page ... written", "page /tmp/a written"),
        ("LS001  twice", "LS001  twice  "),
    ],
)
def test_a_line_may_differ_as_machines_do(shown, printed):
    """Roundings, times and what the page leaves open do not matter."""
    assert fitting.fits([shown], [printed])


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("log-loss 0.158", "log-loss 0.163"),
        ("residual 3e-11", "residual 3e-3"),
        ("residual 0.16", "residual −0.16"),
        ("dW2 right to 10 digits", "dW2 right to 3 digits"),
        ("line 41", "line 42"),
        ("LS001", "LS002"),
        ("better on 9 of 10 seeds", "better on 8 of 10 seeds"),
        ("dZ2 = A2 − Y", "dZ2 = A2 + Y"),
        ("  indented", "indented"),
        ("cannot tell", "better"),
        ("digits 1.5", "digits 1.5 and more"),
        ("a ... b", "a then c"),
    ],
)
def test_a_line_may_not_differ_otherwise(shown, printed):
    """A wrong figure, name, count or word is found."""
    assert not fitting.fits([shown], [printed])


def test_lines_left_out_stand_for_any():
    """A line of dots stands for none or many lines, between lines that must be there."""
    assert fitting.fits(["a", "...", "c 0.5", "...", "z"], ["a", "b", "b", "c 0.5", "z"])
    assert not fitting.fits(["a", "...", "c", "...", "z"], ["a", "b", "z"])
    assert not fitting.fits(["a", "...", "z"], ["a", "z", "more"])
    assert not fitting.fits(["a", "...", "a"], ["a"])


def test_rewriting_keeps_the_dots_and_what_fits():
    """Only what differs is written anew."""
    shown = ["head 1.00", "...", "old", "tail ... end"]
    printed = ["head 1.01", "b", "c", "new", "tail x end"]
    assert fitting.rewritten(shown, printed) == ["head 1.00", "...", "new", "tail ... end"]


GOOD = """
# A page

<!-- file: mine.py -->
```python
x = 4
```

- in a list

  ```console
  $ echo one \\
      two
  one two
  $ python -c 'import mine; print(mine.x / 3)'; ls examples
  1.33
  ...
  does_the_loss_matter.py
  ...
  ```

<!-- exit: 3 -->
```console
$ echo "$HOME" && exit 3
~
```

```python
import mine

print("not compared")
```

```pycon
>>> for i in range(2):
...     print(mine.x + i)
4
5
>>> mine.y
Traceback (most recent call last):
...
AttributeError: module 'mine' has no attribute 'y'
```

```sh
test -f mine.py
```

<!-- not run: it costs an hour -->
```sh
sleep 3600
```
"""

WRONG = """
```console
$ echo 0.50
0.60
```

```console
$ exit 7
```

<!-- exit: 1 -->
```console
$ true
```

```pycon
>>> 1 + 1
3
```

```python
x = 1
raise ValueError(x)
```

```sh
false
```
"""


def check(*arguments):
    """Run the checker as its user does."""
    return subprocess.run(
        [sys.executable, "-m", "docs.blocks", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_right_page_passes(tmp_path):
    """Files, commands, statements and errors as shown; what is not run is told with its reason."""
    page = tmp_path / "page.md"
    page.write_text(GOOD, encoding="utf-8")
    done = check(page)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 blocks run, 0 wrong, 1 not run" in done.stdout
    assert f"{page}:50: it costs an hour" in done.stdout


def test_each_planted_fault_is_named_with_its_line(tmp_path):
    """Output, exit codes, an error in a block: each with page and line; `--write` mends output."""
    page = tmp_path / "page.md"
    page.write_text(WRONG, encoding="utf-8")
    done = check(page)
    assert done.returncode == 1
    for line, said in {
        3: "printed is not what is shown: echo 0.50",
        8: "ended with code 7, not 0: exit 7",
        12: "no command of the block ends with code 1",
        17: "printed is not what is shown: 1 + 1",
        21: "the block raises",
        26: "ended with code 1, not 0: false",
    }.items():
        assert f"{page}:{line}: {said}" in done.stdout
    assert f'File "{page}", line 23' in done.stdout
    assert "-0.60\n    +0.50" in done.stdout

    done = check("--write", page)
    assert done.returncode == 1
    assert "4 wrong" in done.stdout
    text = page.read_text(encoding="utf-8")
    assert text == WRONG.replace("0.60", "0.50").replace("\n3\n", "\n2\n")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("<!-- not run: -->\n```sh\nls\n```", ":2: the note 'not run:' says nothing"),
        ("```bash\nls\n```", ":1: a block of bash is run by nobody"),
        ("```\nls\n```", ":1: a block of no language is run by nobody"),
        ("<!-- exit: one -->\n```sh\nls\n```", ":2: the note 'exit:' expects a number"),
        ("```console\nls\n```", ":1: a console block begins with '$'"),
        ("<!-- not run: a -->\ntext\n\n```console\nls\n```", ":4: a console block begins with"),
    ],
)
def test_a_block_that_would_not_be_run_is_refused(block, said):
    """No block is passed over in silence."""
    from docs.blocks.page import PageError, blocks

    def read():
        return [found.steps() for found in blocks(Path("page.md"), block)]

    with pytest.raises(PageError) as caught:
        read()
    assert str(caught.value).startswith(f"page.md{said}")
