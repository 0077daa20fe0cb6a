// Measurements over virtual time: small charts on one scale, as SVG; the moment that is pointed at
// is read off in all of them.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { clock } from '../../format.js';
import { roundStep, tickText } from '../model/axis.js';
import type { Chart, Line, Measures } from '../model/series.js';
import type { RunModel } from '../model/run-model.js';
import { epochColor } from '../draw/theme.js';
import type { Theme } from '../draw/theme.js';
import { visit } from './actions.js';
import { useStore } from './store.js';
import { currentTheme } from './theme-choice.js';

const [WIDTH, HEIGHT] = [560, 150];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 8, 8, 20];

interface Scale {
  readonly x: (bucket: number) => number;
  readonly y: (value: number) => number;
  readonly most: number;
  readonly step: number;
}

function scaleOf(chart: Chart, buckets: number): Scale {
  let most = 0;
  for (const { values } of chart.lines) {
    for (const value of values) if (value > most) most = value;
  }
  const step = niceStep(Math.max(most, 1) / 3);
  const top = Math.max(step, Math.ceil(most / step) * step);
  const inner = HEIGHT - TOP - BOTTOM;
  return {
    x: (bucket) => LEFT + ((bucket + 0.5) / buckets) * (WIDTH - LEFT - RIGHT),
    y: (value) => TOP + inner - (value / top) * inner,
    most: top,
    step,
  };
}

function niceStep(value: number): number {
  let step = 0.1;
  for (;;) {
    for (const factor of [1, 2, 5]) if (step * factor >= value) return step * factor;
    step *= 10;
  }
}

function pathOf({ values }: Line, { x, y }: Scale): string {
  let path = '';
  let pen = false;
  values.forEach((value, bucket) => {
    if (Number.isNaN(value)) {
      pen = false;
      return;
    }
    path += `${pen ? 'L' : 'M'}${x(bucket).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = true;
  });
  return path;
}

/** Values that are rare are dots: a line needs two neighbours. */
function dotsOf({ values }: Line): number[] {
  const dots: number[] = [];
  values.forEach((value, bucket) => {
    const [before, after] = [values[bucket - 1] ?? NaN, values[bucket + 1] ?? NaN];
    if (!Number.isNaN(value) && Number.isNaN(before) && Number.isNaN(after)) dots.push(bucket);
  });
  return dots;
}

function colorOf(theme: Theme, at: number): string {
  return theme.series[at % theme.series.length] ?? theme.ink;
}

function Grid({ scale, endUs }: { scale: Scale; endUs: number }): JSX.Element {
  const levels: number[] = [];
  for (let level = 0; level <= scale.most + scale.step / 2; level += scale.step) levels.push(level);
  const stepUs = roundStep(endUs / 6);
  const times: number[] = [];
  for (let us = 0; us <= endUs; us += stepUs) times.push(us);
  const xAt = (us: number): number => LEFT + (us / endUs) * (WIDTH - LEFT - RIGHT);
  return (
    <g class="grid">
      {levels.map((level) => (
        <g key={level}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={scale.y(level)} y2={scale.y(level)} />
          <text x={LEFT - 6} y={scale.y(level)} text-anchor="end" dominant-baseline="central">
            {level >= 1000 ? `${level / 1000}k` : Math.round(level * 10) / 10}
          </text>
        </g>
      ))}
      {times.map((us) => (
        <text key={us} x={xAt(us)} y={HEIGHT - 5} text-anchor={us === 0 ? 'start' : 'middle'}>
          {tickText(us, stepUs)}
        </text>
      ))}
    </g>
  );
}

interface ScaledProps {
  readonly scale: Scale;
}

/** Grey while no leader serves. */
function Leaderless({ measures, scale }: ScaledProps & { measures: Measures }): JSX.Element {
  const xAt = (us: number): number => scale.x(us / measures.bucketUs - 0.5);
  const height = HEIGHT - TOP - BOTTOM;
  return (
    <g class="election">
      {measures.elections.map(({ record, fromUs, toUs }) => {
        const x = xAt(fromUs);
        return (
          <rect key={record} x={x} y={TOP} width={Math.max(1.5, xAt(toUs) - x)} height={height} />
        );
      })}
    </g>
  );
}

function LineView({
  line,
  scale,
  color,
}: ScaledProps & { line: Line; color: string }): JSX.Element {
  return (
    <g fill="none" stroke={color}>
      <path d={pathOf(line, scale)} stroke-width="1.6" stroke-linejoin="round" />
      {dotsOf(line).map((dot) => (
        <circle
          key={dot}
          cx={scale.x(dot)}
          cy={scale.y(line.values[dot] ?? 0)}
          r="1.6"
          fill={color}
        />
      ))}
    </g>
  );
}

interface ChartProps {
  readonly chart: Chart;
  readonly model: RunModel;
  readonly measures: Measures;
  readonly bucket: number | undefined;
  readonly onBucket: (bucket: number | undefined) => void;
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return '–';
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

function ChartView({ chart, model, measures, bucket, onBucket }: ChartProps): JSX.Element {
  const theme = currentTheme();
  const scale = scaleOf(chart, measures.buckets);
  const { endUs } = model.trace;
  const bucketAt = (event: MouseEvent): number => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    const at = Math.floor(((x - LEFT) / (WIDTH - LEFT - RIGHT)) * measures.buckets);
    return Math.min(measures.buckets - 1, Math.max(0, at));
  };
  return (
    <figure class="chart">
      <figcaption>
        <b>{chart.title}</b> <span class="soft">{chart.unit}</span>
        <span class="keys">
          {chart.lines.map((line, at) => (
            <span key={line.name}>
              <i style={{ background: colorOf(theme, at) }} />
              {line.name}
              {bucket === undefined ? '' : ` ${valueText(line.values[bucket] ?? NaN)}`}
            </span>
          ))}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${chart.title}, ${chart.unit}`}
        onPointerMove={(event) => onBucket(bucketAt(event))}
        onPointerLeave={() => onBucket(undefined)}
      >
        <Grid scale={scale} endUs={endUs} />
        <Leaderless measures={measures} scale={scale} />
        {chart.lines.map((line, at) => (
          <LineView key={line.name} {...{ line, scale }} color={colorOf(theme, at)} />
        ))}
        {bucket === undefined ? null : (
          <line
            class="cursor"
            x1={scale.x(bucket)}
            x2={scale.x(bucket)}
            y1={TOP}
            y2={HEIGHT - BOTTOM}
          />
        )}
      </svg>
    </figure>
  );
}

