/** The streams there are, with their state; and the way to a new one. */
import { make, tell } from "./dom.js";

export const STATE_WORDS = {
  initialising: "connecting",
  running: "live",
  restarting: "source away",
  ended: "ended",
  error: "stopped by an error",
  terminating: "stopping",
};

class StreamTabs extends HTMLElement {
  #shown = "";

  show(streams, current) {
    const key = JSON.stringify([current, streams.map(({ id, state }) => [id, state])]);
    if (key === this.#shown) {
      return;
    }
    this.#shown = key;
    const focused = document.activeElement?.dataset?.stream;
    this.replaceChildren(
      make(
        "nav",
        { "aria-label": "Streams" },
        make("ul", {}, ...streams.map((stream) => this.#tab(stream, current)), this.#adder(streams)),
      ),
    );
    if (focused) {
      this.querySelector(`[data-stream="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  #tab(stream, current) {
    const words = STATE_WORDS[stream.state] ?? stream.state;
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          "data-stream": stream.id,
          "aria-current": String(stream.id === current),
          title: words,
          onclick: () => tell(this, "stream-chosen", stream.id),
        },
        make("span", { class: `dot ${stream.state}`, "aria-hidden": "true" }),
        stream.id,
        make("span", { class: "visually-hidden" }, `, ${words}`),
      ),
    );
  }

  #adder(streams) {
    return make(
      "li",
      { hidden: streams.length === 0 },
      make(
        "button",
        { type: "button", onclick: () => tell(this, "stream-wanted") },
        "+ Add a stream",
      ),
    );
  }
}

customElements.define("stream-tabs", StreamTabs);
