// Drives pages of `soc2 status --html` as people do. Usage: drive.mjs CHROMIUM PAGE…
import { basename } from "node:path";
import { NARROW, WIDE, accessible, check, checked, close, launch, open, same } from "./harness.mjs";

const [executablePath, ...pages] = process.argv.slice(2);
await launch(executablePath);

const shown = (page) => page.locator("#list > li:not([hidden])").count();
// Controls that have every word; what is asked of criteria has to fit one of them.
const carrying = (page, words) =>
  page.evaluate((wanted) => {
    const order = ["criterion", "series", "category", "support"];
    const pairs = wanted.map((word) => word.split("="));
    const joined = pairs.filter(([key]) => order.includes(key));
    const plain = pairs.filter(([key]) => !order.includes(key)).map((pair) => pair.join("="));
    return Array.from(document.querySelectorAll("#list > li")).filter((item) => {
      const has = item.dataset.words.split(" ");
      const criteria = item.dataset.criteria.split(" ").map((one) => one.split("/"));
      const fits = criteria.some((one) => joined.every(([key, value]) => one[order.indexOf(key)] === value));
      return plain.every((word) => has.includes(word)) && (joined.length === 0 || fits);
    }).length;
  }, words);

const looks = async (file) => {
  for (const viewport of [NARROW, WIDE]) {
    for (const colorScheme of ["light", "dark"]) {
      const what = `${basename(file)} at ${viewport.width}, ${colorScheme}`;
      await open(file, "", { viewport, colorScheme }, async (page) => {
        await accessible(page, what);
        await page.evaluate(() => {
          for (const box of document.querySelectorAll("details")) box.open = true;
        });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        check(over <= 0, `${what} is ${over} pixels too wide`);
        await accessible(page, what + ", all open");
      });
    }
  }
};

// The keyboard alone: skip to the controls, choose a state, open a control, follow its evidence, go back to all.
const keyboard = async (file) => {
  await open(file, "", { viewport: WIDE }, async (page) => {
    await page.keyboard.press("Tab");
    check(await page.evaluate(() => document.activeElement.classList.contains("skip")), "the first stop is the skip link");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "controls");
    for (let stops = 0; stops < 4 && (await page.evaluate(() => document.activeElement.name)) !== "state"; stops += 1) {
      await page.keyboard.press("Tab");
    }
    same(await page.evaluate(() => document.activeElement.name), "state", "the filters come next");
    await page.keyboard.press("ArrowDown");
    const state = await page.evaluate(() => document.activeElement.value);
    check(state !== "", "an arrow chooses a state");
    await page.waitForFunction((word) => location.hash === "#state=" + word, state);
    const expected = await carrying(page, ["state=" + state]);
    check(expected > 0, "a state that can be chosen has controls");
    same(await shown(page), expected, "controls that are " + state);
    const all = await page.locator("#list > li").count();
    same(await page.locator("#count").textContent(), `${expected} of ${all} controls with state ${state}`, "the count");

    const summary = page.locator("#list > li:not([hidden]) summary").first();
    await summary.focus();
    await page.keyboard.press("Enter");
    check(await summary.evaluate((part) => part.parentElement.open), "Enter opens a control");
    await page.keyboard.press("Tab");
    check(await summary.evaluate((part) => part.parentElement.contains(document.activeElement)), "Tab goes into it");

    await page.locator("#filters button[type=reset]").focus();
    await page.keyboard.press("Enter");
    same(await shown(page), all, "everything is shown again");
    same(await page.evaluate(() => location.hash), "", "and the address says so");
  });
};

