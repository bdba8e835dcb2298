"""Translation between frameworks: spelling, factor, and what cannot be carried over."""

import pytest

from losscope.errors import LosscopeError
from losscope.losses.reading import read
from losscope.losses.translation import scale_text, translations

EXACT = [
    # asked, to, spelling, factor, power of K
    ("MLPRegressor(alpha=0.1)", "torch", "torch.nn.MSELoss()", 0.5, 0),
    ("SGDRegressor()", "torch", "torch.nn.MSELoss()", 0.5, 0),
    ("TweedieRegressor(power=1.7)", "xgboost",
     'dict(objective="reg:tweedie", tweedie_variance_power=1.7)', 1, 0),
    ("SVC()", "keras", "keras.losses.Hinge()", 1, 0),
    ("LinearSVC(loss='hinge')", "keras", "keras.losses.Hinge()", 1, 0),
    ("LinearSVC()", "keras", "keras.losses.SquaredHinge()", 1, 0),
    ("xgb.XGBRegressor()", "torch", "torch.nn.MSELoss()", 0.5, 0),
    ("LGBMRegressor(objective='huber', alpha=0.7)", "torch",
     "torch.nn.HuberLoss(delta=0.7)", 1, 0),
    ("torch.nn.SmoothL1Loss(beta=0.5)", "keras", "keras.losses.Huber(delta=0.5)", 2, 0),
    ("F.smooth_l1_loss(pred, y, beta=2)", "keras", "keras.losses.Huber(delta=2)", 0.5, 0),
    ("keras.losses.Huber(delta=0.5)", "torch", "torch.nn.HuberLoss(delta=0.5)", 1, 0),
    ("keras.losses.Huber(0.5)", "torch", "torch.nn.HuberLoss(delta=0.5)", 1, 0),
    ("optax.l2_loss(p, t).mean()", "torch", "torch.nn.MSELoss()", 0.5, 0),
    ("optax.huber_loss(p, t, 0.5).sum()", "torch",
     'torch.nn.HuberLoss(delta=0.5, reduction="sum")', 1, 0),
    ("nn.HuberLoss(reduction='sum')", "keras",
     'keras.losses.Huber(delta=1, reduction="sum")', 1, 1),
    ("nn.MSELoss()", "optax", "optax.losses.squared_error(predictions, targets).mean()", 1, 0),
    ("F.binary_cross_entropy_with_logits", "keras",
     "keras.losses.BinaryCrossentropy(from_logits=True)", 1, 0),
    ("torch.nn.BCELoss()", "keras", "keras.losses.BinaryCrossentropy()", 1, 0),
    ("categorical_crossentropy", "torch", "torch.nn.CrossEntropyLoss()", 1, 0),
    ("keras.losses.SparseCategoricalCrossentropy(from_logits=True)", "torch",
     "torch.nn.CrossEntropyLoss()", 1, 0),
    ("reg:squarederror", "torch", "torch.nn.MSELoss()", 0.5, 0),
    ("regression_l1", "xgboost", 'dict(objective="reg:absoluteerror")', 1, 0),
    ('{"objective": "quantile", "alpha": 0.5}', "torch", "torch.nn.L1Loss()", 0.5, 0),
    ("objective='huber'", "torch", "torch.nn.HuberLoss(delta=0.9)", 1, 0),
    ("SGDRegressor(loss='huber')", "torch", "torch.nn.HuberLoss(delta=0.1)", 1, 0),
    ('sklearn.linear_model.SGDClassifier(loss="hinge")', "keras", "keras.losses.Hinge()", 1, 0),
    ("torch.nn.KLDivLoss()", "keras", "keras.losses.KLDivergence()", 1, -1),
    ("torch.nn.KLDivLoss(reduction='batchmean')", "keras", "keras.losses.KLDivergence()", 1, 0),
    ("keras.losses.KLDivergence()", "torch", 'torch.nn.KLDivLoss(reduction="batchmean")', 1, 0),
    ("keras.losses.CategoricalFocalCrossentropy()", "keras",
     "keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=2)", 0.25, 0),
    ("nn.CrossEntropyLoss(label_smoothing=0.1)", "keras",
     "keras.losses.SparseCategoricalCrossentropy(from_logits=True)", None, None),
    ("focal(gamma=3)", "optax",
     "optax.losses.sigmoid_focal_loss(logits, labels, gamma=3).mean()", 1, 0),
    ("nn.BCEWithLogitsLoss(pos_weight=torch.tensor([3.0]))", "xgboost",
     'dict(objective="binary:logistic", scale_pos_weight=3)', 1, 0),
    ("keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True)", "optax",
     "optax.losses.sigmoid_focal_loss(logits, labels, gamma=2, alpha=0.25).mean()", 1, 0),
    ("keras.losses.BinaryFocalCrossentropy(alpha=0.9)", "optax",
     "optax.losses.sigmoid_focal_loss(logits, labels, gamma=2).mean()", 1, 0),
    ("keras.losses.CosineSimilarity()", "optax",
     "optax.cosine_distance(predictions, targets).mean()", 1, 0),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "to", "code", "factor", "power"), EXACT)
