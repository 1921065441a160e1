(() => {
  "use strict";
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const count = document.getElementById("count");
  const unfold = document.getElementById("unfold");
  const rows = Array.from(list.children, (item) => ({
    item,
    words: item.dataset.words,
    criteria: item.dataset.criteria.split(" ").map((one) => one.split("/")),
    text: "",
  }));
  const fields = Array.from(form.elements).filter((field) => field.name);
  const ordinary = new Set(fields.map((field) => field.name));
  // What is asked of criteria has to fit one and the same criterion: the order of the parts in data-criteria.
  const JOINED = ["criterion", "series", "category", "support"];
  let filters = new Map();

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  // `#owner=alice&slot=missed`; anything without `=` is a place in the page.
  const read = (hash) => {
    const found = new Map();
    for (const part of hash.replace(/^#/, "").split("&")) {
      const at = part.indexOf("=");
      if (at > 0 && at + 1 < part.length) found.set(part.slice(0, at), part.slice(at + 1));
    }
    return found;
  };
  const write = () => Array.from(filters, ([key, value]) => key + "=" + value).join("&");

  const textOf = (row) => {
    if (!row.text) {
      const said = row.item.querySelectorAll("h3, .owner, .description, .facts, .evidence h5");
      row.text = Array.from(said, (part) => part.textContent).join(" ").toLowerCase();
    }
    return row.text;
  };

  const show = () => {
    const searched = decoded(filters.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const joined = Array.from(filters)
      .filter(([key]) => JOINED.includes(key))
      .map(([key, value]) => [JOINED.indexOf(key), value]);
    const plain = Array.from(filters).filter(([key]) => key !== "q" && !JOINED.includes(key));
    const wanted = plain.map(([key, value]) => " " + key + "=" + value + " ");
    let shown = 0;
    for (const row of rows) {
      const fits =
        wanted.every((word) => row.words.includes(word)) &&
        (joined.length === 0 || row.criteria.some((one) => joined.every(([at, value]) => one[at] === value))) &&
        searched.every((word) => textOf(row).includes(word));
      row.item.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const field of fields) {
      const value = filters.get(field.name) || "";
      const typed = field.name === "q" ? decoded(value) : value;
      if (field.value !== typed && field !== document.activeElement) field.value = typed;
    }
    const named = Array.from(filters, ([key, value]) => (key === "q" ? "text" : key) + " " + decoded(value));
    const plural = rows.length === 1 ? " control" : " controls";
    count.textContent = named.length
      ? shown + " of " + rows.length + plural + " with " + named.join(", ")
      : rows.length + plural;
    unfold.setAttribute("aria-pressed", "false");
    unfold.textContent = "Open those shown";
  };

  const reveal = (id) => {
    const target = document.getElementById(id) || document.getElementById(decoded(id));
    if (!target) return;
    if (target.closest("#list > [hidden]")) {
      filters = new Map();
      show();
    }
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const spot = target.matches("details") ? target.querySelector("summary") : target;
    if (spot === target && !target.matches("a, button, input, select, [tabindex]")) target.tabIndex = -1;
    spot.focus({ preventScroll: true });
    target.scrollIntoView();
  };

  const arrive = (first) => {
    const hash = location.hash.slice(1);
    const asked = read(hash);
    if (asked.size === 0 && hash) {
      if (first) show();
      reveal(hash);
      // A browser goes to the place itself once all is loaded, and takes the focus from it.
      if (first) window.addEventListener("load", () => setTimeout(() => reveal(hash)), { once: true });
      return;
    }
    filters = asked;
    show();
    if (asked.size > 0) {
      count.focus({ preventScroll: true });
      form.scrollIntoView();
    }
  };

  const remember = () => {
    const hash = write();
    history.replaceState(null, "", location.href.split("#")[0] + (hash ? "#" + hash : ""));
  };

  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const kept = Array.from(filters).filter(([key]) => !ordinary.has(key));
      const typed = fields.map((field) => [field.name, field.name === "q" ? encodeURIComponent(field.value.trim()) : field.value]);
      filters = new Map([...kept, ...typed.filter(([, value]) => value)]);
      show();
      remember();
    }, event.target.name === "q" ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    filters = new Map();
    for (const field of fields) field.value = "";
    show();
    remember();
  });
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    for (const row of rows) if (!row.item.hidden) row.item.firstElementChild.open = open;
    unfold.setAttribute("aria-pressed", String(open));
    unfold.textContent = open ? "Close those shown" : "Open those shown";
  });

  for (const link of document.querySelectorAll("a[data-filter]")) link.setAttribute("href", "#" + link.dataset.filter);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      arrive(false);
    }
  });
  window.addEventListener("hashchange", () => arrive(false));

  // A narrow screen stacks the cells of a table, and a browser then forgets that it is one.
  const ROLES = [
    ["table", "table"],
    ["table > thead, table > tbody", "rowgroup"],
    ["table tr", "row"],
    ["table > thead th", "columnheader"],
    ["table > tbody th", "rowheader"],
    ["table td", "cell"],
  ];
  const narrow = window.matchMedia("(max-width: 40rem)");
  const keepTables = () => {
    if (!narrow.matches) return;
    narrow.removeEventListener("change", keepTables);
    for (const [which, role] of ROLES) for (const part of document.querySelectorAll(which)) part.setAttribute("role", role);
  };
  narrow.addEventListener("change", keepTables);
  keepTables();

  // On paper stands what is open; everything that is shown only where that is asked for.
  const whole = document.getElementById("whole");
  let closed = [];
  window.addEventListener("beforeprint", () => {
    if (!whole.checked) return;
    closed = Array.from(document.querySelectorAll("details:not([open])")).filter((box) => !box.closest("[hidden]"));
    for (const box of closed) box.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const box of closed) box.open = false;
    closed = [];
  });
  document.getElementById("paper").addEventListener("click", () => window.print());
  document.getElementById("print").hidden = false;

  form.hidden = false;
  arrive(true);
})();
