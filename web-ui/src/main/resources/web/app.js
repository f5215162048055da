/** Connects the parts: which streams there are, which is looked at, the WebSocket, the answers. */
import { CommentaryLog } from "./parts/commentary-log.js";
import { ConnectionLight } from "./parts/connection-light.js";
import { hear, make } from "./parts/dom.js";
import { PreferencesBar } from "./parts/preferences-bar.js";
import { QuestionBox } from "./parts/question-box.js";
import { RemoveDialog } from "./parts/remove-dialog.js";
import { SearchPanel } from "./parts/search-panel.js";
import { SidePanel } from "./parts/side-panel.js";
import { StageView } from "./parts/stage-view.js";
import { StreamDialog } from "./parts/stream-dialog.js";
import { StreamRail } from "./parts/stream-rail.js";
import { SystemView } from "./parts/system-view.js";
import { TalkPanel } from "./parts/talk-panel.js";
import { call } from "./server/api.js";
import { ask, goOn } from "./server/ask.js";
import { LiveSocket } from "./server/live-socket.js";
import {
  freshTalk, keepLeft, keepTalk, readPlace, takeLeft, talkOf, writePlace,
} from "./server/place.js";
import { t } from "./words/i18n.js";

const SHOWN_MAX = 4;
const socket = new LiveSocket();
/** @type {Map<string, Stream>} */
const streams = new Map();
let place = readPlace();
let stop = () => {};
/** @type {import("./server/place.js").Running | undefined} */
let running;
let wasAway = false;

const light = new ConnectionLight();
const preferences = new PreferencesBar();
const rail = new StreamRail();
const stage = new StageView();
const system = new SystemView();
const side = new SidePanel();
const commentary = new CommentaryLog();
const talk = new TalkPanel();
const search = new SearchPanel();
const box = new QuestionBox();
const adding = new StreamDialog();
const removing = new RemoveDialog();

document.body.append(
  make("a", { class: "skip", href: "#question", onclick: skip }, t("page.skip")),
  make(
    "header",
    { class: "top" },
    make(
      "h1",
      { class: "wordmark" },
      make("img", { src: "/icon.svg", alt: "", width: "24", height: "24" }),
      "Onlooker",
    ),
    light,
    rail,
    preferences,
  ),
  make("main", { "aria-label": t("page.main") }, stage, system),
  make("aside", { "aria-label": t("page.aside") }, side),
  adding,
  removing,
);
side.fill({ commentary, questions: talk, search }, box);

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  box.focus();
}

/** Goes to another place, of which only what differs is named.
 * @param {Partial<import("./server/place.js").Place>} change */
function go(change) {
  place = { ...place, ...change };
  if (!streams.has(place.stream)) {
    place.stream = streams.keys().next().value ?? "";
  }
  place.shown = place.shown.filter((id) => streams.has(id)).slice(0, SHOWN_MAX);
  if (!place.shown.includes(place.stream)) {
    place.shown = place.stream ? [place.stream] : [];
  }
  writePlace(place);
  render();
}

function render() {
  const stream = streams.get(place.stream);
  const all = [...streams.values()];
  document.title = stream ? `${stream.id} · Onlooker` : "Onlooker";
  document.body.dataset.view = place.view;
  document.body.classList.toggle("bare", !stream);
  rail.show(all, place.stream, place.shown);
  preferences.show(place.view);
  const shown = place.shown.map((id) => streams.get(id)).filter((one) => one !== undefined);
  stage.show(shown, place.stream);
  stage.hidden = place.view === "system";
  system.hidden = place.view !== "system";
  system.show(all);
  side.show(place.panel);
  search.offer(all);
  box.hidden = place.panel === "search";
  box.allow(Boolean(stream));
  talk.show(stream, talkOf(place.stream));
  commentary.show(place.stream).then(() => stage.say(commentary.newest));
}

async function reload() {
  const known = await call("GET", "/api/v1/streams");
  streams.clear();
  known.streams.forEach((/** @type {Stream} */ stream) => streams.set(stream.id, stream));
  go({});
}

/** As reload; when it fails, the socket tells when Onlooker is back. */
function refresh() {
  return reload().catch(() => light.set(false));
}

/** @param {string} text */
function question(text) {
  const stream = place.stream;
  const conversation = talkOf(stream) || freshTalk();
  keepTalk(stream, conversation);
  const wish = { stream, text, conversation };
  answered({ ...wish, id: "", said: "" }, (hearing) => ask(socket, wish, hearing));
}

/**
 * Shows an answer as it comes.
 *
 * @param {import("./server/place.js").Running} asked
 * @param {(hearing: import("./server/ask.js").Hearing) => import("./server/ask.js").Asked} begin
 */
