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

  // An axis title longer than the picture is wide goes onto several lines; Vega would cut it.
  const pen = document.createElement("canvas").getContext("2d");
  const lines = (text, room) => {
    const made = [""];
    for (const word of text.split(" ")) {
      const longer = made.at(-1) ? `${made.at(-1)} ${word}` : word;
      if (made.at(-1) && pen.measureText(longer).width > room) made.push(word);
      else made[made.length - 1] = longer;
    }
    return made;
  };
  const wrapTitles = (part, room) => {
    if (part === null || typeof part !== "object") return;
    if (part.axis && typeof part.axis.title === "string") {
      const made = lines(part.axis.title, room);
      if (made.length > 1) {
        part.axis.title = made;
        if (part.axis.titleY !== undefined) part.axis.titleY -= LINE * (made.length - 1); // grows downward
      }
    }
    Object.values(part).forEach((inner) => wrapTitles(inner, room));
  };
  const LINE = 14, BESIDE = 64; // the height of a line of words, and what tick labels take beside the axes

  const embed = async (key, spec) => {
    const place = document.getElementById(`chart-${key}`);
    pen.font = `12px ${spec.config.font}`;
    wrapTitles({ ...spec, config: null }, place.clientWidth - BESIDE);
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
