"use strict";
// Draws the pictures, whose colours are CSS variables, and makes the downloads. Asks the network for nothing.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const pictures = read("losscope-pictures");

  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // A saved picture stands alone: variables become the colours shown now, with the page's paper behind them.
  const standalone = (svg) => {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const paper = `<rect width="100%" height="100%" fill="${color("--paper")}"/>`;
    return svg.replace(/var\((--[\w-]+)\)/g, (_, name) => color(name)).replace(/(<svg[^>]*>)/, `$1${paper}`);
  };

  const embed = async (key, spec) => {
    const place = document.getElementById(`chart-${key}`);
    const button = document.querySelector(`button[data-svg="${key}"]`);
    try {
      const drawn = await vegaEmbed(place, spec, {
        mode: "vega-lite", renderer: "svg", actions: false, ast: true, tooltip: { theme: "losscope" },
      });
      button.hidden = false;
      button.addEventListener("click", async () =>
        save(`${button.dataset.name}.svg`, "image/svg+xml", standalone(await drawn.view.toSVG())));
    } catch (error) {
      place.textContent = "This picture could not be drawn here; its numbers stand below.";
      place.classList.add("failed");
      console.error(error);
    }
  };

  const all = document.getElementById("save-json");
  all.hidden = false;
  all.addEventListener("click", () =>
    save(all.dataset.name, "application/json", JSON.stringify(read("losscope-result"), null, 1)));

  window.losscopeDrawn = Promise.all(Object.entries(pictures).map(([key, spec]) => embed(key, spec)));
})();
