/** Moments on a small line of time, in its order: their pictures, and where they lie before now. */
import { t } from "../words/i18n.js";
import { lasting, stretch } from "../words/times.js";
import { draw, make, tell } from "./dom.js";

const WIDTH = 100;
const MARK_MIN = 1.5;
const STRETCHES_S = [60, 600, 3600, 6 * 3600, 86400, 7 * 86400];

export class MomentStrip extends HTMLElement {
  /** @type {Map<string, Moment>} */
  #moments = new Map();
  #asked = new Date().toISOString();

  connectedCallback() {
    this.hidden = this.#moments.size === 0;
  }

  /** @param {string} iso the end of the line */
  endsAt(iso) {
    this.#asked = iso;
  }

  /** @param {Moment} moment one that is there already is not added again */
  add(moment) {
    const key = `${moment.stream} ${moment.start}`;
    if (!this.#moments.has(key)) {
      this.#moments.set(key, moment);
      this.#render();
    }
  }

  #render() {
    const moments = [...this.#moments.values()].sort((a, b) => a.start - b.start);
    this.hidden = false;
    this.replaceChildren(
      make("ul", { "aria-label": t("moments.label") }, ...moments.map((one) => this.#item(one))),
      ...(moments[0] ? [this.#line(moments, Date.parse(moments[0].startTime))] : []),
    );
  }

  /** @param {Moment} moment */
  #item(moment) {
    const words = stretch(moment);
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          "aria-label": t("moments.play", { time: words }),
          onclick: () => tell(this, "moment-wanted", moment),
        },
        make("img", { src: moment.thumbnail, alt: "", loading: "lazy" }),
        make("time", { datetime: moment.startTime }, words),
      ),
    );
  }

  /** The shortest of some usual stretches that holds all. @param {Moment[]} moments in time order
   * @param {number} first */
  #line(moments, first) {
    const last = Date.parse(this.#asked);
    const lasts = STRETCHES_S.find((one) => last - first < one * 1000) ?? (last - first) / 1000;
    const place = (/** @type {string} */ iso) =>
      WIDTH - (WIDTH * (last - Date.parse(iso))) / (lasts * 1000);
    const marks = moments.map((moment) => {
      const x = place(moment.startTime);
      const width = Math.max(MARK_MIN, Math.min(place(moment.endTime), WIDTH) - x);
      return draw("rect", {
        class: "mark", x: Math.min(x, WIDTH - width), y: 1, width, height: 4, rx: 1,
      });
    });
    return make(
      "div",
      { class: "line", "aria-hidden": "true" },
      make("span", {}, t("moments.ago", { time: lasting(lasts) })),
      draw(
        "svg",
        { viewBox: `0 0 ${WIDTH} 6`, preserveAspectRatio: "none" },
        draw("rect", { class: "track", x: 0, y: 2.5, width: WIDTH, height: 1 }),
        ...marks,
      ),
      make("span", {}, t("moments.asked")),
    );
  }
}

customElements.define("moment-strip", MomentStrip);
