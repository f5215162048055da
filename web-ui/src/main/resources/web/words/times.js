/** Times and amounts as people read them. */
import { locale } from "./i18n.js";

/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const CLOCK = new Intl.DateTimeFormat(locale, TIME);
const DAY = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short" });
const DAY_S = 86400;
const UNITS = /** @type {const} */ ([
  ["day", DAY_S],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
]);

const MOMENT_MS = 2000;

/** The time of day. @param {string} iso */
export function clock(iso) {
  return CLOCK.format(new Date(iso));
}

/** The day, in words that sort nothing. @param {string} iso */
export function day(iso) {
  return DAY.format(new Date(iso));
}

/** Whether a time is of today. @param {string} iso */
export function isToday(iso) {
  return new Date().toDateString() === new Date(iso).toDateString();
}

/** The time of day, with the day when it is not today. @param {string} iso */
export function when(iso) {
  return isToday(iso) ? clock(iso) : `${day(iso)}, ${clock(iso)}`;
}

/** A stretch of wall time; the day once, the end only where it lasts longer than a moment.
 * @param {{startTime: string, endTime: string}} moment */
export function stretch({ startTime, endTime }) {
  const lasts = Date.parse(endTime) - Date.parse(startTime);
  return lasts < MOMENT_MS ? when(startTime) : `${when(startTime)} – ${clock(endTime)}`;
}

/** Seconds of media time as 0:07, 12:05 or 1:02:03. @param {number} seconds */
export function media(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) {
    parts.unshift(Math.floor(whole / 3600));
  }
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** So many seconds, in the largest unit that fits. @param {number} seconds */
export function lasting(seconds) {
  const fits = (/** @type {number} */ one) => seconds >= (one === DAY_S ? 2 * one : one);
  const [unit, size] = UNITS.find(([, one]) => fits(one)) ?? ["second", 1];
  return amount(Math.round(seconds / size), unit);
}

/** How long ago. @param {string} iso */
export function since(iso) {
  return lasting(Math.max(0, (Date.now() - new Date(iso).getTime()) / 1000));
}

/** @param {number} seconds */
export function seconds(seconds) {
  return amount(seconds, "second", seconds < 10 ? 1 : 0);
}

/** @param {number} millis */
export function millis(millis) {
  return millis < 1000 ? amount(Math.round(millis), "millisecond") : amount(millis / 1000, "second", 2);
}

/** @param {number} bytes */
export function bytes(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return amount(bytes / 1000 ** power, String(units[power]), power < 2 ? 0 : 1);
}

/** @param {number} value @param {number} [digits] */
export function number(value, digits = 1) {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** @param {number} value @param {string} unit @param {number} [digits] */
function amount(value, unit, digits = 0) {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit.endsWith("second") ? "narrow" : "short",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
