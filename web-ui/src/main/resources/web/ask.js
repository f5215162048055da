/**
 * Asks a question and hears the answer as it comes: over the WebSocket, or by server-sent events
 * while that is closed. `hear` has `delta(text)`, `citation(citation)`, `done(answer)` and
 * `failed(message)`; exactly one of the last two is called, last.
 */
import { failure } from "./api.js";

let asked = 0;

/** Returns a function that stops the answer. */
export function ask(socket, stream, text, hear) {
  return socket.isOpen ? askSocket(socket, stream, text, hear) : askEvents(stream, text, hear);
}

function askSocket(socket, stream, text, hear) {
  const id = `q${++asked}`;
  const listening = new AbortController();
  const { signal } = listening;
  const end = (say) => {
    listening.abort();
    say();
  };
  const lost = "The connection was lost before the answer was complete. Ask again.";
  socket.addEventListener("closed", () => end(() => hear.failed(lost)), { signal });
  socket.addEventListener(
    "event",
    ({ detail }) => {
      if (detail.type === "error" && detail.cause?.id === id) {
        if (detail.cause.type !== "question.cancel") {
          end(() => hear.failed(detail.message));
        }
      } else if (detail.id === id) {
        deliver(detail, hear, end);
      }
    },
    { signal },
  );
  socket.send({ type: "question.create", id, stream, text });
  return () => socket.isOpen && socket.send({ type: "question.cancel", id });
}

function askEvents(stream, text, hear) {
  const stopping = new AbortController();
  let ended = false;
  const end = (say) => {
    if (!ended) {
      ended = true;
      say();
    }
  };
  readEvents(stream, text, stopping.signal, (event) => deliver(event, hear, end))
    .then(() => end(() => hear.failed("The answer broke off. Ask again.")))
    .catch((error) => {
      const message = error.name === "AbortError" ? "Stopped." : error.message;
      end(() => hear.failed(message));
    });
  return () => stopping.abort();
}

async function readEvents(stream, question, signal, deliverEvent) {
  const reply = await fetch("/api/v1/questions", {
    method: "POST",
    signal,
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ stream, question }),
  });
  if (!reply.ok) {
    throw await failure(reply);
  }
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (buffer + part.value).split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data) {
        deliverEvent(JSON.parse(data.slice(6)));
      }
    }
  }
}

function deliver(event, hear, end) {
  switch (event.type) {
    case "answer.delta":
      hear.delta(event.text);
      break;
    case "answer.citation":
      hear.citation(event.citation);
      break;
    case "answer.done":
      end(() => hear.done(event.answer));
      break;
  }
}
