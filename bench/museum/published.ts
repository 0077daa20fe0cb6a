// What others have published about finding the same bugs, on their machines, with their tools and
// models. [Remix25] [Disalg]

export interface Published {
  readonly tool: string;
  readonly time: string;
  readonly work: string;
}

const remix = (time: string, work: string): Published => ({
  tool: 'Remix, TLC breadth-first',
  time,
  work,
});

export const PUBLISHED: Readonly<Record<string, readonly Published[]>> = {
  'memory-behind-log': [
    { tool: 'Disalg, TLC breadth-first', time: '12 s', work: '6,347 states, depth 10' },
    { tool: 'Disalg, TLC simulation', time: '2-3 s', work: 'about 30,000 states' },
  ],
  'ack-newleader-before-log': [
    { tool: 'Disalg, TLC breadth-first', time: '42 s', work: '286,286 states, depth 14' },
    { tool: 'the same, seen by a client', time: '13 min 13 s', work: '8,677,945 states' },
    { tool: 'Disalg, TLC simulation', time: '1 min 29 s', work: '544,820 states' },
  ],
  'serve-before-applied': [remix('11 s', '78,892 states, depth 13')],
  'uncommitted-logged-at-newleader': [remix('9 s', '14,264 states, depth 20')],
  'epoch-before-history': [remix('17 s', '208,018 states, depth 21')],
  'ack-newleader-before-fsync': [remix('109 s', '2,880,498 states, depth 21')],
  'ack-overtakes-newleader': [remix('10 s', '67,418 states, depth 12')],
  'log-queue-outlives-role': [remix('11 s', '73,293 states, depth 13')],
  'vote-order-not-total': [
    { tool: 'SandTable (EuroSys 2024)', time: '4 min', work: '7,625,160 states, depth 41' },
  ],
};
