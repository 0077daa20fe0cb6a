// What is on the page as a fragment of its address, so that a look at a run can be sent to somebody
// who has the same file. Unknown words are ignored: an old link still opens.
export interface Look {
  /** Which run: 0, or 1 when two are compared. */
  readonly run: number;
  readonly record: number | undefined;
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
  readonly query: string;
  readonly folded: boolean | undefined;
  readonly why: boolean;
  readonly tab: string | undefined;
  readonly follow: string;
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

export function readLook(fragment: string): Look {
  const fields = new Map<string, string>();
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const [name = '', value = ''] = part.split('=');
    try {
      fields.set(name, decodeURIComponent(value.replaceAll('+', ' ')));
    } catch {
      // Not something that we wrote: as if it were not there.
    }
  }
  const window = /^(\d+)-(\d+)$/.exec(fields.get('t') ?? '');
  const fold = fields.get('fold');
  // `#e8123` alone names a record, as a line of a report does.
  const short = /^#?e(\d+)$/.exec(fragment);
  return {
    run: fields.get('run') === 'b' ? 1 : 0,
    record: numberIn(fields.get('e')) ?? numberIn(short?.[1]),
    fromUs: numberIn(window?.[1]),
    toUs: numberIn(window?.[2]),
    query: fields.get('q') ?? '',
    folded: fold === undefined ? undefined : fold === '1',
    why: fields.get('why') === '1',
    tab: fields.get('tab'),
    follow: fields.get('follow') ?? '',
  };
}

export function writeLook(look: Look): string {
  const parts: string[] = [];
  const put = (name: string, value: string): void => {
    parts.push(`${name}=${encodeURIComponent(value).replaceAll('%20', '+')}`);
  };
  if (look.run === 1) put('run', 'b');
  if (look.record !== undefined) put('e', String(look.record));
  if (look.fromUs !== undefined && look.toUs !== undefined) {
    put('t', `${Math.max(0, Math.round(look.fromUs))}-${Math.max(0, Math.round(look.toUs))}`);
  }
  if (look.query !== '') put('q', look.query);
  if (look.follow !== '') put('follow', look.follow);
  if (look.why) put('why', '1');
  if (look.folded !== undefined) put('fold', look.folded ? '1' : '0');
  if (look.tab !== undefined) put('tab', look.tab);
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}
