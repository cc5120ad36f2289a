// SPDX-License-Identifier: Apache-2.0
// Chart.js with our colours, no animation, and one chart per canvas that is updated, not rebuilt.
/** A pool or queue reports about once a second: one second left out is no hole, several are. */
const LONGEST_SPAN_MS = 2500;
const HALF_LABEL = 28; // px of 07:28:09
const charts = new Map();
const inView = new WeakSet();
const watcher = new IntersectionObserver(entries => entries.forEach(e => (e.isIntersecting ? inView.add(e.target) : inView.delete(e.target))));
let library = null;

export const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Whether Chart.js is there; asked for with the first chart, since half of the pages have none. */
function ready() {
  if (window.Chart) return true;
  library ??= import('/assets/vendor/chart.umd.min.js').then(
    () => document.dispatchEvent(new CustomEvent('lockjam-changed')),
    () => { library = null; }); // the server is away: asked for again with the next picture
  return false;
}

/** Draws or updates, unless `stamp` is what it was. `spec`: {stamp, type, labels, sets:[{label, data, colour, dash, points}], unit, xTitle, xLinear, xMin, xMax, xFormat, xSteps, tight, format} */
export function chart(canvas, spec) {
  if (!canvas || !ready()) return;
  for (const known of charts.keys()) if (!known.isConnected) { charts.get(known).chart.destroy(); charts.delete(known); }
  const theme = document.documentElement.dataset.theme;
  const shape = JSON.stringify([theme, spec.type, spec.unit, spec.xTitle, spec.sets.map(s => [s.label, s.colour])]);
  const held = charts.get(canvas);
  if (held && held.shape === shape) {
    if (!inView.has(canvas) || (spec.stamp && spec.stamp === held.stamp)) return;
    held.stamp = spec.stamp;
    held.chart.data.labels = spec.labels;
    spec.sets.forEach((set, i) => { held.chart.data.datasets[i].data = drawn(spec, set); });
    if (spec.xLinear) Object.assign(held.chart.options.scales.x, { min: spec.xMin, max: spec.xMax });
    held.format.current = spec;
    held.chart.update('none');
    return;
  }
  held?.chart.destroy();
  const format = { current: spec };
  charts.set(canvas, { chart: new window.Chart(canvas, config(spec, format)), shape, format, stamp: spec.stamp });
  watcher.observe(canvas);
}

function config(spec, format) {
  const text = colour('--muted'), line = colour('--line');
  const value = v => (format.current.format ? format.current.format(v) : v);
  const axis = title => ({
    grid: { color: line, drawTicks: false }, border: { display: false },
    ticks: { color: text, font: { size: 11 }, maxRotation: 0, autoSkipPadding: 18, padding: 5 },
    title: title ? { display: true, text: title, color: text, font: { size: 11 } } : { display: false },
  });
  const main = { ...axis(spec.unit), beginAtZero: true };
  main.ticks.maxTicksLimit = 5;
  main.ticks.callback = v => value(v);
  const cross = { ...axis(spec.xTitle), ...(spec.xLinear ? { type: 'linear', min: spec.xMin, max: spec.xMax } : {}) };
  if (spec.xLinear && !spec.xSteps) {
    cross.afterBuildTicks = scale => {
      const width = scale.width || 400, edge = HALF_LABEL * (scale.max - scale.min) / width; // a label over the edge would make the plot narrower
      scale.ticks = timeTicks(scale.min, scale.max, width).filter(t => t >= scale.min + edge && t <= scale.max - edge).map(value => ({ value }));
    };
  }
  cross.grid = { display: false };
  cross.ticks.maxTicksLimit = 8;
  if (spec.xFormat) cross.ticks.callback = v => spec.xFormat(v);
  return {
    type: spec.type,
    data: { labels: spec.labels, datasets: spec.sets.map(set => dataset(spec, set)) },
    options: {
      animation: false, responsive: true, layout: { padding: { right: 4 } }, maintainAspectRatio: false, normalized: true,
      interaction: spec.xLinear ? { mode: 'nearest', axis: 'x', intersect: false } : { mode: 'index', intersect: false },
      plugins: {
        legend: { display: spec.sets.length > 1, position: 'top', align: 'end',
          labels: { color: text, boxWidth: 14, boxHeight: 2, font: { size: 11 } } },
        tooltip: { animation: false, callbacks: {
          title: items => (spec.xFormat && items[0] && spec.xLinear ? spec.xFormat(items[0].parsed.x) : items[0]?.label),
          label: item => `${item.dataset.label}: ${value(item.parsed.y)}` } },
      },
      scales: { x: cross, y: main },
    },
  };
}

/** Round times, the same on every axis. */
export function timeTicks(from, to, width) {
  const step = STEPS.find(s => (to - from) / s <= width / 90) || STEPS[STEPS.length - 1];
  const ticks = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) ticks.push(t);
  return ticks;
}
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600].map(s => s * 1000);

/** Over time, points that are not there are left out: only then does the line lead over a short gap. */
export const drawn = (spec, set) => (spec.xLinear && !spec.xSteps ? set.data.filter(point => point.y != null) : set.data);

function dataset(spec, set) {
  const c = set.colour.startsWith('--') ? colour(set.colour) : set.colour;
  return {
    label: set.label, data: drawn(spec, set), borderColor: c, backgroundColor: c,
    borderWidth: spec.type === 'line' ? 2 : 0, borderDash: set.dash || [], pointRadius: set.points ? 6 : 0, pointStyle: set.points || 'circle', pointHitRadius: 8,
    maxBarThickness: spec.tight ? undefined : 16, barPercentage: spec.tight ? 1 : 0.8, categoryPercentage: spec.tight ? 0.96 : 0.8, spanGaps: spec.xLinear ? LONGEST_SPAN_MS : false,
  };
}
