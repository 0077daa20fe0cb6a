// What the page computes of a run, without a page: nothing is lost on the way into it, and what it
// says agrees with slower ways of saying the same.
import { describe, expect, it } from 'vitest';
import { causalPast, happensBefore } from '../../sim/trace/causality.js';
import { makeZxid } from '../../protocol/ids.js';
import type { Epoch } from '../../protocol/ids.js';
import { Axis, quietStretches, roundStep, tickText } from '../../reports/viewer/model/axis.js';
import { APART, conesOf, FUTURE, PAST } from '../../reports/viewer/model/causality.js';
import { divergenceOf, pairStories } from '../../reports/viewer/model/compare.js';
import { recordsOf } from '../../reports/viewer/model/follow.js';
import { readLook, writeLook } from '../../reports/viewer/model/link.js';
import { stripOf } from '../../reports/viewer/model/logs.js';
import { marksOf, timeAtX, xOf } from '../../reports/viewer/model/marks.js';
import { LOST, messagesWithin } from '../../reports/viewer/model/messages.js';
import { parseQuery } from '../../reports/viewer/model/search.js';
import { changesOf, treeOf } from '../../reports/viewer/model/state-tree.js';
import { clamped, wholeOf, zoomed } from '../../reports/viewer/model/viewport.js';
import { whyChain } from '../../reports/viewer/model/why.js';
import { TimeTravel } from '../../sim/time-travel.js';
import { failureView, safeView } from './view-of.js';

const faulty = failureView('truncate-ahead-in-epoch-219');
const early = failureView('ack-before-fsync-1');

describe('a packed trace', () => {
  it.each([faulty, early])('comes back record by record', ({ outcome, model }) => {
    expect(model.trace.length).toBe(outcome.recorder.count);
    for (const record of outcome.recorder.records()) {
      expect(JSON.stringify(model.trace.at(record.index))).toBe(JSON.stringify(record));
    }
  });
});

describe('the axis', () => {
  it('goes there and back, through folds too', () => {
    const { trace, folded } = faulty.model;
    expect(folded.isFolded).toBe(true);
    let last = -1;
    for (let us = 0; us <= trace.endUs; us += Math.floor(trace.endUs / 997)) {
      const place = folded.placeOf(us);
      expect(place).toBeGreaterThan(last);
      expect(Math.abs(folded.timeAt(place) - us)).toBeLessThan(0.01);
      last = place;
    }
    expect(folded.length).toBeLessThan(trace.endUs);
    expect(new Axis(trace.endUs, []).placeOf(1234)).toBe(1234);
  });

  it('folds what is quiet, and never a moment that matters', () => {
    const moments = [0, 100_000, 5_000_000, 5_100_000];
    const folds = quietStretches(moments, 10_000_000);
    expect(folds).toHaveLength(2);
    for (const us of moments) {
      expect(folds.some(({ fromUs, toUs }) => us > fromUs && us < toUs)).toBe(false);
    }
  });

  it('has round ticks from a microsecond to hours', () => {
    expect([0.3, 3, 40, 700, 1.2e6, 40e6, 3000e6].map(roundStep)).toEqual([
      1, 5, 50, 1000, 2e6, 60e6, 3600e6,
    ]);
    expect(tickText(1_234_567, 1)).toBe('1.234567 s');
    expect(tickText(3_600e6 + 62e6, 1e6)).toBe('1:01:02');
  });

  it('keeps the place under the pointer when it magnifies', () => {
    const view = zoomed({ from: 0, to: 1000 }, 0.5, 250, 10_000);
    expect(view).toEqual({ from: 125, to: 625 });
    const all = clamped({ from: -1e9, to: 1e9 }, 1000);
    expect(all.from).toBeCloseTo(wholeOf(1000).from);
    expect(all.to).toBeCloseTo(wholeOf(1000).to);
  });
});

describe('cones', () => {
  it('are those of the slow definition, past and future', () => {
    const { model, outcome } = early;
    for (const index of [40, 150, 294, 700, 1500]) {
      const cones = conesOf(model.trace, index);
      const past = new Set(causalPast(outcome.recorder, index));
      for (let at = 0; at < index; at++) expect(cones[at] === PAST).toBe(past.has(at));
      for (let at = index + 1; at < model.trace.length; at += 37) {
        const later = happensBefore(outcome.recorder, index, at);
        expect(cones[at]).toBe(later ? FUTURE : APART);
      }
    }
  });

  it('hold the chain of causes, which goes back to a beginning', () => {
    const { model } = faulty;
    const [violation] = model.about.report.violations;
    const chain = whyChain(model.trace, violation?.record ?? 0, () => false);
    const cones = conesOf(model.trace, violation?.record ?? 0);
    expect(chain.length).toBeGreaterThan(5);
    for (const { event } of chain.slice(1)) expect(cones[event]).toBe(PAST);
    expect(model.trace.columns.cause[chain.at(-1)?.event ?? -1]).toBe(-1);
  });
});

