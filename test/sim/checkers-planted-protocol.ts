// Faults planted in the protocol: one line of a healthy story told differently.
import type { Planted } from './checkers-stories.js';
import { A, B, deliveries, FIRST, opening, SECOND, withA } from './checkers-stories.js';
import { create, lineageOf, Story, txn, zxid } from './trace-story.js';

/** Server 3 leads again, established with server 1, which lacks the last proposal of epoch 1. */
function secondReign(): Story {
  const story = opening().propose(3, A).append(3, A).flush(3);
  story.leave(1).leave(3).fastForward(3).lookAgain(1).lookAgain(3);
  return story.establish(3, 2, [1]);
}

const ELECTIONS: readonly Planted[] = [
  {
    fault: 'a vote is replaced by a worse one',
    found: ['vote-monotonicity'],
    story: () => new Story().boot(1, 2, 3).vote(1, 3, 1).vote(1, 2, 1),
  },
  {
    fault: 'a round goes down',
    found: ['vote-monotonicity'],
    story: () => new Story().boot(1).vote(1, 3, 5).vote(1, 3, 4),
  },
  {
    fault: 'a server is elected by itself alone',
    found: ['election-quorum'],
    story: () => new Story().boot(1, 2, 3).vote(3, 3, 1).vote(2, 2, 1).decide(3, 3, 1),
  },
  {
    fault: 'a server leads on the votes of a round that it has left',
    found: ['election-quorum'],
    story: () => {
      const story = new Story().boot(1, 2, 3).vote(1, 3, 1).vote(2, 3, 1);
      return story.vote(3, 3, 1).vote(3, 3, 2).decide(3, 3, 1, 'settled');
    },
  },
  {
    fault: 'acceptedEpoch decreases over a restart',
    found: ['epoch-files'],
    story: () => {
      const story = new Story().boot(1).epochFile(1, 'accepted', 4);
      story.server(1).accepted = 3;
      return story.crash(1).boot(1);
    },
  },
  {
    fault: 'currentEpoch is written before acceptedEpoch',
    found: ['epoch-files'],
    story: () => new Story().boot(1).epochFile(1, 'current', 1),
  },
  {
    fault: 'currentEpoch is written before the history of the synchronization',
    found: ['epoch-claims-history'],
    story: () => secondReign().epochFile(1, 'current', 2),
  },
  {
    fault: 'a server turns its own files down',
    found: ['restartable-files'],
    story: () => {
      const story = opening().crash(1).boot(1);
      story.tell(1, 'halted', { value: 1, text: 'the log is of a later epoch than currentEpoch' });
      return story;
    },
  },
  {
    fault: 'a server promises the same epoch to two leaders',
    found: ['one-promise-per-epoch'],
    story: () => new Story().boot(1, 2, 3).promise(1, 2, 1).promise(1, 3, 1),
  },
  {
    fault: 'two servers are active in one epoch',
    found: ['leadership1'],
    story: () => {
      const story = new Story().boot(2, 3);
      const slots = { epoch: 1, text: 'leading/synchronization' };
      story.tell(2, 'role', slots);
      story.tell(3, 'role', slots);
      return story;
    },
  },
  {
    fault: 'an epoch is established twice',
    found: ['leadership2'],
    story: () => {
      const story = new Story().boot(2, 3);
      story.tell(2, 'established', { epoch: 1 });
      story.tell(3, 'established', { epoch: 1 });
      return story;
    },
  },
  {
    fault: 'two servers serve as leaders of one epoch',
    found: ['single-leader-per-epoch'],
    story: () => {
      const story = new Story().boot(2, 3);
      story.tell(2, 'activated', { epoch: 1 });
      story.tell(3, 'activated', { epoch: 1 });
      return story;
    },
  },
  {
    fault: 'a leader is established without a chosen transaction',
    found: ['leader-log-completeness'],
    story: () => {
      const story = opening();
      const value = lineageOf([FIRST]);
      story.tell(1, 'established', { epoch: 2, zxid: FIRST.zxid, value });
      return story;
    },
  },
];

