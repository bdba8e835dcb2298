"""The page in a real browser. Skipped only where there is no Chromium, and says so."""

import re

import pytest

from losscope.report import page

from . import browser
from .fixture import result

pytestmark = pytest.mark.skipif(
    browser.found() is None, reason="no Chromium here: the page was not opened in a browser"
)


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    """Give one tab for all tests of this file."""
    made = browser.Tab(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(html, tmp_path_factory):
    """Give the address of the page as a file."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


def look(tab, address, *, width, scheme="light"):
    """Open the page at that width, in light or dark."""
    tab.send(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=800,
        deviceScaleFactor=1,
        mobile=width < 500,
    )
    tab.send(
        "Emulation.setEmulatedMedia",
        media="",
        features=[{"name": "prefers-color-scheme", "value": scheme}],
    )
    tab.open(address)


def complaints(tab):
    """Give everything the page complained of: console errors, exceptions, the policy."""
    return [
        *[c for c in tab.told("Runtime.consoleAPICalled") if c["type"] in {"error", "warning"}],
        *tab.told("Runtime.exceptionThrown"),
        *[e for e in tab.told("Log.entryAdded") if e["entry"]["level"] in {"error", "warning"}],
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (360, "light")])
def test_it_opens_without_complaint_or_request(tab, address, width, scheme):
    """Four pictures, no console error, nothing asked of any network, no sideways scrolling."""
    look(tab, address, width=width, scheme=scheme)
    assert complaints(tab) == []
    told = [t for t in tab.told("Network.requestWillBeSent") if t["documentURL"] == address]
    asked = {t["request"]["url"] for t in told}
    assert {url for url in asked if not url.startswith("data:")} == {address}
    assert tab.run("document.querySelectorAll('.chart svg').length") == 4
    assert tab.run("document.documentElement.scrollWidth") <= width
    widest = "Math.max(...[...document.querySelectorAll('.chart svg')].map(s => s.clientWidth))"
    assert tab.run(widest) <= width


def test_pictures_follow_light_dark_and_print(tab, address):
    """One drawing: its colours change with the reader's setting, and paper gets the light ones."""
    look(tab, address, width=1280)
    text = "getComputedStyle(document.querySelector('.chart svg text')).fill"
    light = tab.run(text)
    tab.send(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    dark = tab.run(text)
    tab.send(
        "Emulation.setEmulatedMedia",
        media="print",
        features=[{"name": "prefers-color-scheme", "value": "dark"}],
    )
    assert light != dark
    assert tab.run(text) == light


def test_a_picture_can_be_saved_as_svg(tab, address):
    """The button gives a file that stands alone: no variables left, paper behind it."""
    look(tab, address, width=1280)
    tab.run(
        "URL.createObjectURL = (b) => { window.saved = b; return '#'; };"
        "HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; }"
    )
    tab.run("document.querySelector('button[data-svg=results]').click()")
    svg = tab.run(
        "new Promise(done => { const wait = () => window.saved ? done(window.saved.text()) "
        ": setTimeout(wait, 20); wait(); })"
    )
    assert tab.run("window.savedAs") == "losscope-3f9a12bc-results.svg"
    assert svg.startswith("<svg")
    assert "var(--" not in svg
    assert re.search(r'<svg[^>]*><rect width="100%" height="100%" fill="#fdfdfb"/>', svg)


def test_nothing_a_name_holds_runs(tab, tmp_path):
    """Even in a browser, markup in names, labels and MathML stays text."""
    bad = "</script><script>window.harmed=1</script><img src=x onerror='window.harmed=1'>"
    hostile = result(losses=(bad, "mse"), seeds=2, epochs=2)
    hostile["data"].update(name=bad, target_names=[bad], notices=[bad])
    hostile["equations"]["shared"][0]["mathml"] = f"<math><mtext>{bad}</mtext></math>"
    address = page.write(hostile, tmp_path / "hostile.html").as_uri()
    look(tab, address, width=1280)
    assert tab.run("typeof window.harmed") == "undefined"
    assert tab.run("document.querySelectorAll('img').length") == 0
    assert complaints(tab) == []
    assert tab.run("document.querySelectorAll('.chart svg').length") == 4


def test_the_policy_would_stop_a_script_that_slipped_through(tab, address):
    """Were the escaping to fail, an inline handler would still not run, nor a request leave."""
    look(tab, address, width=1280)
    tab.run(
        "document.body.insertAdjacentHTML('beforeend', "
        '\'<img src="https://example.org/x.png" onerror="window.harmed=1">\')'
    )
    asked = tab.run("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    assert asked == "refused"
    assert tab.run("typeof window.harmed") == "undefined"
    outside = {
        told["requestId"]
        for told in tab.told("Network.requestWillBeSent")
        if told["request"]["url"].startswith("http")
    }
    why = {
        told["requestId"]: told.get("blockedReason") for told in tab.told("Network.loadingFailed")
    }
    assert {why.get(request) for request in outside} == {"csp"}
