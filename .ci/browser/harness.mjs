// A browser that opens pages from a disk and holds each of them to silence.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const root = process.getuid?.() === 0;

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

let browser;
let checks = 0;

export const launch = async (executablePath) => {
  browser = await chromium.launch({ executablePath, args: root ? ["--no-sandbox"] : [] });
};
export const close = () => browser.close();
export const checked = () => checks;

export const check = (truth, what) => {
  checks += 1;
  assert.ok(truth, what);
};
export const same = (actual, expected, what) => {
  checks += 1;
  assert.deepEqual(actual, expected, what);
};

// Opens an address and holds it to silence: no request but those that may be made, no message, no dialog.
export const visit = async (address, may, options, work) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said = [];
  page.on("request", (request) => {
    if (!may(request.url().split("#")[0])) said.push("request " + request.url());
  });
  page.on("console", (message) => said.push("console " + message.text()));
  page.on("pageerror", (error) => said.push("error " + error.message));
  page.on("dialog", (dialog) => {
    said.push("dialog " + dialog.message());
    dialog.dismiss();
  });
  await page.goto(address);
  try {
    await work(page);
  } finally {
    await page.close();
  }
  same(said, [], basename(address) + " is not silent");
  await context.close();
};

// A page that is one file and asks for nothing else.
export const open = async (file, hash, options, work) => {
  const own = pathToFileURL(file).href;
  await visit(own + hash, (url) => url === own, options, work);
};

export const accessible = async (page, what) => {
  // A page lets no script but its own run; a debugger's may.
  const found = await page.evaluate(axe + ";axe.run(document, { resultTypes: ['violations'], preload: false })");
  const told = found.violations.map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.html).join(" | "));
  same(told, [], what + " is not accessible");
};
