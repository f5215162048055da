/** A person's way through the page, from an empty folder on; each step stands on those before. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, Camera, film, has, launch, noCamera, open, stream, until } from "./product.mjs";

let browser;
let page;
let trouble;
const camera = new Camera();

before(async () => {
  browser = await launch();
  ({ page, trouble } = await open(browser));
  await page.goto(address);
});

after(async () => {
  await camera.kill().catch(() => {});
  await browser?.close();
});

const dialog = () => page.locator("dialog[open]");
const view = (id) => page.locator("stream-view", { has: page.locator(`h2:text-is("${id}")`) });
const tab = (name) => page.getByRole("tab", { name });
const lastAnswer = () => page.locator(".answer").last();

async function fillStream(source, id) {
  await dialog().locator("[name=source]").fill(source);
  await dialog().locator("[name=id]").fill(id);
}

/** Waits until the live video of a stream moves. */
async function plays(id) {
  const video = await view(id).locator("live-picture video:not([hidden])").elementHandle();
  const start = await video.evaluate((one) => one.currentTime);
  await page.waitForFunction(([one, from]) => one.currentTime > from + 0.5, [video, start]);
}

async function asks(question) {
  const before = await page.locator(".answer").count();
  await page.getByRole("textbox", { name: "Question" }).fill(question);
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (count) => document.querySelectorAll(".answer:not([aria-busy])").length > count, before);
}

test("emptyInstallation_saysSoAndOffersAStream", async () => {
  await page.getByRole("heading", { name: "Nothing is being watched yet" }).waitFor();

  await page.getByRole("main").getByRole("button", { name: "Add a stream" }).click();

  await dialog().getByRole("heading", { name: "Add a stream" }).waitFor();
});

test("source_thatIsNotThere_isToldBeforeItIsAdded", async () => {
  await fillStream(`${film}.missing`, "film");
  await dialog().getByRole("button", { name: "Test it" }).click();

  await dialog().locator(".said.bad").waitFor();

  assert.equal(await dialog().locator("[name=source]").getAttribute("aria-invalid"), "true");
  assert.equal(await stream("film"), undefined);
});

test("source_thatWorks_isDescribedAndAdded", async () => {
  await fillStream(film, "film");
  await dialog().locator("summary").click();
  await dialog().locator("[name=loop]").check();
  await dialog().getByRole("button", { name: "Test it" }).click();
  await dialog().getByText("It works: 640 × 480, h264").waitFor();
  await dialog().getByRole("button", { name: "Add", exact: true }).click();

  await page.getByRole("navigation").getByRole("button", { name: /^film/ }).waitFor();

  assert.match(page.url(), /stream=film/);
});

test("livePicture_playsAsVideoAndTellsItsDelay", async () => {
  await plays("film");

  await view("film").getByText(/Live · \d.*behind/).waitFor();
});

test("question_isAnsweredInWordsThatCome", async () => {
  await until(async () => (await stream("film")).storedThrough > 6);
  await page.evaluate(() => {
    window.lengths = new Set();
    new MutationObserver(() => {
      window.lengths.add(document.querySelector(".answer .said")?.textContent.length ?? 0);
    }).observe(document.querySelector("talk-panel"), { childList: true, subtree: true });
  });

  await asks("What can you see now?");

  assert.ok((await page.evaluate(() => window.lengths.size)) > 2, "the words came one by one");
  assert.match(await lastAnswer().locator(".said").textContent(), /\w+\.$/);
  assert.equal(await tab("Questions").getAttribute("aria-selected"), "true");
});

test("citation_playsInThePlaceOfTheLivePicture", async () => {
  await lastAnswer().getByRole("button", { name: /^Play/ }).first().click();

  const video = await view("film").locator("moment-player video").elementHandle();
  await page.waitForFunction((one) => one.currentTime > 0.2, video);
  assert.ok(await view("film").locator("live-picture").isHidden());
  const download = view("film").getByRole("link", { name: /^Download/ });
  assert.match(await download.getAttribute("href"), /clip\.mp4\?start=.*download=1/);

  await view("film").getByRole("button", { name: "Back to live" }).click();
  await plays("film");
});

test("escape_leavesAMoment", async () => {
  await lastAnswer().getByRole("button", { name: /^Play/ }).first().click();
  await view("film").getByRole("button", { name: "Back to live" }).focus();

  await page.keyboard.press("Escape");

  await plays("film");
});

