// A violation in words. A checker says what it found as facts; here they become a sentence about
// the protocol. {fact} stands for a fact, {who} for the server or client that did it, {whom} for
// its counterpart; `|servers` and `|session` say how a fact is to be read. A violation without a
// sentence of its own is told by its facts, so a new checker is understandable before it has one.
import type { Violation } from '../sim/checkers/verdict.js';
import { actorName, counted, listed, serverName } from './format.js';
import { RECIPE_SENTENCES } from './recipe-words.js';

const ELECTION: Readonly<Record<string, string>> = {
  'vote-monotonicity/round-went-down':
    '{who} went back from round {roundBefore} to round {round} while it looked for a leader',
  'vote-monotonicity/vote-got-worse':
    '{who} replaced its vote for s{voteBefore} by a worse one, for s{vote}, within round {round}',
  'election-quorum/no-quorum':
    '{who} takes s{leader} for elected in round {round}, and no quorum has voted for it',
  'election-quorum/another-round':
    '{who} leads by the votes of round {round} while it votes in round {ownRound}',
  'epoch-files/history-beyond-current-epoch':
    '{who} offers a history up to {last}, which is of a later epoch than its currentEpoch ' +
    '{currentEpoch}',
  'epoch-files/accepted-epoch-decreased':
    '{who} promised epoch {acceptedEpochBefore} and its disk now says {acceptedEpoch}: the ' +
    'promise is forgotten',
  'epoch-files/current-epoch-decreased':
    'the currentEpoch on the disk of {who} went back from {currentEpochBefore} to {currentEpoch}',
  'epoch-files/current-epoch-beyond-accepted':
    '{who} is in epoch {currentEpoch} but has accepted only {acceptedEpoch}',
  'epoch-claims-history/epoch-claims-history':
    'the currentEpoch of {who} becomes {currentEpoch}, but of the history which that epoch began ' +
    'with ({initial}) its disk holds {onDisk}',
  'restartable-files/restartable-files':
    '{who} turns its own files down: {reason} (currentEpoch {currentEpoch}, acceptedEpoch ' +
    '{acceptedEpoch}, log {log})',
  'one-promise-per-epoch/one-promise-per-epoch': '{who} promises epoch {epoch} for a second time',
  'leadership1/leadership1':
    's{leader} and s{otherLeader} both lead in epoch {epoch} at the same time',
  'leadership2/leadership2':
    's{leader} gets the ACKEPOCH quorum of epoch {epoch}, which s{otherLeader} had got before',
  'single-leader-per-epoch/single-leader-per-epoch':
    's{leader} acts as leader of epoch {epoch}, which belongs to s{otherLeader}',
};

