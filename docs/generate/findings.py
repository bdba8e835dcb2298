"""A page for each finding of the audit, from the same words as `losscope explain`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from losscope import auditing
from losscope.auditing import findings

if TYPE_CHECKING:
    from losscope.auditing.findings._page import Page

_CODE = re.compile(r"\bLS\d{3}\b")
_INDEX = """# Findings

What `losscope audit` can say of a program, each with a bad example, which it finds, and a good one,
which it leaves alone. Both are programs that the tests run. `losscope explain LS001` prints a page
in the terminal.

| code | what is found |
|---|---|
"""


def pages() -> dict[str, str]:
    """One page a code, and the list of them."""
    found = {f"findings/{code}.md": page(one) for code, one in findings.pages().items()}
    rows = [f"| [{code}]({code}.md) | {one.title} |" for code, one in findings.pages().items()]
    toc = ["```{toctree}", ":hidden:", "", *findings.pages(), "```"]
    found["findings/index.md"] = _INDEX + "\n".join([*rows, "", *toc]) + "\n"
    return found


def page(one: Page) -> str:
    """One finding."""
    says = one.says.replace("{line}", "N").replace("{names}", "the parameter")
    setting = one.setting.strip("\n")
    return f"""# {one.code}: {one.title}

The audit says:

> {says}

## Why it hurts

{one.why.strip()}

## Bad

```python
{one.bad.strip(chr(10))}
```

## Good

```python
{one.good.strip(chr(10))}
```

Both stand below these lines:

```python
{setting}
```
"""


def expected() -> dict[str, list[str]]:
    """Page of each code that the audit's own files speak of, and what must stand on it."""
    known = findings.pages()
    return {
        f"findings/{code}": [code, *([known[code].title] if code in known else [])]
        for code in sorted(known.keys() | spoken())
    }


def spoken() -> set[str]:
    """Codes in the source of the audit, so that what gives a finding misses its file."""
    files = Path(auditing.__path__[0]).rglob("*.py")
    return {code for file in files for code in _CODE.findall(file.read_text(encoding="utf-8"))}