test("search_findsMomentsThatPlayInPlace", async (t) => {
  if (!(await has("/api/v1/search?q=a"))) {
    t.skip("this server does not search yet");
    return;
  }
  const words = await lastAnswer().locator(".said").textContent();
  await until(async () => {
    const reply = await fetch(`${address}/api/v1/search?q=${encodeURIComponent(words)}`);
    return (await reply.json()).moments.length > 0;
  });
  await tab("Search").click();
  await page.getByRole("searchbox").fill(words);
  await page.keyboard.press("Enter");
  const found = page.locator(".results .moment").first();
  await found.getByText(/score/).waitFor();

  await found.click();

  const video = await view("film").locator("moment-player video").elementHandle();
  await page.waitForFunction((one) => one.currentTime > 0.2, video);
  await view("film").getByRole("button", { name: "Back to live" }).click();
  await tab("Questions").click();
});

test("answer_whoseConnectionBreaks_goesOn", async (t) => {
  if (!(await has("/asyncapi.json"))) {
    t.skip("this server does not resume sessions yet");
    return;
  }
  await page.evaluate(() => {
    const socket = window.sockets.findLast((one) => one.url.endsWith("/api/v1/ws"));
    window.cut = socket;
    socket.addEventListener("message", ({ data }) => {
      if (JSON.parse(data).type === "answer.delta") {
        socket.close(3000, "cut");
      }
    });
  });

  await asks("What can you see now?");

  assert.equal(await page.evaluate(() => window.cut.readyState), 3, "the connection was cut");
  assert.ok(await lastAnswer().locator(".trouble").isHidden());
  const said = await lastAnswer().locator(".said").textContent();
  const talk = await page.evaluate(
    () => JSON.parse(localStorage.getItem("onlooker.talks")).film);
  const { turns } = await (await fetch(`${address}/api/v1/conversations/${talk}`)).json();
  assert.equal(said, turns.at(-1).answer);
});

test("connection_thatGoesSilent_isGivenUpForANewOne", async () => {
  const sockets = () => page.evaluate(
    () => window.sockets.filter((one) => one.url.endsWith("/api/v1/ws")).length);
  const before = await sockets();
  await page.evaluate(() => { // nothing arrives any more, and nobody says so
    const socket = window.sockets.findLast((one) => one.url.endsWith("/api/v1/ws"));
    socket.isSilent = true;
    window.silent = socket;
  });

  await page.waitForFunction(() => window.silent.readyState > 1, null, { timeout: 30_000 });

  await page.waitForFunction(
    (count) => window.sockets.filter((one) => one.url.endsWith("/api/v1/ws")).length > count,
    before);
  await asks("What can you see now?");
});

test("pictureInTheList_isRenewed", async () => {
  await until(async () => {
    const { storedThrough } = await stream("film");
    const at = await page.locator('[data-key="film"] .thumb').getAttribute("data-at");
    return at === String(Math.floor(storedThrough / 30) * 30) && at !== "0";
  });
});

test("reload_losesNothing", async () => {
  await asks("What colour is it?");
  const words = await page.locator(".answer h3").allTextContents();
  await page.getByRole("button", { name: /^Colours/ }).click();
  const theme = await page.locator("html").getAttribute("data-theme");
  await page.getByRole("textbox", { name: "Question" }).fill("a thought that is not asked");

  await page.reload();

  await page.waitForFunction(
    (count) => document.querySelectorAll(".answer").length === count, words.length);
  assert.deepEqual(await page.locator(".answer h3").allTextContents(), words);
  assert.ok((await page.locator(".answer moment-strip button").count()) > 0);
  assert.equal(await page.locator("html").getAttribute("data-theme"), theme);
  assert.equal(await page.getByRole("textbox", { name: "Question" }).inputValue(),
    "a thought that is not asked");
  await plays("film");
  await page.getByRole("textbox", { name: "Question" }).fill("");
});

test("reload_whileAnAnswerComes_goesOnWithIt", async () => {
  const before = await page.locator(".answer").count();
  await page.evaluate(() => {
    const socket = window.sockets.findLast((one) => one.url.endsWith("/api/v1/ws"));
    socket.addEventListener("message", ({ data }) => {
      if (JSON.parse(data).type === "answer.delta") {
        socket.isSilent = true; // the rest is on its way
        location.reload();
      }
    });
  });
  const loads = page.waitForEvent("load");

  await page.getByRole("textbox", { name: "Question" }).fill("What can you see now?");
  await page.keyboard.press("Enter");

  await loads;
  await page.waitForFunction(
    (count) => document.querySelectorAll(".answer:not([aria-busy])").length > count, before);
  const talk = await page.evaluate(
    () => JSON.parse(localStorage.getItem("onlooker.talks")).film);
  await until(async () => {
    const { turns } = await (await fetch(`${address}/api/v1/conversations/${talk}`)).json();
    return turns.length === before + 1
      && turns.at(-1).answer === (await lastAnswer().locator(".said").textContent());
  });
  assert.equal(await page.locator(".answer").count(), before + 1);
  assert.ok(await lastAnswer().locator(".trouble").isHidden());
  assert.equal(await page.getByRole("textbox", { name: "Question" }).inputValue(), "");
});

