/** What is said about a stream while it runs, newest last; a click plays the moment. */
import { call, streamPath } from "../server/api.js";
import { t } from "../words/i18n.js";
import { clock, day } from "../words/times.js";
import { make, tell, write } from "./dom.js";

const REMARKS_MAX = 200;
const REMARKS_FIRST = 60;
const QUIET_AFTER_MS = 30000;
const LOOK_EVERY_MS = 5000;

export class CommentaryLog extends HTMLElement {
  #stream = "";
  #timer = 0;
  /** @type {Remark | undefined} */
  #newest;
  #list = make("ol");
  #log = make(
    "div", { role: "log", "aria-label": t("commentary.label"), tabindex: "0" }, this.#list);
  #quiet = make("p", { class: "quiet-line" });
  /** Remarks that are being said. @type {Map<string, {item: HTMLElement, text: string}>} */
  #saying = new Map();

  connectedCallback() {
    this.replaceChildren(this.#log, this.#quiet);
    this.#timer = window.setInterval(() => this.#describe(), LOOK_EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** @param {string} stream */
  async show(stream) {
    if (stream !== this.#stream) {
      this.#stream = stream;
      await this.reload();
    }
  }

  /** Asks for what was said before, after a change of stream or of connection. */
  async reload() {
    const stream = this.#stream;
    this.#clear();
    if (stream) {
      const said = await earlier(stream);
      if (stream === this.#stream) {
        this.#clear();
        said.forEach((remark) => this.#done(remark));
        this.#describe();
        this.#log.scrollTop = this.#log.scrollHeight;
      }
    }
  }

  /** The newest remark, if there is one. */
  get newest() {
    return this.#newest;
  }

  /** @param {ServerEvent} event commentary.delta or commentary.done of any stream */
  heard(event) {
    if (event.stream !== this.#stream) {
      return;
    }
    if (event.type === "commentary.delta") {
      this.#delta(event.id, event.text);
    } else {
      this.#saying.get(event.id)?.item.remove();
      this.#saying.delete(event.id);
      this.#done(event.remark);
    }
    this.#describe();
    this.#follow();
  }

  /** @param {string} id @param {string} text */
  #delta(id, text) {
    const known = this.#saying.get(id);
    const said = `${known?.text ?? ""}${text}`;
    const item = known?.item ?? make("li", { class: "remark saying", "aria-busy": "true", lang: "en" });
    item.textContent = said;
    this.#saying.set(id, { item, text: said });
    if (!known) {
      this.#list.append(item);
    }
  }

  /** @param {Remark} remark */
  #done(remark) {
    if (this.#list.querySelector(`[data-id="${CSS.escape(remark.id)}"]`)) {
      return;
    }
    const before = this.#newest;
    if (!before || day(before.startTime) !== day(remark.startTime)) {
      this.#list.append(make("li", { class: "day" }, day(remark.startTime)));
    }
    this.#newest = remark;
    this.#list.append(this.#item(remark));
    while (this.#list.childElementCount > REMARKS_MAX) {
      this.#list.firstElementChild?.remove();
    }
  }

  /** @param {Remark} remark */
  #item(remark) {
    return make(
      "li",
      { class: `remark ${remark.kind}`, "data-id": remark.id },
      make(
        "button",
        { type: "button", onclick: () => tell(this, "moment-wanted", remark) },
        make(
          "span",
          { class: "words" },
          make("time", { datetime: remark.startTime }, clock(remark.startTime)),
          make("span", { lang: "en" }, remark.text),
        ),
        make("img", { src: remark.thumbnail, alt: "", loading: "lazy" }),
      ),
    );
  }

  #clear() {
    this.#list.replaceChildren();
    this.#saying.clear();
    this.#newest = undefined;
    this.#describe();
  }

  #describe() {
    const isEmpty = this.#list.childElementCount === 0;
    this.#log.hidden = isEmpty;
    write(this.#quiet, isEmpty ? t("commentary.quiet") : this.#quietSince());
    this.classList.toggle("empty", isEmpty);
  }

  /** Says so when nothing has been said for a while. */
  #quietSince() {
    const end = this.#newest?.endTime;
    const isQuiet = end && Date.now() - Date.parse(end) > QUIET_AFTER_MS;
    return isQuiet ? t("commentary.since", { time: clock(end) }) : "";
  }

  /** Keeps the end in view for who is reading there. */
  #follow() {
    const log = this.#log;
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 200) {
      log.scrollTop = log.scrollHeight;
    }
  }
}

/** What was said lately; nothing where there is no commentary. @param {string} stream
 * @returns {Promise<Remark[]>} */
async function earlier(stream) {
  try {
    const known = await call("GET", `${streamPath(stream)}/commentary?limit=${REMARKS_FIRST}`);
    return known.commentary;
  } catch {
    return [];
  }
}

customElements.define("commentary-log", CommentaryLog);
