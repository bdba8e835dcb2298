"""`losscope compare`: one network, trained under several losses from the same start."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

_DATA, _LOSSES, _NETWORK = "What it learns from", "Which losses", "The network and its training"
_JUDGED, _RUNS = "How it is judged", "How it runs, and what comes out"

# What is compared when no loss is named: the likelihood of the task, and its usual rivals.
_USUAL = {
    "binary": ("ce", "mse", "mae"),
    "multiclass": ("ce", "mse", "mae"),
    "multilabel": ("bce", "mse"),
    "regression": ("mse", "mae", "huber"),
    "counts": ("poisson", "mse"),
}
_USUAL_RATES = 5  # learning rates of a loss, where they are tuned: enough for a guess of the work


def compare(
    context: typer.Context,
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA",
            help="A .csv or .parquet file; or by name digits, breast-cancer, iris, wine, diabetes; "
            "or made: moons, circles, spirals, imbalanced.",
        ),
    ],
    *,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            metavar="COLUMN",
            help="The column to predict. Repeat it for several labels (multi-label).",
            rich_help_panel=_DATA,
        ),
    ] = None,
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            help="binary, multiclass, multilabel, regression or counts; recognised when not given.",
            rich_help_panel=_DATA,
        ),
    ] = None,
    positive: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL",
            help="The class that counts as positive. Default: the rarer one.",
            rich_help_panel=_DATA,
        ),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="A column to leave out, such as an identifier. Repeatable.",
            rich_help_panel=_DATA,
        ),
    ] = None,
    groups: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Rows of one group (a patient, a shop) stay on one side of every split.",
            rich_help_panel=_DATA,
        ),
    ] = None,
    sample_weight: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="How much each row weighs.", rich_help_panel=_DATA),
    ] = None,
    losses: Annotated[
        str | None,
        typer.Option(
            metavar="A,B",
            help="Losses by name, separated by commas; the first is what the others are compared "
            "with. Default: the usual ones for the task.",
            rich_help_panel=_LOSSES,
        ),
    ] = None,
    loss: Annotated[
        list[str] | None,
        typer.Option(
            "--loss",
            metavar="LOSS",
            help='A loss with parameters, such as "focal(gamma=2)". Repeatable.',
            rich_help_panel=_LOSSES,
        ),
    ] = None,
    hidden: Annotated[
        str,
        typer.Option(
            metavar="W,W",
            help="Widths of the hidden layers; none for no hidden layer.",
            rich_help_panel=_NETWORK,
        ),
    ] = "32",
    activation: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="relu, leaky_relu, tanh, sigmoid, softplus, gelu or identity.",
            rich_help_panel=_NETWORK,
        ),
    ] = "relu",
    initializer: Annotated[
        str,
        typer.Option("--init", metavar="NAME", help="How weights start.", rich_help_panel=_NETWORK),
    ] = "glorot_uniform",
    optimizer: Annotated[
        str,
        typer.Option(metavar="NAME", help="adam, momentum or sgd.", rich_help_panel=_NETWORK),
    ] = "adam",
    epochs: Annotated[
        int,
        typer.Option(metavar="N", help="Passes over the training rows.", rich_help_panel=_NETWORK),
    ] = 30,
    batch: Annotated[
        int, typer.Option(metavar="N", help="Rows in one step.", rich_help_panel=_NETWORK)
    ] = 32,
    l2: Annotated[
        float,
        typer.Option(
            "--l2", metavar="X", help="Penalty on squared weights.", rich_help_panel=_NETWORK
        ),
    ] = 0.0,
    precision: Annotated[
        str,
        typer.Option(metavar="TYPE", help="float64 or float32.", rich_help_panel=_NETWORK),
    ] = "float64",
    metric: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Chooses learning rates and carries the verdict; one of scikit-learn's names. "
            "Default: by task; cost: what decisions cost by --cost-matrix.",
            rich_help_panel=_JUDGED,
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="Differences of the metric below it count as equivalent. Default: by metric.",
            rich_help_panel=_JUDGED,
        ),
    ] = None,
    threshold: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What a threshold is chosen for, on validation rows: f1, accuracy, "
            "balanced_accuracy or cost. Default: f1, or cost where there is a cost matrix.",
            rich_help_panel=_JUDGED,
        ),
    ] = None,
    cost_matrix: Annotated[
        str | None,
        typer.Option(
            metavar='"A,B;C,D"',
            help="What decisions cost: a row for each true class, a column for each decision; "
            '"0,1;5,0": a miss costs five false alarms.',
            rich_help_panel=_JUDGED,
        ),
    ] = None,
    reach: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="A value of the metric: how many steps does each loss need to reach it?",
            rich_help_panel=_JUDGED,
        ),
    ] = None,
    seeds: Annotated[
        str,
        typer.Option(
            metavar="N|S,S",
            help="How many times split, start and batch order are drawn anew; or the seeds.",
            rich_help_panel=_JUDGED,
        ),
    ] = "10",
    learning_rates: Annotated[
        str,
        typer.Option(
            metavar="MODE|X,X",
            help="tuned (each loss its own, on validation rows), same, equal-step, or values.",
            rich_help_panel=_JUDGED,
        ),
    ] = "tuned",
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Processes to work in. Default: one for each core. Changes no figure.",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="What computes: numpy, numba (machine code), jax, or auto: numba where it is "
            "installed and the plan is long enough.",
            rich_help_panel=_RUNS,
        ),
    ] = "auto",
    backend: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="dask: run on your own cluster (--cluster). Changes no figure.",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Where the cluster's scheduler listens, such as tcp://10.0.0.1:8786.",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where finished runs are kept, so that a repeated command resumes.",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="Where the page goes: a folder, or a file ending in .html, .svg, .png, .csv, "
            ".parquet or .json. Default: the current folder.",
            rich_help_panel=_RUNS,
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print the whole result to standard output as JSON, and nothing else there.",
            rich_help_panel=_RUNS,
        ),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", help="No progress and no notices.", rich_help_panel=_RUNS),
    ] = False,
) -> int:
    """Train one network under several losses from the same start, and compare."""
    from losscope.cli import _options, _output
    from losscope.comparison import pool
    from losscope.data import load

    asked = [*(_options.names(losses, "--losses") if losses else []), *(loss or [])]
    widths, rates = _options.widths(hidden), _options.learning_rates(learning_rates)
    place = _output.checked_place(out)
    dataset = load(
        data,
        target or (),
        task=task,
        positive=positive,
        drop=drop or (),
        groups=groups,
        sample_weight=sample_weight,
    )
    _output.note(dataset.notices, quiet=quiet)
    named, drawn = asked or _USUAL[dataset.task], _options.seeds(seeds)
    if jobs is None and backend is None and engine != "jax":
        count = drawn if isinstance(drawn, int) else len(drawn)
        grid = _USUAL_RATES if isinstance(rates, str) else len(rates)
        pool.start(len(named) * grid * count, epochs, dataset.n_rows, most=count)
    from losscope.comparison import compare as run  # which takes a second

    with _output.progress(quiet=quiet) as progress:
        comparison = run(
            dataset=dataset,
            losses=named,
            hidden=widths,
            activation=activation,
            initializer=initializer,
            optimizer=optimizer,
            epochs=epochs,
            batch_size=batch,
            l2=l2,
            precision=precision,
            metric=metric,
            margin=margin,
            threshold=threshold,
            cost_matrix=_options.matrix(cost_matrix),
            reach=reach,
            seeds=drawn,
            learning_rates=rates,
            n_jobs=jobs,
            engine=engine,
            backend=backend,
            cluster=cluster,
            store=store,
            progress=progress,
            command=shlex.join(["losscope", *(context.obj or [])]),
        )
    result = comparison.to_dict()
    new = [sentence for sentence in result["notices"] if sentence not in dataset.notices]
    _output.note(new, quiet=quiet)
    page = _output.deliver(result, place, as_json=as_json)
    return _output.all_failed(result, page)
