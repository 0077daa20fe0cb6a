// Verifiers against hand-made tables and against a slow, obvious twin.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerId } from '../../protocol/ids.js';
import { serverId } from '../../protocol/ids.js';
import type { QuorumVerifier } from '../../protocol/quorum.js';
import {
  isQuorum,
  makeHierarchical,
  makeMajority,
  makeWeighted,
  weightOf,
} from '../../protocol/quorum.js';
import { hasSid, intersectSids, sidSetOf } from '../../protocol/sid-set.js';

const set = (...sids: number[]) => sidSetOf(sids.map(serverId));
const weighted = (weights: Record<number, number>) =>
  Object.entries(weights).map(([sid, weight]) => ({ sid: serverId(Number(sid)), weight }));

describe('a majority', () => {
  it.each([
    [[1, 2, 3], [1], false],
    [[1, 2, 3], [1, 3], true],
    [[1, 2, 3, 4], [1, 2], false],
    [[1, 2, 3, 4], [1, 2, 4], true],
    [[1, 2, 3], [1, 8, 9], false],
    [[5, 40, 70, 100, 127], [40, 70, 127], true],
    [[5, 40, 70, 100, 127], [40, 127], false],
    [[7], [7], true],
    [[7], [], false],
  ])('of %j: is %j one? %s', (voters, acks, expected) => {
    expect(isQuorum(makeMajority(set(...voters)), set(...acks))).toBe(expected);
  });
});

describe('weights', () => {
  it.each([
    [{ 1: 1, 2: 1, 3: 2 }, [3], false],
    [{ 1: 1, 2: 1, 3: 2 }, [1, 3], true],
    [{ 1: 3, 2: 1, 3: 1 }, [1], true],
    [{ 1: 3, 2: 1, 3: 1 }, [2, 3], false],
    [{ 1: 1, 2: 1, 3: 0 }, [1, 3], false],
    [{ 1: 0 }, [1], false],
  ])('%j: is %j a quorum? %s', (weights, acks, expected) => {
    expect(isQuorum(makeWeighted(weighted(weights)), set(...acks))).toBe(expected);
  });

  it('are 0 for whoever does not vote', () => {
    const stranger = serverId(9);
    expect(weightOf(makeMajority(set(1, 2)), serverId(2))).toBe(1);
    expect(weightOf(makeMajority(set(1, 2)), stranger)).toBe(0);
    expect(weightOf(makeWeighted(weighted({ 1: 4 })), serverId(1))).toBe(4);
    expect(weightOf(makeWeighted(weighted({ 1: 4 })), stranger)).toBe(0);
    const groups = [weighted({ 1: 2, 2: 0 }), weighted({ 3: 5 })];
    expect(weightOf(makeHierarchical(groups), serverId(3))).toBe(5);
    expect(weightOf(makeHierarchical(groups), serverId(2))).toBe(0);
    expect(weightOf(makeHierarchical(groups), stranger)).toBe(0);
  });
});

describe('groups', () => {
  const three = [
    weighted({ 1: 1, 2: 1, 3: 1 }),
    weighted({ 4: 1, 5: 1, 6: 1 }),
    weighted({ 7: 1, 8: 1, 9: 1 }),
  ];
  it.each([
    [three, [1, 2, 4, 5], true],
    [three, [1, 2, 3, 4, 7], false],
    [three, [1, 4, 7], false],
    // A group without weight is none: one of one is won.
    [[weighted({ 1: 1, 2: 1, 3: 1 }), weighted({ 4: 0, 5: 0 })], [1, 2], true],
    [[weighted({ 1: 1 }), weighted({ 2: 1 })], [1], false],
    [[weighted({ 1: 0 })], [1], false],
  ])('%j: is %j a quorum? %s', (groups, acks, expected) => {
    expect(isQuorum(makeHierarchical(groups), set(...acks))).toBe(expected);
  });
});

const anySids = fc.uniqueArray(fc.integer({ min: 1, max: 127 }), { maxLength: 12 });
const anyGroup = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });

describe('any verifier', () => {
  it('agrees with counting heads', () => {
    fc.assert(
      fc.property(anySids, anySids, (voters, acks) => {
        const present = voters.filter((sid) => acks.includes(sid)).length;
        expect(isQuorum(makeMajority(set(...voters)), set(...acks))).toBe(
          present > voters.length / 2,
        );
      }),
    );
  });

  it('has no two quorums without a common server of some weight', () => {
    fc.assert(
      fc.property(fc.array(anyGroup, { minLength: 1, maxLength: 4 }), (shape) => {
        let sid = 0;
        const groups = shape.map((weights) =>
          weights.map((weight) => ({ sid: serverId((sid += 1)), weight })),
        );
        const all = groups.flat();
        const verifiers: QuorumVerifier[] = [
          makeHierarchical(groups),
          makeWeighted(all),
          makeMajority(sidSetOf(all.map((member) => member.sid))),
        ];
        for (const verifier of verifiers) {
          // A set and its complement are the pair with least in common.
          fc.assert(
            fc.property(fc.subarray(all.map((member) => member.sid)), (half: ServerId[]) => {
              const one = sidSetOf(half);
              const rest = sidSetOf(
                all.map((member) => member.sid).filter((member) => !hasSid(one, member)),
              );
              expect(intersectSids(one, rest)).toEqual(sidSetOf([]));
              expect(isQuorum(verifier, one) && isQuorum(verifier, rest)).toBe(false);
            }),
            { numRuns: 20 },
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});
