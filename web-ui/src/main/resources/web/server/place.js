/**
 * Where the reader is: kept in the address, so that a reload, a bookmark and the back button hold
 * it; the open conversation of each stream is kept in this browser, the answer that a reload
 * interrupts in the tab.
 */
const TALKS = "onlooker.talks";
const DRAFT = "onlooker.draft";
const LEFT = "onlooker.left";
const LEFT_MS_MAX = 60_000;

/**
 * @typedef {object} Place
 * @property {string} stream the one that is asked about
 * @property {string[]} shown the streams whose pictures stand side by side
 * @property {string} panel what stands beside the picture
 * @property {string} view "watch" or "system"
 *
 * @typedef {object} Running a question that is being answered
 * @property {string} id
 * @property {string} stream
 * @property {string} text
 * @property {string} conversation
 * @property {string} said of its answer so far
 *
 * @typedef {{session: string, seq: number, question: Running, at: number}} Left
 */

/** @returns {Place} */
export function readPlace() {
  const words = new URLSearchParams(location.hash.slice(1));
  const stream = words.get("stream") ?? "";
  const shown = (words.get("shown") ?? stream).split(",").filter(Boolean);
  return {
    stream,
    shown: shown.includes(stream) || !stream ? shown : [stream, ...shown],
    panel: words.get("panel") ?? "commentary",
    view: words.get("view") === "system" ? "system" : "watch",
  };
}

/** @param {Place} place */
export function writePlace({ stream, shown, panel, view }) {
  const words = new URLSearchParams();
  if (view !== "watch") {
    words.set("view", view);
  }
  if (stream) {
    words.set("stream", stream);
  }
  if (shown.length > 1) {
    words.set("shown", shown.join(","));
  }
  if (panel !== "commentary") {
    words.set("panel", panel);
  }
  const hash = words.size > 0 ? `#${words}` : location.pathname;
  if (hash !== location.hash) {
    history.replaceState(null, "", hash);
  }
}

/** The conversation that is open about a stream; "" for none yet. @param {string} stream */
export function talkOf(stream) {
  return String(talks()[stream] ?? "");
}

/** @param {string} stream @param {string} talk */
export function keepTalk(stream, talk) {
  localStorage.setItem(TALKS, JSON.stringify({ ...talks(), [stream]: talk || undefined }));
}

/** Words that were typed, or asked and not yet answered. */
export function draft() {
  return sessionStorage.getItem(DRAFT) ?? "";
}

/** @param {string} words */
export function keepDraft(words) {
  sessionStorage.setItem(DRAFT, words);
}

/** Keeps what the page that goes leaves undone.
 * @param {{session: string, seq: number}} session @param {Running} question */
export function keepLeft(session, question) {
  sessionStorage.setItem(LEFT, JSON.stringify({ ...session, question, at: Date.now() }));
  if (draft() === question.text) {
    keepDraft("");
  }
}

/** What the page just before left undone; once, so that a copy of the tab does not take it too.
 * @returns {Left | undefined} */
export function takeLeft() {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "null");
  sessionStorage.removeItem(LEFT);
  return left && Date.now() - left.at < LEFT_MS_MAX ? left : undefined;
}

/** A name for a new conversation. */
export function freshTalk() {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `con-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** @returns {Record<string, string>} */
function talks() {
  try {
    return JSON.parse(localStorage.getItem(TALKS) ?? "{}");
  } catch {
    return {};
  }
}