const PROPOSALS: readonly Planted[] = [
  {
    fault: 'a zxid is proposed twice',
    found: ['unique-zxid', 'counter-discipline'],
    story: () =>
      opening()
        .propose(3, A)
        .propose(3, txn(1, 3, create('/other'))),
  },
  {
    fault: 'a counter is skipped',
    found: ['counter-discipline'],
    story: () => opening().propose(3, B),
  },
  {
    fault: 'a leader proposes before its memory has what is chosen',
    found: ['primary-integrity'],
    story: () => {
      const story = opening().leave(1).leave(2).lookAgain(1).lookAgain(2).reign(2, 2, [1]);
      story.tell(2, 'installed', { zxid: FIRST.zxid, value: lineageOf([FIRST]) });
      return story.propose(2, txn(2, 1, create('/x')));
    },
  },
  {
    fault: 'a NEWLEADER quorum is claimed by a server that was never established',
    found: ['chosen-by-recovery'],
    story: () => {
      const story = opening();
      for (const sid of [1, 2]) story.epochFile(sid, 'accepted', 2).epochFile(sid, 'current', 2);
      const value = lineageOf([FIRST, SECOND]);
      story.tell(1, 'newLeaderAcked', { epoch: 2, zxid: SECOND.zxid, value });
      return story;
    },
  },
  {
    fault: 'a transaction is committed that nobody proposed',
    found: ['chosen-by-broadcast'],
    story: () => opening().commit(3, A),
  },
  {
    fault: 'commits overtake one another',
    found: ['chosen-by-broadcast'],
    story: () => {
      const story = opening().propose(3, A).propose(3, B);
      for (const sid of [1, 2]) story.log(sid, A).log(sid, B);
      return story.commit(3, B).commit(3, A);
    },
  },
  {
    fault: 'a transaction is committed that only its leader has on disk',
    found: ['chosen-by-quorum'],
    story: () => opening().propose(3, A).log(3, A).commit(3, A),
  },
  {
    fault: 'a leader activates with a quorum that has not written the epoch',
    found: ['chosen-by-quorum'],
    story: () =>
      opening().leave(1).leave(2).lookAgain(1).lookAgain(2).establish(2, 2, [1]).activate(2),
  },
  {
    fault: 'zxids descend along the chosen history',
    found: ['counter-discipline', 'global-primary-order', 'local-primary-order'],
    story: () => {
      const story = opening().propose(3, B).propose(3, A);
      for (const sid of [1, 2]) story.append(sid, B).append(sid, A).flush(sid);
      return story.commit(3, B).commit(3, A);
    },
  },
  {
    fault: 'a proposal is left out of the chosen history',
    found: ['counter-discipline', 'local-primary-order'],
    story: () => opening().propose(3, B).append(1, B).flush(1).append(2, B).flush(2).commit(3, B),
  },
];

