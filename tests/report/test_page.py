"""The page as text: its order, what is on it, and that nothing in it can do harm."""

import copy
import itertools
import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from losscope.errors import LosscopeError
from losscope.report import embedding, page
from losscope.report.words import VALUE_INFORMS

from .fixture import result

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


class Outline(HTMLParser):
    """Collect tags with their attributes and the text outside of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self._quiet = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Take a tag."""
        self.tags.append((tag, dict(attrs)))
        self._quiet = tag in {"script", "style"}

    def handle_endtag(self, tag):
        """Leave a script or style."""
        self._quiet = False

    def handle_data(self, data):
        """Take text."""
        if not self._quiet:
            self.text.append(data)

    @property
    def words(self):
        """Give the text with its spaces made even."""
        return " ".join(" ".join(self.text).split()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def outline(html):
    """Give the outline of the page."""
    return Outline(html)


def embedded(html, name):
    """Read the JSON that stands in the page under that name."""
    return json.loads(
        re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.DOTALL)[
            1
        ]
    )


def test_the_sections_come_in_order(outline):
    """Verdict first, then pictures, equations, table, cross table, running again, using it."""
    sections = [attrs["id"] for tag, attrs in outline.tags if tag == "section"]
    assert sections == ["verdict", "pictures", "equations", "table", "cross", "again", "use"]


def test_the_markup_means_what_it_shows(outline):
    """One h1, a language, landmarks; headings never skip a level."""
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("h1") == tags.count("main") == tags.count("header") == 1
    assert dict(outline.tags)["html"]["lang"] == "en"
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_the_verdict_is_said_in_sentences(outline, whole):
    """Every sentence of the verdict stands on the page, and that the value only informs."""
    verdict = whole["verdict"]
    for said in (
        *verdict["learning"]["sentences"],
        *verdict["result"]["sentences"],
        verdict["what_differed"]["sentence"],
        VALUE_INFORMS,
    ):
        assert said in outline.words


def test_every_picture_has_place_words_numbers_and_button(outline):
    """Text alternative and a real button stand beside each chart."""
    places = [a for tag, a in outline.tags if tag == "div" and a.get("class") == "chart"]
    buttons = [a for tag, a in outline.tags if tag == "button" and "data-svg" in a]
    assert len(places) == len(buttons) == 4
    assert all(p["role"] == "img" and len(p["aria-label"]) > 60 for p in places)


def test_equations_are_mathml_and_marked(html, outline):
    """Those that differ stand apart from those that are shared, in words and not by colour only."""
    assert html.count("<math") == 3 + 9
    assert outline.words.count("differs ·") == 3
    assert outline.words.count("= shared") == 9


def test_losses_that_share_an_equation_stand_together(monkeypatch):
    """Where hinge needs another output, the other losses are named once, side by side."""
    monkeypatch.setattr(embedding, "bundle", lambda: "0")
    odd = result(losses=("ce", "hinge", "focal(gamma=2)"), seeds=2, epochs=2)
    for label, entries in odd["equations"]["differing"].items():
        text = "Z2" if label == "hinge" else "σ(Z2)"
        entries.append({"name": "A2", "shape": [], "latex": None, "mathml": None, "text": text})
    outline = Outline(page.html(odd))
    assert "≠ ce and focal(gamma=2) · differs · A2" in outline.words
    assert "Two things differ for hinge (identity)" in outline.words


def test_the_cross_table_shows_no_raw_value(html, whole):
    """Each column is divided by its own constant, so that a row may be read across."""
    cross = whole["cross_table"]
    cells = re.findall(r"<td[^>]*--heat[^>]*>([^<]*)</td>", html)
    wanted = [
        f"{v / c:.3f}" for row in cross["rows"] for v, c in zip(row, cross["constant"], strict=True)
    ]
    assert cells == wanted


def test_it_says_how_to_run_it_again_and_how_to_use_it(outline, whole):
    """Command, versions, fingerprint, seeds, and the torch and Keras lines."""
    for part in (
        whole["command"],
        whole["data"]["fingerprint"],
        "numpy 2.3.1",
        "losscope report 3f9a12bc",
        "nn.BCEWithLogitsLoss()",
        "losses.BinaryCrossentropy(from_logits=True)",
        "has no line of its own",
    ):
        assert part in outline.words


