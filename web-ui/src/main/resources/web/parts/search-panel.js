/** Finds moments by words, in one stream or all, in a stretch of days; a click plays one. */
import { ApiError, call, wordsOf } from "../server/api.js";
import { t } from "../words/i18n.js";
import { number, stretch } from "../words/times.js";
import { make, tell } from "./dom.js";
import { downloadLink } from "./moment-player.js";

const RESULTS_MAX = 40;

export class SearchPanel extends HTMLElement {
  #words = make("input", {
    type: "search", name: "q", required: true, maxlength: "400", autocomplete: "off",
    "aria-label": t("search.words"), placeholder: t("search.placeholder"),
  });
  #stream = make("select", { "aria-label": t("search.stream") });
  #from = make("input", { type: "datetime-local", step: "1" });
  #to = make("input", { type: "datetime-local", step: "1" });
  #said = make("p", { class: "quiet-line", role: "status" });
  #results = make("ul", { class: "results", "aria-label": t("search.results") });
  #turn = 0;

  connectedCallback() {
    const form = make(
      "form",
      { role: "search" },
      make(
        "div",
        { class: "row" },
        this.#words,
        make("button", { class: "primary" }, t("search.find")),
      ),
      make(
        "div",
        { class: "row filters" },
        this.#stream,
        make(
          "details",
          {},
          make("summary", {}, t("search.time")),
          make("label", {}, make("span", {}, t("search.from")), this.#from),
          make("label", {}, make("span", {}, t("search.to")), this.#to),
        ),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#find();
    });
    this.replaceChildren(form, this.#said, this.#results);
    this.#say(t("search.welcome"));
  }

  /** @param {Stream[]} streams */
  offer(streams) {
    const ids = streams.map((stream) => stream.id);
    const known = [...this.#stream.options].map((option) => option.value).filter(Boolean);
    if (ids.join() !== known.join() || this.#stream.options.length === 0) {
      const chosen = this.#stream.value;
      this.#stream.replaceChildren(
        make("option", { value: "" }, t("search.all")),
        ...ids.map((id) => make("option", { value: id }, id)),
      );
      this.#stream.value = ids.includes(chosen) ? chosen : "";
    }
  }

  async #find() {
    const turn = ++this.#turn;
    this.#say(t("search.busy"));
    this.#results.setAttribute("aria-busy", "true");
    try {
      const { moments } = await call("GET", `/api/v1/search?${this.#query()}`);
      if (turn === this.#turn) {
        this.#show(moments);
      }
    } catch (error) {
      if (turn === this.#turn) {
        this.#results.replaceChildren();
        const unknown = error instanceof ApiError && error.isUnknown;
        this.#say(unknown ? t("search.missing") : wordsOf(error));
      }
    } finally {
      this.#results.removeAttribute("aria-busy");
    }
  }

  #query() {
    const query = new URLSearchParams({ q: this.#words.value.trim(), limit: String(RESULTS_MAX) });
    const wishes = { stream: this.#stream.value, from: instant(this.#from), to: instant(this.#to) };
    for (const [name, value] of Object.entries(wishes)) {
      if (value) {
        query.set(name, value);
      }
    }
    return query;
  }

  /** @param {Moment[]} moments */
  #show(moments) {
    this.#say(t(moments.length === 0 ? "search.none" : "search.found", { count: moments.length }));
    this.#results.replaceChildren(...moments.map((moment) => this.#item(moment)));
  }

  /** @param {Moment} moment */
  #item(moment) {
    const score = moment.score ?? 0;
    const signals = Object.entries(moment.signals ?? {})
      .map(([name, value]) => `${t(`signal.${name}`)} ${number(value, 2)}`)
      .join(", ");
    return make(
      "li",
      {},
      make(
        "button",
        { type: "button", class: "moment", onclick: () => tell(this, "moment-wanted", moment) },
        make("img", { src: moment.thumbnail, alt: "", loading: "lazy" }),
        make(
          "span",
          { class: "words" },
          make("time", { datetime: moment.startTime }, stretch(moment)),
          make("span", { class: "caption", lang: "en" }, moment.caption ?? ""),
          make(
            "span",
            { class: "state" },
            moment.stream,
            moment.kind === "commentary" ? ` · ${t("search.commentary")}` : "",
            " · ",
            make("span", { title: signals }, t("search.score", { score: number(score, 2) })),
          ),
        ),
      ),
      ...(moment.clip ? [downloadLink(moment)] : []),
    );
  }

  /** @param {string} words */
  #say(words) {
    this.#said.textContent = words;
  }
}

/** What a field for a date and time of here means for all. @param {HTMLInputElement} field */
function instant(field) {
  return field.value ? new Date(field.value).toISOString() : "";
}

customElements.define("search-panel", SearchPanel);