const LOGS: readonly Planted[] = [
  {
    fault: 'a server replays a transaction with another content',
    found: ['integrity'],
    story: () =>
      opening()
        .propose(3, A)
        .apply(1, txn(1, 3, create('/other')), 'replay'),
  },
  {
    fault: 'a transaction has another effect on one tree',
    found: ['tree-digest'],
    story: () => {
      const story = opening().propose(3, A);
      for (const sid of [3, 1, 2]) story.log(sid, A);
      return story.commit(3, A).apply(3, A).learn(1, A).apply(1, A, 'serving', 7);
    },
  },
  {
    fault: 'a serving server leaves a transaction out',
    found: ['prefix-consistency'],
    story: () => withA().broadcast(3, B, [2]).unapply(1, 1).learn(1, B).apply(1, B),
  },
  {
    fault: 'a server serves with a transaction that is not chosen',
    found: ['prefix-consistency'],
    story: () => {
      const story = opening().propose(3, A).append(1, A).flush(1).leave(1);
      return story.fastForward(1).lookAgain(1).serve(1);
    },
  },
  {
    fault: 'a learner applies during synchronization what its leader has not',
    found: ['provisional-applies'],
    story: () => {
      const story = opening().propose(3, A).leave(1).leave(2).lookAgain(1).lookAgain(2);
      story.establish(2, 2, [1]).tell(1, 'syncing', { peer: 2, epoch: 2, text: 'diff' });
      return story.apply(1, A, 'syncing');
    },
  },
  {
    fault: 'a learner serves before it has applied what its epoch begins with',
    found: ['serves-initial-history'],
    story: () => {
      const story = secondReign().sync(1).ack(1, zxid(2, 0)).activate(3);
      return story.unapply(1, 1).serve(1);
    },
  },
  {
    fault: 'a SNAP that runs ahead of what comes before NEWLEADER',
    found: ['snap-before-newleader'],
    story: () => {
      const story = opening();
      story.tell(1, 'installed', { peer: 3, zxid: SECOND.zxid, value: lineageOf([FIRST, SECOND]) });
      story.tell(1, 'received', { peer: 3, zxid: zxid(1, 0), value: 9, text: 'newLeader' });
      story.tell(1, 'received', { peer: 3, zxid: SECOND.zxid, value: 9, text: 'proposal' });
      return story;
    },
  },
  {
    fault: 'a learner is sent a COMMIT and no proposal for it',
    found: ['expected-messages'],
    story: () => {
      const story = opening();
      story.tell(1, 'left', { peer: 3, text: 'COMMIT without its proposal' });
      return story;
    },
  },
  {
    fault: 'a learner is told of a commit that was not decided',
    found: ['commit-consistency'],
    story: () => opening().propose(3, A).log(1, A).learn(1, A),
  },
  {
    fault: 'a log has a hole',
    found: ['history-consistency'],
    story: () => opening().propose(3, A).propose(3, B).append(1, B),
  },
  {
    fault: 'a chosen transaction is cut from one log',
    found: ['committed-log-durability'],
    story: () => opening().truncate(1, 1),
  },
  {
    fault: 'a chosen transaction is cut from the logs of a quorum',
    found: ['committed-log-durability', 'quorum-durability'],
    story: () => opening().truncate(1, 1).truncate(2, 1),
  },
  {
    fault: 'a disk loses what was flushed',
    found: ['committed-log-durability'],
    story: () => {
      const story = opening();
      story.server(1).flushed = 1;
      return story.crash(1, 'power');
    },
  },
  {
    fault: 'a server looks for a leader without having caught up with its log',
    found: ['memory-vs-disk'],
    story: () => opening().propose(3, A).append(1, A).flush(1).leave(1).lookAgain(1),
  },
  {
    fault: 'a server votes with a zxid that its memory does not end with',
    found: ['memory-vs-disk'],
    story: () => {
      const story = opening().leave(1);
      const [value, digest] = [lineageOf([FIRST, SECOND]), lineageOf([FIRST, SECOND])];
      story.tell(1, 'lookingAgain', { zxid: A.zxid, epoch: 1, value, digest });
      return story;
    },
  },
  {
    fault: 'a proposal is acknowledged before it is flushed',
    found: ['ack-truthfulness'],
    story: () => opening().propose(3, A).append(1, A).ack(1, A.zxid),
  },
  {
    fault: 'NEWLEADER is acknowledged before the epoch is written',
    found: ['ack-truthfulness'],
    story: () => {
      const story = opening().leave(1).leave(2).lookAgain(1).lookAgain(2);
      return story.establish(2, 2, [1]).ack(1, zxid(2, 0));
    },
  },
  {
    fault: 'the acknowledgement of a proposal comes before that of NEWLEADER',
    found: ['ack-order'],
    story: () => {
      const story = opening();
      story.tell(3, 'ackReceived', { peer: 1, zxid: A.zxid, value: 77 });
      return story;
    },
  },
  {
    fault: 'acknowledgements skip a proposal',
    found: ['ack-order'],
    story: () => {
      const story = opening().propose(3, A).propose(3, B).append(1, A).append(1, B).flush(1);
      return story.ack(1, B.zxid);
    },
  },
  {
    fault: 'a message overtakes another',
    found: ['link-fifo'],
    story: () => deliveries(opening(), 9, 4),
  },
  {
    fault: 'a message arrives although one before it was lost',
    found: ['link-fifo'],
    story: () => {
      const story = deliveries(opening(), 4);
      story.tell(0, 'lost', { peer: 1, value: 7, text: 'inform' });
      return deliveries(story, 5);
    },
  },
  {
    fault: 'a server that is down receives',
    found: ['link-fifo'],
    story: () => deliveries(opening().crash(1), 4),
  },
  {
    fault: 'a message arrives after the end of its connection',
    found: ['link-fifo'],
    story: () => {
      const story = deliveries(opening(), 4);
      story.tell(1, 'closed', { peer: 3, value: 7, text: 'eof' });
      return deliveries(story, 5);
    },
  },
];

/** What must be found in how servers elect, propose, choose and log. */
export const PLANTED_IN_PROTOCOL: readonly Planted[] = [...ELECTIONS, ...PROPOSALS, ...LOGS];
