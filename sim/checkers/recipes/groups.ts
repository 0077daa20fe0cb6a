// Groups: what a client lists is who was there, at the zxid of the answer; a member sees itself; in
// the end everybody sees who is there. And those who call by such a list call whom it names, in
// turn, as long as the session lasts that is told of changes.
import type { TraceRecord } from '../../trace/record.js';
import { FIRST_CLIENT } from '../../trace/record.js';
import { zxidText } from '../words.js';
import { recipeChecker } from './scene.js';

/** `m3` is bit 3. */
function bitOf(name: string): number {
  return (1 << Number(name.slice(1))) >>> 0;
}

function membersText(bits: number): string {
  const members = Array.from({ length: 32 }, (_, index) => index).filter(
    (index) => ((bits >>> index) & 1) === 1,
  );
  return members.length === 0 ? 'nobody' : members.map((index) => `c${index + 1}`).join(' ');
}

/** Who was there, by zxid. */
class Attendance {
  readonly #changes: { readonly zxid: number; readonly bits: number }[] = [];

  get now(): number {
    return this.#changes[this.#changes.length - 1]?.bits ?? 0;
  }

  change(zxid: number, bits: number): void {
    this.#changes.push({ zxid, bits });
  }

  at(zxid: number): number {
    return this.#changes.findLast((change) => change.zxid <= zxid)?.bits ?? 0;
  }
}

interface List {
  readonly session: number;
  readonly zxid: number;
  readonly bits: number;
}

function listIn(record: TraceRecord): List {
  return { session: record.value, zxid: record.zxid, bits: record.digest };
}

export const groupViews = recipeChecker(
  {
    id: 'group-views',
    kind: 'client',
    claim:
      'Every list of a group is who was there at its zxid, lists of a session move forward, a ' +
      'member with a live session sees itself, and at the end all lists are the same.',
    recipes: ['membership', 'registry'],
  },
  ({ oracle, found }) => {
    const attendance = new Attendance();
    const lists = new Map<number, List>();
    const judge = (what: string, record: TraceRecord): void => {
      const list = listIn(record);
      const before = lists.get(record.actor);
      const facts = { listed: membersText(list.bits), at: zxidText(list.zxid) };
      const own = (1 << (record.actor - FIRST_CLIENT)) >>> 0;
      found.saw();
      const there = attendance.at(list.zxid);
      if (there !== list.bits) {
        found.broken(record, 'others-were-there', { ...facts, there: membersText(there) });
      }
      if (before?.session === list.session && list.zxid < before.zxid) {
        found.broken(record, 'went-back', { ...facts, before: zxidText(before.zxid) });
      }
      const believes = what.endsWith(' as member') && oracle.model.isOpen(record.value);
      if (believes && (list.bits & own) === 0) found.broken(record, 'sees-not-itself', facts);
      lists.set(record.actor, list);
    };
    return {
      deed: ({ kind, name, zxid }) => {
        if (name === '' || kind === 'written') return;
        const bit = bitOf(name);
        const others = (attendance.now & ~bit) >>> 0;
        attendance.change(zxid, kind === 'created' ? (others | bit) >>> 0 : others);
      },
      point: (what, record) => {
        if (what.startsWith('listed')) judge(what, record);
      },
      atEnd: (end) => {
        const there = membersText(attendance.now);
        for (const [client, { bits }] of lists) {
          if (bits === attendance.now) continue;
          const facts = { listed: membersText(bits), there };
          found.broken(end, 'not-converged', facts, [], [client]);
        }
      },
    };
  },
);

export const registryCalls = recipeChecker(
  {
    id: 'registry-calls',
    kind: 'client',
    claim:
      'A client of a registry calls instances of a list that it read in this session, and while ' +
      'the list stays the same no instance is called twice more than another.',
    recipes: ['registry'],
  },
  ({ found }) => {
    const lists = new Map<number, List>();
    const calls = new Map<number, Map<number, number>>();
    const judge = (record: TraceRecord): void => {
      const list = lists.get(record.actor);
      const instance = `c${record.digest + 1}`;
      const bits = list?.bits ?? 0;
      found.saw();
      if (list?.session !== record.value) {
        found.broken(record, 'list-of-another-session', { instance });
      } else if (((bits >>> record.digest) & 1) === 0) {
        found.broken(record, 'not-in-the-list', { instance, list: membersText(bits) });
      }
      const counts = calls.get(record.actor) ?? new Map<number, number>();
      const count = (counts.get(record.digest) ?? 0) + 1;
      calls.set(record.actor, counts.set(record.digest, count));
      for (let other = 0; other < 32; other++) {
        const theirs = counts.get(other) ?? 0;
        if (((bits >>> other) & 1) === 0 || count - theirs < 2) continue;
        const facts = { instance, calls: count, other: `c${other + 1}`, callsOfOther: theirs };
        found.broken(record, 'uneven', facts);
        return;
      }
    };
    return {
      point: (what, record) => {
        if (what === 'called') judge(record);
        if (!what.startsWith('listed')) return;
        lists.set(record.actor, listIn(record));
        calls.delete(record.actor);
      },
    };
  },
);
