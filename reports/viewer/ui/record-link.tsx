// A record by its number, as a link that selects it.
import type { JSX } from 'preact';
import { recordName } from '../../format.js';
import { visit } from './actions.js';
import { useStore } from './store.js';

export interface RecordLinkProps {
  readonly record: number;
  readonly run?: number;
  readonly children?: string;
}

export function RecordLink({ record, run, children }: RecordLinkProps): JSX.Element {
  const [, store] = useStore(() => 0);
  const onClick = (event: MouseEvent): void => {
    event.preventDefault();
    visit(store, record, run ?? store.state.run);
  };
  return (
    <a class="record num" href={`#e=${record}`} onClick={onClick}>
      {children ?? recordName(record)}
    </a>
  );
}
