/** What a stream is doing, in words. */
import { t } from "./i18n.js";
import { since } from "./times.js";

/** In a word or two. @param {Stream} stream */
export function stateWords({ state }) {
  return t(`state.${state}`);
}

/** Whether its picture moves, or stands still because its video is over. @param {Stream} [stream] */
export function gives(stream) {
  return stream?.state === "running" || stream?.state === "ended";
}

/** In a sentence, for where its picture would be. @param {Stream} stream */
export function troubleWords(stream) {
  switch (stream.state) {
    case "initialising":
      return t("picture.connecting");
    case "restarting":
      return t("picture.reconnecting");
    case "error":
      return t("picture.error");
    default:
      return stateWords(stream);
  }
}

/** How long, and why. @param {Stream} stream */
export function troubleReason(stream) {
  const away = stream.state === "restarting" ? t("picture.away", { time: since(stream.since) }) : "";
  return [away, stream.reason ?? ""].filter(Boolean).join(" · ");
}
