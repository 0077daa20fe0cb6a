// A key as comments cite it, with what it stands for when one asks.
import type { JSX } from 'preact';

/** From docs/references.md, put in when the page is built. */
declare const REFERENCES: Readonly<Record<string, string>>;

function titleOf(cite: string): string {
  const key = cite.split(' ')[0] ?? '';
  return REFERENCES[key] ?? (key.startsWith('ZOOKEEPER-') ? (REFERENCES['ZOOKEEPER-n'] ?? '') : '');
}

export function Citation({ cite }: { readonly cite: string }): JSX.Element {
  const bare = cite.replace(/^\[|\]$/g, '');
  return (
    <abbr class="cite" title={titleOf(bare)}>
      [{bare}]
    </abbr>
  );
}
