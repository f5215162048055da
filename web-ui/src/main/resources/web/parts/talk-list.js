/** The conversations about a stream: which is open, the others, and a new one. */
import { call } from "../server/api.js";
import { t } from "../words/i18n.js";
import { when } from "../words/times.js";
import { make, tell, write } from "./dom.js";
import { icon } from "./icon.js";

export class TalkList extends HTMLElement {
  #stream = "";
  #title = make("span", {}, t("talk.untitled"));
  #list = make("ul");
  #details = make("details", {}, make("summary", {}, this.#title), this.#list);
  #fresh = make(
    "button",
    { type: "button", class: "fresh", onclick: () => this.#choose("") },
    icon("add"),
    t("talk.new"),
  );

  connectedCallback() {
    this.replaceChildren(this.#details, this.#fresh);
  }

  /** @param {string} stream @param {string} open */
  async show(stream, open) {
    this.#stream = stream;
    const talks = stream ? await known(stream) : [];
    if (stream === this.#stream) {
      const current = talks.find((talk) => talk.id === open);
      write(this.#title, current?.title || t("talk.untitled"));
      this.#list.replaceChildren(...talks.map((talk) => this.#item(talk, open)));
      this.hidden = talks.length === 0;
      this.#fresh.disabled = !current;
    }
  }

  /** @param {Conversation} talk @param {string} open */
  #item(talk, open) {
    const remove = t("talk.remove", { title: talk.title });
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          class: "talk",
          "aria-current": talk.id === open ? "true" : undefined,
          onclick: () => this.#choose(talk.id),
        },
        make("span", { class: "name" }, talk.title),
        make(
          "span",
          { class: "state" },
          `${t("talk.turns", { count: talk.turnCount })} · ${when(talk.updatedAt)}`,
        ),
      ),
      make(
        "button",
        {
          type: "button",
          class: "quiet-button",
          "aria-label": remove,
          title: remove,
          onclick: () => this.#remove(talk, open),
        },
        icon("remove"),
      ),
    );
  }

  /** @param {string} talk */
  #choose(talk) {
    this.#details.open = false;
    tell(this, "talk-chosen", talk);
  }

  /** @param {Conversation} talk @param {string} open */
  async #remove(talk, open) {
    if (!confirm(t("talk.sure", { title: talk.title }))) {
      return;
    }
    await call("DELETE", `/api/v1/conversations/${talk.id}`);
    if (talk.id === open) {
      this.#choose("");
    } else {
      this.show(this.#stream, open);
    }
  }
}

/** Conversations in which something was answered, newest first. @param {string} stream
 * @returns {Promise<Conversation[]>} */
async function known(stream) {
  try {
    const path = `/api/v1/conversations?stream=${encodeURIComponent(stream)}`;
    /** @type {Conversation[]} */
    const talks = (await call("GET", path)).conversations;
    return talks.filter((talk) => talk.turnCount > 0);
  } catch {
    return [];
  }
}

customElements.define("talk-list", TalkList);
