// Drives sites of `soc2 render --to html` as people do. Usage: site.mjs CHROMIUM FOLDER…
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import { NARROW, WIDE, accessible, check, checked, close, launch, same, visit } from "./harness.mjs";

const [executablePath, ...folders] = process.argv.slice(2);
await launch(executablePath);

// A page of a site, from the disk; it may ask for the site's own files.
const from = (folder) => (path, options, work) => {
  const home = pathToFileURL(folder).href + "/";
  return visit(home + path, (url) => url.startsWith(home), options, work);
};
const pagesOf = (folder) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".html"))
    .sort();

// By somebody else's rules of HTML. That a page says less than it might is no fault.
const valid = async (folder) => {
  const validator = new HtmlValidate({
    extends: ["html-validate:standard"],
    rules: {
      "long-title": "off",
      "no-inline-style": "error",
      // The widths of the two styles of writing are not ours to choose.
      "void-style": "off",
      "no-trailing-whitespace": "off",
    },
  });
  for (const path of pagesOf(folder)) {
    const report = await validator.validateString(readFileSync(join(folder, path), "utf8"));
    const told = report.results.flatMap((one) => one.messages).map((one) => `${one.line}: ${one.ruleId}: ${one.message}`);
    same(told.slice(0, 10), [], path + " is no valid HTML");
  }
};

// Some page of each kind, at both widths, light and dark.
const looks = async (folder) => {
  const site = from(folder);
  const all = pagesOf(folder);
  const some = (kind) => all.filter((path) => path.startsWith(kind + "/"));
  const drafts = all.filter((path) => readFileSync(join(folder, path), "utf8").includes("DRAFT.</strong>"));
  const paths = new Set([
    "index.html", "controls.html", "criteria.html", some("policies")[2], some("procedures")[0], some("narratives")[0], ...drafts.slice(-1),
  ]);
  for (const path of paths) {
    for (const viewport of [NARROW, WIDE]) {
      for (const colorScheme of ["light", "dark"]) {
        const what = `${path} at ${viewport.width}, ${colorScheme}`;
        await site(path, { viewport, colorScheme }, async (page) => {
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          check(over <= 0, `${what} is ${over} pixels too wide`);
          await accessible(page, what);
          if (path !== "index.html") return;
          await page.locator("#_words").fill("access");
          await page.locator("#_found a").first().waitFor();
          await page.keyboard.press("ArrowDown");
          await accessible(page, what + ", searching");
        });
      }
    }
  }
};

const found = (page) => page.locator("#_found a .where").allTextContents();

