"use strict";
/* What curating does more with JavaScript than without: completion of names, one key for each suggestion. */
(() => {
  /* Names that begin as what was typed: the browser shows them under the box, the form finds any spelling. */
  for (const input of document.querySelectorAll("input[data-others]")) {
    let timer, running;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        running?.abort();
        running = new AbortController();
        if (!input.value.trim()) return;
        try {
          const answer = await fetch(`${input.dataset.others}&${new URLSearchParams({ q: input.value.slice(0, 200) })}`, { signal: running.signal });
          if (!answer.ok) return;
          const others = (await answer.json()).entities.filter((one) => one.id !== input.dataset.self);
          input.list.replaceChildren(...others.map((one) => {
            const option = document.createElement("option");
            option.value = one.id;
            option.label = `${one.labels[document.documentElement.lang] ?? one.label} (${one.articles.toLocaleString(document.documentElement.lang)})`;
            return option;
          }));
        } catch (error) { if (error.name !== "AbortError") console.warn(error); }
      }, 150);
    });
  }

  /* While suggestions are looked for. */
  const waiting = document.querySelector("[data-waiting]");
  if (waiting) setTimeout(() => location.replace(waiting.querySelector("a").href), 4000);

  /* The list of suggestions: j and k go through it, a and r answer the one that has the focus. */
  const pairs = [...document.querySelectorAll("[data-pair]")];
  if (!pairs.length) return;
  document.querySelector(".keys")?.removeAttribute("hidden");
  for (const pair of pairs) pair.tabIndex = -1;
  const at = () => pairs.findIndex((pair) => pair.contains(document.activeElement));
  const go = (to) => pairs[Math.min(Math.max(to, 0), pairs.length - 1)].focus();
  if (new URLSearchParams(location.search).has("done")) go(0);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.matches("input, select, textarea")) return;
    const here = at();
    if (event.key === "j") go(here + 1);
    else if (event.key === "k") go(here - 1);
    else if (here >= 0 && (event.key === "a" || event.key === "r")) {
      pairs[here].querySelector(`button[value=${event.key === "a" ? "accept" : "refuse"}]`).click();
    }
  });
})();