test("conversation_isListedAndANewOneBegins", async () => {
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll(".answer").length === 0);
  await page.locator("talk-list summary").click();

  await page.locator("talk-list .talk").first().click();

  await page.locator(".answer").nth(1).waitFor();
});

test("language_isChangedAndKept", async () => {
  await page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await page.getByRole("tab", { name: "Fragen" }).waitFor();

  await page.reload();

  await page.getByRole("tab", { name: "Fragen" }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("en");
  await tab("Questions").waitFor();
});

test("tabs_areMovedBetweenWithArrowKeys", async () => {
  await tab("Questions").focus();

  await page.keyboard.press("ArrowRight");

  assert.equal(await tab("Search").getAttribute("aria-selected"), "true");
  await page.keyboard.press("ArrowRight");
  assert.equal(await tab("Commentary").getAttribute("aria-selected"), "true");
});

test("secondStream_isAddedAndShownBesideTheFirst", async () => {
  await page.getByRole("navigation").getByRole("button", { name: "Add a stream" }).click();
  await fillStream("test:pattern", "pattern");
  await dialog().getByRole("button", { name: "Add", exact: true }).click();
  await view("pattern").getByText("single pictures").waitFor();

  await page.getByRole("button", { name: "Show film beside the picture" }).click();

  await plays("film");
  assert.equal(await page.locator("stream-view").count(), 2);
  await page.reload();
  await plays("film");
  assert.equal(await page.locator("stream-view").count(), 2);
  await view("film").getByRole("button", { name: "Ask about this one" }).click();
  await view("pattern").getByRole("button", { name: "Take away from the picture" }).click();
  await view("pattern").waitFor({ state: "detached" });
});

test("stream_isChangedWithoutLosingItsMemory", async (t) => {
  if (!(await has("/api/v1/streams/pattern", "PATCH"))) {
    t.skip("this server does not change streams yet");
    return;
  }
  const before = await stream("film");
  await view("film").getByRole("button", { name: "Change this stream" }).click();
  await dialog().locator("[name=prompt]").fill("Mind the animals.");
  await dialog().getByRole("button", { name: "Save" }).click();
  await dialog().waitFor({ state: "detached" });

  const changed = await stream("film");
  assert.equal(changed.prompt, "Mind the animals.");
  assert.ok(changed.storedThrough >= before.storedThrough);
  await plays("film");
});

test("lostSource_isToldAndPlaysAgain", { skip: noCamera || false }, async () => {
  await camera.start();
  await page.getByRole("navigation").getByRole("button", { name: "Add a stream" }).click();
  await fillStream(camera.url, "door");
  await dialog().getByRole("button", { name: "Add", exact: true }).click();
  await plays("door");

  await camera.kill();

  await view("door").getByText("The source is away; reconnecting").waitFor();
  await page.getByRole("navigation").getByRole("button", { name: /^door.*reconnecting/s }).waitFor();
  await camera.start();
  await view("door").getByText("The source is away; reconnecting").waitFor({ state: "hidden" });
  await plays("door");
});

test("systemView_showsModelStorageAndFigures", async () => {
  await page.getByRole("button", { name: "System", exact: true }).click();

  await page.getByText("onlooker-mini").waitFor();
  await page.getByText("A toy model is in use.").first().waitFor();
  await page.locator(".stream-figures section", { hasText: "film" })
    .getByText("Frames a second").waitFor();
  await page.waitForFunction(
    () => document.querySelector(".stream-figures .curve")?.getAttribute("points")?.includes(" "));
  await page.getByRole("button", { name: "System", exact: true }).click();
});

test("stream_isRemovedAfterBeingAsked", async () => {
  await page.getByRole("navigation").getByRole("button", { name: /^pattern/ }).click();
  await view("pattern").getByRole("button", { name: "Remove this stream" }).click();
  await dialog().getByRole("checkbox").check();
  await dialog().getByRole("button", { name: "Remove", exact: true }).click();

  await page.getByRole("navigation").getByRole("button", { name: /^pattern/ })
    .waitFor({ state: "detached" });

  assert.equal(await stream("pattern"), undefined);
});

test("page_hasNotComplained", () => {
  assert.deepEqual(trouble, []);
});