// Words are found by keyboard alone, from the disk.
const search = async (folder) => {
  await from(folder)("policies/asset-management.html", { viewport: WIDE }, async (page) => {
    const input = page.locator("#_words");
    await page.keyboard.press("/");
    check(await input.evaluate((part) => part === document.activeElement), "/ goes to the search");
    await page.keyboard.type("sealed envelope with the chief");
    await page.waitForFunction(() => {
      const marked = Array.from(document.querySelectorAll("#_found mark"), (part) => part.textContent);
      return ["sealed", "envelope", "chief"].every((word) => marked.includes(word));
    });
    same((await found(page))[0], "Access Control Policy › 2 Sign-in", "a phrase is found");
    same(await page.locator("#_told").textContent(), "1 section found", "and it is told how many");
    same(await input.getAttribute("aria-expanded"), "true", "the list is told to be open");
    await page.keyboard.press("ArrowDown");
    const active = await input.getAttribute("aria-activedescendant");
    same(await page.locator("#" + active).getAttribute("aria-selected"), "true", "an arrow chooses");
    await page.keyboard.press("Enter");
    await page.waitForURL(/policies\/access-control\.html#sign-in$/);
    check(await page.locator("#sign-in").isVisible(), "Enter goes there");

    await input.fill("QUARTÉR");
    await page.waitForFunction(() => document.querySelectorAll("#_found a").length > 1);
    const titles = await found(page);
    check(titles.length > 1, "a beginning is found, whatever its case and accents");
    await page.keyboard.press("ArrowUp");
    same(await input.getAttribute("aria-activedescendant"), "_found-" + (titles.length - 1), "an arrow up begins at the end");
    await page.keyboard.press("ArrowDown");
    same(await input.getAttribute("aria-activedescendant"), "_found-0", "and arrows go round");
    await input.fill("access reviews");
    await page.waitForFunction(() => /Access reviews/.test(document.querySelector("#_found a .where")?.textContent));
    check(true, "what is in a title comes first");
    await input.fill("iam-mfa");
    await page.waitForFunction(() => /^Controls › iam-mfa/.test(document.querySelector("#_found a .where")?.textContent));
    check(true, "a control is found by its id");
    await input.fill("envelope nosuchword");
    await page.waitForFunction(() => document.getElementById("_told").textContent === "0 sections found");
    same(await input.getAttribute("aria-expanded"), "false", "every word has to be there");
    await page.keyboard.press("Escape");
    same(await input.inputValue(), "", "Escape clears");
    check(!(await page.locator("#_panel").isVisible()), "and closes");
    await page.keyboard.press("Escape");
    check(await input.evaluate((part) => part !== document.activeElement), "and leaves");
    // Without an arrow, Enter takes the first; on the same page too.
    await page.keyboard.press("/");
    await page.keyboard.type("break-glass identities stand");
    await page.keyboard.press("Enter");
    await page.waitForURL(/access-control\.html#accounts$/);
  });
};

// Lists are narrowed, and what is shown can be sent to somebody.
const filters = async (folder) => {
  const shown = (page) => page.locator("[data-item]:not([hidden])").count();
  let sent = "";
  await from(folder)("index.html", { viewport: NARROW }, async (page) => {
    const all = await shown(page);
    await page.locator("#_series").selectOption("CC6");
    const some = await shown(page);
    check(some > 0 && some < all, "a series narrows the list");
    same(await page.locator("#_count").textContent(), `${some} of ${all} documents`, "the count");
    for (const words of await page.locator("[data-item]:not([hidden])").evaluateAll((items) => items.map((one) => one.dataset.series))) {
      check(words.includes(" CC6 "), "only that series");
    }
    sent = await page.evaluate(() => location.hash);
    same(sent, "#series=CC6", "the address says so");
    await page.locator("#_filters button").click();
    same(await shown(page), all, "all is shown again");
    await page.locator("#_audience").selectOption("everyone");
    check((await shown(page)) > 0, "an audience has documents");
  });
  await from(folder)("index.html" + sent, { viewport: WIDE }, async (page) => {
    same(await page.locator("#_series").inputValue(), "CC6", "an address chooses");
  });
  await from(folder)("controls.html#series=CC1", { viewport: WIDE }, async (page) => {
    check(!(await page.locator("#iam-mfa").isVisible()), "other controls are hidden");
    await page.evaluate(() => { location.hash = "iam-mfa"; });
    await page.locator("#iam-mfa").waitFor();
    check(true, "a link to one shows it");
  });
};

// Without JavaScript everything can be read, and nothing is shown that does nothing.
const plain = async (folder) => {
  const options = { viewport: NARROW, javaScriptEnabled: false };
  await from(folder)("index.html", options, async (page) => {
    check(!(await page.locator("#_search").isVisible()), "no search that finds nothing");
    check(!(await page.locator("#_filters").isVisible()), "no filter that does nothing");
    same(await page.locator("[data-item][hidden]").count(), 0, "no document is hidden");
  });
  await from(folder)("policies/access-control.html", options, async (page) => {
    check(await page.locator("#_contents a").first().isVisible(), "the contents are open");
    await page.locator("#_contents a").nth(2).click();
    check(page.url().endsWith("#access-reviews"), "and lead to sections");
    await page.locator(".rests a", { hasText: "iam-access-review" }).click();
    check(page.url().endsWith("/controls.html#iam-access-review"), "a section leads to its controls");
    await page.locator("#iam-access-review a", { hasText: "Access reviews" }).click();
    check(page.url().endsWith("/policies/access-control.html#access-reviews"), "and a control back to its section");
    await page.locator(".rests a", { hasText: "CC6.2" }).first().click();
    check(page.url().endsWith("/criteria.html#CC6.2"), "and to the criterion");
  });
};

// Paper has the text, and DRAFT on what is one; nothing to press.
const paper = async (folder) => {
  await from(folder)("policies/ai-use.html", { viewport: WIDE }, async (page) => {
    await page.emulateMedia({ media: "print" });
    for (const gone of ["#_search", ".top nav", ".contents", ".mark"]) {
      for (const part of await page.locator(gone).all()) check(!(await part.isVisible()), gone + " is not printed");
    }
    check(await page.locator(".watermark").isVisible(), "a draft says so on each sheet");
    check(await page.locator(".banner").isVisible(), "and above the text");
    check((await page.pdf({ preferCSSPageSize: true })).length > 5_000, "it prints");
  });
};

// From a server, below some path: the same.
const served = async (folder) => {
  const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = path.startsWith("/some/path/") ? join(folder, relative("/some/path", path)) : "";
    try {
      const bytes = readFileSync(file);
      response.writeHead(200, { "content-type": types[extname(file)] || "application/octet-stream" });
      response.end(bytes);
    } catch {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const home = `http://127.0.0.1:${server.address().port}/some/path/`;
  await visit(home + "policies/access-control.html", (url) => url.startsWith(home), { viewport: WIDE }, async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("ast-disposal");
    await page.locator("#_found a").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(home + "controls.html#ast-disposal");
    check(await page.locator("#ast-disposal").isVisible(), "a control is reached");
  });
  server.close();
};

// Text of strangers stays text, takes no place of ours and is found as text.
const harmless = async (folder) => {
  const site = from(folder);
  for (const path of ["index.html", "controls.html", "criteria.html", "policies/hostile.html"]) {
    await site(path, { viewport: WIDE }, async (page) => {
      const seen = await page.evaluate(() => ({
        pwned: window.pwned,
        scripts: document.scripts.length,
        foreign: document.querySelectorAll("img, iframe, object, embed, base, video, audio, style").length,
        handlers: Array.from(document.querySelectorAll("*"))
          .flatMap((part) => part.getAttributeNames())
          .filter((name) => name.startsWith("on") || name === "style"),
        outward: Array.from(document.querySelectorAll("[href], [src]"))
          .map((part) => part.getAttribute("href") || part.getAttribute("src"))
          .filter((to) => /^[a-z]+:|^\/\//i.test(to) && !to.startsWith("https://example.invalid/%22onclick=%22x")),
        moving: /[\u0000-\u0008\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f]/.test(document.documentElement.textContent),
      }));
      same(seen, { pwned: undefined, scripts: 1, foreign: 0, handlers: [], outward: [], moving: false }, path + ": nothing but text");
      await page.keyboard.press("/");
      await page.keyboard.type("strangersword");
      await page.locator("#_found a").first().waitFor();
      same(await page.locator("#_found img, #_found script").count(), 0, "found text is text");
      same(await page.evaluate(() => window.pwned), undefined, "and does nothing");
    });
  }
};

try {
  const [example, hostile] = folders;
  for (const part of [valid, looks, search, filters, plain, paper, served]) await part(example);
  for (const part of [valid, harmless]) await part(hostile);
  console.log(`site: ${checked()} checks`);
} finally {
  await close();
}
