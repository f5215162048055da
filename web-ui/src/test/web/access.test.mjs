/** The page for everybody: what axe finds in light, in the dark and on a phone; keys; no overflow. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { address, film, launch, open, stream } from "./product.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const DARK = { colorScheme: "dark" };
let browser;

before(async () => {
  browser = await launch();
  if (!(await stream("film"))) {
    await fetch(`${address}/api/v1/streams`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: "film", source: film, loop: true }),
    });
  }
});

after(() => browser?.close());

/** What is wrong, seriously, in one line each. */
async function findings(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
}

async function opened(options, hash = "") {
  const { page } = await open(browser, options);
  await page.goto(address + "/" + hash);
  await page.locator("stream-rail .stream").first().waitFor({ state: "attached" });
  return page;
}

for (const [name, options] of Object.entries({ light: {}, dark: DARK, phone: PHONE })) {
  for (const panel of ["commentary", "questions", "search"]) {
    test(`axe_${name}_${panel}_findsNothingSerious`, async () => {
      const page = await opened(options, `#panel=${panel}`);

      assert.deepEqual(await findings(page), []);

      await page.context().close();
    });
  }

  test(`axe_${name}_systemAndDialogs_findNothingSerious`, async () => {
    const page = await opened(options, "#view=system");
    await page.getByText("onlooker-mini").waitFor();
    assert.deepEqual(await findings(page), []);

    await page.getByRole("button", { name: "Add a stream" }).first().click();

    assert.deepEqual(await findings(page), []);
    await page.context().close();
  });
}

test("phone_fitsItsWidth", async () => {
  const page = await opened(PHONE, "#panel=questions");
  await page.getByRole("textbox", { name: "Question" }).waitFor();

  const wide = await page.evaluate(() => document.documentElement.scrollWidth);

  assert.ok(wide <= 390, `the page is ${wide} wide`);
  const box = await page.getByRole("textbox", { name: "Question" }).boundingBox();
  assert.ok(box.y + box.height <= 844, "the question box is on the screen");
  await page.context().close();
});

test("keyboard_reachesTheQuestionFirst_andShowsWhereItIs", async () => {
  const page = await opened({});
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");

  const focused = await page.evaluate(() => {
    const { id } = document.activeElement;
    return { id, outline: getComputedStyle(document.activeElement).outlineStyle };
  });

  assert.deepEqual(focused, { id: "question", outline: "solid" });
  await page.context().close();
});

test("everyControl_isReachedByTab_andNoneHoldsTheFocus", async () => {
  const page = await opened({});
  await page.locator("stream-view").waitFor();
  const reached = new Set();
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const one = document.activeElement;
      return one === document.body ? "body" : `${one.tagName} ${one.ariaLabel ?? one.textContent}`;
    });
    reached.add(at);
    if (at === "body" && presses > 5) {
      break;
    }
  }

  for (const name of ["Change this stream", "Remove this stream", "Question", "Language"]) {
    assert.ok([...reached].some((one) => one.includes(name)), `${name} in ${[...reached]}`);
  }
  await page.context().close();
});

test("reducedMotion_stopsAnimations", async () => {
  const page = await opened({});

  const moving = await page.evaluate(() => document.getAnimations().length);

  assert.equal(moving, 0);
  await page.context().close();
});
