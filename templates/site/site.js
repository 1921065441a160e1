(() => {
  "use strict";
  const own = document.currentScript.src;
  const home = new URL("..", own);
  const byId = (id) => document.getElementById(id);

  // Words as they are compared: no case, no accents. Scripts without spaces are compared sign by sign.
  const WORD =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}])+/gu;
  const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i" };
  const fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase()
      .replace(/[ßæœøłđı]/g, (letter) => LETTERS[letter]);
  const wordsOf = (text) =>
    Array.from(text.matchAll(WORD), (found) => ({
      word: fold(found[0]),
      from: found.index,
      to: found.index + found[0].length,
    }));

  // What is searched is fetched when somebody begins to search.
  let index = null;
  let coming = null;
  const load = () => {
    coming ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("search.js", own).href;
      script.addEventListener("load", () => {
        const { pages, sections } = window.searchIndex;
        index = sections.map(([page, title, place, text]) => ({
          page: pages[page][0],
          href: new URL(pages[page][1], home).href + (place ? "#" + place : ""),
          title,
          text,
          whole: place === "",
          titleWords: wordsOf(title),
          pageWords: wordsOf(pages[page][0]),
          textWords: wordsOf(text),
        }));
        resolve();
      });
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return coming;
  };

  // How well a word is found among others: 2 as it is, 1 as a beginning, 0 not at all.
  const fit = (asked, words) => {
    let best = 0;
    for (const { word } of words) {
      if (word === asked) return 2;
      if (word.startsWith(asked)) best = 1;
    }
    return best;
  };

  // Every word has to be found; a title weighs more than the text, the document's title least.
  const weigh = (asked, section) => {
    let sum = 0;
    let inside = false;
    for (const word of asked) {
      const title = fit(word, section.titleWords);
      const text = fit(word, section.textWords);
      const page = title || text ? 0 : fit(word, section.pageWords);
      if (!title && !text && !page) return 0;
      inside ||= title > 0 || text > 0;
      sum += title * 100 + text * 10 + page;
    }
    return inside ? sum + (section.whole ? 5 : 0) : 0;
  };

  // Writes a text with the words that were asked for marked.
  const mark = (into, text, words, asked, from, to) => {
    let at = from;
    for (const { word, from: start, to: end } of words) {
      if (start < at || end > to || !asked.some((one) => word.startsWith(one))) continue;
      into.append(text.slice(at, start));
      const hit = document.createElement("mark");
      hit.textContent = text.slice(start, end);
      into.append(hit);
      at = end;
    }
    into.append(text.slice(at, to));
  };

  // Where the most of the words asked for stand together.
  const densest = (words, asked) => {
    const hits = words.filter(({ word }) => asked.some((one) => word.startsWith(one))).slice(0, 500);
    let best = { from: 0, many: 0 };
    for (const { from } of hits) {
      const near = hits.filter((hit) => hit.from >= from && hit.to <= from + 120);
      const many = asked.filter((one) => near.some(({ word }) => word.startsWith(one))).length;
      if (many > best.many) best = { from, many };
    }
    return best.from;
  };

  const snippet = (into, section, asked) => {
    const { text, textWords } = section;
    const near = densest(textWords, asked);
    const from = near <= 60 ? 0 : textWords.find((word) => word.from >= near - 50).from;
    const last = textWords.findLast((word) => word.to <= from + 180);
    const to = text.length <= from + 180 ? text.length : last ? last.to : from + 180;
    if (from > 0) into.append("… ");
    mark(into, text, textWords, asked, from, to);
    if (to < text.length) into.append(" …");
  };

  const MOST = 20;
  const searching = () => {
    const form = byId("_search");
    const input = byId("_words");
    const panel = byId("_panel");
    const told = byId("_told");
    const found = byId("_found");
    let active = -1;

    const choose = (nth) => {
      const options = found.children;
      if (active >= 0 && options[active]) options[active].setAttribute("aria-selected", "false");
      active = options.length ? (nth + options.length) % options.length : -1;
      if (active < 0) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    const close = () => {
      panel.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      active = -1;
    };
    const option = ({ section }, nth, asked) => {
      const link = document.createElement("a");
      link.id = "_found-" + nth;
      link.href = section.href;
      link.tabIndex = -1;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", "false");
      const where = document.createElement("span");
      where.className = "where";
      if (!section.whole) where.append(section.page + " › ");
      mark(where, section.title, section.titleWords, asked, 0, section.title.length);
      const said = document.createElement("span");
      said.className = "said";
      snippet(said, section, asked);
      link.append(where, said);
      return link;
    };
    const show = () => {
      const asked = wordsOf(input.value).map(({ word }) => word).filter(Boolean);
      if (asked.length === 0 || !index) {
        found.replaceChildren();
        close();
        return;
      }
      const hits = index
        .map((section, nth) => ({ section, nth, weight: weigh(asked, section) }))
        .filter(({ weight }) => weight > 0)
        .sort((a, b) => b.weight - a.weight || a.nth - b.nth);
      found.replaceChildren(...hits.slice(0, MOST).map((hit, nth) => option(hit, nth, asked)));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      const many = hits.length === 1 ? "1 section found" : hits.length + " sections found";
      told.textContent = hits.length > MOST ? `${many}, the first ${MOST} shown` : many;
      found.hidden = hits.length === 0;
      panel.hidden = false;
      input.setAttribute("aria-expanded", String(hits.length > 0));
    };

    let waiting = 0;
    const ask = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => load().then(show, () => { told.textContent = "The index could not be read."; panel.hidden = false; }), 60);
    };
    input.addEventListener("input", ask);
    input.addEventListener("focus", () => {
      load().catch(() => {});
      if (input.value) ask();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (panel.hidden || !found.children.length) return;
        event.preventDefault();
        const down = event.key === "ArrowDown";
        choose(active < 0 ? (down ? 0 : found.children.length - 1) : active + (down ? 1 : -1));
      } else if (event.key === "Enter") {
        event.preventDefault();
        clearTimeout(waiting);
        load().then(() => {
          const kept = active;
          if (kept < 0) show();
          const link = found.children[Math.max(kept, 0)];
          if (!panel.hidden && link) link.click();
        }, () => {});
      } else if (event.key === "Escape") {
        event.preventDefault();
        clearTimeout(waiting);
        if (!input.value) input.blur();
        input.value = "";
        show();
      }
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    // A result on this very page is gone to without a new page.
    found.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      clearTimeout(waiting);
      close();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!form.contains(event.target)) close();
    });
    form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
    });
    document.addEventListener("keydown", (event) => {
      const at = document.activeElement;
      const typing = at && (at.matches("input, select, textarea") || at.isContentEditable);
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
    form.hidden = false;
  };

  // `#audience=everyone&series=CC6`: what is shown can be sent to somebody.
  const filtering = () => {
    const form = byId("_filters");
    if (!form) return;
    const count = byId("_count");
    const items = Array.from(document.querySelectorAll("[data-item]"));
    const fields = Array.from(form.querySelectorAll("select"));
    const has = (item, key, value) => {
      const words = item.dataset[key] || "";
      // What everyone reads, any audience reads.
      return words.includes(" " + value + " ") || (key === "audience" && words.includes(" everyone "));
    };
    const show = () => {
      let shown = 0;
      const asked = fields.filter((field) => field.value);
      for (const item of items) {
        item.hidden = !asked.every((field) => has(item, field.name, field.value));
        if (!item.hidden) shown += 1;
      }
      for (const group of document.querySelectorAll("[data-group]")) {
        group.hidden = !group.querySelector("[data-item]:not([hidden])");
      }
      const noun = items.length === 1 ? count.dataset.one : count.dataset.many;
      count.textContent = (asked.length ? shown + " of " : "") + items.length + " " + noun;
    };
    const remember = () => {
      const asked = fields.filter((field) => field.value).map((field) => field.name + "=" + encodeURIComponent(field.value));
      history.replaceState(null, "", location.href.split("#")[0] + (asked.length ? "#" + asked.join("&") : ""));
    };
    const clear = () => {
      for (const field of fields) field.value = "";
    };
    const arrive = () => {
      const hash = location.hash.slice(1);
      if (hash.includes("=")) {
        const asked = new URLSearchParams(hash);
        for (const field of fields) {
          field.value = asked.get(field.name) || "";
          if (field.selectedIndex < 0) field.value = "";
        }
        show();
        return;
      }
      let id = hash;
      try {
        id = decodeURIComponent(hash);
      } catch {
        // As it stands, then.
      }
      const target = id && byId(id);
      if (target && target.hidden) {
        clear();
        show();
        target.scrollIntoView();
      }
    };
    form.addEventListener("input", () => {
      show();
      remember();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      clear();
      show();
      remember();
    });
    window.addEventListener("hashchange", arrive);
    form.hidden = false;
    // A browser may bring back what was chosen before.
    clear();
    arrive();
  };

  // A narrow page begins with the text, not with its contents.
  const contents = byId("_contents");
  const wide = window.matchMedia("(min-width: 64rem)");
  const fitContents = () => {
    if (contents) contents.open = wide.matches;
  };
  wide.addEventListener("change", fitContents);
  fitContents();

  // What is wider than the page can be moved by keyboard.
  const fitTables = () => {
    for (const box of document.querySelectorAll(".table")) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "Wide table");
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  };
  window.addEventListener("resize", fitTables);
  fitTables();

  searching();
  filtering();
})();
