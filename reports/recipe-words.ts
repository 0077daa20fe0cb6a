// Violations of recipes in words; see violation-words.ts for how {facts} are read.

export const RECIPE_SENTENCES: Readonly<Record<string, string>> = {
  'contest-order/not-its-turn':
    '{who} acquires with token {token} while {before}, of token {itsToken}, is there and comes ' +
    'before it',
  'contest-fencing/acquired-late':
    '{who} acquires with token {token} after somebody has acquired with {newer}',
  'contest-fencing/used-late':
    '{who} uses the resource by its token {token}, and shows it to nobody, while a holder of ' +
    'token {newer} is there',
  'contest-wakes/herd':
    '{who} is woken by {event} at {zxid}, and so is {whom}: one of them for nothing',
  'barrier-holds/passed-while-closed': '{who} passes gate {gate}, which has not been opened',
  'barrier-holds/opened-while-closed': '{who} says that gate {gate} is open, and it is not',
  'double-barrier-holds/entered-too-early':
    '{who} begins round {round} when {come} of {needed} participants have come',
  'double-barrier-holds/left-too-early':
    '{who} ends round {round} while {still} is still there, which was counted at its beginning',
  'queue-exactly-once/put-twice': 'element {element} is put into the queue for a second time',
  'queue-exactly-once/put-and-not-there':
    '{who} has put element {element}, and it never was in the queue',
  'queue-exactly-once/taken-twice':
    '{who} works on element {element}, on which another consumer has worked',
  'queue-exactly-once/taken-and-there':
    '{who} works on element {element}, which is still in the queue for others to take',
  'queue-exactly-once/lost': 'element {element} is gone from the queue, and nobody has it',
  'queue-order/out-of-order':
    '{who} takes {element} while {better} is there, which it must have seen: it was put at {since}',
  'counter-sum/lost-update':
    'the counter is {value} after {added} increments have been reported: an update is lost',
  'counter-sum/not-the-sum': 'at the end the counter is {value}, after {added} increments',
  'config-forward/never-written':
    '{who} has the value {value} at {at}, where it was {wrote} that was written',
  'config-forward/went-back': '{who} has the value {value} of {at} after it has had {before}',
  'config-forward/not-the-last': '{who} has the value {value} at the end; the last is {last}',
  'group-views/others-were-there': '{who} lists {listed} at {at}, when {there} was there',
  'group-views/went-back':
    '{who} lists the group as of {at}, after it has listed it as of {before}',
  'group-views/sees-not-itself':
    '{who} takes itself for a member, and the list that it reads at {at} is {listed}',
  'group-views/not-converged': '{who} has the list {listed} at the end; who is there is {there}',
  'registry-calls/list-of-another-session':
    '{who} calls {instance} by a list of a session that is over, of which nobody tells it changes',
  'registry-calls/not-in-the-list': '{who} calls {instance}; its list is {list}',
  'registry-calls/uneven':
    '{who} calls {instance} for time {calls} by the same list, and {other} was called ' +
    '{callsOfOther} times',
  'atomic-commitment/commit-without-consent':
    'transaction {transaction} is committed, and the vote of participant {participant} is {vote}',
  'atomic-commitment/disobeyed':
    '{who} acts as if {transaction} had been {acted}; the decision is {decision}',
  'recipe-ends/never-done':
    'all faults are healed, and the program of {who} never comes to its end: the last that it ' +
    'reached is "{lastReached}"',
};