function answered(asked, begin) {
  const answer = talk.begin(asked.conversation, asked.text);
  answer.say(asked.said);
  go({ panel: "questions" });
  box.answering(true);
  const over = () => {
    running = undefined;
    box.answering(false);
    talk.changed();
  };
  running = asked;
  ({ id: asked.id, stop } = begin({
    delta: (more) => {
      asked.said += more;
      answer.say(more);
    },
    citation: (citation) => answer.cite(citation),
    done: (whole) => {
      answer.finish(whole);
      over();
    },
    failed: (message) => {
      answer.fail(message);
      over();
    },
  }));
}

/** Goes on where the page before was left, if an answer was coming then. */
async function start() {
  const left = takeLeft();
  await refresh();
  await talk.show(streams.get(place.stream), talkOf(place.stream));
  if (left && streams.has(place.stream) && left.question.stream === place.stream) {
    socket.goOn(left);
    answered(left.question, (hearing) => goOn(socket, left.question.id, hearing));
  }
  socket.connect();
}

/** @param {ServerEvent} event */
function heard(event) {
  const stream = streams.get(event.stream);
  switch (event.type) {
    case "session.created":
      box.tellModel(event.model);
      system.tellModel(event.model);
      break;
    case "stream.state":
      if (!stream || event.state === "removed") {
        refresh();
      } else {
        streams.set(stream.id, { ...stream, errorCode: "", reason: "", ...event });
        render();
      }
      break;
    case "stream.stats":
      if (stream) {
        const newer = { ...stream, ...event };
        streams.set(stream.id, newer);
        rail.progress(newer);
        stage.progress(newer);
        system.progress(newer);
      }
      break;
    case "commentary.delta":
    case "commentary.done":
      commentary.heard(event);
      stage.say(commentary.newest);
      break;
  }
}

function subscribe() {
  socket.send({ type: "subscribe", stream: "*", kinds: ["stream.state", "stream.stats"] });
  socket.send({ type: "subscribe", stream: "*", kinds: ["commentary"] });
}

hear(socket, "event", heard);
socket.addEventListener("fresh", () => {
  light.set(true);
  subscribe();
  if (wasAway) {
    stage.restart();
    commentary.reload();
    refresh();
  }
});
socket.addEventListener("resumed", () => {
  light.set(true);
  if (wasAway) {
    stage.restart();
    refresh();
  }
});
socket.addEventListener("closed", () => {
  wasAway = true;
  light.set(false);
});

hear(document, "stream-chosen", (/** @type {string} */ id) => {
  go({ stream: id, shown: place.shown.includes(id) ? place.shown : [id], view: "watch" });
});
hear(document, "stream-beside", (/** @type {string} */ id) => {
  go({ shown: [...place.shown.slice(1 - SHOWN_MAX), id], view: "watch" });
});
hear(document, "stream-hidden", (/** @type {string} */ id) => {
  const shown = place.shown.filter((one) => one !== id);
  go({ shown, stream: shown.includes(place.stream) ? place.stream : (shown[0] ?? place.stream) });
});
hear(document, "stream-wanted", (/** @type {string | undefined} */ source) => {
  adding.add(source);
});
hear(document, "stream-change-wanted", (/** @type {string} */ id) => {
  const stream = streams.get(id);
  if (stream) {
    adding.change(stream);
  }
});
hear(document, "stream-unwanted", (/** @type {string} */ id) => removing.open(id));
hear(document, "streams-changed", async (/** @type {string | undefined} */ id) => {
  await reload();
  if (id) {
    go({ stream: id, shown: place.shown.includes(id) ? place.shown : [id] });
  }
});
hear(document, "moment-wanted", (/** @type {Moment} */ moment) => {
  if (!place.shown.includes(moment.stream) || place.view !== "watch") {
    go({ stream: moment.stream, shown: [moment.stream], view: "watch" });
  }
  stage.play(moment);
});
hear(document, "panel-chosen", (/** @type {string} */ panel) => go({ panel }));
hear(document, "view-chosen", (/** @type {string} */ view) => {
  go({ view });
  system.open(view === "system");
});
hear(document, "talk-chosen", (/** @type {string} */ id) => {
  keepTalk(place.stream, id);
  render();
});
hear(document, "question-asked", question);
hear(document, "question-suggested", (/** @type {string} */ words) => box.suggest(words));
hear(document, "answer-unwanted", () => stop());

addEventListener("pagehide", () => {
  if (running?.id) {
    keepLeft(socket.place, running);
  }
});
system.open(place.view === "system");
start();
