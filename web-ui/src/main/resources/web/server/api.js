/** REST, with failures as plain words. */
import { t } from "../words/i18n.js";

export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no reply
   * @param {{code: string, message: string, param?: string}} error
   */
  constructor(status, { code, message, param }) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  /** Whether the server has no such call: an older one. */
  get isUnknown() {
    return this.status === 405 || (this.status === 404 && /there is nothing at/.test(this.message));
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>} the document; undefined where there is none
 */
export async function call(method, path, body) {
  let reply;
  try {
    reply = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, { code: "unreachable", message: t("server.unreachable") });
  }
  if (!reply.ok) {
    throw await failure(reply);
  }
  return reply.status === 204 ? undefined : reply.json();
}

/** What a reply that is not a success says. @param {Response} reply */
export async function failure(reply) {
  try {
    return new ApiError(reply.status, (await reply.json()).error);
  } catch {
    const message = t("server.status", { status: String(reply.status) });
    return new ApiError(reply.status, { code: "unreadable", message });
  }
}

/** What went wrong, in words. @param {unknown} error */
export function wordsOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} id */
export function streamPath(id) {
  return `/api/v1/streams/${encodeURIComponent(id)}`;
}

/** Of what is played; a file to keep may be longer. */
const CLIP_SECONDS_MAX = 300;

/** Where a stretch of a stream lies as a file. @param {string} id @param {number} start
 * @param {number} end @param {boolean} [download] */
export function clipPath(id, start, end, download = false) {
  const from = Math.max(0, start);
  const words = new URLSearchParams({
    start: from.toFixed(3),
    end: (download ? end : Math.min(end, from + CLIP_SECONDS_MAX)).toFixed(3),
  });
  if (download) {
    words.set("download", "1");
  }
  return `${streamPath(id)}/clip.mp4?${words}`;
}

/** @param {string} id @param {number} at */
export function thumbnailPath(id, at) {
  return `${streamPath(id)}/thumbnail.jpg?at=${at}`;
}
