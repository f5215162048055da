/** A small chart of the last figures: a line over a faint ground, as plain SVG. */
import { draw } from "./dom.js";

const WIDTH = 120;
const HEIGHT = 32;
const POINTS = 60;

export class SparkLine extends HTMLElement {
  /** @type {number[]} */
  #values = [];
  #least = 1;
  #line = draw("polyline", { class: "curve" });
  #ground = draw("polygon", { class: "ground" });

  connectedCallback() {
    this.setAttribute("aria-hidden", "true");
    this.replaceChildren(
      draw(
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" },
        this.#ground,
        this.#line,
      ),
    );
    this.#render();
  }

  /** @param {number[]} values oldest first; the newest 60 are drawn
   * @param {number} [least] what the height stands for at least */
  show(values, least = 1) {
    this.#values = values.slice(-POINTS);
    this.#least = least;
    this.#render();
  }

  #render() {
    const top = Math.max(this.#least, ...this.#values) * 1.15;
    const points = this.#values.map((value, i) => {
      const x = WIDTH - ((this.#values.length - 1 - i) * WIDTH) / (POINTS - 1);
      return `${x.toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1)}`;
    });
    this.#line.setAttribute("points", points.join(" "));
    const first = points[0]?.split(",")[0] ?? "0";
    this.#ground.setAttribute(
      "points",
      points.length > 1 ? [`${first},${HEIGHT}`, ...points, `${WIDTH},${HEIGHT}`].join(" ") : "",
    );
  }
}

customElements.define("spark-line", SparkLine);