def test_spelling_and_factor(asked, to, code, factor, power):
    """The nearest spelling, and the exact factor: asked = factor × K**power × spelling."""
    (found,) = translations(asked, to)
    if factor is None:  # the sparse form has no label_smoothing, so another one is the answer
        assert found.code == (
            "keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)"
        )
        return
    best = found.answers[0]
    assert (best.code, best.factor, best.power) == (code, pytest.approx(factor, rel=1e-15), power)


@pytest.mark.parametrize(
    ("asked", "to", "offset"),
    [("keras.losses.CosineSimilarity()", "optax", "−1"),
     ("optax.cosine_distance", "keras", "+ 1"),
     ("sklearn.metrics.mean_gamma_deviance", "torch", None),
     ("sklearn.metrics.mean_poisson_deviance", "torch", "− 2 (y − y log y)"),
     ("torch.nn.PoissonNLLLoss()", "keras", "0")],
)  # fmt: skip
def test_dropped_constants_are_said(asked, to, offset):
    """Where one keeps a constant that the other drops, the formula of y says which."""
    (found,) = translations(asked, to)
    assert (found.answers[0].offset if found.answers else None) == offset


def test_a_name_of_two_losses_gives_both():
    """scikit-learn's log_loss is binary or categorical by the task: both are answered."""
    found = translations('loss="log_loss"', "torch")
    assert [f.code for f in found] == [
        "torch.nn.BCEWithLogitsLoss()",
        "torch.nn.CrossEntropyLoss()",
    ]


@pytest.mark.parametrize(
    ("asked", "to"),
    [("torch.nn.MultiMarginLoss(p=2)", "keras"), ("fair(c=2)", "torch"), ("wing", "optax"),
     ("keras.losses.LogCosh()", "xgboost"), ("optax.losses.poly_loss_cross_entropy", "torch")],
)  # fmt: skip
def test_no_spelling_is_an_answer(asked, to):
    """Where a framework has none, that is said plainly, with what to do."""
    (found,) = translations(asked, to)
    assert found.answers == ()
    assert "has no spelling of it" in found.advice
    assert found.code is None
    assert found.factor is None


def test_a_setting_that_chooses_the_spelling_is_carried():
    """PoissonNLLLoss(log_input=False) is Keras' Poisson, with nothing left behind."""
    (found,) = translations("torch.nn.PoissonNLLLoss(log_input=False)", "keras")
    assert found.code == "keras.losses.Poisson()"
    assert found.not_carried == ()


def test_an_estimator_that_descends_more_than_it_reports_is_told():
    """MLPRegressor reports half a mean over outputs and descends half their sum."""
    (found,) = translations("MLPRegressor()", "keras")
    assert "There, it reports half the mean" in " ".join(found.answers[0].mind)


def test_a_booster_classifier_without_objective_asks_for_one():
    """LGBMClassifier() picks binary or multiclass by the labels, which nobody can know here."""
    with pytest.raises(LosscopeError, match="write objective="):
        translations("lgb.LGBMClassifier()", "torch")


