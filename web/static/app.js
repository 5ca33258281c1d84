"use strict";
/* What the page does more with JavaScript than without: completion, typing into facets, keys. Nothing needs it. */
(() => {
  const box = document.getElementById("q");
  const isTyping = (element) => element.matches("input, select, textarea") || element.isContentEditable;

  /* A number as the page writes numbers. */
  const number = (value) => value.toLocaleString(`${document.documentElement.lang}-u-nu-latn`);

  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  /* Waits until typing pauses, and forgets answers that come too late. */
  const whenTyped = (input, act) => {
    let timer, running;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        running?.abort();
        running = new AbortController();
        try { await act(input.value, running.signal); } catch (error) { if (error.name !== "AbortError") console.warn(error); }
      }, 150);
    });
  };

  /* Completion: the combobox pattern of the ARIA Authoring Practices Guide. */
  const complete = (input) => {
    const kinds = JSON.parse(input.dataset.kinds);
    const status = document.getElementById("suggest-status");
    const list = make("ul", "", { id: "suggestions", role: "listbox", class: "suggestions" });
    list.hidden = true;
    list.setAttribute("aria-label", input.dataset.said);
    input.closest("form").append(list);
    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" })) input.setAttribute(key, value);
    let found = [], at = -1;

    const show = (open) => { list.hidden = !open; input.setAttribute("aria-expanded", String(open)); if (!open) move(-1); };
    const move = (to) => {
      list.children[at]?.setAttribute("aria-selected", "false");
      at = to;
      const option = list.children[at];
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest" });
      if (option) input.setAttribute("aria-activedescendant", option.id); else input.removeAttribute("aria-activedescendant");
    };
    const choose = (one) => {
      show(false);
      if (one.kind === "word") { input.value = one.text; input.form.requestSubmit(); return; }
      const to = new URL(input.dataset.search, location.href);
      if (one.kind === "headline") to.pathname += `articles/${one.id.split("/").map(encodeURIComponent).join("/")}`;
      else {
        for (const [name, value] of new FormData(input.form)) if (name !== "q" && value) to.searchParams.append(name, value);
        to.searchParams.append(one.kind, one.id);
      }
      location.assign(to);
    };

    whenTyped(input, async (typed, signal) => {
      if (!typed.trim()) { show(false); return; }
      const address = `${input.dataset.suggest}?${new URLSearchParams({ q: typed.slice(0, 1000) })}`;
      const answer = await fetch(address, { signal });
      if (!answer.ok || document.activeElement !== input) return;
      found = (await answer.json()).suggestions;
      list.replaceChildren(...found.map((one, place) => {
        const option = make("li", "", { role: "option", id: `suggestion-${place}`, "aria-selected": "false" });
        option.append(make("bdi", one.text), make("span", kinds[one.kind] + (one.count > 1 ? ` · ${number(one.count)}` : "")));
        option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(one); });
        return option;
      }));
      at = -1;
      show(found.length > 0);
      status.textContent = `${found.length} ${input.dataset.said}`;
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); show(false); }
      else if (list.hidden || event.isComposing) return;
      else if (event.key === "ArrowDown") { event.preventDefault(); move((at + 1) % found.length); }
      else if (event.key === "ArrowUp") { event.preventDefault(); move((at <= 0 ? found.length : at) - 1); }
      else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(found[at]); }
    });
    input.addEventListener("blur", () => show(false));
  };
  if (box) complete(box);

  /* In a wide window the filters are shown even when folded (see the style sheet); say so to everybody. */
  const filters = document.getElementById("filters");
  if (filters && matchMedia("(min-width: 56rem)").matches) filters.open = true;

  /* Typing into the box of a facet replaces its list; the server draws it. */
  for (const form of document.querySelectorAll("form[data-find]")) {
    const input = form.querySelector("input[type=search]");
    whenTyped(input, async (typed, signal) => {
      const list = form.parentElement.querySelector("[data-choices]");
      list.setAttribute("aria-busy", "true");
      const asked = new URLSearchParams(new FormData(form));
      const answer = await fetch(`${form.dataset.find}?${asked}`, { signal });
      if (!answer.ok) { list.removeAttribute("aria-busy"); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-choices]");
      if (fresh) list.replaceWith(document.adoptNode(fresh));
    });
  }

  /* Keys: / to the box; n and p through the matches of an article. */
  const marks = [...document.querySelectorAll(".article mark")];
  const stepper = document.querySelector("[data-matches]");
  const status = stepper?.querySelector("[role=status]");
  let current = -1;
  const step = (by) => {
    marks[current]?.classList.remove("current");
    current = current < 0 && by < 0 ? marks.length - 1 : (current + by + marks.length) % marks.length;
    marks[current].classList.add("current");
    marks[current].scrollIntoView({ block: "center" });
    status.textContent = `${number(current + 1)} / ${number(marks.length)}`;
  };
  if (stepper) {
    stepper.addEventListener("click", (event) => { const by = event.target.closest("[data-step]"); if (by) step(Number(by.dataset.step)); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "/" && box) { event.preventDefault(); box.focus(); box.select(); }
    else if (marks.length && event.key === "n") step(1);
    else if (marks.length && event.key === "p") step(-1);
  });

  /* While the next list is on its way. */
  const busy = () => document.body.setAttribute("aria-busy", "true");
  document.addEventListener("submit", busy);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.hasAttribute("download") || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to = new URL(link.getAttribute("href"), location.href);
    if (to.origin === location.origin && to.pathname === location.pathname && to.search !== location.search) busy();
  });
  addEventListener("pageshow", () => document.body.removeAttribute("aria-busy"));

  /* The page of the JSON interface: show the answer in place. */
  for (const form of document.querySelectorAll("form[data-try]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      let path = form.dataset.path;
      const query = new URLSearchParams();
      for (const field of form.elements) {
        if (!field.name || !field.value) continue;
        if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, field.value.split("/").map(encodeURIComponent).join("/"));
        else query.append(field.name, field.value);
      }
      const shown = form.querySelector("pre");
      const address = query.size ? `${path}?${query}` : path;
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      const text = await answer.text();
      let body = text;
      try { body = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
      shown.textContent = `GET ${address}\n${answer.status} ${answer.headers.get("Content-Type")}\n\n${body}`;
      shown.hidden = false;
    });
  }
})();
