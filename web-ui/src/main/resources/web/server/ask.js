/**
 * Asks a question and hears the answer as it comes: over the WebSocket, or by server-sent events
 * while that is closed. Over a socket that breaks and whose session is resumed, the answer goes on,
 * and so it does in the page after a reload. Exactly one of `done` and `failed` is called, last.
 */
import { t } from "../words/i18n.js";
import { failure, wordsOf } from "./api.js";
import { LiveSocket } from "./live-socket.js";

/**
 * @typedef {object} Hearing
 * @property {(text: string) => void} delta
 * @property {(citation: Moment) => void} citation
 * @property {(answer: Answer) => void} done
 * @property {(message: string) => void} failed
 * @typedef {{stream: string, text: string, conversation: string}} Wish
 * @typedef {(say: () => void) => void} End
 * @typedef {{id: string, stop: () => void}} Asked with no id where no other page can go on with it
 */

let asked = 0;

/**
 * @param {LiveSocket} socket
 * @param {Wish} wish
 * @param {Hearing} hearing
 * @returns {Asked}
 */
export function ask(socket, wish, hearing) {
  return socket.isOpen ? askSocket(socket, wish, hearing) : askEvents(wish, hearing);
}

/** @param {LiveSocket} socket @param {Wish} wish @param {Hearing} hearing @returns {Asked} */
function askSocket(socket, wish, hearing) {
  const id = `q${Date.now().toString(36)}-${++asked}`;
  const going = goOn(socket, id, hearing);
  socket.send({ type: "question.create", id, ...wish });
  return going;
}

/**
 * Hears the answer to a question that was asked in the session already.
 *
 * @param {LiveSocket} socket
 * @param {string} id
 * @param {Hearing} hearing
 * @returns {Asked}
 */
export function goOn(socket, id, hearing) {
  const listening = new AbortController();
  const { signal } = listening;
  /** @type {End} */
  const end = (say) => {
    listening.abort();
    say();
  };
  socket.addEventListener("fresh", () => end(() => hearing.failed(t("ask.lost"))), { signal });
  socket.addEventListener(
    "event",
    (said) => {
      const event = /** @type {CustomEvent<ServerEvent>} */ (said).detail;
      if (event.type === "error" && event.cause?.id === id) {
        if (event.cause.type !== "question.cancel") {
          end(() => hearing.failed(event.message));
        }
      } else if (event.id === id) {
        deliver(event, hearing, end);
      }
    },
    { signal },
  );
  const stop = () => {
    if (socket.isOpen) {
      socket.send({ type: "question.cancel", id });
    }
  };
  return { id, stop };
}

/** @param {Wish} wish @param {Hearing} hearing @returns {Asked} */
function askEvents(wish, hearing) {
  const stopping = new AbortController();
  let ended = false;
  /** @type {End} */
  const end = (say) => {
    if (!ended) {
      ended = true;
      say();
    }
  };
  readEvents(wish, stopping.signal, (event) => deliver(event, hearing, end))
    .then(() => end(() => hearing.failed(t("ask.broke"))))
    .catch((error) => {
      const words = error.name === "AbortError" ? t("answer.cancelled") : wordsOf(error);
      end(() => hearing.failed(words));
    });
  return { id: "", stop: () => stopping.abort() };
}

/** @param {Wish} wish @param {AbortSignal} signal @param {(event: ServerEvent) => void} heard */
async function readEvents({ stream, text, conversation }, signal, heard) {
  const reply = await fetch("/api/v1/questions", {
    method: "POST",
    signal,
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ stream, question: text, conversation }),
  });
  if (!reply.ok || !reply.body) {
    throw await failure(reply);
  }
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (buffer + part.value).split("\n\n");
    buffer = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data) {
        heard(JSON.parse(data.slice(6)));
      }
    }
  }
}

/** @param {ServerEvent} event @param {Hearing} hearing @param {End} end */
function deliver(event, hearing, end) {
  switch (event.type) {
    case "answer.delta":
      hearing.delta(event.text);
      break;
    case "answer.citation":
      hearing.citation(event.citation);
      break;
    case "answer.done":
      end(() => hearing.done(event.answer));
      break;
  }
}
