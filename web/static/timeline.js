"use strict";
/* A range of dates chosen on a picture over time, by pointer or by keyboard. Without this script every year, month or
   day is a link, and dates can be typed. */
(() => {
  const language = document.documentElement.lang;
  const mirrored = document.documentElement.dir === "rtl";

  /* A date of year, month or day precision, as the page writes dates. */
  const readable = (key) => {
    const parts = { year: "numeric", month: key.length > 4 ? "long" : undefined, day: key.length > 7 ? "numeric" : undefined };
    return new Intl.DateTimeFormat(`${language}-u-ca-gregory-nu-latn`, { ...parts, timeZone: "UTC" }).format(new Date(`${key.padEnd(7, "-01").padEnd(10, "-01")}T00:00:00Z`));
  };

  const rangeOf = (svg) => {
    const links = [...svg.querySelectorAll("a[data-key]")];
    const said = svg.closest("figure").querySelector("[data-range-said]");
    const shade = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const boxes = links.map((link) => {
      const box = link.querySelector(".reach");
      return [Number(box.getAttribute("x")), Number(box.getAttribute("width"))];
    });
    shade.setAttribute("class", "range");
    shade.setAttribute("height", "100");
    let from = -1, to = -1; /* places in `links`; none are chosen when `from` is -1 */

    const show = () => {
      if (from < 0) { shade.remove(); said.textContent = ""; return; }
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      const edges = [first, last].flatMap((place) => [boxes[place][0], boxes[place][0] + boxes[place][1]]);
      shade.setAttribute("x", Math.min(...edges));
      shade.setAttribute("width", Math.max(...edges) - Math.min(...edges));
      svg.prepend(shade);
      said.textContent = `${readable(links[first].dataset.key)} – ${readable(links[last].dataset.key)}`;
    };
    const forget = () => { from = to = -1; show(); };
    const go = () => {
      const address = new URL(svg.dataset.range, location.href);
      address.searchParams.set("from", links[Math.min(from, to)].dataset.key);
      address.searchParams.set("to", links[Math.max(from, to)].dataset.key);
      location.assign(address);
    };

    /* By pointer: what is dragged over is chosen when the button is let go. */
    const across = (event) => {
      const { left, width } = svg.getBoundingClientRect();
      return ((event.clientX - left) / width) * 1000;
    };
    let start = null, dragged = false;
    svg.addEventListener("dragstart", (event) => event.preventDefault());
    svg.addEventListener("pointerdown", (event) => { if (event.button === 0) { start = event; dragged = false; } });
    svg.addEventListener("pointermove", (event) => {
      if (!start || (!dragged && Math.abs(event.clientX - start.clientX) < 5)) return;
      if (!dragged) { dragged = true; svg.setPointerCapture(event.pointerId); }
      const [low, high] = [across(start), across(event)].sort((a, b) => a - b);
      const under = boxes.flatMap(([x, width], place) => (x < high && x + width > low ? [place] : []));
      from = under.length ? under[0] : -1;
      to = under.length ? under.at(-1) : -1;
      show();
    });
    addEventListener("pointerup", () => { if (start && dragged && from >= 0) go(); start = null; });
    svg.addEventListener("pointercancel", () => { start = null; forget(); });
    svg.addEventListener("click", (event) => { if (dragged) { event.preventDefault(); dragged = false; } }, true);

    /* By keyboard: one stop of the Tab key, arrows within, Shift to choose (ARIA Authoring Practices Guide, 6.6). */
    const stop = (place) => links.forEach((link, at) => link.setAttribute("tabindex", at === place ? "0" : "-1"));
    stop(Math.max(0, links.findIndex((link) => link.hasAttribute("aria-current"))));
    svg.addEventListener("keydown", (event) => {
      const at = links.indexOf(document.activeElement);
      if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const forth = mirrored ? "ArrowLeft" : "ArrowRight", back = mirrored ? "ArrowRight" : "ArrowLeft";
      const next = { [forth]: at + 1, [back]: at - 1, Home: 0, End: links.length - 1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        const place = Math.min(Math.max(next, 0), links.length - 1);
        if (event.shiftKey) { if (from < 0) from = at; to = place; } else from = to = -1;
        stop(place);
        links[place].focus();
        show();
      } else if (event.key === "Escape" && from >= 0) { event.preventDefault(); forget(); }
      else if (event.key === "Enter" && from >= 0 && from !== to) { event.preventDefault(); go(); }
    });
    addEventListener("pageshow", forget);
  };
  for (const svg of document.querySelectorAll("svg[data-range]")) rangeOf(svg);
})();
