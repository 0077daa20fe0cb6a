// How numbers, times and names are written, in every report the same. By hand, because locale rules
// differ between machines and a report of the same run must be the same bytes.
import { FIRST_CLIENT, WORLD } from '../sim/trace/record.js';

/** Virtual time as seconds with milliseconds: `12.408s`. */
export function clock(atUs: number): string {
  return `${(atUs / 1e6).toFixed(3)}s`;
}

/** A length of time in the unit that suits it: `85 µs`, `310 ms`, `4.2 s`. */
export function duration(us: number): string {
  if (us < 1000) return `${us} µs`;
  if (us < 1e6) return `${Math.round(us / 1000)} ms`;
  if (us < 100e6) return `${(us / 1e6).toFixed(1)} s`;
  return `${thousands(Math.round(us / 1e6))} s`;
}

/** `18,231` */
export function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 transaction`, `24 transactions`; `many` where an s is not enough. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1] ?? ''}`;
}

export function serverName(sid: number): string {
  return `s${sid}`;
}

/** `s3` a server, `client-1` a client, `world` whoever carries out the faults. */
export function actorName(actor: number): string {
  if (actor === WORLD) return 'world';
  return actor < FIRST_CLIENT ? serverName(actor) : `client-${actor - FIRST_CLIENT + 1}`;
}

/** `s1-s4 and s6`: three or more in a row are a range; ascending. */
export function actorNames(actors: readonly number[]): string {
  const names: string[] = [];
  for (let from = 0, to = 0; from < actors.length; from = to) {
    to = from + 1;
    while (to < actors.length && actors[to] === (actors[to - 1] ?? 0) + 1) to += 1;
    const run = actors.slice(from, to).map(actorName);
    if (run.length < 3) names.push(...run);
    else names.push(`${run[0] ?? ''}-${run[run.length - 1] ?? ''}`);
  }
  return listed(names);
}

export function isServer(actor: number): boolean {
  return actor > WORLD && actor < FIRST_CLIENT;
}

/** Faults are counted from 1, in the order of the scenario. */
export function faultName(index: number): string {
  return `fault ${index + 1}`;
}

/** `#8123`: the number by which a record is found again. */
export function recordName(index: number): string {
  return `#${index}`;
}

/** Breaks at spaces so that no line is longer than `width`, if no word is. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
