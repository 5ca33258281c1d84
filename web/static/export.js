"use strict";
/* Exports with progress: the file is fetched, its records counted as they come, and kept when it is whole.
   Without this script the same links are ordinary downloads. */
(() => {
  const list = document.querySelector("[data-export]");
  if (!list) return;
  const panel = document.querySelector("[data-progress]");
  const bar = panel.querySelector("progress");
  const said = document.querySelector("[data-outcome]");
  const language = document.documentElement.lang;
  const total = Number(list.dataset.export);
  const FOLD = 8e6; /* bytes in hand before they go into a blob, which browsers keep on disk */
  let running = null;

  const show = (done) => {
    const shown = Math.min(done, total);
    bar.value = shown;
    panel.querySelector("[data-count]").textContent = `${shown.toLocaleString(language)} / ${total.toLocaleString(language)}`;
  };

  /* Counts a mark in text that comes in pieces, cut anywhere. */
  const counter = (mark) => {
    let tail = "", count = 0;
    return (text) => {
      const seen = tail + text;
      let at = -1, end = 0;
      while ((at = seen.indexOf(mark, at + 1)) >= 0) { count += 1; end = at + mark.length; }
      tail = seen.slice(Math.max(end, seen.length - mark.length + 1));
      return count;
    };
  };

  const keep = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  /* Why the server refused, from its page; empty when the page is not its own. */
  const reason = (html) => {
    const main = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    const pieces = main ? [...main.querySelectorAll("h1, [data-reason]")] : [];
    return pieces.map((piece) => piece.textContent.trim()).join(" — ");
  };

  const receive = async (link) => {
    const count = counter(JSON.parse(link.dataset.ends));
    const decoder = new TextDecoder();
    /* A refusal then comes as a page in the reader's language; files are the same for all. */
    const answer = await fetch(link.href, { signal: running.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw Object.assign(new Error(), { reason: reason(await answer.text()) });
    const reader = answer.body.getReader();
    const blobs = [];
    let hand = [], held = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      hand.push(value);
      held += value.length;
      if (held > FOLD) { blobs.push(new Blob(hand)); hand = []; held = 0; }
      show(count(decoder.decode(value, { stream: true })));
    }
    keep(new Blob([...blobs, ...hand], { type: answer.headers.get("Content-Type") }), link.download);
  };

  list.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-ends]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    running?.abort();
    const mine = running = new AbortController();
    show(0);
    panel.hidden = false;
    said.textContent = said.dataset.begun;
    let outcome;
    try {
      await receive(link);
      outcome = `${said.dataset.done} ${link.download}`;
    } catch (error) {
      outcome = error.name === "AbortError" ? said.dataset.stopped : error.reason || said.dataset.broken;
    }
    if (mine !== running) return; /* another export has begun meanwhile */
    said.textContent = outcome;
    panel.hidden = true;
  });
  panel.querySelector("[data-stop]").addEventListener("click", () => running?.abort());
})();
