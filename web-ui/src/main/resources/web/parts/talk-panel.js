/** The open conversation about a stream: its questions and their answers, newest last. */
import { call, clipPath, thumbnailPath } from "../server/api.js";
import { t } from "../words/i18n.js";
import { AnswerCard } from "./answer-card.js";
import { make, tell } from "./dom.js";
import { TalkList } from "./talk-list.js";

const SUGGESTIONS = ["suggest.now", "suggest.last", "suggest.ever", "suggest.before"];

export class TalkPanel extends HTMLElement {
  #stream = "";
  #talk = "";
  #opening = Promise.resolve();
  #others = new TalkList();
  #list = make("ol", { class: "answers", "aria-label": t("talk.answers") });
  #welcome = welcome(this);
  #scroller = make("div", { class: "scroller" }, this.#welcome, this.#list);
  #spoken = make("p", { class: "visually-hidden", "aria-live": "polite" });

  connectedCallback() {
    this.replaceChildren(this.#others, this.#scroller, this.#spoken);
  }

  /**
   * Opens a conversation; an empty name begins a new one with the next question.
   *
   * @param {Stream | undefined} stream
   * @param {string} talk
   */
  show(stream, talk) {
    if (this.#stream !== (stream?.id ?? "") || this.#talk !== talk) {
      this.#opening = this.#open(stream, talk);
    }
    return this.#opening;
  }

  /** @param {Stream | undefined} stream @param {string} talk */
  async #open(stream, talk) {
    this.#stream = stream?.id ?? "";
    this.#talk = talk;
    this.#list.replaceChildren();
    this.#welcome.hidden = !stream;
    this.#others.show(this.#stream, talk);
    if (stream && talk) {
      const turns = await earlier(talk);
      if (talk === this.#talk && this.#list.childElementCount === 0) {
        turns.forEach((turn) => this.#recall(stream, turn));
        this.#scroller.scrollTop = this.#scroller.scrollHeight;
      }
    }
  }

  /** Adds a question; returns the card that its answer goes to.
   * @param {string} talk @param {string} question */
  begin(talk, question) {
    this.#talk = talk;
    const card = this.#add(question);
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    return card;
  }

  /** The list of conversations has changed. */
  changed() {
    this.#others.show(this.#stream, this.#talk);
  }

  /** @param {Stream} stream @param {Turn} turn */
  #recall(stream, turn) {
    const moments = turn.citations.map(({ start, end }) => momentOf(stream, start, end));
    this.#add(turn.question).recall(turn, moments);
  }

  /** @param {string} question */
  #add(question) {
    const card = new AnswerCard(question, {
      grown: () => this.#follow(),
      ended: (words) => this.#ended(card, words),
    });
    this.#list.append(card.element);
    this.#welcome.hidden = true;
    return card;
  }

  /** Says it aloud; what was recalled of an answer that a reload interrupted makes way for it.
   * @param {AnswerCard} card @param {string} words */
  #ended(card, words) {
    this.#spoken.textContent = words;
    for (const other of this.#list.children) {
      if (other !== card.element && isSameAnswer(other, card.element)) {
        other.remove();
      }
    }
  }

  /** Keeps the end in view for who is reading there. */
  #follow() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    if (scrollHeight - scrollTop - clientHeight < 240) {
      this.#scroller.scrollTop = scrollHeight;
    }
  }
}

/** @param {Element} one @param {HTMLElement} other */
function isSameAnswer(one, other) {
  const asked = other.dataset.asked;
  return one instanceof HTMLElement && asked !== undefined && one.dataset.asked === asked;
}

/** What was said in a conversation; nothing when it is gone. @param {string} talk
 * @returns {Promise<Turn[]>} */
async function earlier(talk) {
  try {
    return (await call("GET", `/api/v1/conversations/${encodeURIComponent(talk)}`)).turns;
  } catch {
    return [];
  }
}

/** A stretch of media time as a moment. @param {Stream} stream @param {number} start
 * @param {number} end @returns {Moment} */
function momentOf(stream, start, end) {
  const zero = Date.parse(stream.startTime);
  return {
    stream: stream.id,
    start,
    end,
    startTime: new Date(zero + start * 1000).toISOString(),
    endTime: new Date(zero + end * 1000).toISOString(),
    thumbnail: thumbnailPath(stream.id, start),
    clip: clipPath(stream.id, start, end),
  };
}

/** What could be asked. @param {HTMLElement} panel */
function welcome(panel) {
  const chips = SUGGESTIONS.map((key) => {
    const text = t(key);
    return make(
      "li",
      { lang: "en" },
      make(
        "button",
        { type: "button", onclick: () => tell(panel, "question-suggested", text) },
        text.endsWith(" ") ? `${text}…` : text,
      ),
    );
  });
  return make(
    "div",
    { class: "welcome" },
    make("p", {}, t("talk.welcome")),
    make("ul", {}, ...chips),
  );
}

customElements.define("talk-panel", TalkPanel);