def test_what_is_not_carried_is_named():
    """A setting whose effect cannot be translated is told, never dropped in silence."""
    (found,) = translations("nn.CrossEntropyLoss(ignore_index=0, weight=w)", "keras")
    assert [n.partition(":")[0] for n in found.not_carried] == ["ignore_index=0", "weight=w"]
    (found,) = translations("nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0]))", "keras")
    assert "give class_weight= to fit()" in found.not_carried[0]
    (found,) = translations("nn.CrossEntropyLoss(colour=3)", "keras")
    assert found.not_carried == ("colour=3: its effect is not translated",)


@pytest.mark.parametrize(
    ("asked", "to", "told"),
    [
        ("nn.SmoothL1Loss(betta=2)", "keras", "did you mean 'beta'"),
        ("nn.HubberLoss()", "keras", "did you mean 'HuberLoss'"),
        ("nn.HuberLoss()", "kerras", "did you mean 'keras'"),
        ("nn.HuberLoss(0.5)", "keras", "by keyword"),
        ("nn.HuberLoss(delta=-1)", "keras", "delta must be"),
        ("nn.HuberLoss(delta=d)", "keras", "delta must be a number to be translated, got d"),
        ("nn.HuberLoss(", "keras", "cannot read"),
        ("", "keras", "cannot read"),
        ("dict(alpha=3)", "keras", "names no loss"),
        ("x" * 2000, "keras", "cannot read"),
        ("mean_squared_error(reduction='median')", "torch", "reduction='median'"),
    ],
)
def test_what_cannot_be_understood_is_one_clear_line(asked, to, told):
    """Unknown names and settings, unreadable text: an error that helps."""
    with pytest.raises(LosscopeError) as error:
        translations(asked, to)
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('true')", "nn.HuberLoss(delta=9**9**9**9)", "f(" + "(" * 500,
     "nn.HuberLoss(delta=(lambda: 0)())", "[].__class__", "nn.HuberLoss(**{'delta': 1})",
     "nn.HuberLoss(delta=open('/etc/passwd'))", "a;b", "nn.HuberLoss(delta=1e999)"],
)  # fmt: skip
def test_text_is_never_run(text):
    """Code in the text is refused or kept as text; huge powers do not hang."""
    with pytest.raises(LosscopeError):
        translations(text, "keras")


def test_reading_takes_calls_apart():
    """Paths, settings, numbers, words, reductions and arrays."""
    call = read("optax.huber_loss(p, t, 1/3, on=True, w=torch.tensor([2.0]), v=x[0]).mean()")
    assert (call.path, call.name, call.reduction) == ("optax", "huber_loss", "mean")
    assert call.positional == (pytest.approx(1 / 3),)
    assert call.settings["on"] is True
    assert call.settings["w"] == 2.0
    assert call.settings["v"].text == "x[0]"
    assert read("nn.MSELoss()(a, b)").name == "MSELoss"
    assert read("'reg:gamma'").name == "reg:gamma"


@pytest.mark.parametrize(
    ("number", "power", "text"),
    [(2.0, 0, "2"), (1 / 3, 0, "1/3"), (1.0, 1, "K"), (0.5, -1, "1/(2 K)"), (1.0, -1, "1/K"),
     (2.0, 1, "2 K"), (0.123456, 0, "0.123456")],
)  # fmt: skip
def test_factors_read_as_fractions(number, power, text):
    """Exact fractions where they are, decimals else."""
    assert scale_text(number, power) == text


def test_every_spelling_is_read_back():
    """What a card prints can be given to `translate`, and is the same loss again."""
    from losscope import losses

    for name in losses.names():
        for dialect in losses.get(name).dialects:
            if dialect.requires or dialect.factor != "1" or dialect.role == "metric":
                continue
            asked = dialect.spell(losses.get(name).parameters)
            found = translations(asked, dialect.framework)
            assert asked.partition("(")[0] in {
                a.code.partition("(")[0] for f in found for a in f.answers
            }, asked


def test_the_python_call_returns_one_answer():
    """`losscope.losses.translate` gives a dataclass: code, factor, and other meanings."""
    from losscope.losses import translate

    found = translate("torch.nn.SmoothL1Loss(beta=0.5)", to="keras")
    assert (found.code, found.factor) == ("keras.losses.Huber(delta=0.5)", 2.0)
    assert found.others == ()
    both = translate("log_loss", to="torch", source="sklearn")
    assert (both.loss, both.others[0].loss) == ("bce", "ce")
