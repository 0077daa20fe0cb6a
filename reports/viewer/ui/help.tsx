// All keys, from the table that the keyboard uses, and the words that the search box knows.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyName, KEYS } from './keyboard.js';
import { useStore } from './store.js';

const GROUPS = ['Move', 'Look', 'Ask', 'Page'] as const;

const WORDS: readonly (readonly [string, string])[] = [
  ['server:s2', 'what s2 does, or what concerns it; client:1 likewise'],
  ['kind:commit', 'a packet or a kind of record; kind:crash,boot'],
  ['epoch:2  epoch>1', 'by epoch'],
  ['zxid:1:7  zxid>=1:7', 'by transaction'],
  ['session:0x40…', 'by session'],
  ['fault:3', 'a fault: begin, effects, end'],
  ['"cuts its log"', 'words of the sentence; a minus before a word turns it round'],
];

export function Help(): JSX.Element | null {
  const [help, store] = useStore((state) => state.help);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (help) dialog.current?.showModal();
  }, [help]);
  if (!help) return null;
  const close = (): void => store.set({ help: false });
  return (
    <dialog
      ref={dialog}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="card-head">
        <h2>Keys</h2>
        <span class="spacer" />
        <button type="button" onClick={close}>
          ×
        </button>
      </div>
      <div class="key-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl class="keys-list">
              {KEYS.filter((key) => key.group === group).map((key) => (
                <div key={keyName(key)}>
                  <dt>
                    <kbd>{keyName(key)}</kbd>
                  </dt>
                  <dd>{key.words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <h3>Search</h3>
      <dl class="keys-list">
        {WORDS.map(([word, meaning]) => (
          <div key={word}>
            <dt>
              <code>{word}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