const CHOOSING: Readonly<Record<string, string>> = {
  'leader-log-completeness/established':
    '{who} is established as leader of epoch {epoch} without {missing} of the chosen ' +
    'transactions: it has {own}, chosen are {chosen}',
  'leader-log-completeness/activated':
    '{who} serves as leader of epoch {epoch} without {missing} of the chosen transactions: it ' +
    'has {own}, chosen are {chosen}',
  'chosen-by-recovery/contradicts-the-chosen-history':
    'a quorum takes over the history of {who} ({initial}) for epoch {epoch}, but {chosen} ' +
    'were chosen otherwise',
  'chosen-by-recovery/not-established':
    '{who} has a NEWLEADER quorum for epoch {epoch} without ever having been established in it',
  'chosen-by-recovery/another-history':
    '{who} was established in epoch {epoch} with {established}, but a quorum took over {initial}',
  'chosen-by-recovery/never-proposed':
    'the history that epoch {epoch} begins with ({initial}) holds a transaction that nobody ' +
    'proposed',
  'chosen-by-broadcast/never-proposed': '{who} commits {zxid}, which nobody proposed like this',
  'chosen-by-broadcast/of-another-epoch': '{who} commits {zxid} as leader of epoch {epoch}',
  'chosen-by-broadcast/contradicts-the-chosen-history':
    '{who} commits {zxid}, but the chosen history ({chosen}) goes on otherwise',
  'chosen-by-broadcast/out-of-order': '{who} commits {zxid} and skips {skipped} before it',
  'chosen-by-quorum/recovered-history':
    '{who} counts a quorum for the history of epoch {epoch}, {history}, but who has it on ' +
    'disk, of {voters} voters, is {onDiskOf|servers}',
  'chosen-by-quorum/committed-transaction':
    '{who} commits {history}, but who has that on disk, of {voters} voters, is {onDiskOf|servers}',
  'global-primary-order/global-primary-order': '{zxid} is chosen after {after}: zxids must ascend',
  'local-primary-order/local-primary-order':
    '{zxid} is chosen directly after {after}: a proposal in between is left out',
  'unique-zxid/unique-zxid': '{who} proposes {zxid}, a zxid that was used before',
  'counter-discipline/epoch-of-an-established-leader':
    '{who} proposes {zxid} without being the established leader of epoch {epoch}',
  'counter-discipline/next-counter': '{who} proposes {zxid} directly after {previous}',
  'counter-discipline/largest-counter': '{who} proposes {zxid}, beyond the largest counter',
  'primary-integrity/applied-before-first-proposal':
    '{who} makes its first proposal in epoch {epoch} having applied {applied}; chosen are ' +
    '{chosenInEarlierEpochs}',
  'primary-integrity/chosen-behind-a-newer-leader':
    '{zxid} is chosen after a leader of epoch {newestEpoch} has begun to propose',
};

const LOGS: Readonly<Record<string, string>> = {
  'integrity/integrity': '{who} applies {zxid} with another content than was proposed ({proposed})',
  'session-table/session-table': '{who} has other sessions after {zxid} than another server has',
  'prefix-consistency/not-a-prefix':
    '{who} serves {applied}, but chosen are {chosen}; they agree up to {agreesUpTo}',
  'prefix-consistency/not-the-next':
    '{who} applies out of turn: it had {before}, now {applied}; chosen are {chosen}',
  'serves-initial-history/serves-initial-history':
    '{who} starts to serve in epoch {epoch} having applied {applied}; the epoch began with ' +
    '{initial}',
  'snap-before-newleader/snap-before-newleader':
    '{who} is sent {zxid} after NEWLEADER, but the SNAP that came before it, {snap}, has it ' +
    'already',
  'expected-messages/expected-messages':
    '{who} gives up its leader over what it should never have been sent: {left}',
  'memory-vs-disk/another-zxid':
    '{who} looks for a leader with the zxid {votesWith}, but has applied {memory}',
  'provisional-applies/provisional-applies':
    '{who} applies {applied} while it synchronizes in epoch {epoch}; its leader has {leaderHas}',
  'commit-consistency/commit-consistency':
    '{who} is told to commit {zxid}, but its leader has committed only {leaderCommitted} in ' +
    'epoch {epoch}',
  'history-consistency/history-consistency':
    '{who} logs {zxid} behind {before}; when it was proposed it stood behind {proposedAfter}',
  'committed-log-durability/removed-by-a-cut':
    '{who} cuts its log and loses chosen transactions: of {had} it keeps {has}',
  'committed-log-durability/lost-by-the-disk':
    'the disk of {who} loses chosen transactions: of {had} it keeps {has}',
  'quorum-durability/quorum-durability':
    '{lackedBy|servers} lack a part of the chosen history ({chosen}) and could elect a leader ' +
    'without it',
  'memory-vs-disk/memory-vs-disk':
    '{who} looks for a leader with {memory} in memory and {log} in its log; they agree up to ' +
    '{agreeUpTo}',
  'ack-truthfulness/proposal-not-on-disk':
    '{who} acknowledges {acked}, but its disk holds {onDisk}: a power failure would take it',
  'ack-truthfulness/initial-history-not-on-disk':
    '{who} acknowledges NEWLEADER {acked} for {claims}, but its disk holds {onDisk}',
  'ack-truthfulness/epoch-not-on-disk':
    '{who} acknowledges NEWLEADER {acked}, but the currentEpoch on its disk is {currentEpoch}',
  'ack-order/before-newleader': '{who} hears that {whom} has {acked} before it hears of NEWLEADER',
  'ack-order/sent': '{who} acknowledges {acked} directly after {after}',
  'ack-order/received': '{who} hears that {whom} has {acked} after it has heard of {after}',
};