describe('arrows', () => {
  const { messages, trace } = faulty.model;

  it('are all the messages that arrived or were lost', () => {
    const lost = trace.ofKinds(['lost']).length;
    const flags = [...messages.flags];
    expect(flags.filter((flag) => (flag & LOST) !== 0)).toHaveLength(lost);
    expect(messages.count - lost).toBe(trace.ofKinds(['received']).length);
    expect(lost).toBeGreaterThan(0);
  });

  it('in a window are those that touch it', () => {
    const [fromUs, toUs] = [4_300_000, 5_100_000];
    const wish = { fromUs, toUs, room: 1e9, wanted: () => true, tellingOnly: false };
    const found = new Set(messagesWithin(messages, wish).arrows);
    for (let at = 0; at < messages.count; at++) {
      const touches = (messages.endUs[at] ?? 0) >= fromUs && (messages.sentUs[at] ?? 0) <= toUs;
      expect(found.has(at)).toBe(touches);
    }
    const few = messagesWithin(messages, { ...wish, room: 7 });
    expect(few.arrows).toHaveLength(7);
    expect(few.total).toBe(found.size);
  });
});

describe('logs at a record', () => {
  it('are what the servers have, whenever one looks', () => {
    const { model, scenario, outcome } = faulty;
    const travel = new TimeTravel({ scenario, seed: '219', untilUs: undefined });
    expect(travel.traceHash).toBe(outcome.traceHash);
    for (let at = 300; at < model.trace.length; at += 277) {
      const event = model.trace.eventOf(at);
      const last = model.trace.ofKinds(['end'])[0] ?? 0;
      let settled = at;
      while (settled < last && model.trace.eventOf(settled + 1) === event) settled += 1;
      const { after } = travel.at(at);
      for (const log of model.logs.at(settled)) {
        const disk = after.isUp(log.server)
          ? after.peer(log.server).durable.log
          : after.disk(log.server).durable.log;
        if (after.isUp(log.server) && after.peer(log.server).role.kind === 'booting') continue;
        const zxids = log.entries.map(({ zxid }) => zxid);
        expect({ at, server: log.server, last: zxids.at(-1) ?? log.base }).toEqual({
          ...{ at, server: log.server, last: disk.lastZxid },
        });
      }
    }
  });

  it('show what a cut removes', () => {
    const { model } = faulty;
    const record = model.firstViolation?.record ?? 0;
    const before = model.logs.at(record - 1);
    const strip = stripOf({ logs: model.logs.at(record), before, room: 30, focus: undefined });
    const row = strip.rows.find(({ log }) => log.server === 1);
    expect(row?.cells.filter((cell) => cell === 'removed')).toHaveLength(1);
    const others = strip.rows.filter(({ log }) => log.server !== 1);
    expect(others.flatMap(({ cells }) => cells)).not.toContain('removed');
  });

  it('show where histories part', () => {
    const entry = (counter: number, digest: number): { zxid: number; digest: number } => ({
      ...{ zxid: makeZxid(1 as Epoch, counter), digest },
    });
    const log = { base: 0, durable: 0, applied: 0, up: true, currentEpoch: 1, acceptedEpoch: 1 };
    const logs = [
      { server: 1, entries: [entry(1, 7), entry(2, 8)], ...log },
      { server: 2, entries: [entry(1, 7), entry(2, 9)], ...log },
      { server: 3, entries: [entry(1, 7), entry(2, 8)], ...log },
    ];
    const strip = stripOf({ logs, before: [], room: 10, focus: undefined });
    expect(strip.diverges).toBe(entry(2, 0).zxid);
    expect(strip.rows[1]?.cells).toEqual(['buffered', 'other']);
  });
});

