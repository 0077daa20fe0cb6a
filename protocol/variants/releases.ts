// Releases that have a bug, as people write them: `3.9.1`, `3.4.10 to 3.4.14`, `up to 3.3.3`,
// `before 3.4.0`, `3.5.3 and later`, `3.5.9 and later of 3.5`. `head`, what is being worked on,
// comes after all of them.
import { assert } from '../../base/assert.js';

const HEAD = 'head';
const RELEASE = String.raw`(\d+\.\d+\.\d+)`;
const FORMS = {
  one: new RegExp(`^${RELEASE}$`),
  range: new RegExp(`^${RELEASE} to ${RELEASE}$`),
  upTo: new RegExp(`^up to ${RELEASE}$`),
  before: new RegExp(`^before ${RELEASE}$`),
  since: new RegExp(`^${RELEASE} and later$`),
  sinceInLine: new RegExp(String.raw`^${RELEASE} and later of (\d+\.\d+)$`),
} as const;

function partsOf(release: string): readonly number[] {
  return release === HEAD ? [Infinity] : release.split('.').map(Number);
}

/** Below 0: `a` comes before `b`. */
export function compareReleases(a: string, b: string): number {
  const [as, bs] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(as.length, bs.length); index++) {
    const [one, other] = [as[index] ?? 0, bs[index] ?? 0];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

function isWithin(range: string, release: string): boolean {
  const after = (text = ''): boolean => compareReleases(release, text) > 0;
  const notBefore = (text = ''): boolean => compareReleases(release, text) >= 0;
  const one = FORMS.one.exec(range);
  if (one !== null) return release === one[1];
  const fromTo = FORMS.range.exec(range);
  if (fromTo !== null) return notBefore(fromTo[1]) && !after(fromTo[2]);
  const upTo = FORMS.upTo.exec(range);
  if (upTo !== null) return !after(upTo[1]);
  const before = FORMS.before.exec(range);
  if (before !== null) return !notBefore(before[1]);
  const since = FORMS.since.exec(range);
  if (since !== null) return notBefore(since[1]);
  const line = FORMS.sinceInLine.exec(range);
  assert(line !== null, `releases that nobody understands: ${range}`);
  return notBefore(line[1]) && release.startsWith(`${line[2] ?? ''}.`);
}

/** Is `release` one of those? */
export function isPresent(ranges: readonly string[], release: string): boolean {
  return ranges.some((range) => isWithin(range, release));
}
