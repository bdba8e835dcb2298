"""The sentences that terminal and page share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from losscope.report import reading
from losscope.report.numbers import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from losscope.report.reading import Result

VALUE_INFORMS = (
    "The loss's value only informs: training without computing it gives bit-identical weights. "
    "What the loss changes is its derivative."
)
MODES = {
    "tuned": "each loss was offered the same ones, and each seed took the best on its own "
    "validation rows",
    "same": "the same one for every loss",
    "equal-step": "scaled so that the first steps of all losses have equal length",
    "given": "as given",
}


def outcome(pair: Mapping[str, Any]) -> str:
    """Put the outcome of a pair in words: `ce is better`, `equivalent`, `cannot tell`."""
    return f"{pair['better']} is better" if pair["better"] else str(pair["outcome"])


def capital(text: str) -> str:
    """Begin with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def learning_answer(result: Result) -> str:
    """Answer in a word whether the loss changed the learning; nothing where no two losses ran."""
    learning = result["verdict"]["learning"]
    if learning["changed"]:
        return "Yes."
    ran = {run["loss"] for run in result["runs"] if run["chosen"] and run["status"] == "ok"}
    return "No." if len(ran) > 1 else ""


def result_answer(result: Result) -> str:
    """Answer in a word whether the loss changed the result; the sentences say the rest."""
    found = [pair["outcome"] for pair in result["verdict"]["result"]["pairs"]]
    if not found:
        return "Only one loss was trained."
    if "better" in found:
        return "Yes." if set(found) == {"better"} else "For some pairs."
    return "No: equivalent." if set(found) == {"equivalent"} else "Cannot tell."


def better_word(result: Result) -> str:
    """Say which way is good: `lower is better` or `higher is better`."""
    return "higher is better" if result["metric"]["greater_is_better"] else "lower is better"


def setting(result: Result) -> Iterator[tuple[str, str]]:
    """Say what was compared: data, network, metric, runs."""
    data, network, metric = result["data"], result["network"], result["metric"]
    target = " and ".join(data.get("target_names") or []) or "target"
    size = f"{count(data['rows'], 'row')} × {count(len(data['columns']), 'column')}"
    if data["features"] != len(data["columns"]):
        size += f" ({count(data['features'], 'input')})"
    split = data["split"].replace(" training/validation/test", "").replace("%, ", "% ")
    yield "Data", f"{data['name']}: {size}; {target}: {task_sentence(result)}; {split}"
    training = f"{network['optimizer']}, {count(network['epochs'], 'epoch')}"
    yield (
        "Network",
        (
            f"{layers(result)}, {network['activation']}, {_outputs(result)}; "
            f"{training}, batch {network['batch_size']}"
        ),
    )
    why = " (default; --metric to change)" if metric["chosen"] == "default" else ""
    chooses = (
        "chooses learning rates on validation rows; "
        if result["learning_rates"]["mode"] == "tuned"
        else ""
    )
    yield (
        "Metric",
        (f"{metric['title']}{why}, {better_word(result)}; {chooses}nothing is chosen on test rows"),
    )
    failed = reading.failures(result)
    lost = f"; {count(len(failed), 'run')} failed ({failed[0]['message']})" if failed else ""
    yield (
        "Runs",
        (
            f"{count(len(result['losses']), 'loss', 'losses')} × {learning_rate_count(result)} × "
            f"{count(len(result['seeds']), 'seed')}: {count(len(result['runs']), 'run')} "
            f"in {result['seconds']:.1f} s{lost}"
        ),
    )


def learning_rate_count(result: Result) -> str:
    """Say how many learning rates each loss was trained with: `5 learning rates`, `5 to 7 …`."""
    numbers = sorted({len(reading.sensitivity(result, label)) for label in reading.labels(result)})
    if numbers == [1]:
        return "1 learning rate"
    return f"{' to '.join(str(n) for n in numbers[:: max(len(numbers) - 1, 1)])} learning rates"


def layers(result: Result) -> str:
    """Write the network's layers: `30-16-1`."""
    return "-".join(str(n) for n in result["network"]["layers"])


def second_difference(result: Result) -> str | None:
    """Name the second difference where a loss needs an output activation of its own."""
    own = [loss for loss in result["losses"] if loss["own_output"]]
    if not own:
        return None
    said = listed([f"{loss['label']} ({loss['output']})" for loss in own])
    return (
        f"Two things differ for {said}: the loss and the output activation, since the loss is not "
        f"defined on the {result['network']['output']} output of the others."
    )


def _outputs(result: Result) -> str:
    """Say which output activation the runs have, and which losses have one of their own."""
    own = [f"{loss['label']}: {loss['output']}" for loss in result["losses"] if loss["own_output"]]
    output = result["network"]["output"]
    return f"{output} output ({', '.join(own)})" if own else f"{output} output in every run"


def task_sentence(result: Result) -> str:
    """Say what is predicted: `binary, positive: malignant (37 %)`, `10 classes`, `regression`."""
    data = result["data"]
    task, classes = data["task"], data.get("classes") or []
    if task == "binary" and data.get("positive") is not None:
        share = _share(data, data["positive"])
        return f"binary, positive: {data['positive']}{share}"
    if task == "multiclass":
        return f"{len(classes)} classes"
    if task == "multilabel":
        return f"multi-label, {len(classes)} labels"
    return str(task)


def _share(data: Mapping[str, Any], label: str) -> str:
    """Give the share of rows of one class, where the counts say it."""
    counts, classes = data.get("class_counts") or [], list(data["classes"])
    if label not in classes or len(counts) != len(classes) or not sum(counts):
        return ""
    return f" ({100 * counts[classes.index(label)] / sum(counts):.2g} %)"
