/** Connects the parts: which streams there are, which one is looked at, and the WebSocket. */
import { call } from "./api.js";
import { ask } from "./ask.js";
import { LiveSocket } from "./live-socket.js";
import "./add-stream.js";
import "./answer-list.js";
import "./connection-light.js";
import "./live-picture.js";
import "./question-box.js";
import "./remove-stream.js";
import "./stream-tabs.js";

const part = (name) => document.querySelector(name);
const tabs = part("stream-tabs");
const picture = part("live-picture");
const answers = part("answer-list");
const box = part("question-box");
const adding = part("add-stream");
const socket = new LiveSocket();
const streams = new Map();
let current = location.hash.slice(1);
let stop = () => {};

function show(id) {
  current = streams.has(id) ? id : (streams.keys().next().value ?? "");
  history.replaceState(null, "", current ? `#${current}` : location.pathname);
  render();
}

function render() {
  const stream = streams.get(current);
  document.title = stream ? `${stream.id} · Onlooker` : "Onlooker";
  tabs.show([...streams.values()], current);
  picture.show(stream);
  answers.show(current);
  box.allow(Boolean(stream));
}

async function reload() {
  const known = await call("GET", "/api/v1/streams");
  streams.clear();
  known.streams.forEach((stream) => streams.set(stream.id, stream));
  show(current);
}

function question(text) {
  const answer = answers.begin(current, text);
  box.answering(true);
  stop = ask(socket, current, text, {
    delta: (more) => answer.say(more),
    citation: (citation) => answer.cite(citation),
    done: (whole) => {
      answer.finish(whole);
      box.answering(false);
    },
    failed: (message) => {
      answer.fail(message);
      box.answering(false);
    },
  });
}

function heard({ detail: event }) {
  const stream = streams.get(event.stream);
  switch (event.type) {
    case "session.created":
      box.tellModel(event.model);
      break;
    case "stream.state":
      if (!stream || event.state === "removed") {
        reload();
      } else {
        streams.set(stream.id, { ...stream, errorCode: "", reason: "", ...event });
        render();
      }
      break;
    case "stream.stats":
      if (stream) {
        streams.set(stream.id, { ...stream, storedThrough: event.storedThrough });
        if (stream.id === current) {
          picture.progress(streams.get(current));
        }
      }
      break;
  }
}

socket.addEventListener("event", heard);
socket.addEventListener("open", () => {
  part("connection-light").set(true);
  socket.send({ type: "subscribe", stream: "*", kinds: ["stream.state", "stream.stats"] });
  picture.restart();
  reload();
});
socket.addEventListener("closed", () => part("connection-light").set(false));

document.addEventListener("stream-chosen", ({ detail }) => show(detail));
document.addEventListener("stream-wanted", () => adding.open());
document.addEventListener("stream-unwanted", ({ detail }) => part("remove-stream").open(detail));
document.addEventListener("streams-changed", async ({ detail }) => {
  current = detail ?? current;
  await reload();
});
document.addEventListener("question-asked", ({ detail }) => question(detail));
document.addEventListener("question-suggested", ({ detail }) => box.suggest(detail));
document.addEventListener("answer-unwanted", () => stop());

reload().catch(() => part("connection-light").set(false));
socket.connect();
