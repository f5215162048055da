/** The streams there are, with their state; which stands beside which; and the way to a new one. */
import { thumbnailPath } from "../server/api.js";
import { t } from "../words/i18n.js";
import { stateWords } from "../words/states.js";
import { make, tell } from "./dom.js";
import { icon } from "./icon.js";

const PICTURE_EVERY_S = 30;

export class StreamRail extends HTMLElement {
  #shown = "";
  #list = make("ul", { class: "streams" });

  connectedCallback() {
    this.replaceChildren(
      make(
        "nav",
        { "aria-label": t("rail.streams") },
        this.#list,
        make(
          "button",
          { type: "button", class: "add", onclick: () => tell(this, "stream-wanted") },
          icon("add"),
          make("span", {}, t("add.title")),
        ),
      ),
    );
  }

  /** @param {Stream[]} streams @param {string} current @param {string[]} shown */
  show(streams, current, shown) {
    const key = JSON.stringify([current, shown, streams.map(({ id, state }) => [id, state])]);
    if (key === this.#shown) {
      return;
    }
    this.#shown = key;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key;
    this.#list.replaceChildren(
      ...streams.map((stream) => this.#item(stream, current, shown)),
    );
    if (focused) {
      /** @type {HTMLElement | null} */
      const again = this.querySelector(`[data-key="${CSS.escape(focused)}"]`);
      again?.focus();
    }
  }

  /** Renews the picture now and then. @param {Stream} stream */
  progress(stream) {
    const old = this.querySelector(`[data-key="${CSS.escape(stream.id)}"] .thumb`);
    const at = pictureTime(stream);
    if (!(old instanceof HTMLImageElement)) {
      old?.replaceWith(thumbnail(stream));
    } else if (at !== undefined && old.dataset.at !== String(at)) {
      old.dataset.at = String(at);
      old.src = thumbnailPath(stream.id, at); // the old one stands until it is there
    }
  }

  /** @param {Stream} stream @param {string} current @param {string[]} shown */
  #item(stream, current, shown) {
    const isShown = shown.includes(stream.id);
    const beside = t(isShown ? "rail.notBeside" : "rail.beside", { stream: stream.id });
    const choose = make(
      "button",
      {
        type: "button",
        class: "stream",
        "data-key": stream.id,
        "aria-current": stream.id === current ? "true" : undefined,
        onclick: () => tell(this, "stream-chosen", stream.id),
      },
      thumbnail(stream),
      make(
        "span",
        { class: "words" },
        make("span", { class: "name" }, stream.id),
        make(
          "span",
          { class: "state" },
          make("span", { class: `dot ${stream.state}`, "aria-hidden": "true" }),
          stateWords(stream),
        ),
      ),
    );
    const add = make(
      "button",
      {
        type: "button",
        class: "quiet-button beside",
        "data-key": `${stream.id} beside`,
        "aria-label": beside,
        "aria-pressed": String(isShown),
        title: beside,
        hidden: stream.id === current,
        onclick: () => tell(this, isShown ? "stream-hidden" : "stream-beside", stream.id),
      },
      icon("beside"),
    );
    return make("li", {}, choose, add);
  }
}

/** The second that the picture shows; none before there is anything. @param {Stream} stream */
function pictureTime({ storedThrough }) {
  return storedThrough === undefined
    ? undefined
    : Math.max(0, Math.floor(storedThrough / PICTURE_EVERY_S) * PICTURE_EVERY_S);
}

/** @param {Stream} stream */
function thumbnail(stream) {
  const at = pictureTime(stream);
  if (at === undefined) {
    return make("span", { class: "thumb" });
  }
  const image = make("img", {
    class: "thumb",
    "data-at": at,
    src: thumbnailPath(stream.id, at),
    alt: "",
    loading: "lazy",
    onerror: () => image.removeAttribute("src"),
  });
  return image;
}

customElements.define("stream-rail", StreamRail);
