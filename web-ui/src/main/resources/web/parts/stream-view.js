/** One stream on the stage: its live picture, or a moment of it in the same place; and its name. */
import { t } from "../words/i18n.js";
import { gives, stateWords } from "../words/states.js";
import { media, since } from "../words/times.js";
import { make, tell, write } from "./dom.js";
import { icon } from "./icon.js";
import { LivePicture } from "./live-picture.js";
import { MomentPlayer } from "./moment-player.js";

export class StreamView extends HTMLElement {
  /** @type {Stream | undefined} */
  #stream;
  #picture = new LivePicture();
  #moment = new MomentPlayer();
  #frame = make("div", { class: "frame" }, this.#picture, this.#moment);
  #name = make("h2");
  #dot = make("span", { class: "dot", "aria-hidden": "true" });
  #state = make("p", { class: "facts" });
  #choose = make(
    "button",
    { type: "button", class: "choose", onclick: () => this.#tellStream("stream-chosen") },
    t("view.choose"),
  );
  #close = button("close", "view.close", () => this.#tellStream("stream-hidden"));

  connectedCallback() {
    this.replaceChildren(
      make(
        "figure",
        {},
        this.#frame,
        make(
          "figcaption",
          {},
          make("div", { class: "title" }, this.#dot, this.#name, this.#state),
          make(
            "div",
            { class: "actions" },
            this.#choose,
            button("whole", "view.whole", () => this.#frame.requestFullscreen?.()),
            make(
              "span",
              { class: "of-one" },
              button("edit", "view.change", () => this.#tellStream("stream-change-wanted")),
              button("remove", "view.remove", () => this.#tellStream("stream-unwanted")),
            ),
            this.#close,
          ),
        ),
      ),
    );
    this.addEventListener("live-wanted", () => this.goLive());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.#moment.hidden && !document.fullscreenElement) {
        this.goLive();
      }
    });
  }

  /** @param {Stream} stream @param {{current: boolean, alone: boolean}} place */
  show(stream, { current, alone }) {
    this.#stream = stream;
    this.classList.toggle("current", current && !alone);
    this.#choose.hidden = alone || current;
    this.#close.hidden = alone;
    write(this.#name, stream.id);
    this.#dot.className = `dot ${stream.state}`;
    const { width, height } = stream.video ?? { width: 16, height: 9 };
    this.#frame.style.setProperty("--shape", String(width / Math.max(1, height)));
    this.#picture.show(stream);
    this.progress(stream);
  }

  /** Newer figures of the stream that is shown. @param {Stream} stream */
  progress(stream) {
    this.#stream = stream;
    const kept = stream.storedThrough;
    write(
      this.#state,
      [
        gives(stream) ? stateWords(stream) : `${stateWords(stream)}, ${since(stream.since)}`,
        kept === undefined ? "" : t("view.remembered", { time: media(kept) }),
        gives(stream) && stream.recording.reason ? t("view.notRecorded") : "",
      ].filter(Boolean).join(" · "),
    );
  }

  /** @param {Moment} moment */
  play(moment) {
    this.#picture.rest(true);
    this.#moment.play(moment);
  }

  goLive() {
    if (!this.#moment.hidden) {
      const hadFocus = this.#moment.contains(document.activeElement);
      this.#moment.stop();
      this.#picture.rest(false);
      if (hadFocus) {
        this.querySelector("button")?.focus();
      }
    }
  }

  restart() {
    this.#picture.restart();
  }

  /** @param {string} type */
  #tellStream(type) {
    tell(this, type, this.#stream?.id);
  }
}

/** @param {Parameters<typeof icon>[0]} name @param {string} key @param {() => void} onclick */
function button(name, key, onclick) {
  const words = t(key);
  return make(
    "button",
    { type: "button", class: "quiet-button", "aria-label": words, title: words, onclick },
    icon(name),
  );
}

customElements.define("stream-view", StreamView);