describe('marks', () => {
  it('stand where their time is, and are all there when there is room', () => {
    const { model } = early;
    const axis = model.plain;
    const us = model.trace.atUs(294);
    const canvas = { axis, view: { from: us - 1000, to: us + 1000 }, width: 1000, left: 100 };
    expect(Math.abs(timeAtX(canvas, xOf(canvas, us)) - us)).toBeLessThan(0.5);
    const lane = model.lanes.byActor.get(2);
    const { marks, density } = marksOf(model.trace, lane!, canvas, model.story.records);
    expect(density).toHaveLength(0);
    expect(marks.map(({ record }) => record)).toContain(294);
    const whole = { axis, view: wholeOf(axis.length), width: 400, left: 100 };
    const far = marksOf(model.trace, lane!, whole, model.story.records);
    const shown = [...far.density].reduce((sum, count) => sum + count, 0);
    expect(shown).toBe(lane?.records.length);
  });
});

describe('search', () => {
  const { trace } = faulty.model;
  const count = (text: string): number => {
    const query = parseQuery(text);
    if (!query.ok) throw new Error(query.problem);
    return [...trace.records()].filter(query.test).length;
  };

  it('finds by field, by word, and by what is not', () => {
    expect(count('kind:truncated')).toBe(trace.ofKinds(['truncated']).length);
    expect(count('kind:commit server:s1')).toBeGreaterThan(0);
    expect(count('epoch:2 epoch:1')).toBe(0);
    expect(count('"cuts its log"')).toBe(1);
    expect(count('kind:crash') + count('-kind:crash')).toBe(trace.length);
    expect(count('zxid>=2:3 kind:appended')).toBe(
      [...trace.records()].filter(
        ({ kind, zxid }) => kind === 'appended' && zxid >= 2 * 2 ** 32 + 3,
      ).length,
    );
  });

  it('says what is wrong with a word', () => {
    expect(parseQuery('zxid:1-7')).toMatchObject({ ok: false });
    expect(parseQuery('server:x')).toMatchObject({ ok: false });
  });

  it('follows a transaction from the request to the answer, on every server', () => {
    const zxid = trace.at(trace.ofKinds(['committed']).at(-3) ?? 0).zxid;
    const kinds = recordsOf(trace, { what: 'zxid', zxid }).map((at) => trace.kindOf(at));
    for (const kind of ['invoked', 'proposed', 'appended', 'flushed', 'ackSent', 'committed']) {
      expect(kinds).toContain(kind);
    }
    expect(kinds.filter((kind) => kind === 'applied')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'completed').length).toBeLessThanOrEqual(1);
  });
});

describe('two runs', () => {
  it('part where the first record differs, and not at their seeds', () => {
    const safe = safeView(early);
    const { at, a, b, identical } = divergenceOf(early.model.trace, safe.model.trace);
    expect(identical).toBe(false);
    expect(at).toBeGreaterThan(200);
    expect(a?.kind).toBe('ackSent');
    expect(b?.kind).not.toBe('ackSent');
    expect(divergenceOf(safe.model.trace, safeView(early).model.trace).identical).toBe(true);
  });

  it('tell what both tell in one row', () => {
    const safe = safeView(early);
    const pairs = pairStories(
      [early.model.trace, early.model.story],
      [safe.model.trace, safe.model.story],
    );
    const both = pairs.filter(({ a, b }) => a !== undefined && b !== undefined);
    // The first election is the same in both, word by word.
    expect(both.length).toBeGreaterThan(15);
    for (const side of ['a', 'b'] as const) {
      const told = pairs.flatMap((pair) => pair[side] ?? []);
      expect(told).toEqual(told.toSorted((x, y) => x - y));
    }
    for (const { a, b } of both) {
      expect(early.model.trace.kindOf(a ?? 0)).toBe(safe.model.trace.kindOf(b ?? 0));
    }
  });
});

describe('a state', () => {
  it('differs leaf by leaf', () => {
    const before = treeOf('s1', { role: { kind: 'looking' }, round: 3, lastZxid: 2 ** 32 + 7 });
    const after = treeOf('s1', { role: { kind: 'leading' }, round: 3, lastZxid: 2 ** 32 + 8 });
    expect(changesOf(before, after)).toEqual([
      { path: 's1.role.kind', before: 'looking', after: 'leading' },
      { path: 's1.lastZxid', before: '1:7', after: '1:8' },
    ]);
  });
});

describe('a link', () => {
  it('says the same when it is read again, and nothing when it is not one', () => {
    const look = {
      ...{ run: 1, record: 8123, fromUs: 100, toUs: 20_000, query: 'kind:commit s&=#2' },
      ...{ folded: false, why: true, tab: 'charts', follow: '1:7' },
    };
    expect(readLook(writeLook(look))).toEqual(look);
    expect(readLook('#e8123').record).toBe(8123);
    expect(readLook('#%E0%A4%A=1&x')).toMatchObject({ record: undefined, query: '' });
  });
});