// Every number opens as many controls as carry its words, and moves the reader to their count.
const numbers = async (file) => {
  await open(file, "", { viewport: WIDE }, async (page) => {
    const links = await page.$$eval("a[data-filter]", (all) => all.map((link) => link.dataset.filter));
    check(links.length > 3, "there are numbers to follow");
    for (const filter of new Set(links)) {
      const words = filter.split("&");
      await page.locator(`a[data-filter="${filter}"]`).first().evaluate((link) => {
        for (let box = link.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
        link.click();
      });
      await page.waitForFunction((hash) => location.hash === "#" + hash, filter);
      await page.waitForFunction(() => document.activeElement.id === "count");
      same(await shown(page), await carrying(page, words), filter);
    }
    // What stands beside a number of something else is how many controls it opens.
    const opens = await page.$$eval(".opens", (all) =>
      all
        .filter((part) => part.previousElementSibling?.dataset.filter)
        .map((part) => [part.previousElementSibling.dataset.filter, parseInt(part.textContent, 10)]),
    );
    check(opens.length > 5, "numbers say what they open");
    for (const [filter, n] of opens) same(await carrying(page, filter.split("&")), n, "controls behind " + filter);
    // A state of controls counts controls.
    const states = await page.$$eval('#overview a[data-filter^="state="]', (all) =>
      all.map((link) => [link.dataset.filter, parseInt(link.textContent, 10)]),
    );
    check(states.length > 1, "controls by state");
    for (const [filter, n] of states) same(await carrying(page, [filter]), n, filter);
    const bars = await page.$$eval('#overview a[data-filter^="slot="]', (all) =>
      all.map((link) => [link.dataset.filter.slice(5), parseInt(link.textContent, 10)]),
    );
    const rows = await page.$$eval("#list tr[data-slots]", (all) =>
      all.map((row) => [row.querySelector(".badge").textContent.trim().split(/\s+/).pop(), Number(row.dataset.slots)]),
    );
    for (const [state, n] of bars) {
      const own = rows.filter(([name]) => name === state).reduce((sum, [, slots]) => sum + slots, 0);
      same(own, n, `slots that are ${state}`);
    }
  });
};

// A view can be sent to somebody; a search finds text; a link into a control that is filtered out still leads there.
const sharing = async (file) => {
  let owner = "";
  await open(file, "", { viewport: NARROW }, async (page) => {
    owner = await page.locator("select[name=owner] option").nth(1).getAttribute("value");
    const id = await page.locator("#list .id").first().textContent();
    await page.locator("input[name=q]").fill(id);
    await page.waitForFunction(() => location.hash.startsWith("#q="));
    check((await shown(page)) >= 1, "a search finds an id");
    await page.locator("input[name=q]").fill("no control says this");
    await page.waitForFunction(() => document.querySelectorAll("#list > li:not([hidden])").length === 0);
    const anchor = await page.locator("#list details").first().getAttribute("id");
    await page.evaluate((to) => { location.hash = to; }, anchor);
    await page.waitForFunction((to) => document.getElementById(to).open, anchor);
    check(await page.locator("#" + anchor).isVisible(), "the control is shown");
  });
  let anchor = "";
  await open(file, "", { viewport: NARROW }, async (page) => {
    anchor = await page.locator("#list details").last().getAttribute("id");
  });
  await open(file, "#" + anchor, { viewport: NARROW }, async (page) => {
    const there = (id) => document.activeElement.tagName === "SUMMARY" && document.activeElement.parentElement.id === id;
    await page.waitForTimeout(200);
    check(await page.evaluate(there, anchor), "an address of a control moves the reader to it");
    check(await page.evaluate((id) => document.getElementById(id).open, anchor), "and opens it");
  });
  await open(file, "#owner=" + owner, { viewport: NARROW }, async (page) => {
    same(await shown(page), await carrying(page, ["owner=" + owner]), "the view of an address");
    same(await page.locator("select[name=owner]").inputValue(), owner, "the list shows what is chosen");
  });
};

// Without JavaScript: no dead controls, everything can be opened and read, and links lead to places.
const plain = async (file) => {
  await open(file, "", { viewport: NARROW, javaScriptEnabled: false }, async (page) => {
    check(!(await page.locator("#filters").isVisible()), "no filter that does nothing");
    const control = page.locator("#list details").first();
    await control.locator("summary").click();
    check(await control.locator(".body").isVisible(), "a control opens");
    check(await control.locator(".why").first().isVisible(), "and says why");
    const hidden = await page.locator("#list > li[hidden]").count();
    same(hidden, 0, "no control is hidden");
    const links = await page.$$eval('a[href^="#"]', (all) => all.map((link) => link.getAttribute("href").slice(1)));
    const ids = new Set(await page.$$eval("[id]", (all) => all.map((part) => part.id)));
    same(links.filter((id) => !ids.has(id)), [], "every link leads somewhere");
    const many = await page.$$eval("[id]", (all) => all.length);
    same(ids.size, many, "every place has a name of its own");
  });
};

// Paper shows what is open, everything if that is asked for, and nothing to press.
const paper = async (file) => {
  await open(file, "", { viewport: WIDE }, async (page) => {
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    const folded = page.locator("details:not([open])");
    check((await folded.count()) > 0, "what is folded stays folded on paper");
    check(!(await page.locator("#list .body").first().isVisible()), "and is not printed");
    check(await page.locator("#overview .note").first().isVisible(), "notes stay on paper");
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: "screen" });
    await page.locator("#whole").check();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    same(await folded.count(), 0, "all is open on paper where it is asked for");
    check(await page.locator("#list .body").first().isVisible(), "and printed");
    check(!(await page.locator("#filters").isVisible()), "no filters on paper");
    check(!(await page.locator("#print").isVisible()), "no buttons on paper");
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    check((await folded.count()) > 0, "and folded again after");
    const pdf = await page.pdf({ format: "A4" });
    check(pdf.length > 10_000, "it prints");
  });
};

// Text of strangers stays text.
const harmless = async (file) => {
  await open(file, "", { viewport: WIDE }, async (page) => {
    const found = await page.evaluate(() => ({
      pwned: window.pwned,
      scripts: document.scripts.length,
      foreign: document.querySelectorAll("img, iframe, object, embed, link, base, video, audio").length,
      handlers: Array.from(document.querySelectorAll("*"))
        .flatMap((part) => part.getAttributeNames())
        .filter((name) => name.startsWith("on") || name === "style"),
      outward: Array.from(document.querySelectorAll("[href], [src]"))
        .map((part) => part.getAttribute("href") || part.getAttribute("src"))
        .filter((to) => !to.startsWith("#")),
      moving: /[\u0000-\u0008\u202a-\u202e\u2066-\u2069\u200b-\u200f]/.test(document.documentElement.textContent),
    }));
    same(found, { pwned: undefined, scripts: 1, foreign: 0, handlers: [], outward: [], moving: false }, "nothing but text");
  });
};

try {
  for (const file of pages) {
    for (const part of [looks, keyboard, numbers, sharing, plain, paper, harmless]) await part(file);
    console.log(`${basename(file)}: ${checked()} checks`);
  }
} finally {
  await close();
}
