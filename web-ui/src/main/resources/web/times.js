/** Times as people read them. */

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

/** The time of day, with the day when it is not today. */
export function clock(iso) {
  const time = new Date(iso);
  const today = new Date().toDateString() === time.toDateString();
  return today ? CLOCK.format(time) : `${DAY.format(time)}, ${CLOCK.format(time)}`;
}

/** Seconds of media time as 0:07, 12:05 or 1:02:03. */
export function media(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  if (whole >= 3600) {
    parts.unshift(Math.floor(whole / 3600));
  }
  return parts.map((part, i) => (i === 0 ? part : String(part).padStart(2, "0"))).join(":");
}

/** How long ago, in the largest unit that fits. */
export function ago(iso) {
  const seconds = Math.max(0, (Date.now() - new Date(iso).getTime()) / 1000);
  if (seconds < 60) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 3600) {
    return `${Math.round(seconds / 60)} min`;
  }
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
}