const CLIENTS: Readonly<Record<string, string>> = {
  'link-fifo/received-while-down': '{who} receives {message} while it is down',
  'link-fifo/after-the-end': '{who} receives {message} on a connection that has ended',
  'link-fifo/overtaken': '{who} receives {message} before one that was sent earlier',
  'acked-write-is-chosen/acked-write-is-chosen':
    '{who} answers "{answer}" for the write {zxid}, which is {chosenAs}; chosen are {chosen}',
  'linearizable-writes/chosen-twice':
    'request {cxid} of {session|session} is chosen twice, as {first} and as {zxid}',
  'linearizable-writes/real-time-order':
    'request {cxid} is chosen as {zxid}, before {ackedBeforeItBegan}, which was acknowledged ' +
    'before it began',
  'linearizable-writes/decided-otherwise':
    'the write {zxid} to {path} is decided as {got}; at that place it had to be {expected}',
  'linearizable-writes/acknowledged-but-not-chosen':
    'request {cxid} was acknowledged as {zxid}, but nothing of it is in the chosen history',
  'linearizable-writes/told-otherwise':
    'the client of request {cxid} was told {told}, but its outcome is {outcome}',
  'linearizable-writes/told-another-zxid':
    'the client of request {cxid} was told {zxid}, but it was chosen as {chosenAs}',
  'linearizable-writes/told-another-path':
    'the client of request {cxid} was told {path}, but it is {made} that was created',
  'reads-see-a-prefix/reads-see-a-prefix':
    'a read of {path} at {zxid} returns {difference} than the history up to there makes',
  'ephemeral-exactness/owner-is-closed':
    '{path} is created for {session|session}, which is closed already',
  'ephemeral-exactness/owner-is-another':
    '{path} is created by {session|session} for {owner|session}',
  'ephemeral-exactness/close-removes-others':
    'the end of {session|session} ({zxid}) leaves [{leftBehind}] behind and takes [{notItsOwn}], ' +
    'which is not its own',
  'sequential-numbers/sequential-numbers':
    '{path} ({zxid}) gets a number that is not above {after}, the one given before it',
  'no-lost-watch/answered-before-it-was-told':
    '{who} answers {session|session} at {answer} and has not told it of {event} ({change})',
  'no-lost-watch/told-for-no-reason':
    '{who} tells {session|session} of {event} ({zxid}), which it does not wait for',
  'no-lost-watch/withheld-from-somebody-who-may-read':
    '{who} keeps {event} ({zxid}) from {session|session}, though everybody may read it',
  'watch-before-data/answered-before-it-was-told':
    '{who} is shown a state of {answer} and has not heard that {path}, which it watches since ' +
    '{set}, was changed by {changed}',
  'acl-never-bypassed/write-without-permission':
    '{session|session} writes ({zxid}) what the ACL of {path} does not let it',
  'acl-never-bypassed/answer-without-permission':
    '{session|session} is told what the ACL of {path} ({zxid}) does not let it read',
  'acl-never-bypassed/event-without-permission':
    '{session|session} hears of a change of {path} ({zxid}), which it may not read',
  'quota-honoured/too-many-znodes':
    '{path} ({zxid}) makes {count} znodes in {subtree}, which may have {limit}',
  'quota-honoured/too-many-bytes':
    '{path} ({zxid}) makes {bytes} bytes in {subtree}, which may have {limit}',
  'reaped-when-due/not-due': '{who} finds that {path} may go, at {zxid}, but {reason}',
  'reaped-when-due/nobody-looked': '{path} is removed ({zxid}), and no leader had looked at it',
  'reaped-when-due/has-children': '{path} is removed ({zxid}) with {children} children',
  'monotonic-reads/monotonic-reads':
    '{who} reads a state of {zxid} after it has seen {seenBefore}: time goes back',
  'read-your-writes/read-your-writes':
    '{who} reads a state of {zxid}, which is before its own write {written}',
  'single-system-image/single-system-image':
    '{who} takes a client in that has seen {clientHasSeen}, having applied only {applied}',
};