function Elections({ measures }: { measures: Measures }): JSX.Element {
  const [, store] = useStore(() => 0);
  const theme = currentTheme();
  return (
    <figure class="chart">
      <figcaption>
        <b>Elections</b> <span class="soft">from the loss of a leader to the next that serves</span>
      </figcaption>
      <table class="data">
        <thead>
          <tr>
            <th>from</th>
            <th>took</th>
            <th>leader</th>
            <th>epoch</th>
          </tr>
        </thead>
        <tbody>
          {measures.elections.map(({ record, fromUs, toUs, leader, epoch }) => (
            <tr key={record} class="link" onClick={() => visit(store, record)}>
              <td class="num">{clock(fromUs)}</td>
              <td class="num">{clock(toUs - fromUs)}</td>
              <td>s{leader}</td>
              <td>
                <i class="dot" style={{ background: epochColor(theme, epoch) }} /> {epoch}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {measures.elections.length === 0 ? <p class="soft">No leader ever served.</p> : null}
    </figure>
  );
}

export function Charts(): JSX.Element {
  const [, store] = useStore((state) => `${state.run}/${state.theme}/${state.journey}`);
  const [bucket, setBucket] = useState<number | undefined>(undefined);
  const { model } = store;
  const { measures } = model;
  const when =
    bucket === undefined
      ? 'Grey: no leader serves. Point at a moment to read it off.'
      : `at ${clock(bucket * measures.bucketUs)}`;
  return (
    <>
      <p class="soft small num">{when}</p>
      <div class="charts">
        {measures.charts.map((chart) => (
          <ChartView
            key={chart.id}
            {...{ chart, model, measures, bucket }}
            onBucket={(next) => setBucket(next)}
          />
        ))}
        <Elections measures={measures} />
      </div>
    </>
  );
}
