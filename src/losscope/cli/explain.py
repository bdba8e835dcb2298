"""`losscope explain`: what a finding of the audit means."""

from typing import Annotated

import typer


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="A finding's code, such as LS001.", show_default=False),
    ] = None,
) -> None:
    """Tell what a finding is, why it hurts, and how bad and good code look."""
    from losscope.auditing import findings

    if code is None:
        print("\n".join(f"{page.code}  {page.title}" for page in findings.pages().values()))
    else:
        print(findings.get(code).text())