const PROGRESS: Readonly<Record<string, string>> = {
  'convergence/another-history': 's{server} serves {applied} at the end; chosen are {chosen}',
  'convergence/left-behind': 's{server} has applied {applied} at the end; chosen are {chosen}',
  'liveness/no-leader-serves': 'all faults are healed and no leader serves: {everybody}',
  'liveness/server-does-not-serve':
    '{who} does not serve, though all faults are healed and a leader does: {everybody}',
  'liveness/operation-waits':
    '{who} still waits for the outcome of its {operation} (chosen: {chosen}): {everybody}',
  'liveness/nothing-commits': 'all faults are healed and no write commits: {everybody}',
};

const SENTENCES: Readonly<Record<string, string>> = {
  ...ELECTION,
  ...CHOOSING,
  ...LOGS,
  ...CLIENTS,
  ...PROGRESS,
  ...RECIPE_SENTENCES,
};

/** Which sentences there are, as `checker/invariant`. */
export const WORDED: readonly string[] = Object.keys(SENTENCES);

type Facts = Violation['facts'];

/** Who waits for whom: `s1 looking/election, for 31000 ms; s2 ...`. */
function everybody(facts: Facts): string {
  return Object.entries(facts)
    .flatMap(([name, value]) => {
      const sid = /^server(\d+)$/.exec(name)?.[1];
      return sid === undefined ? [] : [`s${sid} ${value}`];
    })
    .join('; ');
}

/** Checkers write a history as `3 txns to 1:3`. */
function historyWords(text: string): string {
  return text.replace(/\b(\d+) txns to (-?\d+:\d+|none)/g, (_, count: string, last: string) => {
    if (count === '0') return 'nothing';
    return `${counted(Number(count), 'transaction')} up to ${last}`;
  });
}

function factText(value: string | number, reading: string | undefined): string {
  if (reading === 'session') return `session 0x${Number(value).toString(16)}`;
  if (reading !== 'servers') return historyWords(String(value));
  const sids = String(value).split(' ').filter(Boolean).map(Number);
  return sids.length === 0 ? 'nobody' : listed(sids.map(serverName));
}

function generic({ invariant, actors, facts }: Violation): string {
  const who = actors.length === 0 ? '' : `${listed(actors.map(actorName))}: `;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return `${who}${invariant}${told.length === 0 ? '' : ` (${told.join(', ')})`}`;
}

/** `s1 and s3 both lead in epoch 2 at the same time` */
export function violationWords(violation: Violation): string {
  const { checker, invariant, actors, facts } = violation;
  const template = SENTENCES[`${checker}/${invariant}`];
  if (template === undefined) return generic(violation);
  const known: Record<string, string | number> = {
    who: actors[0] === undefined ? 'somebody' : actorName(actors[0]),
    whom: actors[1] === undefined ? 'somebody' : actorName(actors[1]),
    everybody: everybody(facts),
    ...facts,
  };
  const words = template.replace(/\{(\w+)(?:\|(\w+))?\}/g, (_, name: string, reading?: string) => {
    const value = known[name];
    return value === undefined ? `(${name} unknown)` : factText(value, reading);
  });
  const further = facts['furtherViolations'];
  return further === undefined ? words : `${words} (and ${further} more like this)`;
}
