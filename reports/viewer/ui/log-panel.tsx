// The logs of all servers side by side at the selected record: a column for each transaction, so
// that where two logs part is seen at a glance.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { epochOf, formatZxid } from '../../../protocol/ids.js';
import type { Zxid } from '../../../protocol/ids.js';
import { clock, listed, serverName } from '../../format.js';
import { CanvasSurface } from '../draw/canvas-surface.js';
import { paintStrip, stripHeight, stripRoom } from '../draw/paint-strip.js';
import { stripOf } from '../model/logs.js';
import type { Strip, StripRow } from '../model/logs.js';
import type { RunModel } from '../model/run-model.js';
import { useStore } from './store.js';
import { currentTheme } from './theme-choice.js';

function stripWords({ rows, diverges }: Strip): string {
  const ends = rows.map(({ log }) => {
    const last = log.entries.at(-1)?.zxid ?? log.base;
    return `${serverName(log.server)} to ${formatZxid(last as Zxid)}`;
  });
  const where = diverges === undefined ? '' : ` They part at ${formatZxid(diverges as Zxid)}.`;
  return `Logs: ${ends.join(', ')}.${where}`;
}

/** Which transaction the strip is to show: that of the record, else the newest. */
function focusOf(model: RunModel, record: number): number | undefined {
  const zxid = model.trace.columns.zxid[record] ?? 0;
  return zxid > 0 && zxid % 2 ** 32 !== 0 ? zxid : undefined;
}

function endOf({ log }: StripRow): number {
  return log.entries.at(-1)?.zxid ?? log.base;
}

/** No log contradicts another; but some may end earlier. */
function agreement({ rows }: Strip): string {
  const up = rows.filter(({ log }) => log.up);
  const longest = Math.max(0, ...up.map(endOf));
  const shorter = up.filter((row) => endOf(row) < longest);
  if (shorter.length === 0) return 'All logs are the same.';
  const ends = shorter.map((row) => {
    const end = endOf(row);
    const name = serverName(row.log.server);
    return end === 0 ? `${name}'s is empty` : `${name}'s ends at ${formatZxid(end as Zxid)}`;
  });
  const goesTo = `the longest goes to ${formatZxid(longest as Zxid)}`;
  return `No log contradicts another; ${goesTo}, ${listed(ends)}.`;
}

function LogTable({ strip }: { strip: Strip }): JSX.Element {
  return (
    <details>
      <summary>As a table</summary>
      <table class="data small">
        <thead>
          <tr>
            <th>server</th>
            <th>log to</th>
            <th>on disk to</th>
            <th>applied</th>
            <th>epochs</th>
          </tr>
        </thead>
        <tbody>
          {strip.rows.map(({ log }) => (
            <tr key={log.server}>
              <td>{serverName(log.server)}</td>
              <td class="num">{formatZxid((log.entries.at(-1)?.zxid ?? log.base) as Zxid)}</td>
              <td class="num">{formatZxid(log.durable as Zxid)}</td>
              <td class="num">{log.up ? formatZxid(log.applied as Zxid) : 'down'}</td>
              <td class="num">
                {log.currentEpoch}
                {log.acceptedEpoch === log.currentEpoch ? '' : ` (promised ${log.acceptedEpoch})`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export interface LogProps {
  readonly model: RunModel;
  readonly record: number;
}

export function LogPanel({ model, record }: LogProps): JSX.Element {
  useStore((state) => `${state.theme}/${state.journey}`);
  const canvas = useRef<HTMLCanvasElement>(null);
  const logs = model.logs.at(record);
  const before = model.logs.at(model.trace.eventOf(record) - 1);
  const focus = focusOf(model, record);
  const widthRef = useRef(340);
  const strip = stripOf({ logs, before, room: stripRoom(widthRef.current), focus });
  useEffect(() => {
    const element = canvas.current;
    const width = element?.parentElement?.clientWidth;
    if (element === null || width === undefined) return;
    widthRef.current = width;
    const height = stripHeight(logs.length);
    const ratio = window.devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    const context = element.getContext('2d');
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const fitting = stripOf({ logs, before, room: stripRoom(width), focus });
    paintStrip(new CanvasSurface(context), fitting, { theme: currentTheme(), width, focus });
  });
  const { diverges } = strip;
  return (
    <div class="logs">
      <div class="card-head">
        <h2>Logs</h2>
        <span class="soft small num">at {clock(model.trace.atUs(record))}</span>
      </div>
      <canvas ref={canvas} role="img" aria-label={stripWords(strip)} />
      <p class="small">
        {diverges === undefined ? (
          <span class="soft">{agreement(strip)}</span>
        ) : (
          <span class="bad">
            The logs part at <b class="num">{formatZxid(diverges as Zxid)}</b> (epoch{' '}
            {epochOf(diverges as Zxid)}).
          </span>
        )}
      </p>
      <LogTable strip={strip} />
    </div>
  );
}
