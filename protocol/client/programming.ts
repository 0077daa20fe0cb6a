// The place where a client and its program meet: news goes in, in order; what the program asks for
// is asked in the same step, and what comes of that at once is news as well.
import { assert } from '../../base/assert.js';
import { invoke } from './calls.js';
import type { ProgramEvent, ProgramState, ProgramStep } from './program.js';
import type { ClientContext, Programming } from './state.js';
import { clearTimer, note, setTimer } from './state.js';

function makeProgramming(state: ProgramState, begun: boolean, done: boolean): Programming {
  return { state, begun, done };
}

function carryOut(ctx: ClientContext, name: string, step: ProgramStep<ProgramState>): void {
  for (const { text, token, number } of step.notes) {
    note(ctx, 'recipe', { zxid: token, digest: number, text });
  }
  if (step.timerUs === 'clear') clearTimer(ctx, 'program');
  else if (step.timerUs !== undefined) setTimer(ctx, 'program', step.timerUs);
  if (step.done) note(ctx, 'recipe', { text: `${name}/done` });
  if (step.op === undefined) return;
  assert(!step.done, 'a program that is done asks for nothing');
  const { sent, queued } = ctx.calls;
  assert(sent.length + queued.length === 0, 'a program asks for one thing at a time');
  invoke(ctx, step.op);
}

/** The program, if there is one, hears of `event`. */
export function tellProgram(ctx: ClientContext, event: ProgramEvent): void {
  const { program, index } = ctx.config;
  const before = ctx.programming;
  if (program === undefined || before === undefined || before.done) return;
  const view = {
    nowUs: ctx.nowUs,
    index,
    session: ctx.login.session,
    connected: ctx.link.kind === 'connected',
    sessionTimeoutMs: ctx.login.timeoutMs,
    heardUs: ctx.link.heardUs,
  };
  const step = program.step(before.state, event, view);
  // The end may come before the first session.
  const begun = before.begun || event.kind === 'begin';
  ctx.programming = makeProgramming(step.state, begun, step.done);
  carryOut(ctx, program.name, step);
}

/** At the end of a step: the program hears of all that is new, and of what it makes happen. */
export function tellNews(ctx: ClientContext): void {
  if (ctx.programming === undefined) return;
  // It grows while it is told.
  for (const news of ctx.news) {
    const first = news.kind === 'state' && news.state === 'connected' && !ctx.programming.begun;
    // Before its first session a program has asked for nothing, so nothing else can be news.
    if (first) tellProgram(ctx, { kind: 'begin' });
    else if (ctx.programming.begun) tellProgram(ctx, news);
  }
}
