/** How Onlooker itself fares: model, storage, answers, and each stream's figures as they run. */
import { ApiError, call } from "../server/api.js";
import { Figures } from "../server/figures.js";
import { t } from "../words/i18n.js";
import { stateWords } from "../words/states.js";
import { bytes, millis, number, seconds, since } from "../words/times.js";
import { make, write } from "./dom.js";
import { SparkLine } from "./spark-line.js";

const ASK_EVERY_MS = 5000;

export class SystemView extends HTMLElement {
  #figures = new Figures();
  /** @type {Model | undefined} */
  #model;
  /** @type {System | undefined} */
  #system;
  #timer = 0;
  #facts = make("dl", { class: "cards" });
  #domain = make("p", { class: "toy", hidden: true });
  #streams = make("div", { class: "stream-figures" });
  /** @type {Map<string, StreamFigures>} */
  #cards = new Map();

  connectedCallback() {
    this.replaceChildren(
      make("h2", {}, t("system.title")),
      this.#domain,
      this.#facts,
      make("h3", {}, t("system.streams")),
      this.#streams,
      make(
        "p",
        { class: "links" },
        make("a", { href: "/openapi.json" }, t("system.api")),
        make("a", { href: "/metrics" }, t("system.metrics")),
      ),
    );
  }

  /** @param {boolean} open */
  open(open) {
    clearInterval(this.#timer);
    if (open) {
      this.#ask();
      this.#timer = window.setInterval(() => this.#ask(), ASK_EVERY_MS);
    }
  }

  /** @param {Model} model */
  tellModel(model) {
    this.#model = model;
    this.#domain.hidden = !model.domain;
    this.#domain.replaceChildren(
      make("strong", {}, t("model.toy")), " ", make("span", { lang: "en" }, model.domain),
    );
    this.#render();
  }

  /** @param {Stream[]} streams */
  show(streams) {
    for (const [id, card] of this.#cards) {
      if (!streams.some((stream) => stream.id === id)) {
        card.element.remove();
        this.#cards.delete(id);
      }
    }
    streams.forEach((stream) => this.progress(stream));
  }

  /** Newer figures of one stream. @param {Stream} stream */
  progress(stream) {
    this.#figures.add(stream.id, stream.counters);
    const known = this.#cards.get(stream.id);
    const card = known ?? new StreamFigures(stream.id);
    if (!known) {
      this.#cards.set(stream.id, card);
      this.#streams.append(card.element);
    }
    card.show(stream, this.#figures);
  }

  async #ask() {
    try {
      this.#system = await call("GET", "/api/v1/system");
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      this.#system = undefined;
    }
    this.#render();
  }

  #render() {
    const model = this.#model;
    const facts = [
      model && fact("system.model", model.name, t("system.device", { device: model.device })),
      ...this.#ofSystem(),
    ];
    this.#facts.replaceChildren(...facts.filter((one) => one !== undefined));
  }

  #ofSystem() {
    const system = this.#system;
    if (!system) {
      return [];
    }
    const { storage, firstToken, questions } = system;
    return [
      fact(
        "system.first",
        firstToken.count > 0 ? millis(firstToken.meanMillis) : "–",
        firstToken.count > 0 ? t("system.firstMost", { time: millis(firstToken.maxMillis) }) : "",
      ),
      fact(
        "system.questions",
        number(questions.completed, 0),
        t("system.questionsMore", { ...questions }),
      ),
      fact(
        "system.storage",
        bytes(storage.memoryBytes + storage.videoBytes),
        t("system.storageParts", {
          memory: bytes(storage.memoryBytes),
          video: bytes(storage.videoBytes),
        }),
      ),
      fact("system.version", system.version, t("system.up", { time: since(system.startTime) })),
    ];
  }
}

/** The figures of one stream, with their small charts. */
class StreamFigures {
  #state = make("p", { class: "facts" });
  #fps = new Figure("figure.fps");
  #lag = new Figure("figure.lag");
  #drops = new Figure("figure.dropped");
  #kept = new Figure("figure.kept");

  /** @param {string} id */
  constructor(id) {
    this.element = make(
      "section",
      { "aria-label": id },
      make("div", { class: "title" }, make("h4", {}, id), this.#state),
      make("div", { class: "figures" },
        this.#fps.element, this.#lag.element, this.#drops.element, this.#kept.element),
    );
  }

  /** @param {Stream} stream @param {Figures} figures */
  show(stream, figures) {
    const { counters } = stream;
    const known = figures.of(stream.id);
    write(this.#state, [
      stateWords(stream),
      stream.video ? `${stream.video.width} × ${stream.video.height} ${stream.video.codec}` : "",
      t("figure.reconnects", { count: counters.reconnects }),
    ].filter(Boolean).join(" · "));
    const rates = known.map((one) => one.fps).filter((rate) => rate >= 0);
    this.#fps.show(number(rates.at(-1) ?? 0), rates);
    this.#lag.show(seconds(counters.lagSeconds), known.map((one) => one.lag));
    this.#drops.show(number(counters.framesDropped, 0), known.map((one) => one.dropped));
    const share = counters.tokensSeen > 0 ? counters.tokensKept / counters.tokensSeen : 1;
    this.#kept.show(`${number(100 * share, 0)} %`);
  }
}

/** A figure with its name, and its last minutes where they say something. */
class Figure {
  #value = make("b");
  #line = new SparkLine();

  /** @param {string} key */
  constructor(key) {
    this.element = make("div", { class: "figure" }, make("span", {}, t(key)), this.#value, this.#line);
  }

  /** @param {string} value @param {number[]} [course] */
  show(value, course) {
    write(this.#value, value);
    this.#line.hidden = !course;
    this.#line.show(course ?? []);
  }
}

/** @param {string} key @param {string} value @param {string} more */
function fact(key, value, more) {
  return make(
    "div",
    {},
    make("dt", {}, t(key)),
    make("dd", {}, make("b", {}, value), make("small", {}, more)),
  );
}

customElements.define("system-view", SystemView);
