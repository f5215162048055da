/** The pictures: one stream, or several side by side, and what was said last of the one asked about. */
import { t } from "../words/i18n.js";
import { clock } from "../words/times.js";
import { make, tell } from "./dom.js";
import { StreamView } from "./stream-view.js";

export class StageView extends HTMLElement {
  /** @type {Map<string, StreamView>} */
  #views = new Map();
  #grid = make("div", { class: "views" });
  #latest = make("p", { class: "latest", "aria-hidden": "true", lang: "en" });
  #empty = nothingYet(this);

  connectedCallback() {
    this.replaceChildren(this.#grid, this.#latest, this.#empty);
  }

  /** @param {Stream[]} streams those to be shown @param {string} current */
  show(streams, current) {
    const ids = streams.map((stream) => stream.id);
    for (const [id, view] of this.#views) {
      if (!ids.includes(id)) {
        view.remove();
        this.#views.delete(id);
      }
    }
    streams.forEach((stream, i) => {
      const view = this.#views.get(stream.id) ?? new StreamView();
      this.#views.set(stream.id, view);
      if (this.#grid.children[i] !== view) {
        this.#grid.insertBefore(view, this.#grid.children[i] ?? null);
      }
      view.show(stream, { current: stream.id === current, alone: streams.length === 1 });
    });
    this.#grid.dataset.count = String(streams.length);
    this.#grid.hidden = streams.length === 0;
    this.#latest.hidden = streams.length === 0;
    this.#empty.hidden = streams.length > 0;
  }

  /** @param {Stream} stream */
  progress(stream) {
    this.#views.get(stream.id)?.progress(stream);
  }

  /** The newest words about the picture; empty for none. @param {Remark} [remark] */
  say(remark) {
    this.#latest.replaceChildren(
      ...(remark ? [make("time", {}, clock(remark.startTime)), remark.text] : []),
    );
  }

  /** Plays a moment in the place of its stream's picture. @param {Moment} moment */
  play(moment) {
    const view = this.#views.get(moment.stream);
    view?.play(moment);
    view?.scrollIntoView({ block: "nearest" });
  }

  restart() {
    this.#views.forEach((view) => view.restart());
  }
}

/** An installation without a stream. @param {HTMLElement} stage */
function nothingYet(stage) {
  return make(
    "div",
    { class: "nothing", hidden: true },
    make("img", { src: "/icon.svg", alt: "", width: "72", height: "72" }),
    make("h2", {}, t("empty.title")),
    make("p", {}, t("empty.words")),
    make(
      "div",
      { class: "choices" },
      make(
        "button",
        { type: "button", class: "primary", onclick: () => tell(stage, "stream-wanted") },
        t("add.title"),
      ),
      make(
        "button",
        { type: "button", onclick: () => tell(stage, "stream-wanted", "test:pattern") },
        t("empty.test"),
      ),
    ),
  );
}

customElements.define("stage-view", StageView);