def test_the_page_needs_nothing_from_outside(html, outline):
    """No element loads anything, and the page's own policy forbids that any does."""
    for _tag, attrs in outline.tags:
        assert not {"src", "srcset", "action", "ping", "background"} & set(attrs)
        assert attrs.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in attrs)
    css = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in css
    assert "@import" not in css
    policy = next(a["content"] for t, a in outline.tags if t == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src[^;]*unsafe-inline", policy) is None


def test_the_policy_names_the_scripts_that_are_there(html, outline):
    """The two scripts that run have the hashes that the policy allows."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 2
    assert f'content="{embedding.policy(*scripts)}"'.replace("'", "&#39;") in html


def _poisoned():
    """Put markup into every string that a user's table or command can bring."""
    bad = result(losses=(HOSTILE, "mse"), seeds=2, epochs=2)
    bad["data"].update(
        name=HOSTILE,
        positive=HOSTILE,
        classes=[HOSTILE, "b"],
        target_names=[HOSTILE],
        columns=[HOSTILE],
        notices=[HOSTILE],
        split=HOSTILE,
    )
    bad.update(command=HOSTILE, notices=[HOSTILE], plan={HOSTILE: HOSTILE})
    bad["environment"] = {HOSTILE: HOSTILE}
    bad["metric"]["title"] = bad["metrics"][0]["title"] = HOSTILE
    bad["baselines"][0]["title"] = HOSTILE
    bad["losses"][0].update(torch=HOSTILE, keras=HOSTILE, resolution=HOSTILE)
    bad["verdict"]["result"]["sentences"] = [HOSTILE]
    bad["verdict"]["learning"]["sentences"] = [HOSTILE]
    bad["verdict"]["what_differed"]["sentence"] = HOSTILE
    bad["equations"]["shared"][0].update(
        name=HOSTILE, text=HOSTILE, latex=HOSTILE, mathml=HOSTILE, shape=[HOSTILE]
    )
    bad["equations"]["shared"][1].update(
        mathml='<math><script xmlns="http://www.w3.org/1999/xhtml">alert(3)</script></math>',
        latex=None,
    )
    bad["equations"]["shared"][2].update(
        mathml='<math onclick="alert(4)"><mi href="javascript:alert(5)">x</mi></math>'
    )
    return bad


def test_markup_in_names_is_inert(monkeypatch):
    """Names with tags in them are text, in the page and in the data inside of its scripts."""
    monkeypatch.setattr(embedding, "bundle", lambda: "0")  # its own text is not what is tested
    made = page.html(_poisoned())
    outline = Outline(made)
    tags = [tag for tag, _ in outline.tags]
    assert tags.count("script") == 4
    assert "img" not in tags
    assert "alert(3)" not in re.sub(r"<script.*?</script>", "", made, flags=re.DOTALL)
    assert not any(
        name.startswith("on") or (name == "href" and "javascript" in value)
        for _, attrs in outline.tags
        for name, value in attrs.items()
    )
    kept = embedded(made, "losscope-result")
    assert kept["data"]["name"] == HOSTILE
    assert "<" not in re.search(r'id="losscope-pictures">(.*?)</script>', made, re.DOTALL)[1]
    assert HOSTILE in outline.words


def test_the_json_inside_is_the_result(html, whole):
    """The download holds full numbers, and the curves of the runs that were chosen."""
    kept = embedded(html, "losscope-result")
    assert kept["table"] == json.loads(json.dumps(whole["table"]))
    assert all(("curves" in run) == run["chosen"] for run in kept["runs"])


def test_missing_numbers_become_null_and_dashes(broken, monkeypatch):
    """NaN never reaches JSON, where no reader would take it."""
    monkeypatch.setattr(embedding, "bundle", lambda: "0")
    made = page.html(broken)
    assert "NaN" not in re.search(r'id="losscope-pictures">(.*?)</script>', made, re.DOTALL)[1]
    assert embedded(made, "losscope-result")["runs"]
    assert embedding.plain_json({1: float("inf")}) == {"1": None}


def test_equations_without_mathml_or_known_latex_are_shown_as_text(monkeypatch):
    """An equation is never missing: its text is the last resort."""
    monkeypatch.setattr(embedding, "bundle", lambda: "0")
    odd = result(seeds=2, epochs=2)
    odd["equations"]["shared"] = [
        {"name": "Z1", "shape": [], "latex": None, "mathml": "<math><mi>", "text": "X W1 < b1"}
    ]
    assert "<code>X W1 &lt; b1</code>" in page.html(odd)


def test_a_page_is_written_where_asked(whole, tmp_path, monkeypatch):
    """The path comes back; a folder that is not there is one clear line."""
    monkeypatch.setattr(embedding, "bundle", lambda: "0")
    assert page.write(whole, tmp_path / "p.html").read_text(encoding="utf-8").startswith("<!DOC")
    with pytest.raises(LosscopeError, match=r"cannot write the page to .*nowhere.*folder"):
        page.write(whole, tmp_path / "nowhere" / "p.html")


def test_writing_leaves_the_result_alone(whole, monkeypatch):
    """Showing a result never changes it."""
    monkeypatch.setattr(embedding, "bundle", lambda: "0")
    before = copy.deepcopy(whole)
    page.html(whole)
    assert whole == before


def test_the_templates_are_part_of_the_package():
    """Git and the wheel leave out *.html; the page's templates must not be named so."""
    names = {part.name for part in (files("losscope.report") / "templates").iterdir()}
    assert names == {"page.jinja", "page.css", "page.js"}


def test_a_page_without_any_result_claims_nothing(whole):
    """Where every run failed, the page answers neither yes nor no, and says why it is empty."""
    made = copy.deepcopy(whole)
    for run in made["runs"]:
        run.update(status="failed", chosen=False, message="stopped being finite")
        for at in ("last", "best"):
            run[at] = {"valid": {}, "test": {}}
        run["curves"] = {"valid_metric": [], "train_cost": []}
    for row in made["table"]:
        for measured in row["metrics"].values():
            measured.update(mean=None, std=None, per_seed=[None] * len(made["seeds"]))
    made["verdict"]["result"] = {"pairs": [], "sentences": ["Cannot tell."]}
    made["verdict"]["learning"] = {"changed": False, "sentences": ["Nothing can be said."]}
    text = page.html(made)
    assert '<span class="answer"></span> Nothing can be said.' in " ".join(text.split())
    assert "There is nothing to draw" in text
